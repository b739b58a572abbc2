"""A drawing of reportlab.graphics as SVG that may stand inside a page.

reportlab's own ``renderSVG`` writes ``style`` attributes, which a strict Content-Security-Policy
refuses, ids that clash when two drawings share a page, and texts placed by the metrics of a
typeface that the reader's browser may not have. This writer knows the few shapes that the charts
use, and refuses any other.
"""

from __future__ import annotations

import hashlib
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from reportlab.graphics.shapes import (
    Circle,
    Drawing,
    Group,
    Line,
    Path,
    Polygon,
    PolyLine,
    Rect,
    String,
)
from reportlab.lib.colors import Color

from ramsess.reports import fonts

_MOVE_OR_LINE = "ML"


def inline_svg(drawing: Drawing, title: str, description: str) -> str:
    """Return *drawing* as an ``<svg>`` element with *title* and *description* as its text.

    It has a ``viewBox`` and no size, so that the page decides; no script, no style attribute.
    """
    width, height = drawing.width, drawing.height
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg"})
    root.set("viewBox", f"0 0 {_n(width)} {_n(height)}")
    root.set("role", "img")
    root.set("font-family", fonts.CSS_FAMILY)
    for shape in drawing.contents:
        _add(root, shape, height)
    digest = hashlib.sha256(tostring(root) + title.encode() + description.encode()).hexdigest()
    name = f"graphique-{digest[:12]}"
    root.set("aria-labelledby", f"{name}-titre {name}-description")
    for place, (tag, suffix, text) in enumerate(
        (("title", "titre", title), ("desc", "description", description))
    ):
        element = Element(tag, {"id": f"{name}-{suffix}"})
        element.text = text
        root.insert(place, element)
    return tostring(root, encoding="unicode")


def _add(parent: Element, shape: Any, height: float) -> None:
    if isinstance(shape, Group):
        for inner in shape.contents:
            _add(parent, inner, height)
        return
    element = SubElement(parent, "path")
    if isinstance(shape, Rect):
        element.tag = "rect"
        _set(element, x=shape.x, y=height - shape.y - shape.height)
        _set(element, width=shape.width, height=shape.height, rx=shape.rx or None)
    elif isinstance(shape, Circle):
        element.tag = "circle"
        _set(element, cx=shape.cx, cy=height - shape.cy, r=shape.r)
    elif isinstance(shape, Line):
        element.tag = "line"
        _set(element, x1=shape.x1, y1=height - shape.y1, x2=shape.x2, y2=height - shape.y2)
    elif isinstance(shape, Polygon | PolyLine):
        element.tag = "polygon" if isinstance(shape, Polygon) else "polyline"
        element.set("points", _points(shape.points, height))
    elif isinstance(shape, Path):
        pairs = _points(shape.points, height).split()
        steps = zip(shape.operators, pairs, strict=True)
        element.set("d", "".join(f"{_MOVE_OR_LINE[step]}{pair}" for step, pair in steps))
    elif isinstance(shape, String):
        _text(element, shape, height)
        return
    else:
        raise TypeError(f"No SVG for the shape {type(shape).__name__}")
    _paint(element, shape)


def _text(element: Element, shape: String, height: float) -> None:
    element.tag = "text"
    _set(element, x=shape.x, y=height - shape.y)
    element.set("font-size", _n(shape.fontSize))
    element.set("fill", _colour(shape.fillColor))
    if shape.fontName == fonts.BOLD:
        element.set("font-weight", "600")
    if shape.textAnchor != "start":
        element.set("text-anchor", shape.textAnchor)
    element.text = shape.text


def _paint(element: Element, shape: Any) -> None:
    element.set("fill", _colour(getattr(shape, "fillColor", None)))
    if shape.strokeColor is None:
        return
    element.set("stroke", _colour(shape.strokeColor))
    element.set("stroke-width", _n(shape.strokeWidth))
    if shape.strokeDashArray:
        element.set("stroke-dasharray", " ".join(_n(part) for part in shape.strokeDashArray))
    if shape.strokeLineCap:
        element.set("stroke-linecap", "round")


def _set(element: Element, **numbers: float | None) -> None:
    for name, number in numbers.items():
        if number is not None:
            element.set(name, _n(number))


def _points(flat: list[float], height: float) -> str:
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return " ".join(f"{_n(x)},{_n(height - y)}" for x, y in pairs)


def _colour(colour: Color | None) -> str:
    return "none" if colour is None else f"#{colour.hexval()[2:]}"


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
