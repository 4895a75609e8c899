"""The app polls: questions, and the votes for their answers."""

from webkit.units import Unit

from .config import PollConfig
from .routes import routespatters
from .services import PollService

export = Unit(services=[PollService], config=PollConfig, routes=routespatters)
