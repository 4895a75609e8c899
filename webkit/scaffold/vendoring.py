"""The webkit that runs, as a wheel: what a generated project carries in ``vendor/``.

webkit is on no package index, so a project is given the very one that made it, packed again from
where it is installed, or from the checkout of an editable install. No network, no build tool.

1. The same webkit gives the same bytes on every machine: members in order, times and modes fixed,
   nothing compressed (zlib's output differs between builds; git and image layers compress anyway).
2. Templates are in it once, as ``webkit/templates``, so a project's webkit can make projects too.
"""

import base64
import contextlib
import hashlib
import io
import re
import sys
import zipfile
from pathlib import Path

import webkit
from webkit.exceptions import UsageError
from webkit.scaffold.rendering import template_directory


__all__ = ("wheel", "wheel_name")

_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip file knows
_MODE = 0o100644 << 16  # a regular file, rw-r--r--
_UNIX = 3
_DIST_INFO = f"webkit-{webkit.__version__}.dist-info"
_WHEEL = f"""\
Wheel-Version: 1.0
Generator: webkit {webkit.__version__}
Root-Is-Purelib: true
Tag: py3-none-any
"""


def wheel_name() -> str:
    """Return the file name of the wheel."""
    return f"webkit-{webkit.__version__}-py3-none-any.whl"


def wheel() -> bytes:
    """Return the wheel.

    Raises:
        UsageError: webkit runs from a directory and is not installed.
    """
    package = Path(webkit.__file__).parent
    members = {
        **_tree(package, "webkit", without=("templates",)),
        **_tree(template_directory("."), "webkit/templates"),
        **_metadata(_installed(package.parent)),
    }
    record = f"{_DIST_INFO}/RECORD"
    lines = [*(_recorded(name, content) for name, content in members.items()), f"{record},,"]
    members[record] = "".join(f"{line}\n" for line in lines).encode()
    return _packed(members)


def _tree(directory: Path, name: str, *, without: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Return the files below ``directory``, except compiled and hidden ones."""
    members = {}
    for path in sorted(directory.iterdir()):
        if path.name.startswith((".", "__pycache__")) or path.name in without:
            continue
        inner = f"{name}/{path.name}"
        members.update(_tree(path, inner) if path.is_dir() else {inner: path.read_bytes()})
    return members


def _installed(site: Path) -> Path:
    """Return webkit's ``.dist-info``: beside the package or, if that is a checkout, on the path."""
    for place in (site, *map(Path, sys.path)):
        with contextlib.suppress(OSError, StopIteration):  # not every place on the path can be read
            return next(place.glob("webkit-*.dist-info/METADATA")).parent
    raise UsageError(
        f"webkit runs from {site} and is not installed, so a project cannot be given a copy of it. "
        f"Run: python -m pip install -e {site}"
    )


def _metadata(installed: Path) -> dict[str, bytes]:
    """Return the members about the distribution, in the version that runs."""
    text = (installed / "METADATA").read_text("utf-8")
    version = f"Version: {webkit.__version__}"  # an editable install may know an older one
    return {
        f"{_DIST_INFO}/METADATA": re.sub("(?m)^Version: .*", version, text, count=1).encode(),
        f"{_DIST_INFO}/WHEEL": _WHEEL.encode(),
        f"{_DIST_INFO}/entry_points.txt": (installed / "entry_points.txt").read_bytes(),
        **_tree(installed / "licenses", f"{_DIST_INFO}/licenses"),
    }


def _recorded(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}"


def _packed(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, _TIME)
            member.create_system, member.external_attr = _UNIX, _MODE
            archive.writestr(member, content)
    return packed.getvalue()
