import functools
import json
import re
import sys
from types import SimpleNamespace

import pytest

from webkit.exceptions import ConfigurationError
from webkit.references import caller_outside, import_module, name_of, position_of, resolve, shown


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a function that writes a module into a package `shelf_<n>` nobody else knows."""
    name = f"shelf_{tmp_path.name.replace('-', '_')}"
    home = tmp_path / name
    home.mkdir()
    (home / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(module, source):
        (home / f"{module}.py").write_text(source)
        return f"{name}.{module}"

    yield write
    for known in [known for known in sys.modules if known.split(".")[0] == name]:
        del sys.modules[known]


def test_a_reference_names_an_attribute_of_a_module():
    assert resolve("json:loads") is json.loads


def test_a_reference_may_go_on_into_attributes():
    assert resolve("json:JSONDecoder.decode") is json.JSONDecoder.decode


@pytest.mark.parametrize("reference", ["json", "json:"])
def test_without_an_attribute_it_is_the_module_itself(reference):
    assert resolve(reference) is json


def test_an_unknown_attribute_is_named_with_the_nearest_one():
    with pytest.raises(ConfigurationError) as caught:
        resolve("json:load_s")

    assert str(caught.value) == (
        "json:load_s: json has no attribute 'load_s'. Did you mean 'loads'?"
    )


def test_without_a_near_one_nothing_is_suggested():
    with pytest.raises(ConfigurationError) as caught:
        resolve("json:JSONDecoder.zzz")

    assert str(caught.value) == (
        "json:JSONDecoder.zzz: json.decoder.JSONDecoder has no attribute 'zzz'"
    )


@pytest.mark.parametrize(
    ("name", "missing"), [("nowhere_at_all", "nowhere_at_all"), ("json.nowhere", "json.nowhere")]
)
def test_a_missing_module_is_named(name, missing):
    with pytest.raises(ConfigurationError) as caught:
        import_module(name)

    assert caught.value.problems == (f"{name}: there is no module {missing!r}",)


@pytest.mark.parametrize("reference", ["", ":app", "apps..api", "..api:app"])
def test_what_is_no_dotted_name_is_refused(reference):
    name = reference.partition(":")[0]

    with pytest.raises(ConfigurationError, match="is not the dotted name of a module") as caught:
        resolve(reference)

    assert repr(name) in str(caught.value)


def test_an_error_inside_a_module_is_passed_on(package):
    name = package("broken", "1 / 0")

    with pytest.raises(ZeroDivisionError):
        import_module(name)


def test_a_dependency_that_a_module_misses_is_not_taken_for_the_module(package):
    name = package("needy", "import nowhere_at_all")

    with pytest.raises(ModuleNotFoundError, match="nowhere_at_all"):
        import_module(name)


def test_a_module_that_raises_a_nameless_import_error_keeps_it(package):
    name = package("odd", "raise ModuleNotFoundError('no name')")

    with pytest.raises(ModuleNotFoundError, match="no name"):
        import_module(name)


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (resolve, "webkit.references.resolve"),
        (json.JSONDecoder, "json.decoder.JSONDecoder"),
        (json.JSONDecoder.decode, "json.decoder.JSONDecoder.decode"),
        (json, "json"),
        (SimpleNamespace(), "namespace()"),
    ],
)
def test_a_name_leads_back_to_its_object(found, name):
    assert name_of(found) == name


def test_a_partial_is_named_after_its_function():
    assert name_of(functools.partial(functools.partial(json.loads), "")) == "json.loads"


def test_a_position_is_the_file_and_line_of_a_function(tmp_path, monkeypatch):
    code = compile("\n\ndef found(): ...", str(tmp_path / "module.py"), "exec")
    names = {}
    exec(code, names)

    outside = position_of(names["found"])
    monkeypatch.chdir(tmp_path)
    inside = position_of(functools.wraps(names["found"])(lambda: None))

    assert outside == f" ({tmp_path}/module.py:3)"
    assert inside == " (module.py:3)"


@pytest.mark.parametrize("found", [len, 5, None])
def test_what_is_written_nowhere_has_no_position(found):
    assert position_of(found) == ""


def test_a_caller_is_found_outside_of_packages():
    found = caller_outside("webkit")

    assert re.fullmatch(r"tests/test_references.py:\d+", found)


class Here:
    """A class with a place."""


def test_a_class_has_a_place():
    assert re.fullmatch(r" \(tests/test_references.py:\d+\)", position_of(Here))


@pytest.mark.parametrize("cls", [int, type("Made", (), {})])
def test_a_class_that_was_not_read_from_a_file_has_none(cls):
    assert position_of(cls) == ""


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("a", "'a'"),
        (3, "3"),
        (None, "None"),
        (len, "builtins.len"),
        (Here, "tests.test_references.Here"),
        (Here(), "an instance of tests.test_references.Here"),
    ],
    ids=range(6),
)
def test_anything_is_shown_without_an_address(found, text):
    assert shown(found) == text
