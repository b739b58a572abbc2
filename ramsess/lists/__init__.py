"""The lists of records: each declared once, read by the screen and by its workbook alike."""

from __future__ import annotations

from ramsess.lists.acts import ACTS
from ramsess.lists.listing import Listing
from ramsess.lists.orientations import ORIENTATIONS
from ramsess.lists.parcours import PARCOURS
from ramsess.lists.people import PEOPLE
from ramsess.lists.resources import RESOURCES
from ramsess.lists.sessions import SESSIONS

#: By the name that addresses, files and saved lists give them.
LISTS: dict[str, Listing] = {
    one.name: one for one in (PEOPLE, PARCOURS, ACTS, SESSIONS, ORIENTATIONS, RESOURCES)
}

__all__ = ["ACTS", "LISTS", "ORIENTATIONS", "PARCOURS", "PEOPLE", "RESOURCES", "SESSIONS"]
