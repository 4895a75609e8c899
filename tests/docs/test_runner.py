"""The runner finds out when a page is wrong."""

import shutil
import sys
from pathlib import Path

import pytest


def run(text, *, parsed, session):
    for block in parsed(text):
        session.run(block)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("```console\n$ echo one\ntwo\n```", "printed:\none"),
        ("```console\n$ exit 3\n```", "exit 3: failed"),
        ("```console fails\n$ exit 0\n```", "exit 0: succeeded"),
        ("```console\nno command\n```", "output without a command"),
        ("```console soon\n$ exit 0\n```", r"unknown: \['soon'\]"),
        ("```python\nassert False\n```", "AssertionError"),
        ('```python\nimport warnings\nwarnings.warn("old")\n```', "UserWarning: old"),
        ("```ruby\nputs 1\n```", "nobody runs a block of 'ruby'"),
        ("```\nplain\n```", "nobody runs a block of ''"),
        ('```python title="a.py"\nx = 1\n```\n```python shows="a.py"\nx = 2\n```', "the file has"),
        ('```text title="a"\nx\n```\n```diff title="a"\n y\n+z\n```', "not once there"),
    ],
)
def test_a_block_that_is_not_true_is_found(page, reason, parsed, new_session):
    with pytest.raises(AssertionError, match=reason):
        run(page, parsed=parsed, session=new_session())


def test_the_place_of_a_block_is_in_the_message(parsed, new_session):
    with pytest.raises(AssertionError, match=r"^page\.md:3: "):
        run("Text.\n\n```ruby\n```", parsed=parsed, session=new_session())


def test_blocks_share_a_directory_that_cd_changes(parsed, new_session):
    page = """
```toml title="a/b.toml"
one = 1
two = 2
five = 5
```

```diff title="a/b.toml"
 one = 1
-two = 2
+three = 3
@@
+four = 4
 five = 5
```

```console
$ cd a
$ cat b.toml
one = 1
three = 3
four = 4
five = 5
```
"""

    run(page, parsed=parsed, session=new_session())


def test_dots_stand_for_lines_and_for_text_in_a_line(parsed, new_session):
    page = r"""
```console
$ printf 'one\ntwo 0.1s\nthree\nfour\n'
one
two …s
...
four
```
"""

    run(page, parsed=parsed, session=new_session())


def test_answers_are_typed_on_a_terminal(parsed, new_session):
    page = """
```python title="ask.py"
import sys

assert sys.stdin.isatty()
print(input("name [x]: "), input("again [y]: "))
```

```console tty
$ python ask.py
name [x]: one
again [y]: two
one two
```
"""

    run(page, parsed=parsed, session=new_session())


def test_a_server_runs_on_the_port_of_the_session_until_it_is_stopped(parsed, new_session):
    page = """
```console serve
$ python -m http.server --bind 127.0.0.1 8080
Serving HTTP on 127.0.0.1 port 8080 …
```

```console
$ curl http://127.0.0.1:8080/
...
<h1>Directory listing for /</h1>
...
```
"""
    session = new_session()

    run(page, parsed=parsed, session=session)

    assert session.server.stop() != 0  # http.server knows no good end


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl found to compare with")
def test_the_stand_in_for_curl_does_as_curl_does(parsed, new_session):
    page = """
```python title="echo.py"
from aiohttp import web


async def echo(request):
    names = ("Accept", "X-Request-ID", "Cookie")
    lines = [request.method, *(f"{name}: {request.headers.get(name)}" for name in names)]
    if request.content_type == "multipart/form-data":
        for name, value in (await request.post()).items():
            is_file = isinstance(value, web.FileField)
            lines.append(f"{name}: {value.file.read() if is_file else value}")
    else:
        lines += [request.content_type, await request.text()]
    text = "\\n".join([*lines, ""])
    return web.Response(text=text, headers={"Date": "now"})


app = web.Application()
app.router.add_route("*", "/{path}", echo)
web.run_app(app, host="127.0.0.1", port=8080)
```

```console serve
$ python echo.py
======== Running on http://127.0.0.1:8080 ========
```
"""
    session = new_session()
    run(page, parsed=parsed, session=session)
    curls = ("curl", f"{sys.executable} {Path(__file__).with_name('bin') / 'curl'}")

    for given in (
        *("", "-i", "-X DELETE", "-X PUT -d a=1", """-i --json '{"a": 1}'""", "-H 'A: b'"),
        *("-b 'a=1; b=2'", "-F a=1 -F b=@echo.py", "-X PUT -F a="),
    ):
        url = session.localized("http://127.0.0.1:8080/a?b=c")
        real, ours = (session.printed_by(f"{curl} {given} {url}") for curl in curls)

        assert ours == real
