import msgspec
import pytest

from webkit.config import Secret, Settings
from webkit.config.entries import raw_entries
from webkit.config.values import tabled


class Peer(msgspec.Struct, frozen=True):
    host: str = "a"
    key: Secret = Secret("")


class Own(Settings, frozen=True, kw_only=True):
    peer: Peer = Peer()
    peers: dict[str, Peer] = msgspec.field(default_factory=dict)
    rows: list[Secret] = msgspec.field(default_factory=list)
    spare: Peer | None = None


def entries(config, name="webkit"):
    return {".".join(entry.keys): entry for entry in config.list_entries(name)}


def test_every_key_has_an_entry_with_its_place(project):
    found = entries(project({"webkit.toml": "[webkit]\nport = 1\n", ".env": "WEBKIT__TITLE=x"}))

    assert list(found) == list(Settings.__struct_fields__)
    assert (found["port"].raw, found["port"].origin) == (1, "webkit.toml:2")
    assert (found["title"].raw, found["title"].origin) == ("x", ".env: WEBKIT__TITLE")
    assert (found["docs"].raw, found["docs"].origin) == (None, "default")


def test_references_are_replaced_and_broken_ones_are_told(project):
    text = "[webkit]\ntitle = '${host}'\nversion = '${none}'\n"

    found = entries(project({"webkit.toml": text}))

    assert found["title"].raw == "127.0.0.1"
    assert found["version"].raw == "${none}"
    assert found["version"].problem == "webkit.toml:3: webkit.version: ${none} is not known"


def test_a_text_that_reads_as_a_number_or_boolean_is_one(project):
    text = "[shop]\na = 8\nb = -1.5\nc = true\nd = x\ne = 1.2.3\n"

    found = entries(project({"webkit.ini": text}), "shop")

    assert [entry.raw for entry in found.values()] == [8, -1.5, True, "x", "1.2.3"]


def test_a_table_lies_on_top_of_the_record_that_is_its_default(project):
    config = project({"webkit.toml": "[webkit.peer]\nkey = 'x'\n"}, schema=Own)

    assert config.settings.peer == Peer(key=Secret("x"))
    assert entries(config)["peer.host"].raw == "a"


def test_a_secret_may_be_the_second_of_two_types(project):
    class Either(Settings, frozen=True, kw_only=True):
        peer: list[int] | dict[str, Secret] = msgspec.field(default_factory=dict)

    config = project({"webkit.toml": "[webkit.peer]\na = 'x'\n"}, schema=Either)

    assert entries(config)["peer.a"].is_hidden


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("secret_key = 'x'", "secret_key"),
        ("peer = {key = 'x'}", "peer.key"),
        ("peers = {b = {key = 'x'}}", "peers.b.key"),
        ("spare = {key = 'x'}", "spare.key"),
        ("rows = ['x']", "rows"),
        ("title = '${secret_key}'", "title"),
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(project, text, key):
    config = project({"webkit.toml": f"[webkit]\n{text}\n"}, schema=Own)

    assert entries(config)[key].is_hidden
    assert not entries(config)["host"].is_hidden


def test_a_key_that_the_schema_does_not_have_is_hidden_by_its_name(project):
    config = project({"webkit.toml": "[shop]\npassword = 'x'\n[webkit.none]\na = 1\n"})

    assert entries(config, "shop")["password"].is_hidden
    assert not entries(config)["none.a"].is_hidden


def test_a_file_has_entries_as_they_are():
    tree = tabled({"a": {"x": "${y}", "t": {"z": 1}}, "stray": 1}, {}, file="a.toml")

    found = raw_entries(tree)

    assert list(found) == ["a"]
    assert [(entry.keys, entry.raw) for entry in found["a"]] == [(("x",), "${y}"), (("t", "z"), 1)]
