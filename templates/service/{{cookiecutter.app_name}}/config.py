"""The settings of this app."""

from msgspec import Struct


class Config(Struct, frozen=True, kw_only=True):
    """The keys of the section [{{ cookiecutter.unit_name }}] in webkit.toml.

    A variable comes before its key: {{ cookiecutter.prefix }}__GREETING
    """

    greeting: str = "Hello"
