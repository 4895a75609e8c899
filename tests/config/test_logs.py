import pytest

from webkit.config import Config, Settings
from webkit.config.logs import FORMAT, is_part


CONSOLE = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "webkit"}


@pytest.fixture
def plan(project):
    """Return a function that gives the plan of a file, and its mistakes."""

    def make(text, *, name="webkit.toml", **options):
        config = project({name: text}, **options)
        found = config.plan_logging()
        assert config.problems == found.problems
        assert config.leftovers([]) == ()
        return found.settings, list(found.problems)

    return make


def test_where_nothing_is_said_there_is_no_plan(plan):
    assert plan("[webkit]\n") == (None, [])
    assert Config(settings=Settings(), environment="local", origins={}).plan_logging() == (None, ())


def test_a_logger_alone_is_enough_and_prints_to_the_console(plan):
    settings, problems = plan("[logger_shop]\nlevel = 'debug'\n")

    assert problems == []
    assert settings == {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"webkit": {"format": FORMAT}},
        "handlers": {"console": {**CONSOLE, "class": "logging.StreamHandler"}},
        "loggers": {"shop": {"level": "DEBUG", "propagate": True}},
        "root": {"level": "INFO", "handlers": ["console"]},
    }


def test_a_logger_with_handlers_passes_no_record_on_unless_it_says_so(plan):
    text = "[logger_a]\nhandlers = 'console'\n[logger_b]\nhandlers = ['console']\npropagate = 1\n"

    settings, _ = plan(text)

    assert settings["loggers"]["a"] == {"handlers": ["console"], "propagate": False}
    assert settings["loggers"]["b"] == {"handlers": ["console"], "propagate": True}


INI = """\
[webkit]
log_level = warning

[loggers]
keys = root,shop

[logger_root]
level = INFO
handlers = consoleHandler, file

[logger_shop]
level = DEBUG
handlers = file
qualname = shop.orders
propagate = 0

[handler_file]
class = handlers.RotatingFileHandler
args = ('shop.log', 'a')
backupCount = 3
level = ERROR
formatter = short

[handler_error]
class = StreamHandler
args = (sys.stderr,)

[handler_own]
class = logging.handlers:MemoryHandler
args = 10

[formatter_short]
format = %(message)s for ${webkit:title}
"""


def test_sections_of_an_ini_file_are_those_of_file_config(plan):
    settings, problems = plan(INI, name="webkit.ini")

    assert problems == []
    assert settings["root"] == {"level": "INFO", "handlers": ["consoleHandler", "file"]}
    assert settings["loggers"] == {
        "shop.orders": {"level": "DEBUG", "handlers": ["file"], "propagate": False}
    }
    assert settings["handlers"]["file"] == {
        "class": "logging.handlers.RotatingFileHandler",
        "filename": "shop.log",
        "mode": "a",
        "backupCount": 3,
        "level": "ERROR",
        "formatter": "short",
    }
    assert settings["handlers"]["error"]["stream"] == "ext://sys.stderr"
    assert settings["handlers"]["own"]["capacity"] == 10
    assert settings["formatters"]["short"] == {"format": "%(message)s for webkit"}


def test_the_whole_may_be_a_table(plan):
    text = """
    [logging.root]
    level = "ERROR"
    [logging.loggers."aiohttp.access"]
    level = 10
    [logging.handlers.own]
    "()" = "shop.logs.make"
    [logging.formatters.webkit]
    format = "x"
    """

    settings, problems = plan(text)

    assert problems == []
    assert settings["root"] == {"level": "ERROR", "handlers": ["console"]}
    assert settings["loggers"]["aiohttp.access"] == {"level": 10, "propagate": True}
    assert settings["handlers"]["own"] == {"()": "shop.logs.make", "formatter": "webkit"}
    assert settings["formatters"]["webkit"] == {"format": "x"}


def test_variables_come_before_the_file(plan):
    environ = {"ENVIRONMENT": "local", "LOGGER_A__LEVEL": "ERROR", "LOGGING__ROOT__LEVEL": "DEBUG"}

    settings, _ = plan("[logger_a]\nlevel = 'INFO'\n", environ=environ)

    assert settings["loggers"]["a"]["level"] == "ERROR"
    assert settings["root"]["level"] == "DEBUG"


def test_all_mistakes_are_told_with_their_places(plan):
    text = """\
[logger_a]
level = "LOUD"
handlers = ["consle", "zzz"]
qualnam = "x"
[handler_b]
class = "shop.NoSuchHandler"
formatter = "shrt"
level = true
[handler_c]
class = "webkit.config:load"
[handler_d]
class = "FileHandler"
args = "('a', 'b', 'c', 'd', 'e', 'f')"
[handler_e]
class = "NoHandler"
[handler_f]
class = "webkit.config.load"
[formatter_short]
fmt = "x"
[logging]
version = 7
handlers = 5
root = "x"
handler = 1
[logging.loggers.z]
level = "${none}"
"""

    _, problems = plan(text)

    levels = "Write one of DEBUG, INFO, WARNING, ERROR, CRITICAL, NOTSET"
    assert sorted(problems) == sorted(
        [
            "webkit.toml:26: logging.loggers.z.level: ${none} is not known",
            "webkit.toml:21: logging.version: 7 is no version of this. Write 1",
            "webkit.toml:22: logging.handlers: is a value, and not a section",
            "webkit.toml:23: logging.root: is a value, and not a section",
            "webkit.toml:24: logging.handler: unknown key. Did you mean 'handlers'?",
            f"webkit.toml:2: logger_a.level: 'LOUD' is no level. {levels}",
            "webkit.toml:3: logger_a.handlers: there is no handler 'consle'."
            " Did you mean 'console'?",
            "webkit.toml:3: logger_a.handlers: there is no handler 'zzz'."
            " Known: console, b, c, d, e, f",
            "webkit.toml:4: logger_a.qualnam: unknown key. Did you mean 'qualname'?",
            "webkit.toml:6: handler_b.class: shop: there is no module 'shop'",
            "webkit.toml:7: handler_b.formatter: there is no formatter 'shrt'."
            " Did you mean 'short'?",
            f"webkit.toml:8: handler_b.level: True is no level. {levels}",
            "webkit.toml:10: handler_c.class: webkit.config:load is no class",
            "webkit.toml:13: handler_d.args: are no arguments of the handler",
            "webkit.toml:15: handler_e.class: NoHandler: there is no module 'NoHandler'",
            "webkit.toml:17: handler_f.class: webkit.config.load is no class",
            "webkit.toml:19: formatter_short.fmt: unknown key. Did you mean 'format'?",
            f"webkit.toml:26: logging.loggers.z.level: '${{NONE}}' is no level. {levels}",
        ]
    )


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("logging", True),
        ("logger_a", True),
        ("handlers", True),
        ("log", False),
        ("formatter", False),
    ],
)
def test_sections_about_logging_are_told_by_their_names(section, expected):
    assert is_part(section) is expected
