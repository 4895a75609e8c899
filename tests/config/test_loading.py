import msgspec
import pytest

from webkit.config import Config, Secret, Settings, environment_of, load
from webkit.exceptions import ConfigurationError


LOCAL = {"ENVIRONMENT": "local"}
LONG = "3f9c" * 10  # a secret that production accepts


class ShopSettings(Settings, frozen=True, kw_only=True):
    """Settings of a project: one that must be given, and some that hide themselves."""

    currency: str
    token: Secret | None = None
    keys: dict[str, Secret] = msgspec.field(default_factory=dict)
    rates: list[float] = msgspec.field(default_factory=list)


def _problems(project, *args, **kwargs):
    return list(project(*args, **kwargs).problems)


# -- where values come from ------------------------------------------------------------------


def test_without_any_source_there_are_the_defaults(project):
    config = project()

    assert config.settings == Settings()
    assert config.origins == {}


def test_the_current_directory_is_the_root_where_none_is_given(tmp_path, monkeypatch):
    (tmp_path / "webkit.toml").write_text("[webkit]\nport = 9000\n")
    monkeypatch.chdir(tmp_path)

    assert load(Settings, environ=LOCAL).settings.port == 9000


def test_the_environment_of_the_process_counts_where_none_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("ENVIRONMENT", "local")
    monkeypatch.setenv("WEBKIT__PORT", "9000")

    assert load(Settings, root=tmp_path).settings.port == 9000


SOURCES = [
    ({"webkit.toml": "[webkit]\nport = 1001"}, {}, 1001, "webkit.toml:2"),
    ({".env": "PORT=1002"}, {}, 1002, ".env: PORT"),
    ({".env": "WEBKIT__PORT=1003"}, {}, 1003, ".env: WEBKIT__PORT"),
    ({"local.env": "PORT=1004"}, {}, 1004, "local.env: PORT"),
    ({}, {"PORT": "1005"}, 1005, "PORT"),
    ({}, {"WEBKIT__PORT": "1006"}, 1006, "WEBKIT__PORT"),
]


@pytest.mark.parametrize(("files", "environ", "port", "origin"), SOURCES)
def test_every_source_is_read_and_remembered(project, files, environ, port, origin):
    config = project(files, environ=LOCAL | environ)

    assert config.settings.port == port
    assert config.origins == {"port": origin}


@pytest.mark.parametrize("count", range(2, len(SOURCES) + 1))
def test_a_later_source_wins_over_all_before_it(project, count):
    files, environ = {}, dict(LOCAL)
    for more_files, more_environ, _, _ in SOURCES[:count]:
        for name, text in more_files.items():
            files[name] = f"{files.get(name, '')}\n{text}\n"
        environ |= more_environ

    config = project(files, environ=environ)

    assert config.settings.port == SOURCES[count - 1][2]


def test_under_tests_env_testing_is_read_in_place_of_local_env(project):
    files = {".env": "PORT=1", "local.env": "PORT=2", "env.testing": "PORT=3"}

    assert project(files, environ={"ENVIRONMENT": "testing"}).settings.port == 3
    assert project(files, environ=LOCAL).settings.port == 2


def test_a_variable_of_any_case_sets_its_key(project):
    assert project(environ=LOCAL | {"WEBKIT__Port": "9"}).settings.port == 9


def test_an_empty_variable_counts_as_not_set(project):
    config = project({".env": "PORT=7"}, environ=LOCAL | {"PORT": "", "WEBKIT__PORT": ""})

    assert config.settings.port == 7


def test_a_foreign_variable_is_nobodys_business(project):
    assert project({".env": "UID=1000\nDATABASE_URL=x"}).origins == {}


def test_a_project_adds_settings_of_its_own(project):
    config = project(
        {"webkit.toml": '[webkit]\ncurrency = "EUR"\nrates = [1, 2.5]'}, schema=ShopSettings
    )

    assert (config.settings.currency, config.settings.rates) == ("EUR", [1.0, 2.5])
    assert config.origins == {"currency": "webkit.toml:2", "rates": "webkit.toml:3"}


# -- mistakes ----------------------------------------------------------------------


def test_all_mistakes_of_all_sources_are_reported_together(project):
    files = {
        "webkit.toml": '[webkit]\ntitel = "x"\nport = "ten"\n\n[web]\na = 1\n',
        ".env": "PORT=0\nthis is no line\n",
        "local.env": "WEBKIT__LOG_LEVEL=loud\n",
    }

    problems = _problems(project, files, environ=LOCAL | {"WEBKIT__ACCESS_LOG": "maybe"})

    assert problems == [
        ".env:2: is not KEY=value",
        "webkit.toml:2: webkit.titel: unknown key. Did you mean 'title'?",
        ".env: PORT: webkit.port: '0' does not fit: Expected `int` >= 1",
        "local.env: WEBKIT__LOG_LEVEL: webkit.log_level: 'loud' does not fit:"
        " Invalid enum value 'loud'. Use one of 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'",
        "WEBKIT__ACCESS_LOG: webkit.access_log: 'maybe' does not fit: Expected `bool`, got `str`",
    ]


def test_a_number_written_as_text_in_toml_is_a_mistake(project):
    assert _problems(project, {"webkit.toml": '[webkit]\n\nport = "80"'}) == [
        "webkit.toml:3: webkit.port: '80' does not fit: Expected `int`, got `str`"
    ]


def test_an_unknown_key_without_a_near_one_is_told_what_there_is(project):
    (problem,) = _problems(project, environ=LOCAL | {"WEBKIT__ZZZ": "1"})

    assert problem.startswith("WEBKIT__ZZZ: webkit.zzz: unknown key. Known: title, description,")


def test_a_setting_that_is_missing_is_named_with_where_to_set_it(project):
    assert _problems(project, schema=ShopSettings) == [
        "webkit.currency: is missing. Set it in webkit.toml, or WEBKIT__CURRENCY"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("port = 0", "webkit.toml:2: webkit.port: 0 does not fit: Expected `int` >= 1"),
        ("port = 65536", "webkit.toml:2: webkit.port: 65536 does not fit: Expected `int` <= 65535"),
        (
            "stop_wait_time = -1",
            "webkit.toml:2: webkit.stop_wait_time: -1 does not fit: Expected `float` >= 0.0",
        ),
        (
            "stop_wait_time = nan",
            "webkit.toml:2: webkit.stop_wait_time: nan does not fit: Expected `float` >= 0.0",
        ),
        (
            'error_format = "xml"',
            "webkit.toml:2: webkit.error_format: 'xml' does not fit: Invalid enum value 'xml'."
            " Use one of 'problem', 'detail'",
        ),
    ],
)
def test_a_value_beyond_its_bounds_is_refused(project, line, expected):
    assert _problems(project, {"webkit.toml": f"[webkit]\n{line}"}) == [expected]


def test_toml_that_cannot_be_parsed_is_reported_with_its_line(project):
    (problem,) = _problems(project, {"webkit.toml": "[webkit]\nport = = 1\n"})

    assert problem.startswith("webkit.toml:2: cannot be read: Invalid value")


@pytest.mark.parametrize("name", ["webkit.toml", ".env"])
def test_a_file_that_cannot_be_read_is_a_mistake(project, tmp_path, name):
    (tmp_path / name).write_bytes(b"\xff\xfe")

    (problem,) = _problems(project)

    assert problem.startswith(f"{name}: cannot be read: 'utf-8' codec can't decode byte 0xff")


def test_a_value_in_the_place_of_the_section_is_a_mistake(project):
    assert _problems(project, {"webkit.toml": "\nwebkit = 5"}) == [
        "webkit.toml:2: webkit: is not a section"
    ]


def test_a_key_of_an_inline_table_is_reported_on_line_one(project):
    (problem,) = _problems(project, {"webkit.toml": "webkit = {titel = 'x'}"})

    assert problem == "webkit.toml:1: webkit.titel: unknown key. Did you mean 'title'?"


# -- the environment ------------------------------------------------------------


def test_where_nothing_names_the_environment_it_is_production(project):
    config = project(environ={"WEBKIT__SECRET_KEY": LONG})

    assert config.environment == "production"
    assert environment_of({}) == "production"
    assert environment_of({"ENVIRONMENT": ""}) == "production"


@pytest.mark.parametrize("name", [".env", "local.env"])
def test_an_env_file_may_name_the_environment(project, name):
    assert project({name: "ENVIRONMENT=local"}, environ={}).environment == "local"


def test_the_process_has_the_last_word_on_the_environment(project):
    config = project({".env": "ENVIRONMENT=production"}, environ={"ENVIRONMENT": "testing"})

    assert config.environment == "testing"


def test_an_unknown_environment_is_a_mistake_with_its_place(project):
    text = "ENVIRONMENT: 'prod' is not known. Write one of local, testing, production"

    assert _problems(project, {".env": "ENVIRONMENT=prod"}, environ={}) == [f".env: {text}"]
    assert _problems(project, environ={"ENVIRONMENT": "prod"}) == [text]
    with pytest.raises(ConfigurationError, match="'prod' is not known"):
        environment_of({"ENVIRONMENT": "prod"})


@pytest.mark.parametrize(
    ("environment", "docs", "is_open"),
    [
        ("local", None, True),
        ("testing", None, True),
        ("production", None, False),
        ("production", True, True),
        ("local", False, False),
    ],
)
def test_the_documentation_is_open_except_in_production_or_as_told(environment, docs, is_open):
    config = Config(settings=Settings(docs=docs), environment=environment, origins={})

    assert config.has_docs is is_open


class Strict(Settings, frozen=True, kw_only=True):
    """Settings with a rule over two keys."""

    currency: str
    low: int = 0

    def __post_init__(self):
        if self.low > self.port:
            raise ValueError("low is above port")


def test_what_is_wrong_leaves_the_rest_to_be_read(project):
    text = "[webkit]\nport = 'x'\ntitle = 'Shop'\nlow = 99999\n"

    config = project({"webkit.toml": text}, schema=Strict)

    assert len(config.problems) == 2
    assert isinstance(config.settings, Strict)
    assert (config.settings.port, config.settings.title, config.settings.currency) == (
        8080,
        "Shop",
        None,
    )


def test_a_rule_over_several_keys_is_a_mistake_at_the_section(project):
    text = "\n[webkit]\ncurrency = 'EUR'\nlow = 9999\n"

    assert _problems(project, {"webkit.toml": text}, schema=Strict) == [
        "webkit.toml:2: webkit: low is above port"
    ]


def test_where_the_environment_is_unknown_everything_is_closed(project):
    config = project(environ={"ENVIRONMENT": "prod"})

    assert (config.environment, config.has_docs) == ("production", False)


def test_an_override_has_the_last_word(project):
    config = project(environ=LOCAL | {"PORT": "1"}, overrides=["webkit:port=2"])

    assert config.settings.port == 2
    assert config.origins == {"port": "command line"}


def test_another_file_may_stand_in_for_webkit_toml(project):
    files = {"webkit.toml": "[webkit]\nport = 1", "other.toml": "[webkit]\nport = 2"}

    assert project(files, file="other.toml").settings.port == 2


def test_it_remembers_the_directory_of_the_project(tmp_path):
    assert load(Settings, root=tmp_path, environ=LOCAL).root == tmp_path


FORMATS = {
    "webkit.toml": "[webkit]\ntitle = 'The ${webkit:version}'\nport = 9000\nversion = '2'\n",
    "webkit.yaml": "webkit:\n  title: The ${version}\n  port: 9000\n  version: '2'\n",
    "webkit.ini": "[webkit]\ntitle = The ${version}\nport = 9000\nversion = 2\n",
    "config/webkit.conf": "[webkit]\ntitle = The ${webkit:version}\nport = 9000\nversion = 2\n",
    "etc/webkit.json": (
        '{\n"webkit": {"title": "The ${version}", "port": 9000, "version": "2"}\n}'
    ),
    "shop.py": "\nTITLE = 'The ${version}'\nPORT = 9000\nVERSION = '2'\n",
}


@pytest.mark.parametrize(("name", "text"), FORMATS.items(), ids=FORMATS)
def test_every_format_says_the_same(project, name, text):
    file = name if name.endswith(".py") else None

    config = project({name: text}, file=file)

    assert config.problems == ()
    assert config.settings == Settings(title="The 2", port=9000, version="2")
    assert config.origins["port"] == f"{name}:{2 if name.endswith('json') else 3}"


def test_a_reference_may_mean_a_default_and_what_a_variable_says(project):
    text = "[webkit]\ntitle = '${host}:${port}'\ndescription = 'on ${port}'\n"

    settings = project({"webkit.toml": text}, environ=LOCAL | {"PORT": "9"}).settings

    assert (settings.title, settings.description) == ("127.0.0.1:9", "on 9")


def test_a_reference_to_a_secret_that_is_not_set_is_empty(project):
    settings = project({"webkit.toml": "[webkit]\ntitle = '<${secret_key}>'\n"}).settings

    assert settings.title == "<>"


def test_a_broken_reference_is_a_mistake_with_its_place(project):
    text = "[webkit]\ntitle = '${nmae}'\ndescription = '${title}'\nversion = '${tilte}'\n"

    assert _problems(project, {"webkit.toml": text}) == [
        "webkit.toml:2: webkit.title: ${nmae} is not known",
        "webkit.toml:3: webkit.description: ${nmae} is not known",
        "webkit.toml:4: webkit.version: ${tilte} is not known. Did you mean ${title}?",
    ]


def test_variables_and_secrets_are_taken_as_they_are(project):
    files = {"webkit.toml": "[webkit]\nsecret_key = 'a${b$$'\n", ".env": "WEBKIT__TITLE=${x}$$"}

    config = project(files)

    assert config.problems == ()
    assert config.settings.secret_key.reveal() == "a${b$$"
    assert config.settings.title == "${x}$$"


def test_a_value_that_a_secret_went_into_is_not_shown(project):
    text = (
        "[webkit]\nsecret_key = '80618061'\nport = '${secret_key}'\nlog_level = 'x${secret_key}'\n"
    )

    problems = _problems(project, {"webkit.toml": text})

    assert problems == [
        "webkit.toml:3: webkit.port: the value does not fit: Expected `int`, got `str`",
        "webkit.toml:4: webkit.log_level: the value does not fit",
    ]


def test_the_level_of_the_log_may_be_in_small_letters(project):
    assert project({"webkit.yaml": "webkit: {log_level: debug}"}).settings.log_level == "DEBUG"


def test_the_environment_may_name_the_file_and_have_overrides(project):
    environ = LOCAL | {
        "WEBKIT_CONFIG": "other.ini",
        "WEBKIT_OVERRIDES": "webkit:title=Shop\nwebkit:version=2",
    }
    files = {"webkit.toml": "[webkit]\nport = 1", "other.ini": "[webkit]\nport = 2"}

    config = project(files, environ=environ, overrides=["webkit:version=3"])

    assert config.settings == Settings(port=2, title="Shop", version="3")


def test_mistakes_in_three_files_are_told_at_once(project, tmp_path):
    (tmp_path / "local.env").write_bytes(b"\xff")

    problems = _problems(project, {"webkit.ini": "[webkit]\nport: x\n", ".env": "PORT=0\nx\n"})

    assert problems == [
        ".env:2: is not KEY=value",
        "local.env: cannot be read: 'utf-8' codec can't decode byte 0xff in position 0:"
        " invalid start byte",
        ".env: PORT: webkit.port: '0' does not fit: Expected `int` >= 1",
    ]
