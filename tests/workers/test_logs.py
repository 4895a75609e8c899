import subprocess
import sys


def run(code):
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout, run.stderr


def test_records_of_the_level_go_to_stdout_once():
    out, err = run(
        "import logging\n"
        "from webkit.workers.logs import configure_logging\n"
        "configure_logging('WARNING'); configure_logging('DEBUG')\n"
        "logging.getLogger('shop').warning('here'); logging.getLogger('shop').info('not here')\n"
    )

    assert out.count("WARNING shop: here") == 1
    assert "not here" not in out + err


def test_a_handler_that_somebody_has_installed_stays_the_only_one():
    out, err = run(
        "import logging\n"
        "from webkit.workers.logs import configure_logging\n"
        "logging.basicConfig(level='INFO', format='mine %(message)s')\n"
        "configure_logging('DEBUG')\n"
        "logging.getLogger('webkit.access').info('here')\n"
    )

    assert (out, err) == ("", "mine here\n")
