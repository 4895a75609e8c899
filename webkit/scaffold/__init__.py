"""The machinery behind ``startproject`` and ``startapp``: names, rendering, writing, registering.

Nothing here knows aiohttp or click. What a command asks and prints is in ``webkit.cli``.
"""
