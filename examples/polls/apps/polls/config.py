"""What this app can be told."""

from typing import Annotated

from msgspec import Meta, Struct


class PollConfig(Struct, frozen=True):
    """The section `polls`."""

    newest: Annotated[int, Meta(ge=1, le=100)] = 5
