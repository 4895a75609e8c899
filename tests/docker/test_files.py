"""The Docker and workflow files of a project, read by the tools that know such files."""

import os
import shutil
import sys
from pathlib import Path

import pytest
import yaml


pytestmark = pytest.mark.slow


def tool(name: str) -> str:
    """Return the path of a checker; the dependency group `dev` has them."""
    found = shutil.which(name, path=Path(sys.executable).parent) or shutil.which(name)
    if found is None:
        give_up = pytest.fail if "CI" in os.environ else pytest.skip
        give_up(f"{name} is not installed")
    return found


def test_hadolint_finds_nothing_in_the_dockerfile(baked, run):
    printed = run(tool("hadolint"), "--strict-labels", "Dockerfile", cwd=baked)

    assert printed == ""


def test_zizmor_finds_nothing_in_the_workflow(baked, run):
    command = (tool("zizmor"), "--offline", "--quiet", "--persona", "pedantic")

    run(*command, ".github/workflows", cwd=baked)


def test_the_workflow_has_its_expressions_and_pins(baked):
    text = (baked / ".github" / "workflows" / "ci.yml").read_text()
    workflow = yaml.safe_load(text)

    steps = workflow["jobs"]["test"]["steps"]
    used = [step["uses"].rpartition("@") for step in steps if "uses" in step]
    assert workflow["concurrency"]["group"] == "${{ github.workflow }}-${{ github.ref }}"
    assert all(len(pin) == 40 and int(pin, 16) for _, _, pin in used)


def test_every_check_of_the_workflow_is_in_the_dev_requirements(baked):
    text = (baked / ".github" / "workflows" / "ci.yml").read_text()
    steps = yaml.safe_load(text)["jobs"]["test"]["steps"]
    commands = [step["run"].split()[0] for step in steps if "run" in step]
    requirements = (baked / "requirements-dev.txt").read_text()

    assert commands == ["pip", "ruff", "ruff", "mypy", "pytest", "webkit", "webkit", "docker"]
    assert all(f"\n{name}~=" in requirements for name in ("ruff", "mypy", "pytest"))


def test_no_requirement_names_webkit_without_its_path(baked):
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (baked / name).read_text().splitlines()
    ]

    ours = [line for line in lines if "webkit" in line]
    assert len(ours) == 2
    assert all(line.startswith("./vendor/webkit-") for line in ours)


@pytest.mark.docker
@pytest.mark.parametrize("arguments", [(), ("--profile", "prod")])
def test_compose_reads_its_file_with_and_without_an_env_file(project, run, arguments):
    command = ("docker", "compose", *arguments, "config", "--quiet")

    with_env = run(*command, cwd=project)
    (project / ".env").unlink()
    without_env = run(*command, cwd=project)

    assert with_env == without_env == ""
