"""Members of our archives: the same content gives the same bytes, whenever it is packed."""

from __future__ import annotations

import datetime as dt
import zipfile

_EARLIEST = dt.date(1980, 1, 1)  # that an archive can tell


def member(name: str, day: dt.date) -> zipfile.ZipInfo:
    """The compressed member *name*, dated *day*."""
    moment = max(day, _EARLIEST)
    info = zipfile.ZipInfo(name, (moment.year, moment.month, moment.day, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # where it is packed must not show
    info.external_attr = 0o644 << 16
    return info
