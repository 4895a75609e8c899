def test_a_project_without_mistakes_is_started_and_stopped(project, webkit):
    done = webkit("check")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "started\nstopped\nNo mistakes found: 2 units, 1 route, local.\n"


def test_without_a_start_nothing_is_started(project, webkit):
    done = webkit("check", "--no-start")

    assert (done.returncode, done.stdout) == (0, "No mistakes found: 2 units, 1 route, local.\n")


def test_all_mistakes_are_told_at_once(project, webkit, write):
    write({"webkit.toml": "[webkit]\nprot = 1\n[geusts]\na = 1\n", "apps/guests/static/a.css": ""})
    write({"apps/guests/templates/a.html": "{{ static('b.css') }}"})

    done = webkit("check")

    assert (done.returncode, done.stdout) == (2, "")
    assert [
        line.partition(" ")[0] for line in done.stderr.removeprefix("Error: ").splitlines()
    ] == [
        "webkit.toml:2:",
        "webkit.toml:3:",
        "apps/guests/templates/a.html:1:",
    ]


def test_a_mistake_that_only_a_start_finds_is_found(project, webkit, write):
    write({"apps/guests/templates/a.html": "{{ url('geusts') }}"})

    done = webkit("check")

    assert done.returncode == 2
    assert "a.html:1: no route is named 'geusts'. Did you mean 'guests'?" in done.stderr


def test_what_fails_while_it_starts_is_a_failure(project, webkit, write):
    write(
        {
            "main.py": """
                from webkit.application import create_app

                async def connect(app):
                    raise ConnectionError("nobody answers")

                def create_web_app():
                    app = create_app()
                    app.on_startup.append(connect)
                    return app
                """
        }
    )

    done = webkit("check")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[1].endswith("in connect")
    assert done.stderr.endswith("ConnectionError: nobody answers\n")


def test_an_application_made_by_hand_is_checked_too(project, webkit, write):
    write({"main.py": "from aiohttp import web\n\ncreate_web_app = web.Application()\n"})

    done = webkit("check")

    assert (done.returncode, done.stdout) == (0, "No mistakes found.\n")


def test_outside_of_a_project_it_says_so(tmp_path, webkit):
    done = webkit("check")

    assert done.returncode == 2
    assert "is in no project" in done.stderr
