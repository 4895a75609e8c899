import sys

import pytest
from aiohttp import web

from webkit.exceptions import ConfigurationError
from webkit.workers.loading import load_app


SOURCE = """
from aiohttp import web

app = web.Application()

def make_app():
    return app

async def get_app():
    return app

async def get_nothing():
    return None

nothing = 5
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "loading_project.py").write_text(SOURCE)
    yield tmp_path
    sys.modules.pop("loading_project", None)


@pytest.mark.parametrize("name", ["app", "make_app"])
def test_an_application_or_a_factory_gives_the_application(root, name):
    app = load_app(f"loading_project:{name}", root=root)

    assert isinstance(app, web.Application)


async def test_an_async_factory_gives_it_when_it_is_awaited(root):
    source = load_app("loading_project:get_app", root=root)

    assert isinstance(await source, web.Application)


@pytest.mark.parametrize(("name", "kind"), [("nothing", "int"), ("web", "module")])
def test_something_else_is_refused(root, name, kind):
    with pytest.raises(ConfigurationError, match=rf"loading_project:{name} is .* but a {kind}"):
        load_app(f"loading_project:{name}", root=root)


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("loading_nowhere:app", "loading_nowhere: there is no module 'loading_nowhere'"),
        (
            "loading_project:ap",
            "loading_project:ap: loading_project has no attribute 'ap'. Did you mean 'app'?",
        ),
        ("loading_project:nothing", "loading_project:nothing is no web.Application, nor makes"),
    ],
)
def test_what_is_no_application_is_told_with_the_place_of_its_name(root, reference, text):
    with pytest.raises(ConfigurationError) as caught:
        load_app(reference, root=root)

    (problem,) = caught.value.problems
    assert problem.startswith(f"[tool.webkit] app in pyproject.toml: {text}")


def test_a_mistake_in_the_project_itself_has_another_place(root):
    (root / "loading_wrong.py").write_text(
        "from webkit.exceptions import ConfigurationError\nraise ConfigurationError(['wrong'])\n"
    )

    with pytest.raises(ConfigurationError) as caught:
        load_app("loading_wrong:app", root=root)

    assert caught.value.problems == ("wrong",)


async def test_an_async_factory_of_something_else_is_refused(root):
    with pytest.raises(ConfigurationError, match="but a NoneType"):
        await load_app("loading_project:get_nothing", root=root)


def test_the_project_comes_first_on_the_path_and_only_once(root):
    load_app("loading_project:app", root=root)
    load_app("loading_project:app", root=root)

    assert sys.path[0] == str(root)
    assert sys.path.count(str(root)) == 1
