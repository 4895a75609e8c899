import subprocess
import sys
import threading
import types
from pathlib import Path

import pytest

from webkit.workers import preloading
from webkit.workers.preloading import count_threads, foreign_modules, preload


@pytest.fixture
def modules(monkeypatch):
    def put(name, **names):
        module = types.ModuleType(name)
        vars(module).update(names)
        monkeypatch.setitem(sys.modules, name, module)

    return put


def test_modules_of_the_project_are_not_foreign(tmp_path, modules):
    modules("mine", __file__=str(tmp_path / "mine.py"))
    modules("installed", __file__=str(tmp_path / ".venv" / "lib" / "installed.py"))

    found = foreign_modules(tmp_path)

    assert "mine" not in found
    assert "installed" in found


def test_known_modules_are_left_out(tmp_path):
    found = foreign_modules(tmp_path, known={"sys"})

    assert "sys" not in found
    assert "json" in found


def test_they_come_in_the_order_of_their_import(tmp_path):
    found = foreign_modules(tmp_path)

    assert found.index("sys") < found.index("asyncio") < found.index("aiohttp")


def test_what_has_no_source_or_is_no_module_is_left_out(tmp_path, modules, monkeypatch):
    modules("made", __file__=None)
    monkeypatch.setitem(sys.modules, "lazy", object())

    assert not {"made", "lazy", "__main__"} & set(foreign_modules(tmp_path))


def test_preloaded_modules_are_imported_and_failures_skipped(tmp_path):
    (tmp_path / "noisy.py").write_text("import warnings; warnings.warn('again')")
    (tmp_path / "broken.py").write_text("raise SystemExit(3)")
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from webkit.workers.preloading import preload\n"
        "from pathlib import Path\n"
        "preload(['noisy', 'broken', 'missing', 'colorsys'], root=Path('/somewhere'))\n"
        "print('noisy' in sys.modules, 'colorsys' in sys.modules)\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert (run.stdout, run.stderr) == ("True True\n", "")


def test_modules_of_the_project_are_not_preloaded(tmp_path, monkeypatch):
    (tmp_path / "preloaded_by_mistake.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)

    preload(["preloaded_by_mistake", "there.is.no.such.module"], root=tmp_path)

    assert "preloaded_by_mistake" not in sys.modules
    assert sys.path[0] == str(tmp_path)


@pytest.mark.parametrize("path", [preloading._THREADS, "/there/is/no/such/directory"])
def test_threads_are_counted(monkeypatch, path):
    monkeypatch.setattr(preloading, "_THREADS", path)
    before = count_threads()
    end = threading.Event()
    thread = threading.Thread(target=end.wait)

    thread.start()
    after = count_threads()
    end.set()
    thread.join()

    assert after == before + 1


def test_the_kernel_knows_of_threads_on_linux():
    assert Path(preloading._THREADS).is_dir() == sys.platform.startswith("linux")
