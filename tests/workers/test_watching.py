import os
import shutil
from pathlib import Path

import pytest

from webkit.workers.watching import WatchError, changes


class Stop:
    def __init__(self):
        self.wanted = False

    def is_set(self):
        return self.wanted


class Watched:
    """A directory under watch; the generator blocks, so what happens in it happens before."""

    def __init__(self, root):
        self.root = root
        self.stop = Stop()
        self._changes = changes(root, stop=self.stop)
        assert next(self._changes) == []  # it watches

    def next(self):
        """Return the next changes, those of one save or copy together."""
        found = next(batch for batch in self._changes if batch)
        more = next(self._changes)
        while more:
            found = sorted({*found, *more})
            more = next(self._changes)
        return [path.as_posix() for path in found]


@pytest.fixture
def root(tmp_path):
    root = tmp_path.resolve() / "shop"
    (root / "apps" / "api").mkdir(parents=True)
    (root / "apps" / "api" / "views.py").write_text("")
    (root / "main.py").write_text("")
    return root


@pytest.fixture
def watched(root):
    watched = Watched(root)
    yield watched
    watched.stop.wanted = True
    watched._changes.close()


def test_a_saved_source_is_told(root, watched):
    (root / "apps" / "api" / "views.py").write_text("x = 1")

    assert watched.next() == ["apps/api/views.py"]


def test_a_removed_source_is_told(root, watched):
    (root / "main.py").unlink()

    assert watched.next() == ["main.py"]


def test_what_is_not_a_source_is_not_told(root, watched):
    (root / "notes.md").write_text("")
    (root / "main.py").write_text("x = 1")

    assert watched.next() == ["main.py"]


def test_the_files_of_a_directory_that_comes_as_a_whole_are_told(root, watched):
    draft = root.parent / "blog"
    (draft / "tests").mkdir(parents=True)
    (draft / "views.py").write_text("")
    (draft / "tests" / "test_blog.py").write_text("")
    draft.rename(root / "apps" / "blog")

    assert watched.next() == ["apps/blog/tests/test_blog.py", "apps/blog/views.py"]


def test_a_directory_that_goes_as_a_whole_is_told(root, watched):
    (root / "apps").rename(root.parent / "elsewhere")

    assert watched.next() == ["apps"]


def test_a_directory_that_came_may_go_again(root, watched):
    (root / "blog").mkdir()
    (root / "blog" / "views.py").write_text("")
    came = watched.next()

    shutil.rmtree(root / "blog")

    assert came == ["blog/views.py"]
    assert "blog/views.py" in watched.next()


@pytest.mark.parametrize("name", [".venv", "node_modules", "__pycache__"])
def test_a_directory_that_is_not_the_projects_own_is_not_told(root, watched, name):
    draft = root.parent / "draft"
    draft.mkdir()
    (draft / "a.py").write_text("")
    draft.rename(root / name)
    (root / "main.py").write_text("x = 1")

    assert watched.next() == ["main.py"]


def test_nothing_is_told_after_the_stop(root):
    stop = Stop()
    found = changes(root, stop=stop)
    next(found)

    stop.wanted = True

    assert list(found) == []


def test_the_paths_are_relative(root, watched):
    (root / "main.py").write_text("x = 1")

    assert not any(Path(path).is_absolute() for path in watched.next())


def test_a_directory_that_cannot_be_watched_is_told_with_a_way_out(tmp_path):
    with pytest.raises(WatchError, match=r"cannot watch .*gone: .* Set WATCHFILES_FORCE_POLLING"):
        next(changes(tmp_path / "gone", stop=Stop()))


def test_without_file_events_it_looks_at_the_files(root, monkeypatch):
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "true")
    os.utime(root / "main.py", (0, 0))  # it sees times in whole seconds
    watched = Watched(root)

    (root / "main.py").write_text("x = 1")

    assert watched.next() == ["main.py"]
    watched.stop.wanted = True
