"""Viewsets, units and scaffolding for aiohttp. Import a name from the module that defines it."""

__version__ = "0.1.0"
