from aiohttp.test_utils import TestClient, TestServer

from webkit.exceptions import ConfigurationError
from webkit.workers.failures import explain, failure_app


def error_of(path, source):
    """Return what running a file raises."""
    path.write_text(source)
    try:
        exec(compile(source, path, "exec"), {})
    except Exception as error:
        return error


def test_an_error_is_shown_from_the_projects_own_code_on(tmp_path):
    error = error_of(tmp_path / "views.py", "def f():\n    1 / 0\nf()\n")

    text = explain(error, root=tmp_path)

    assert text.startswith("Traceback")
    assert "line 3" in text
    assert "ZeroDivisionError" in text
    assert __file__ not in text


def test_a_syntax_error_is_shown_with_its_place_only(tmp_path):
    error = error_of(tmp_path / "views.py", "def f(:\n")

    text = explain(error, root=tmp_path)

    assert "Traceback" not in text
    assert 'views.py", line 1' in text


def test_an_error_that_never_was_in_the_project_is_shown_whole(tmp_path):
    error = error_of(tmp_path / "views.py", "1 / 0")

    text = explain(error, root=tmp_path / "elsewhere")

    assert __file__ in text


def test_a_mistake_that_webkit_found_is_its_message():
    error = ConfigurationError(["webkit.toml:1: webkit.prot: unknown key"])

    text = explain(error, root=None)

    assert text == "Error: webkit.toml:1: webkit.prot: unknown key\n"


async def test_every_request_is_answered_with_the_problem_escaped():
    async with TestClient(TestServer(failure_app("<script>alert(1)</script>"))) as client:
        answer = await client.post("/any/path?x=1", json={})
        text = await answer.text()

    assert answer.status == 500
    assert answer.content_type == "text/html"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
