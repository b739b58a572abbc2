"""The network's global schema, drawn: structures × phases, the degree by size, shade and figure.

It reads in black and white: the more a structure intervenes, the larger and the darker the disc.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Circle, Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor

from ramsess.reports import fonts
from ramsess.reports.network import Member, NetworkSchema
from ramsess.reports.palette import INK, LINE, MIST, PAPER, SEA, SLATE
from ramsess.reports.svg import inline_svg

WIDE, NARROW = 700.0, 340.0
# From the least degree to the most: what fills the disc, and the figure upon it.
SHADES: tuple[tuple[Color, Color], ...] = (
    (PAPER, INK),
    (HexColor("#7ea6bf"), INK),
    (SEA, PAPER),
)
NOTHING = "Aucune structure n’a encore dit qu’elle intervient ici."


@dataclass(frozen=True)
class _Layout:
    """Measures in points. *names*: width of the column of names, 0 when each has its own line."""

    width: float
    names: float
    row: float
    radius: float
    text: float
    heading: float


_LAYOUTS = {
    False: _Layout(WIDE, 150, 27, 10.5, 9.5, 8.5),
    True: _Layout(NARROW, 0, 50, 12.5, 13, 11.5),
}


def schema_svg(schema: NetworkSchema, speciality: str = "", *, narrow: bool = False) -> str:
    """The schema as an ``<svg>`` element to stand inside a page; *narrow* for a telephone."""
    drawing = schema_drawing(schema, speciality, narrow=narrow)
    return inline_svg(drawing, schema_title(schema, speciality), describe(schema, speciality))


def schema_title(schema: NetworkSchema, speciality: str = "") -> str:
    """What is drawn."""
    what = schema.label_of(speciality) or "toutes les spécialités"
    return f"Qui intervient à quelle phase : {what}"


def describe(schema: NetworkSchema, speciality: str = "") -> str:
    """In French, what the drawing shows: every structure, phase by phase."""
    members = schema.drawn(speciality)
    if not members:
        return NOTHING
    said = []
    for member in members:
        placed = [
            f"{label} {schema.degree(member.rank(code, speciality)).lower()}"
            for code, label in schema.phases
            if member.rank(code, speciality)
        ]
        said.append(f"{member.name} : {', '.join(placed)}.")
    return " ".join([*said, "Le tableau le dit aussi."])


def schema_drawing(schema: NetworkSchema, speciality: str = "", *, narrow: bool = False) -> Drawing:
    """The drawing: a row a member, a column a phase, and the key below."""
    layout = _LAYOUTS[narrow]
    members = schema.drawn(speciality)
    top, key = 2.2 * layout.heading, 34.0
    height = top + layout.row * max(1, len(members)) + key
    drawing = Drawing(layout.width, height)
    drawing.add(Rect(0, 0, layout.width, height, fillColor=PAPER, strokeColor=None))
    columns = _columns(schema, layout)
    for (code, label), x in zip(schema.phases, columns, strict=True):
        said = code if narrow else label
        drawing.add(_text(x, height - layout.heading - 3, said, layout.heading, bold=True))
    for number, member in enumerate(members):
        _row(drawing, schema, member, speciality, layout, height - top - layout.row * number)
    if not members:
        drawing.add(_text(layout.width / 2, height - top - 16, NOTHING, layout.text * 0.9))
    _key(drawing, schema.degrees, layout)
    return drawing


def _columns(schema: NetworkSchema, layout: _Layout) -> list[float]:
    step = (layout.width - layout.names) / max(1, len(schema.phases))
    return [layout.names + step * (place + 0.5) for place in range(len(schema.phases))]


def _row(
    drawing: Drawing,
    schema: NetworkSchema,
    member: Member,
    speciality: str,
    layout: _Layout,
    top: float,
) -> None:
    drawing.add(Line(0, top, layout.width, top, strokeColor=LINE, strokeWidth=0.6))
    middle = top - layout.row / 2
    room = (layout.names or layout.width) - 8
    name = fonts.shorten(member.name, fonts.REGULAR, layout.text, room)
    at = middle - layout.text / 3
    if not layout.names:
        at = top - layout.text - 2
        middle = top - layout.row + layout.radius + 5
    drawing.add(_text(4, at, name, layout.text, anchor="start"))
    for (code, _), x in zip(schema.phases, _columns(schema, layout), strict=True):
        rank = member.rank(code, speciality)
        if rank:
            _disc(drawing, x, middle, rank, len(schema.degrees), layout.radius)
        else:
            drawing.add(Circle(x, middle, 1.2, fillColor=LINE, strokeColor=None))


def _disc(drawing: Drawing, x: float, y: float, rank: int, ranks: int, radius: float) -> None:
    # Whatever the number of degrees, the last one is the largest and the darkest.
    size = radius * (0.62 + 0.38 * (rank - 1) / max(1, ranks - 1))
    fill, ink = SHADES[round((len(SHADES) - 1) * (rank - 1) / max(1, ranks - 1))]
    drawing.add(Circle(x, y, size, fillColor=fill, strokeColor=SEA, strokeWidth=1.1))
    text = radius * 0.85
    drawing.add(
        String(x, y - text * 0.35, str(rank), fontName=fonts.BOLD, fontSize=text, fillColor=ink,
               textAnchor="middle")
    )  # fmt: skip


def _key(drawing: Drawing, degrees: Sequence[str], layout: _Layout) -> None:
    drawing.add(Rect(0, 0, layout.width, 28, fillColor=MIST, strokeColor=None))
    step = layout.width / max(1, len(degrees))
    for place, label in enumerate(degrees):
        x = step * place + layout.radius + 6
        _disc(drawing, x, 14, place + 1, len(degrees), layout.radius)
        said = fonts.shorten(label, fonts.REGULAR, layout.heading, step - 2 * layout.radius - 14)
        x += layout.radius + 5
        drawing.add(_text(x, 14 - layout.heading / 3, said, layout.heading, anchor="start"))


def _text(
    x: float, y: float, text: str, size: float, *, bold: bool = False, anchor: str = "middle"
) -> String:
    font = fonts.BOLD if bold else fonts.REGULAR
    colour = SLATE if bold else INK
    return String(x, y, text, fontName=font, fontSize=size, fillColor=colour, textAnchor=anchor)
