"""An example is what a reader of its tutorial has at the end."""

import re
import runpy
from pathlib import Path

import pytest


EXAMPLES = runpy.run_path(str(Path(__file__).with_name("examples.py")))
ROOT = EXAMPLES["ROOT"]
NAMES = sorted(EXAMPLES["EXAMPLES"])
SERVE = "```console serve\n$ {} --port 8080\n…http://127.0.0.1:8080…\n```"
# What is asked for is installed here, and nothing is fetched.
PIP_HERE = {
    "install": " --dry-run --quiet --no-index --no-build-isolation",
    "wheel": " --no-index --no-build-isolation",
}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
def test_following_the_tutorial_ends_with_the_example(name, read, new_session):
    session = new_session()

    EXAMPLES["build"](session, read(EXAMPLES["EXAMPLES"][name]))

    made = EXAMPLES["files_of"](session.directory)
    assert made == EXAMPLES["files_of"](ROOT / "examples" / name), (
        "run: python tests/docs/examples.py"
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
def test_every_command_of_its_readme_works(name, checkout, parsed, new_session):
    session = new_session()
    session.directory = checkout / "examples" / name
    text = (session.directory / "README.md").read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)

    for command in "".join(blocks).splitlines():
        if command.startswith(("webkit run", "webkit dev")):
            session.run(parsed(SERVE.format(command))[0])
        elif command.startswith("python -m pip"):
            session.printed_by(command + PIP_HERE[command.split()[3]])
        elif not command.startswith("docker "):
            session.printed_by(command)
    session.stop()

    wheel = re.search("vendor/[^[]+", (session.directory / "requirements.txt").read_text())[0]
    assert (session.directory / wheel).exists()


def test_what_an_example_does_not_have_any_more_goes(tmp_path):
    (tmp_path / "old.py").write_text("")
    (tmp_path / "README.md").write_text("by hand")

    EXAMPLES["write"]({"apps/new.py": "new"}, tmp_path)

    assert EXAMPLES["files_of"](tmp_path) == {"apps/new.py": "new"}
    assert (tmp_path / "README.md").read_text() == "by hand"
