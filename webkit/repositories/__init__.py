"""Repositories: where a resource keeps its objects, behind one protocol.

A repository takes and gives typed values; it knows nothing of requests. What is on the class of a
viewset is a definition: each application has a repository of its own (``PerApplication``).
"""

from webkit.repositories.memory import MemoryRepository
from webkit.repositories.protocol import PerApplication, Repository, Values, at_index, taken


__all__ = ("MemoryRepository", "PerApplication", "Repository", "Values", "at_index", "taken")
