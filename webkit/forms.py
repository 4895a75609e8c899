"""Forms: the fields and files of a body that is no JSON.

aiohttp reads them. What comes out here is a form, or an answer that says why it is none.
"""

from typing import Any

from aiohttp import web

from webkit.exceptions import ParseError, UnsupportedMediaType


__all__ = ("form_of",)

_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


async def form_of(request: web.Request) -> Any:
    """Return the fields of a form: a multidict of texts, and of ``web.FileField`` for files.

    Raises:
        UnsupportedMediaType: the body is no form.
        ParseError: it says that it is one, and is not.
    """
    if request.content_type not in _TYPES:
        raise UnsupportedMediaType(request.content_type, _TYPES)
    try:
        form = await request.post()
        for name, value in form.items():
            _check_unicode(name, value)
    except (web.HTTPException, OSError):
        raise
    except Exception as error:  # aiohttp lets through whatever a part of a form can cause
        lines = str(error).splitlines()  # of which the first may be a status
        raise ParseError(f"Malformed form: {lines[-1].strip() if lines else error!r}") from None
    return form


def _check_unicode(name: str, value: object) -> None:
    """Raise UnicodeEncodeError if there are bytes in a field that are no text of their charset."""
    texts = [name]
    if isinstance(value, web.FileField):
        texts += [value.filename, value.content_type]
    elif isinstance(value, str):
        texts.append(value)
    for text in texts:
        text.encode()
