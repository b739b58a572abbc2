"""A grid whose cells are those of a table in the structure of the PDF."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable
from reportlab.platypus import Table as Plain

from ramsess.reports.pdf_tags import Element, Tags
from ramsess.reports.table import NOT_PUBLISHED

_COLUMN = "/A<</O/Table/Scope/Column>>"
_ROW = "/A<</O/Table/Scope/Row>>"
_HIDDEN = "/E(secret statistique)"


class Grid(Plain):  # type: ignore[misc]  # the library is untyped
    """A table with headings in its first row and column; over several pages it is one table.

    The headings repeated on a later page are no content: they are said once.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._whole: list[Element] = []
        self._goes_on = False

    def split(self, width: float, height: float) -> list[Flowable]:
        parts = super().split(width, height)
        for number, part in enumerate(parts):
            part._whole = self._whole
            part._goes_on = self._goes_on or number > 0
        return list(parts)

    def draw(self) -> None:
        tags: Tags | None = getattr(self.canv, "tags", None)
        if tags is None:
            super().draw()
            return
        if self._whole:
            tags.enter(self._whole[0])
        else:
            self._whole.append(tags.open("Table"))
        self._renderCB = _Marking(tags, skipped=1 if self._goes_on else 0)
        super().draw()
        tags.close()


class _Marking:
    """Told by the grid what it draws, marks rows and cells."""

    def __init__(self, tags: Tags, skipped: int) -> None:
        self._tags, self._skipped = tags, skipped
        self._mark: Any = None
        self._in_row = False

    def __call__(self, _grid: Any, what: str, *where: Any) -> None:
        if what == "startRow":
            self._in_row = where[0] >= self._skipped
            if self._in_row:
                self._tags.open("TR")
        elif what == "endRow" and self._in_row:
            self._tags.close()
        elif what == "startCell" and self._in_row:
            row, column, text, *_ = where
            role, extra = "TD", _HIDDEN if text == NOT_PUBLISHED else ""
            if row == 0 or column == 0:
                role, extra = "TH", _COLUMN if row == 0 else _ROW
            self._mark = self._tags.mark(role, extra)
            self._mark.__enter__()
        elif what == "endCell" and self._in_row:
            self._mark.__exit__(None, None, None)
