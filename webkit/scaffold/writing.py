"""Putting files in place: all of them or none.

1. Everything is written to a hidden directory first, on the same file system, so a full disk or a
   missing permission is met before anything of the user's is touched.
2. A target that does not exist appears by one rename. In one that exists, every new file and every
   new directory is moved by a rename, and all are moved back if one fails.
3. Nothing is deleted, and only files that the caller names are replaced. Nothing is written
   through a symbolic link.
4. Ctrl-C and a request to end wait for the few milliseconds that this takes, and win if they come
   before the last step.
"""

import contextlib
import os
import shutil
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from webkit.exceptions import ConflictError, WebkitError
from webkit.scaffold import interruptions


__all__ = ("WriteError", "commit", "obstacles", "reporting")

# In a target that exists, this directory also keeps a second command out until the first is done.
_WORKPLACE = ".webkit-writing"
_PRIVATE = (".env",)  # read and written by their owner only


class WriteError(WebkitError):
    """The disk, or the right to use it, did not suffice; nothing was changed."""

    exit_status = 1


@contextlib.contextmanager
def reporting(target: Path) -> Iterator[None]:
    """Turn what the operating system refuses in the block into one line about ``target``.

    Raises:
        WriteError: in place of every `OSError`.
    """
    try:
        yield
    except OSError as error:
        message = f"Cannot write {target}: {error.strerror}. Nothing was changed."
        raise WriteError(message) from error


def obstacles(
    files: Collection[str], target: Path, *, replacing: Collection[str] = ()
) -> list[str]:
    """Return, sorted, what stands below ``target`` in the way of ``files``.

    A regular file in ``replacing`` is no obstacle; a link or a directory in its place is one, and
    so is anything but a directory where a directory has to be.
    """
    found = set()
    for file in files:
        path = PurePosixPath(file)
        for parent in list(path.parents)[:-1]:
            mode = _mode(target / parent)
            if mode is not None and not stat.S_ISDIR(mode):
                found.add(str(parent))
        mode = _mode(target / path)
        if mode is not None and not (file in replacing and stat.S_ISREG(mode)):
            found.add(file)
    return sorted(found)


def commit(
    files: Mapping[str, bytes], target: Path, *, replacing: Mapping[str, bytes | None] | None = None
) -> None:
    """Write ``files`` (paths relative to ``target``) or, if anything goes wrong, nothing.

    ``replacing`` names the files that may be there already, each with the content that it must
    still have, or None where any will do.

    Raises:
        ConflictError: something else stands in the way, or came to stand there meanwhile.
        WriteError: the operating system refused.
    """
    replacing = replacing or {}
    exists = target.is_dir()
    workplace = target / _WORKPLACE if exists else _beside(target)
    with reporting(target), interruptions.held() as received, _directory(workplace):
        new = workplace / "new"
        _write(files, new)
        if received:
            return
        if exists:
            _refuse(files, target, replacing=replacing)
            _merge(new, target, old=workplace / "old")
        else:
            _appear(new, target)


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}-{os.urandom(4).hex()}")


@contextlib.contextmanager
def _directory(path: Path) -> Iterator[None]:
    try:
        path.mkdir()
    except FileExistsError:
        message = f"Another command is writing here, or was killed. If none runs, delete {path}"
        raise ConflictError(message) from None
    try:
        yield
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _write(files: Mapping[str, bytes], directory: Path) -> None:
    directory.mkdir()
    for file, content in files.items():
        path = directory / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600 if file in _PRIVATE else 0o666, exist_ok=False)
        path.write_bytes(content)


def _refuse(
    files: Mapping[str, bytes], target: Path, *, replacing: Mapping[str, bytes | None]
) -> None:
    """Look again, now that no second command can be at work in ``target``."""
    changed = {
        file
        for file, content in replacing.items()
        if content is not None and (target / file).read_bytes() != content
    }
    if paths := sorted(changed | set(obstacles(files, target, replacing=replacing))):
        raise ConflictError(f"{target} was changed meanwhile. Nothing was written:", paths)


def _appear(new: Path, target: Path) -> None:
    try:
        new.rename(target)
    except OSError as error:
        if os.path.lexists(target):
            raise ConflictError(f"{target} exists already. Nothing was written.") from error
        raise


def _merge(new: Path, target: Path, *, old: Path) -> None:
    old.mkdir()
    with contextlib.ExitStack() as undo:
        _move(new, target, old=old, undo=undo)
        undo.pop_all()


def _move(new: Path, target: Path, *, old: Path, undo: contextlib.ExitStack) -> None:
    mode = _mode(target)
    if mode is None:
        new.rename(target)
        undo.callback(target.rename, new)
    elif stat.S_ISDIR(mode):
        for child in sorted(new.iterdir()):
            _move(child, target / child.name, old=old, undo=undo)
    else:
        before = old / str(len(list(old.iterdir())))
        shutil.copy2(target, before)
        if new.name not in _PRIVATE:
            shutil.copymode(target, new)
        new.replace(target)
        undo.callback(before.replace, target)
