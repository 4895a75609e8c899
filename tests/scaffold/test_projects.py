import json
import tomllib

import pytest
import yaml

import webkit
from webkit.config import Settings, load
from webkit.exceptions import ConflictError
from webkit.scaffold import vendoring
from webkit.scaffold.projects import Answers, project_files, refuse_to_overwrite


DOCUMENTED = {
    *("apps/__init__.py", "main.py", "settings.py", "routes.py", "webkit.toml", "conftest.py"),
    *("tests/__init__.py", "tests/test_project.py", "pyproject.toml", "requirements.txt"),
    *("requirements-dev.txt", "Dockerfile", "docker-compose.yml", ".dockerignore", ".gitignore"),
    *(".gitattributes", ".env", ".env.example", "local.env", "env.testing", "README.md"),
    *(".github/workflows/ci.yml", f"vendor/{vendoring.wheel_name()}"),
}
HOSTILE = (
    'He said: "C:\\new" \'#] ${X} $(id) {{ 7*7 }} {% raw %}{# c #}'
    " <b> & *a* _b_ [x](y) 👩\u200d💻\n- two"
)


def answers(**changes):
    given = {"slug": "shop", "name": "Shop", "description": "A shop", "port": "8080", **changes}
    return Answers(**given)


def text_of(files):
    return {path: content.decode() for path, content in files.items() if not path.endswith(".whl")}


def test_a_project_has_exactly_the_documented_files():
    assert set(project_files(answers())) == DOCUMENTED


def test_texts_come_out_as_they_were_typed_wherever_a_program_reads_them(tmp_path):
    files = text_of(project_files(answers(name=HOSTILE, description=HOSTILE)))

    project = tomllib.loads(files["pyproject.toml"])
    (tmp_path / "webkit.toml").write_text(files["webkit.toml"], encoding="utf-8")
    settings = load(Settings, root=tmp_path, environ={}).settings

    assert project["project"]["description"] == HOSTILE
    assert project["tool"]["webkit"]["answers"]["project_name"] == HOSTILE
    assert (settings.title, settings.description) == (HOSTILE, HOSTILE)


def test_texts_stand_nowhere_else():
    plain = text_of(project_files(answers()))
    hostile = text_of(project_files(answers(name=HOSTILE, description=HOSTILE)))

    different = {path for path in plain if plain[path] != hostile[path]}

    assert different == {"pyproject.toml", "webkit.toml", "README.md", ".env"}


def test_every_file_is_what_its_name_says():
    for path, text in text_of(project_files(answers(name=HOSTILE, description=HOSTILE))).items():
        if path.endswith(".py"):
            compile(text, path, "exec")
        elif path.endswith(".toml"):
            tomllib.loads(text)
        elif path.endswith(".yml"):
            yaml.safe_load(text)


def test_the_project_knows_the_webkit_that_made_it_and_the_answers():
    project = tomllib.loads(text_of(project_files(answers()))["pyproject.toml"])

    assert project["tool"]["webkit"] == {
        "app": "main:app",
        "version": webkit.__version__,
        "answers": {
            "project_slug": "shop",
            "project_name": "Shop",
            "description": "A shop",
            "port": "8080",
        },
    }


def test_every_project_has_a_secret_of_its_own_in_one_place():
    first, second = (text_of(project_files(answers())) for _ in range(2))

    secret = secret_of(first[".env"])

    assert len(secret) >= 32
    assert secret.isalnum()
    assert secret != secret_of(second[".env"])
    assert [path for path, text in first.items() if secret in text] == [".env"]


def test_git_ignores_the_secret():
    assert ".env" in text_of(project_files(answers()))[".gitignore"].splitlines()


def test_the_port_is_wherever_somebody_listens():
    files = text_of(project_files(answers(port="9000")))

    assert tomllib.loads(files["webkit.toml"])["webkit"]["port"] == 9000
    assert "PORT=9000" in files[".env"].splitlines()
    assert "8080" not in "".join(files.values())


def test_the_workflow_keeps_its_own_braces():
    workflow = text_of(project_files(answers()))[".github/workflows/ci.yml"]

    assert "${{ github." in workflow


def test_files_have_newlines_and_end_with_one():
    for path, content in project_files(answers()).items():
        if path.endswith(".whl") or not content:
            continue
        assert b"\r" not in content, path
        assert content.endswith(b"\n"), path
        assert not content.endswith(b"\n\n"), path


def test_a_template_of_ones_own_gets_the_same_answers_and_the_wheel(tmp_path):
    top = tmp_path / "{{cookiecutter.project_slug}}"
    top.mkdir()
    (top / "name.txt").write_text("{{ cookiecutter.project_name|upper }}")
    (tmp_path / "cookiecutter.json").write_text(json.dumps({"project_slug": "x"}))

    files = project_files(answers(name="{{ 7*7 }} a"), template=tmp_path)

    assert files.keys() == {"name.txt", f"vendor/{vendoring.wheel_name()}"}
    assert files["name.txt"] == b"{{ 7*7 }} A"


@pytest.mark.parametrize("neighbour", [None, ".git", ".venv"])
def test_a_new_or_empty_directory_takes_a_project(tmp_path, neighbour):
    target = tmp_path / "shop"
    if neighbour:
        (target / neighbour).mkdir(parents=True)

    refuse_to_overwrite({"main.py"}, target, force=False)


def test_every_file_that_is_in_the_way_is_listed(tmp_path):
    for name in ("main.py", "routes.py", "notes.txt"):
        (tmp_path / name).write_text("")

    with pytest.raises(ConflictError, match="--force replaces these, no other") as refusal:
        refuse_to_overwrite({"main.py", "routes.py", "settings.py"}, tmp_path, force=False)

    assert refusal.value.paths == ("main.py", "routes.py")


def test_files_that_are_not_in_the_way_are_not_joined_without_asking(tmp_path):
    (tmp_path / "notes.txt").write_text("")

    with pytest.raises(ConflictError, match="--force keeps all of them") as refusal:
        refuse_to_overwrite({"main.py"}, tmp_path, force=False)

    assert refusal.value.paths == ("notes.txt",)


def test_force_replaces_files_and_nothing_else(tmp_path):
    (tmp_path / "main.py").write_text("")
    refuse_to_overwrite({"main.py"}, tmp_path, force=True)
    (tmp_path / "apps").write_text("")

    with pytest.raises(ConflictError) as refusal:
        refuse_to_overwrite({"main.py", "apps/__init__.py"}, tmp_path, force=True)

    assert refusal.value.paths == ("apps",)


def test_a_file_is_no_place_for_a_project(tmp_path):
    (tmp_path / "shop").write_text("")

    with pytest.raises(ConflictError, match="exists and is no directory"):
        refuse_to_overwrite({"main.py"}, tmp_path / "shop", force=True)


def secret_of(env):
    return dict(line.split("=", 1) for line in env.splitlines() if "=" in line)[
        "WEBKIT__SECRET_KEY"
    ]
