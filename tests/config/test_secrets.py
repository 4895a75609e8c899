import msgspec
import pytest

from webkit.config import Secret, Settings
from webkit.config.secrets import looks_secret, secrets_in


LONG = "3f9c" * 10  # a secret that production accepts


class ShopSettings(Settings, frozen=True, kw_only=True):
    """Settings of a project, some of which hide themselves."""

    token: Secret | None = None
    keys: dict[str, Secret] = msgspec.field(default_factory=dict)
    peers: tuple[Secret, ...] = ()


@pytest.mark.parametrize(
    ("secret", "what"),
    [
        (None, "is missing"),
        ("", "is missing"),
        ("short", "is a placeholder or too short"),
        ("x" * 31, "is a placeholder or too short"),
        ("ChangeMe" + LONG, "is a placeholder or too short"),
        ("django-insecure-" + LONG, "is a placeholder or too short"),
    ],
)
def test_production_refuses_a_secret_that_is_none(project, secret, what):
    environ = {} if secret is None else {"WEBKIT__SECRET_KEY": secret}

    assert list(project(environ=environ).problems) == [
        f"webkit.secret_key: {what} in production."
        " Set WEBKIT__SECRET_KEY to at least 32 random characters"
    ]


@pytest.mark.parametrize("environment", ["local", "testing"])
def test_elsewhere_a_project_needs_no_secret(project, environment):
    assert not project(environ={"ENVIRONMENT": environment}).settings.secret_key


def test_a_good_secret_is_taken_and_can_be_revealed(project):
    config = project(environ={"WEBKIT__SECRET_KEY": LONG})

    assert config.settings.secret_key.reveal() == LONG


def test_a_secret_does_not_show_itself(project):
    config = project(environ={"WEBKIT__SECRET_KEY": LONG})

    for shown in (repr(config), str(config.settings), f"{config.settings.secret_key}"):
        assert LONG not in shown
        assert "Secret(***)" in shown
    assert repr(Secret("")) == "Secret()"


def test_a_secret_is_not_written_into_json(project):
    config = project(environ={"WEBKIT__SECRET_KEY": LONG})

    with pytest.raises(TypeError):
        msgspec.json.encode(config.settings)


def test_secrets_are_equal_by_their_value_and_differ_from_text():
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


@pytest.mark.parametrize(
    "files",
    [
        {"webkit.toml": "[webkit]\nsecret_key = 80618061"},
        {"webkit.toml": "[webkit]\ntoken = 80618061"},
        {"webkit.toml": "[webkit]\nkeys = {stripe = 80618061}"},
        {"webkit.toml": "[webkit]\nkeys = '80618061'"},
        {"webkit.toml": "[webkit]\nsecret_kay = '80618061'"},
        {"webkit.toml": "[webkit]\nsecret_key = '80618061"},
        {".env": "WEBKIT__SECRET_KEY 80618061"},
        {".env": "WEBKIT__KEYS=80618061"},
        {".env": "WEBKIT__SECRET_KAY=80618061"},
        {".env": "ENVIRONMENT=production\nWEBKIT__SECRET_KEY=80618061"},
    ],
)
def test_no_mistake_shows_a_secret(project, files):
    config = project(
        {"local.env": "WEBKIT__CURRENCY=EUR", **files}, environ={}, schema=ShopSettings
    )

    assert config.problems
    assert "80618061" not in repr(config) + "".join(config.problems)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('token = "changeme"', "token"),
        ('keys = {stripe = "insecure"}', "keys.stripe"),
        ('peers = ["3f9c", "ChangeThis"]', "peers.1"),
    ],
)
def test_production_refuses_a_placeholder_of_any_secret(project, line, key):
    files = {"webkit.toml": f"[webkit]\n{line}\nsecret_key = '{LONG}'"}

    config = project(files, environ={}, schema=ShopSettings)

    assert config.problems == (
        f"webkit.{key}: is a placeholder in production. Set it to what is secret",
    )
    assert project(files, schema=ShopSettings).problems == ()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("password", True),
        ("db_password", True),
        ("API-Key", True),
        ("secret_key", True),
        ("tokens_per_minute", False),
        ("keyboard", False),
        ("pasword", True),
        ("client-secrets", True),
        ("db_pass", True),
        ("passengers", False),
    ],
)
def test_a_key_without_a_type_is_hidden_by_its_name(key, expected):
    assert looks_secret(key) is expected


def test_all_secrets_of_a_record_are_found():
    record = ShopSettings(token=Secret("a"), keys={"x": Secret("b")}, peers=(Secret("c"),))

    assert {secret.reveal() for secret in secrets_in(record)} - {""} == {"a", "b", "c"}
