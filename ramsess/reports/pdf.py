"""The report as a PDF to keep, send and print: A4, contents, tables, charts, members, method."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from reportlab.graphics.shapes import Drawing, Group, String
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    Spacer,
)

from ramsess.reports import fonts
from ramsess.reports.charts import chart_drawing
from ramsess.reports.method import METHOD
from ramsess.reports.palette import SLATE
from ramsess.reports.pdf_layout import (
    LANDSCAPE_WIDTH,
    PORTRAIT_WIDTH,
    Document,
    Numbering,
    frame_height,
)
from ramsess.reports.pdf_table import is_wide, members_grid, split_grids, whole_grid
from ramsess.reports.pdf_text import ContentsLine, Heading, Prose, Subheading, printed
from ramsess.reports.report import Report
from ramsess.reports.table import Table

BESIDE = "Réseau (dédoublonné)"

_CHART_WIDTH = 500.0
_ROWS_UNDER_HEADING = 110.0  # points of a table that must follow its heading on the same page
_LAST_SECTIONS = (("membres", "Membres du réseau"), ("methode", "Méthode"))


def write_pdf(report: Report, target: Path | BinaryIO) -> None:
    """Write *report* as PDF to *target*, a path or a binary file open for writing.

    The same report always gives the same bytes. The pages are laid out twice: the contents and
    the footers of the second time know the page numbers of the first.
    """
    numbering: Numbering = {}
    for _ in range(2):
        file = BytesIO()
        numbering = Document(file, report, numbering).number(_story(report))
    if isinstance(target, Path):
        target.write_bytes(file.getvalue())
    else:
        target.write(file.getvalue())


def _story(report: Report) -> list[Flowable]:
    story: list[Flowable] = [NextPageTemplate("portrait"), PageBreak(), *_contents(report)]
    wide = False
    waiting: list[Flowable] = []
    for table, needs_wide in zip(report.tables, _orientations(report), strict=True):
        section, apart = _section(report, table, wide=needs_wide)
        if waiting and (needs_wide != wide or not apart):
            story += waiting
            waiting = []
        if needs_wide != wide:
            story += [NextPageTemplate("landscape" if needs_wide else "portrait"), PageBreak()]
        wide = needs_wide
        story += section
        waiting += apart
    return [
        *story,
        *waiting,
        NextPageTemplate("portrait"),
        PageBreak(),
        *_members(report),
        *_method(),
    ]


def _orientations(report: Report) -> list[bool]:
    """Whether each table lies on a landscape page; a page is not turned for one table alone."""
    wide = []
    for table in report.tables:
        both = [table, report.beside.get(table.id, table)]
        wide.append(any(is_wide(item, PORTRAIT_WIDTH) for item in both))
    around = zip([False, *wide], [*wide[1:], False], strict=False)
    return [own or (before and after) for own, (before, after) in zip(wide, around, strict=False)]


def _contents(report: Report) -> list[Flowable]:
    lines = [ContentsLine(table.id, table.title, table.id) for table in report.tables]
    lines += [ContentsLine(key, title) for key, title in _LAST_SECTIONS]
    return [Heading("sommaire", "Sommaire"), Spacer(0, 6), *lines]


def _section(report: Report, table: Table, *, wide: bool) -> tuple[list[Flowable], list[Flowable]]:
    """A table under its heading and rule, its chart, then the network's table of the same id.

    The second list is the chart when it finds no room under a table that fills its page: such
    charts wait for one another.
    """
    width = LANDSCAPE_WIDTH if wide else PORTRAIT_WIDTH
    room = frame_height(wide=wide)
    beside = report.beside.get(table.id)
    head: list[Flowable] = [
        Heading(table.id, table.title, table.id),
        Prose(table.rule, font=fonts.ITALIC, size=9, colour=SLATE, after=5),
    ]
    if beside is not None and report.structure is not None:
        head.append(Subheading(report.structure.name))
    chart: list[Flowable] = []
    if table.chart is not None:
        drawing = chart_drawing(table, min(width, _CHART_WIDTH))
        chart = [Spacer(0, 12), _for_paper(drawing, room)]
    story, apart = _kept(head, table, chart, width, room)
    if beside is not None:
        under, _ = _kept([Subheading(BESIDE)], beside, [], width, room)
        story = [KeepTogether([*story, Spacer(0, 14), *under])]
    return story, apart


def _kept(
    head: list[Flowable], table: Table, chart: list[Flowable], width: float, room: float
) -> tuple[list[Flowable], list[Flowable]]:
    """All on one page if that can be, else the table alone, else over several pages.

    A table on upright pages rather goes over two than leave its chart alone on the second.
    """
    left = room - _height(head, width, room)
    grid = whole_grid(table, width, left - _height(chart, width, room))
    if grid is not None:
        return [KeepTogether([*head, grid, *chart])], []
    grid = whole_grid(table, width, left) if width > PORTRAIT_WIDTH or not chart else None
    if grid is not None:
        name = Subheading(f"{table.id} — {table.title}")
        return [KeepTogether([*head, grid])], [KeepTogether([Spacer(0, 12), name, *chart[1:]])]
    body = split_grids(table, width)
    return [
        CondPageBreak(room - left + _ROWS_UNDER_HEADING),
        *head,
        *body,
        *([KeepTogether(chart)] if chart else []),
    ], []


def _height(flowables: list[Flowable], width: float, room: float) -> float:
    return float(sum(flowable.wrap(width, room)[1] for flowable in flowables))


def _for_paper(drawing: Drawing, room: float) -> Drawing:
    """*drawing* with printable spaces, made smaller if it is higher than a page."""
    _print_strings(drawing)
    drawing.renderScale = min(1.0, (room - 14) / drawing.height)
    return drawing


def _print_strings(group: Drawing | Group) -> None:
    for shape in group.contents:
        if isinstance(shape, Group):
            _print_strings(shape)
        elif isinstance(shape, String):
            shape.text = printed(shape.text)


def _members(report: Report) -> list[Flowable]:
    key, title = _LAST_SECTIONS[0]
    text = "Structures membres du réseau dans la période."
    note = Prose(text, font=fonts.ITALIC, size=9, colour=SLATE, after=5)
    grid = members_grid(report.members, PORTRAIT_WIDTH)
    return [Heading(key, title), note, grid]


def _method() -> list[Flowable]:
    key, title = _LAST_SECTIONS[1]
    story: list[Flowable] = [CondPageBreak(260), Heading(key, title)]
    for heading, text in METHOD:
        story.append(KeepTogether([Subheading(heading), Prose(text, size=9, after=6)]))
    return story
