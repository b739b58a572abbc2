"""The sections of the PDF: each table with its rule, its comment and its chart, laid on pages."""

from __future__ import annotations

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Spacer
from reportlab.platypus.doctemplate import NextPageTemplate

from ramsess.reports import fonts
from ramsess.reports.palette import SLATE
from ramsess.reports.pdf_figure import Figure
from ramsess.reports.pdf_layout import LANDSCAPE_WIDTH, PORTRAIT_WIDTH, frame_height
from ramsess.reports.pdf_table import is_wide, split_grids, whole_grid
from ramsess.reports.pdf_text import Heading, Prose, Remark, Subheading
from ramsess.reports.report import Report
from ramsess.reports.table import Table
from ramsess.reports.text import paragraphs

BESIDE = "Réseau (dédoublonné)"

_CHART_WIDTH = 500.0
_ROWS_UNDER_HEADING = 110.0  # points of a table that must follow its heading on the same page
_LONG_HEAD = 0.4  # of a page: a longer comment is not kept together with its table


def sections(report: Report) -> list[Flowable]:
    """Every table of *report*, from a new page on, on upright pages or across."""
    story: list[Flowable] = []
    wide: bool | None = None
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
    return [*story, *waiting]


def _orientations(report: Report) -> list[bool]:
    """Whether each table lies on a landscape page; a page is not turned for one table alone."""
    wide = []
    for table in report.tables:
        both = [table, report.beside.get(table.id, table)]
        wide.append(any(is_wide(item, PORTRAIT_WIDTH) for item in both))
    around = zip([False, *wide], [*wide[1:], False], strict=False)
    return [own or (before and after) for own, (before, after) in zip(wide, around, strict=False)]


def _section(report: Report, table: Table, *, wide: bool) -> tuple[list[Flowable], list[Flowable]]:
    """A table under its heading, rule and comment, its chart, then the network's of the same id.

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
    said = paragraphs(report.comments.get(table.id, ""))
    head += [Remark(part, size=9.5, after=5, limit=20_000) for part in said]
    before: list[Flowable] = []
    if _height(head, width, room) > _LONG_HEAD * room:
        before, head = [CondPageBreak(_ROWS_UNDER_HEADING), *head], []
    if beside is not None and report.structure is not None:
        head.append(Subheading(report.structure.name))
    chart: list[Flowable] = []
    if table.chart is not None:
        chart = [Spacer(0, 12), Figure(table, min(width, _CHART_WIDTH), room - 14)]
    story, apart = _kept(head, table, chart, width, room)
    if beside is not None:
        under, _ = _kept([Subheading(BESIDE)], beside, [], width, room)
        story = [KeepTogether([*story, Spacer(0, 14), *under])]
    return [*before, *story], apart


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
