import json
import stat
import subprocess
import sys
import tempfile

import pytest

import webkit
from webkit.exceptions import MissingExtraError, UsageError
from webkit.scaffold import rendering


PROJECT = rendering.template_directory("project")
APP = rendering.template_directory("app")
CONVENTIONS = {
    "__dot": ".",
    "_new_lines": "\n",
    "_jinja2_env_vars": {"trim_blocks": True, "lstrip_blocks": True},
}
HOSTILE = "{{ 7*7 }} {% raw %} {# c #} ${X} \\1 \\g<0> 👍"


@pytest.fixture
def template(tmp_path):
    """Return a function that makes a template of files: `{path: text}`."""

    def made(files, **variables):
        top = tmp_path / "template" / "{{cookiecutter.slug}}"
        for path, text in files.items():
            file = top / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        defaults = {"slug": "it", **CONVENTIONS, **variables}
        (top.parent / "cookiecutter.json").write_text(json.dumps(defaults))
        return top.parent

    return made


@pytest.mark.parametrize("directory", [PROJECT, APP], ids=["project", "app"])
def test_what_webkit_ships_comes_out_as_cookiecutter_renders_it(directory, monkeypatch):
    answers = {
        name: f"{name} {HOSTILE}" if name.startswith(("project_name", "desc")) else f"{name}1"
        for name in json.loads((directory / "cookiecutter.json").read_text())
        if not name.startswith("_")
    }
    quickly = rendering.rendered(directory, answers)

    monkeypatch.setattr(rendering, "_CONVENTIONS", {})  # which sends every template the other way

    assert rendering.rendered(directory, answers) == quickly


@pytest.mark.parametrize("directory", [PROJECT, APP], ids=["project", "app"])
def test_what_webkit_ships_needs_no_cookiecutter(directory, without_cookiecutter):
    assert rendering.rendered(directory, {"project_slug": "shop"})


def test_variables_are_filled_in_in_paths_and_contents(template):
    directory = template(
        {"{{cookiecutter.__dot}}env": "A={{ cookiecutter.a }}\n", "src/{{cookiecutter.a}}.py": ""},
        a="1",
    )

    files = rendering.rendered(directory, {"a": "2"})

    assert files == {".env": b"A=2\n", "src/2.py": b""}


def test_a_variable_that_nobody_answers_has_its_default(template):
    directory = template({"a.txt": "{{cookiecutter.a}}"}, a="default")

    assert rendering.rendered(directory, {}) == {"a.txt": b"default"}


@pytest.mark.parametrize(
    "source", ["{{ cookiecutter.a }}", "{{ cookiecutter.a }}{% if 1 %}{% endif %}"]
)
def test_a_value_is_never_evaluated(template, source):
    directory = template({"a.txt": source}, a="")

    assert rendering.rendered(directory, {"a": HOSTILE}) == {"a.txt": HOSTILE.encode()}


@pytest.mark.parametrize("source", ["a\r\nb\r\n", "a\r\n{{ cookiecutter.slug|upper }}\r\n"])
def test_lines_end_with_newlines_whatever_the_installed_template_has(template, source):
    files = rendering.rendered(template({"a.txt": source}), {"slug": "b"})

    assert files["a.txt"].lower() == b"a\nb\n"


def test_lines_may_be_kept_from_rendering(template):
    directory = template({"ci.yml": "{% raw -%}\non: ${{ github.ref }}\n{% endraw %}\nend\n"})

    assert rendering.rendered(directory, {}) == {"ci.yml": b"on: ${{ github.ref }}\nend\n"}


@pytest.mark.parametrize("content", ["", "{{ 1 }}"])
def test_compiled_files_do_not_reach_a_project(template, content):
    directory = template({"a.py": content, "__pycache__/a.cpython-313.pyc": ""})

    assert rendering.rendered(directory, {}).keys() == {"a.py"}


def test_a_template_of_ones_own_may_use_all_of_jinja(template):
    source = "{% for n in [1, 2] %}\n{{ n }} {{ cookiecutter.slug|upper }}\n{% endfor %}\n"
    name = "{{ cookiecutter.slug }}_x"
    directory = template({"{{cookiecutter.__name}}.txt": source}, __name=name)

    assert rendering.rendered(directory, {"slug": "shop"}) == {"shop_x.txt": b"1 SHOP\n2 SHOP\n"}


def test_hooks_of_a_template_do_not_run(template, tmp_path):
    directory = template({"a.txt": "{{ 1 }}"})
    hooks = directory / "hooks"
    hooks.mkdir()
    (hooks / "post_gen_project.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")

    rendering.rendered(directory, {})

    assert not (tmp_path / "ran").exists()


def test_a_template_leaves_nothing_among_temporary_files(template, tmp_path, monkeypatch):
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))

    rendering.rendered(template({"a.txt": "{{ 1 }}"}), {})

    assert list(place.iterdir()) == []


def test_the_path_of_temporary_files_is_not_evaluated(template, tmp_path, monkeypatch):
    place = tmp_path / "{{7*7}}"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))

    with pytest.raises(UsageError, match="Set TMPDIR"):
        rendering.rendered(template({"a.txt": "{{ 1 }}"}), {})


def test_a_template_that_is_read_only_makes_files_that_can_be_written(template):
    directory = template({"a.txt": "{{ 1 }}"})
    file = next(directory.rglob("a.txt"))
    file.chmod(stat.S_IRUSR)

    assert rendering.rendered(directory, {}) == {"a.txt": b"1"}


@pytest.mark.parametrize(
    "source",
    ["{{ cookiecutter.nobody }}", "{% if %}", "{{ 7 / 0 }}", "{{ cookiecutter.slug.x.y }}"],
)
def test_a_mistake_in_a_template_is_one_line(template, source):
    with pytest.raises(UsageError, match="cannot be rendered") as refusal:
        rendering.rendered(template({"a.txt": source}), {"secret_key": "5ec2e7"})

    assert len(str(refusal.value).splitlines()) == 1
    assert "5ec2e7" not in str(refusal.value)


def test_text_in_another_encoding_is_a_mistake(template):
    directory = template({"a.txt": ""})
    next(directory.rglob("a.txt")).write_bytes("é".encode("latin-1") * 40)

    with pytest.raises(UsageError, match="cannot be rendered"):
        rendering.rendered(directory, {})


@pytest.mark.parametrize("more", ["", "{% if 1 %}{% endif %}"])
@pytest.mark.parametrize("text", ["../x", "/x", "..", "a\\b"])
def test_no_text_leads_a_file_out_of_the_project(template, tmp_path, text, more):
    directory = template({"{{cookiecutter.text}}/a.txt": more}, text="")

    with pytest.raises(UsageError, match="a text cannot be a path"):
        rendering.rendered(directory, {"text": text})


def test_a_template_without_a_directory_for_the_project_is_none(tmp_path):
    (tmp_path / "cookiecutter.json").write_text(json.dumps(CONVENTIONS))

    with pytest.raises(UsageError, match="there is no directory"):
        rendering.rendered(tmp_path, {})


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_directory_without_cookiecutter_json_is_no_template(tmp_path, content):
    if content:
        (tmp_path / "cookiecutter.json").write_text(content)

    with pytest.raises(UsageError, match=r"cookiecutter\.json"):
        rendering.rendered(tmp_path, {})


def test_without_cookiecutter_a_template_with_jinja_names_the_extra(template, without_cookiecutter):
    with pytest.raises(MissingExtraError) as refusal:
        rendering.rendered(template({"a.txt": "{% if 1 %}{% endif %}"}), {})

    assert str(refusal.value) == (
        'A template with more than variables needs an extra. Run: pip install "webkit[scaffold]"'
    )


def test_the_templates_lie_in_the_package_or_beside_it(tmp_path, monkeypatch):
    package = tmp_path / "webkit"
    package.mkdir()
    monkeypatch.setattr(webkit, "__file__", str(package / "__init__.py"))

    beside = rendering.template_directory("app")
    (package / "templates").mkdir()

    assert beside == tmp_path / "templates" / "app"
    assert rendering.template_directory("app") == package / "templates" / "app"


def test_names_of_template_files_are_possible_on_every_system():
    for directory in (PROJECT, APP):
        for path in directory.rglob("*"):
            assert not set(path.name) & set('|":?*<>\\')
            assert not path.is_symlink()


def test_rendering_loads_nothing_that_it_does_not_use():
    code = "import webkit.scaffold.projects, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )

    loaded = set(run.stdout.split())

    assert loaded.isdisjoint(
        {"aiohttp", "cookiecutter", "jinja2", "rich", "requests", "yaml", "importlib.metadata"}
    )


@pytest.fixture
def without_cookiecutter(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "cookiecutter"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cookiecutter", None)
