"""OpenAPI 3.1 documents of what an application serves, and the page that shows them.

``build_document`` makes the document, ``docs_routes`` serves it and the page,
``check_docstrings`` finds at start-up what is wrong with the YAML in docstrings.
"""

from webkit.openapi.documents import build_document
from webkit.openapi.endpoints import check_docstrings
from webkit.openapi.pages import docs_routes


__all__ = ("build_document", "check_docstrings", "docs_routes")
