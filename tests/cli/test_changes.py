"""``webkit config --set``; how a text is edited is in tests/config/test_editing.py."""

import pytest


pytestmark = pytest.mark.slow


def changed(path, before):
    return [line for line in path.read_text().splitlines() if line not in before.splitlines()]


@pytest.mark.parametrize(
    ("place", "text", "lines"),
    [
        ("webkit:title", "Other", ['title = "Other"   # its name']),
        ("webkit:port", "9000", ["port = 9000"]),
        ("webkit:version", "2", ['version = "2"']),
        ("webkit:docs", "false", ["docs = false"]),
        ("webkit:greeting", "${title}\\n$$", ['greeting = """${title}', '$$"""']),
        ("guest-book:visits_max", "3", ["visits_max = 3"]),
        ("guest_book:visits_max", "3", ["visits_max = 3"]),
        ("commands:hi", "a:b", ["[commands]", 'hi = "a:b"']),
        ("logging.loggers.a:level", "INFO", ["[logging.loggers.a]", 'level = "INFO"']),
    ],
)
def test_an_option_is_written_in_the_type_that_fits(shop, config_command, place, text, lines):
    before = (shop / "webkit.toml").read_text()

    assert config_command("-s", place, text) == (0, "", "")
    assert changed(shop / "webkit.toml", before) == lines
    assert sorted(path.name for path in shop.iterdir() if path.name != "__pycache__") == [
        "main.py",
        "pyproject.toml",
        "settings.py",
        "webkit.toml",
    ]


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        ("webkit:port", "ten", "webkit.toml:5: webkit.port: 'ten' does not fit: Expected `int`,"),
        ("webkit:titel", "x", "webkit.toml:5: webkit.titel: unknown key. Did you mean 'title'?"),
        ("webkit:title", "${nmae}", "webkit.toml:3: webkit.title: ${nmae} is not known"),
        ("guest-book:visits_max", "x", "webkit.toml:8: guest-book.visits_max: 'x' does not fit"),
        ("guest-bok:visits_max", "3", "webkit.toml:9: guest-bok: unknown section. Did you mean"),
        ("webkit:title:x", "3", "webkit.toml:5: webkit.title:x: unknown key."),
        ("webkit.title:x", "3", "title is a value, and not a section"),
        ("webkit", "x", "'webkit' is not SECTION:OPTION"),
        (":title", "x", "':title' is not SECTION:OPTION"),
        ("webkit:", "x", "'webkit:' is not SECTION:OPTION"),
    ],
)
def test_what_a_start_would_refuse_is_not_written(shop, config_command, place, text, message):
    before = (shop / "webkit.toml").read_bytes()

    status, out, err = config_command("-s", place, text)

    assert (status, out) == (2, "")
    assert err.startswith(f"Error: {message}")
    assert (shop / "webkit.toml").read_bytes() == before


def test_a_value_that_a_variable_hides_has_to_fit_all_the_same(shop, config_command):
    status, _, err = config_command("-s", "webkit:port", "ten", PORT="8080")

    assert status == 2
    assert err.startswith("Error: webkit.toml:5: webkit.port: 'ten' does not fit")


def test_it_tells_of_a_variable_that_comes_before_what_was_written(shop, config_command):
    (shop / ".env").write_text("PORT=8080\n")

    assert config_command("-s", "webkit:port", "9000") == (
        0,
        "",
        "Written, but .env: PORT comes before it, and stays what holds\n",
    )


def test_mistakes_elsewhere_are_no_reason_not_to_write(shop, config_command):
    (shop / "local.env").write_text("WEBKIT__MOST=x\n")

    assert config_command("-s", "webkit:title", "Other") == (0, "", "")


def test_a_project_that_cannot_be_imported_is_no_reason_not_to_write(shop, config_command):
    (shop / "main.py").write_text("1 / 0")

    assert config_command("-s", "webkit:greeting", "Other") == (0, "", "")


def test_a_wrong_value_can_be_mended(shop, config_command):
    (shop / "webkit.toml").write_text("[webkit]\nport = 'ten'\n")

    assert config_command("-s", "webkit:port", "9000") == (0, "", "")
    assert (shop / "webkit.toml").read_text() == "[webkit]\nport = 9000\n"


def test_where_no_file_is_one_is_made(tmp_path, config_command):
    assert config_command("-s", "webkit:port", "9000") == (0, "", "")
    assert (tmp_path / "webkit.toml").read_text() == "[webkit]\nport = 9000\n"


def test_outside_of_a_project_values_have_to_fit_too(tmp_path, config_command):
    assert config_command("-s", "webkit:port", "ten")[0] == 2
    assert not (tmp_path / "webkit.toml").exists()


def test_the_file_that_counts_is_written(tmp_path, config_command):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "webkit.ini").write_text("[webkit]\nport = 1 \n; end\n")

    assert config_command("-s", "webkit:port", "2") == (0, "", "")
    assert (tmp_path / "etc" / "webkit.ini").read_text() == "[webkit]\nport = 2\n; end\n"


def test_a_file_of_the_command_line_is_written(tmp_path, config_command):
    (tmp_path / "other.conf").write_text("[webkit]\n")

    assert config_command("-c", "other.conf", "-s", "webkit:port", "2") == (0, "", "")
    assert (tmp_path / "other.conf").read_text() == "[webkit]\nport = 2\n"


def test_a_file_that_is_named_is_written_without_a_question(tmp_path, config_command):
    assert config_command("-f", "sub/a.conf", "-s", "any/thing:at", "${all}") == (0, "", "")
    assert (tmp_path / "sub" / "a.conf").read_text() == "[any/thing]\nat = ${all}\n"


def test_a_file_keeps_its_mark_its_mode_and_its_link(tmp_path, config_command):
    real = tmp_path / "real.toml"
    real.write_bytes(b"\xef\xbb\xbf[webkit]\r\nport = 1\r\n")
    real.chmod(0o640)
    (tmp_path / "webkit.toml").symlink_to(real)

    assert config_command("-s", "webkit:port", "2") == (0, "", "")
    assert real.read_bytes() == b"\xef\xbb\xbf[webkit]\r\nport = 2\r\n"
    assert (tmp_path / "webkit.toml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("webkit.yaml", "a: 1", "webkit.yaml: in .yaml a change would lose comments and order."),
        ("webkit.toml", "[webkit", "webkit.toml:1: cannot be read: Expected ']'"),
    ],
)
def test_a_file_that_cannot_be_edited_is_left_alone(tmp_path, config_command, name, text, message):
    (tmp_path / name).write_text(text)

    status, _, err = config_command("-s", "webkit:port", "2")

    assert status == 2
    assert err.startswith(f"Error: {message}")
    assert (tmp_path / name).read_text() == text


def test_two_files_in_one_place_are_not_chosen_from(tmp_path, config_command):
    (tmp_path / "webkit.toml").touch()
    (tmp_path / "webkit.ini").touch()

    status, _, err = config_command("-s", "webkit:port", "2")

    assert status == 2
    assert err == "Error: webkit.toml: webkit.ini is there as well. Keep one of them\n"


def test_an_application_without_webkit_takes_what_it_gets(shop, config_command, monkeypatch):
    (shop / "main.py").write_text("from aiohttp import web\napp = web.Application()\n")
    (shop / "other.toml").write_text("[webkit]\n")

    assert config_command("-c", "other.toml", "-s", "webkit:most", "x") == (0, "", "")
    assert (shop / "other.toml").read_text() == '[webkit]\nmost = "x"\n'
