"""The typeface of the reports, measured and wrapped.

Source Sans Pro (SIL Open Font Licence) comes as TrueType files in the package
``font-source-sans-pro``; it has every French sign, the narrow no-break space and digits of equal
width, and is narrow enough for a table of fifteen columns.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "RamsessSans"
BOLD = "RamsessSans-Bold"
ITALIC = "RamsessSans-Italic"
CSS_FAMILY = "'Source Sans 3', 'Source Sans Pro', system-ui, sans-serif"

_FILES = {
    REGULAR: "SourceSansPro-Regular.ttf",
    BOLD: "SourceSansPro-Semibold.ttf",
    ITALIC: "SourceSansPro-It.ttf",
}


def _register() -> None:
    folder = files("font_source_sans_pro") / "files"
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    for bold in (0, 1):
        for italic in (0, 1):
            addMapping(REGULAR, bold, italic, BOLD if bold else ITALIC if italic else REGULAR)
    # Every drawing asks for the default typeface first, and Helvetica is never embedded.
    STATE_DEFAULTS["fontName"] = REGULAR


_register()


@lru_cache(maxsize=50_000)
def text_width(text: str, font: str, size: float) -> float:
    """The width of *text* in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def wrap(text: str, font: str, size: float, width: float) -> list[str]:
    """Return *text* in lines no wider than *width* points; a longer word is broken.

    Only the ordinary space, and a slash or hyphen inside a word, may end a line: a figure with
    its no-break spaces stays whole.
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if text_width(joined, font, size) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, font, size) > width and len(line) > 1:
            keep = _fitting(line, font, size, width)
            lines.append(line[:keep])
            line = line[keep:]
    lines.append(line)
    return lines


def longest_word(text: str, font: str, size: float) -> float:
    """The width in points of the widest word of *text*."""
    return max((text_width(word, font, size) for word in text.split(" ")), default=0.0)


def shorten(text: str, font: str, size: float, width: float) -> str:
    """Return *text*, or as much of it as *width* points hold, ending with an ellipsis."""
    if text_width(text, font, size) <= width:
        return text
    room = width - text_width("…", font, size)
    return text[: _fitting(text, font, size, room)].rstrip() + "…"


def _fitting(text: str, font: str, size: float, width: float) -> int:
    """How many first characters of *text* fit in *width* (one at least).

    After a hyphen or a slash among them, if the part before is not too short.
    """
    low, high = 1, min(len(text), max(1, int(width / size * 6)))
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle], font, size) <= width:
            low = middle
        else:
            high = middle - 1
    natural = max(text.rfind(mark, 0, low) for mark in "-/") + 1
    return natural if natural > low // 2 else low
