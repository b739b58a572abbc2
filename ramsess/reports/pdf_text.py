"""Text on the pages of the PDF: headings, paragraphs, lists of facts.

Texts are drawn as they are, wrapped by their measured width: no markup is read anywhere, so a
record cannot bring a tag, a link or an image into the document.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from reportlab.lib.colors import Color
from reportlab.platypus import Flowable

from ramsess.reports import fonts
from ramsess.reports.numbers import NARROW_SPACE
from ramsess.reports.palette import INK, OCHRE, PAPER, SAND, SEA, SLATE
from ramsess.reports.pdf_tags import Element, grouped, tagged
from ramsess.reports.text import cut, one_line

_TAG_WIDTH = 30.0
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_BEFORE_SIGN = re.compile(" (?=[»:;?!%€](?: |$|[.,)]))")


def printed(text: str, limit: int = 300) -> str:
    """*text* on one line and cut to *limit*, ready to be drawn.

    The narrow no-break space of our typeface is too narrow for print: the ordinary one is drawn,
    also where French wants one and an ordinary space was typed. So is the apostrophe of print.
    """
    spaced = _BEFORE_SIGN.sub("\u00a0", cut(one_line(text), limit).replace("« ", "«\u00a0"))
    return _APOSTROPHE.sub("’", spaced.replace(NARROW_SPACE, "\u00a0"))


class Prose(Flowable):  # type: ignore[misc]  # the library is untyped
    """A paragraph, wrapped to the width that it is given; a long one goes over pages."""

    ROLE = "P"
    _INSET = 0.0

    def __init__(
        self,
        text: str,
        *,
        font: str = fonts.REGULAR,
        size: float = 9.5,
        colour: Color = INK,
        after: float = 0.0,
        limit: int = 3000,
    ) -> None:
        super().__init__()
        self.text, self.font, self.size, self.colour = printed(text, limit), font, size, colour
        self.after = after
        self.lines: list[str] = []
        self._whole: list[Element] = []  # the one element of all its parts
        self._is_part = False

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        if not self._is_part:
            self.lines = fonts.wrap(self.text, self.font, self.size, width - self._INSET)
        return width, len(self.lines) * self._leading + self.after

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        fitting = int(height // self._leading)
        if fitting >= len(self.lines):  # only the space after it finds no room
            return [self._part(self.lines, 0.0)]
        fitting = min(fitting, len(self.lines) - 2)  # no line alone on a page
        if fitting < 2:
            return []
        return [self._part(self.lines[:fitting], 0.0), self._part(self.lines[fitting:], self.after)]

    def _part(self, lines: list[str], after: float) -> Prose:
        part = copy.copy(self)
        part.lines, part.after, part._is_part = lines, after, True
        part.__dict__.pop("_postponed", None)  # the part itself was never sent to a next page
        return part

    def draw(self) -> None:
        canvas: Any = self.canv
        y = len(self.lines) * self._leading + self.after - self.size
        with tagged(canvas, self.ROLE, into=self._whole):
            canvas.setFont(self.font, self.size)
            canvas.setFillColor(self.colour)
            for line in self.lines:
                canvas.drawString(self._INSET, y, line)
                y -= self._leading

    @property
    def _leading(self) -> float:
        return self.size * 1.36


class Remark(Prose):
    """A paragraph of what somebody says of figures: set in, along a bar."""

    _INSET = 11.0

    def draw(self) -> None:
        canvas: Any = self.canv
        canvas.setFillColor(SAND)
        canvas.setStrokeColor(OCHRE)
        canvas.setLineWidth(0.4)
        canvas.rect(0, self.after, 3, len(self.lines) * self._leading, stroke=1, fill=1)
        super().draw()


class Heading(Flowable):  # type: ignore[misc]  # the library is untyped
    """The heading of a section: bookmark, entry of the outline, and place for the contents.

    *tag* (``B08``) stands before the title; the document's numbering learns the page.
    """

    def __init__(self, key: str, title: str, tag: str = "") -> None:
        super().__init__()
        self.key, self.title, self.tag = key, printed(title, 200), tag
        self.lines: list[str] = []
        self.spaceBefore = 26.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        self.lines = fonts.wrap(self.title, fonts.BOLD, 15, width - self._indent)
        return width, len(self.lines) * 18 + 12

    def draw(self) -> None:
        canvas: Any = self.canv
        top = len(self.lines) * 18 + 12
        canvas.bookmarkHorizontal(self.key, 0, top + 8)
        outline = f"{self.tag} {self.title}".strip()
        canvas.addOutlineEntry(outline, self.key, 0, False)
        canvas.places[self.key] = canvas.getPageNumber()
        if self.tag:
            canvas.setFillColor(SEA)
            canvas.roundRect(0, top - 17.5, _TAG_WIDTH, 16, 3, stroke=0, fill=1)
        with tagged(canvas, "H2"):
            if self.tag:
                canvas.setFillColor(PAPER)
                canvas.setFont(fonts.BOLD, 10)
                canvas.drawCentredString(_TAG_WIDTH / 2, top - 13, self.tag)
            canvas.setFillColor(INK)
            canvas.setFont(fonts.BOLD, 15)
            y = top - 14.5
            for line in self.lines:
                canvas.drawString(self._indent, y, line)
                y -= 18
        canvas.setStrokeColor(OCHRE)
        canvas.setLineWidth(1.2)
        canvas.line(0, 6, self.width, 6)

    @property
    def _indent(self) -> float:
        return _TAG_WIDTH + 8 if self.tag else 0.0


class Subheading(Prose):
    """A heading inside a section; no entry in the outline."""

    ROLE = "H3"

    def __init__(self, text: str) -> None:
        super().__init__(text, font=fonts.BOLD, size=10, colour=SEA, after=2)


class ContentsLine(Flowable):  # type: ignore[misc]  # the library is untyped
    """A line of the contents: tag, title, leader, page; the whole line leads there."""

    def __init__(self, key: str, title: str, tag: str = "") -> None:
        super().__init__()
        self.key, self.title, self.tag = key, printed(title, 200), tag

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        return width, 19.0

    def draw(self) -> None:
        canvas: Any = self.canv
        page = str(canvas.numbering.get(self.key, ""))
        title = fonts.shorten(self.title, fonts.REGULAR, 10.5, self.width - 80)
        start = _TAG_WIDTH + fonts.text_width(title, fonts.REGULAR, 10.5) + 6
        end = self.width - fonts.text_width(page, fonts.REGULAR, 10.5) - 6
        canvas.setStrokeColor(SLATE)
        canvas.setLineWidth(0.6)
        canvas.setDash(0.6, 3)
        canvas.line(start, 6.5, end, 6.5)
        canvas.setDash()
        with grouped(canvas, "TOCI"), tagged(canvas, "Link") as element:
            canvas.setFont(fonts.BOLD, 9)
            canvas.setFillColor(SEA)
            canvas.drawString(0, 5, self.tag)
            canvas.setFont(fonts.REGULAR, 10.5)
            canvas.setFillColor(INK)
            canvas.drawString(_TAG_WIDTH, 5, title)
            canvas.drawRightString(self.width, 5, page)
        if self.key in canvas.numbering:
            words = f"{self.tag} {self.title}, page {page}".strip()
            canvas.linkRect(words, self.key, (0, 0, self.width, 18), relative=1, thickness=0)
            if element is not None:
                canvas.tags.link(element)
