"""The Région's edition of the report: confidential by proof (Rule 15)."""

from ramsess.reports.disclosure.edition import RegionEdition, region_edition
from ramsess.reports.disclosure.reasons import Reason, Why
from ramsess.reports.disclosure.release import DisclosureError, Release
from ramsess.reports.disclosure.threshold import threshold

__all__ = [
    "DisclosureError", "Reason", "RegionEdition", "Release", "Why", "region_edition", "threshold",
]  # fmt: skip
