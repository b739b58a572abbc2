"""What coverage need not watch: watching takes twice the time, in libraries too.

What runs unwatched is measured as not run: scenes do not count, only what the tests try.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import openpyxl
import pypdf
from reportlab.platypus import Paragraph
from sqlalchemy import Connection, Result, ScalarResult
from sqlalchemy.orm import Session

P = ParamSpec("P")
T = TypeVar("T")

# Where libraries work long without calling us: the database's take most of a page's time, those
# that write and read files back most of a report's.
LIBRARIES: dict[object, tuple[str, ...]] = {
    Session: ("execute", "scalar", "scalars", "get", "flush", "commit", "rollback", "refresh"),
    Connection: ("execute", "scalar", "scalars", "commit", "rollback"),
    Result: ("all", "one", "one_or_none", "first"),
    ScalarResult: ("all", "one", "one_or_none", "first"),
    Paragraph: ("__init__", "wrap", "split", "draw"),
    openpyxl: ("load_workbook",),
    openpyxl.Workbook: ("save",),
    pypdf.PdfReader: ("__init__",),
    pypdf.PageObject: ("extract_text",),
}


def unwatched(function: Callable[P, T]) -> Callable[P, T]:
    """The same function, which no one watches while it runs."""

    @functools.wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> T:
        watcher = sys.gettrace()
        if watcher is None:
            return function(*args, **kwargs)
        sys.settrace(None)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(watcher)
            # Python tells the end of this call only to who watches its frame.
            sys._getframe().f_trace = watcher

    return alone


def leave_libraries_alone() -> None:
    """Let nobody watch them from now on, in this process."""
    for owner, names in LIBRARIES.items():
        for name in names:
            setattr(owner, name, unwatched(getattr(owner, name)))
