import os
import signal
import stat
from pathlib import Path

import pytest

from webkit.exceptions import ConflictError
from webkit.scaffold import writing
from webkit.scaffold.writing import WriteError, commit, obstacles, reporting


FILES = {"main.py": b"main", "apps/__init__.py": b"", ".env": b"SECRET"}


def tree_of(directory):
    """Return what is below a directory: content of files, None for directories."""
    return {
        path.relative_to(directory).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in directory.rglob("*")
    }


def test_a_target_that_does_not_exist_appears_whole(tmp_path):
    commit(FILES, tmp_path / "shop")

    assert tree_of(tmp_path / "shop") == {**FILES, "apps": None}
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def test_an_empty_target_is_filled(tmp_path):
    commit(FILES, tmp_path)

    assert tree_of(tmp_path) == {**FILES, "apps": None}


def test_other_files_of_a_target_stay(tmp_path):
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/notes.txt").write_text("mine")

    commit(FILES, tmp_path)

    assert tree_of(tmp_path) == {**FILES, "apps": None, "apps/notes.txt": b"mine"}


@pytest.mark.parametrize(("umask", "usual"), [(0o022, 0o644), (0o027, 0o640), (0o002, 0o664)])
def test_modes_follow_the_umask_and_secrets_are_for_their_owner_alone(tmp_path, umask, usual):
    before = os.umask(umask)
    try:
        commit(FILES, tmp_path / "shop")
    finally:
        os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "shop").iterdir()}
    assert modes == {"main.py": usual, ".env": 0o600, "apps": 0o777 & ~umask}
    assert stat.S_IMODE((tmp_path / "shop").stat().st_mode) == 0o777 & ~umask


def test_a_file_may_be_replaced_if_the_caller_says_so(tmp_path):
    (tmp_path / "main.py").write_text("old")
    (tmp_path / "main.py").chmod(0o600)

    commit(FILES, tmp_path, replacing={"main.py": b"old"})

    assert (tmp_path / "main.py").read_bytes() == b"main"
    assert stat.S_IMODE((tmp_path / "main.py").stat().st_mode) == 0o600


def test_a_replaced_secret_is_for_its_owner_alone_from_then_on(tmp_path):
    (tmp_path / ".env").write_text("old")
    (tmp_path / ".env").chmod(0o644)

    commit(FILES, tmp_path, replacing={".env": None})

    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


@pytest.mark.parametrize("replacing", [{}, {"main.py": b"something else"}])
def test_what_came_meanwhile_is_neither_lost_nor_replaced(tmp_path, replacing):
    (tmp_path / "main.py").write_text("mine")

    with pytest.raises(ConflictError) as refusal:
        commit(FILES, tmp_path, replacing=replacing)

    assert refusal.value.paths == ("main.py",)
    assert tree_of(tmp_path) == {"main.py": b"mine"}


def test_a_target_that_came_meanwhile_is_left_alone(tmp_path):
    target = tmp_path / "shop"
    target.write_text("mine")

    with pytest.raises(ConflictError, match="exists already"):
        commit(FILES, target)

    assert tree_of(tmp_path) == {"shop": b"mine"}


def test_a_second_command_waits_for_nobody(tmp_path):
    (tmp_path / ".webkit-writing").mkdir()

    with pytest.raises(ConflictError, match="Another command is writing here, or was killed"):
        commit(FILES, tmp_path)

    assert tree_of(tmp_path) == {".webkit-writing": None}


def test_a_failure_in_the_middle_is_undone(tmp_path, monkeypatch):
    (tmp_path / "main.py").write_text("old")
    rename = Path.rename

    def failing(self, target):
        if self.name == "z.py":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)

    with pytest.raises(WriteError, match=r"No space left on device. Nothing was changed"):
        commit({**FILES, "z.py": b""}, tmp_path, replacing={"main.py": None})

    assert tree_of(tmp_path) == {"main.py": b"old"}


def test_a_missing_parent_is_one_line(tmp_path):
    with pytest.raises(WriteError, match=r"Cannot write .*No such file or directory"):
        commit(FILES, tmp_path / "no" / "shop")


def test_what_the_system_refuses_is_one_line_about_the_target():
    def look():
        with reporting(Path("shop")):
            raise PermissionError(13, "Permission denied", "/root")

    with pytest.raises(WriteError, match=r"^Cannot write shop: Permission denied"):
        look()


def test_a_target_that_cannot_appear_for_another_reason_is_not_called_a_conflict(
    tmp_path, monkeypatch
):
    def failing(self, target):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "rename", failing)

    with pytest.raises(WriteError, match="Invalid cross-device link"):
        commit(FILES, tmp_path / "shop")

    assert tree_of(tmp_path) == {}


@pytest.mark.parametrize("existing", [True, False])
def test_ctrl_c_before_the_last_step_leaves_nothing(tmp_path, monkeypatch, existing):
    target = tmp_path / "shop"
    if existing:
        target.mkdir()
    write = writing._write

    def interrupted(files, directory):
        signal.raise_signal(signal.SIGINT)
        write(files, directory)

    monkeypatch.setattr(writing, "_write", interrupted)

    with pytest.raises(KeyboardInterrupt):
        commit(FILES, target)

    assert tree_of(tmp_path) == ({"shop": None} if existing else {})


def test_obstacles_are_files_links_and_wrong_kinds(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    target = tmp_path / "target"
    target.mkdir()
    (target / "main.py").mkdir()
    (target / "apps").symlink_to(elsewhere)
    (target / "tests").write_text("")
    (target / "a.py").write_text("")
    (target / "b.py").symlink_to(elsewhere / "nothing")
    files = ["main.py", "apps/__init__.py", "tests/deep/er.py", "a.py", "b.py", "new.py"]

    assert obstacles(files, target) == ["a.py", "apps", "b.py", "main.py", "tests"]
    assert obstacles(files, target, replacing=files) == ["apps", "b.py", "main.py", "tests"]
