"""Security of a document: the schemes of all operations, and what each of them demands."""

from collections.abc import Mapping
from typing import Any

from webkit.admissions import security_of
from webkit.decorators import options_of
from webkit.openapi.endpoints import Endpoint


__all__ = ("SecuritySchemes",)


class SecuritySchemes:
    """The security schemes of one document. ``components`` has them by name."""

    def __init__(self) -> None:
        self.components: dict[str, Mapping[str, Any]] = {}

    def of(self, endpoint: Endpoint) -> tuple[list[dict[str, list[str]]], tuple[str, ...]]:
        """Return what an operation demands, and the statuses of its refusals."""
        plan = endpoint.route.plan
        if plan is None or plan.viewset is None:
            return [], ()
        found = security_of(
            plan.viewset,
            options_of(plan.function),
            action=plan.action,
            method=endpoint.method,
            sources=plan.sources,
        )
        names = {name: self._named(name, scheme) for name, scheme in found.schemes.items()}
        requirements = [
            {names[name]: scopes for name, scopes in requirement.items()}
            for requirement in found.requirements
        ]
        return requirements, found.statuses

    def _named(self, name: str, scheme: Mapping[str, Any]) -> str:
        """Return the name of a scheme in the document; another one may have it already."""
        free, number = name, 1
        while self.components.setdefault(free, scheme) != scheme:
            number += 1
            free = f"{name}{number}"
        return free
