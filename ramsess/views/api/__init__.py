"""The programming interface: what one may see, as JSON, for programs that show a token."""

from ramsess.views.api import codes, description, live, records, sealed
from ramsess.views.api.operations import blueprint

__all__ = ["blueprint", "codes", "description", "live", "records", "sealed"]
