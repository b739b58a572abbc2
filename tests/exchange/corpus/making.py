"""What the kinds are made from: a workbook without fault, its parts, and the registry."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from tests.exchange.workbooks import Book, day

VARIANTS = 5
ANNE = "anne@apeas.example"
CONTENT_TYPES, WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"
STRUCTURE, PEOPLE, ACTS = (f"xl/worksheets/sheet{number}.xml" for number in (1, 3, 5))
STRINGS = "xl/sharedStrings.xml"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'

Make = Callable[[int, Random], bytes]


@dataclass(frozen=True)
class Kind:
    """A kind of bad workbook: R refused, W its rows listed and nothing written, N harmless.

    *outcomes* are those of the variants, in turn.
    """

    number: int
    name: str
    outcomes: str
    make: Make

    def content(self, variant: int) -> bytes:
        """The file of that variant, always the same."""
        return self.make(variant, Random(self.number * 1000 + variant))

    def outcome(self, variant: int) -> str:
        return self.outcomes[variant % len(self.outcomes)]


KINDS: list[Kind] = []


def kind(number: int, outcomes: str) -> Callable[[Make], Make]:
    """Register what makes a kind."""

    def keep(make: Make) -> Make:
        name = make.__name__.replace("_", " ")
        KINDS.append(Kind(number, name, outcomes, make))
        return make

    return keep


def book() -> Book:
    """A workbook without fault, that has a row in every sheet."""
    return (
        Book("APEAS")
        .adviser(ANNE)
        .person("B1", "Fictive", date_naissance=day("1980-05-01"))
        .parcours("P1", "B1", day("2009-02-01"))
        .act("A1", day("2009-03-02"), ANNE, parcours="P1", commentaire="Point d’étape")
        .group("S1", day("2009-04-01"), ANNE, participants="B1")
    )


def saved(made: Book) -> bytes:
    """The workbook as a file."""
    with tempfile.TemporaryDirectory() as folder:
        return made.save(Path(folder)).read_bytes()


@cache
def good() -> bytes:
    """The workbook without fault, as a file."""
    return saved(book())


def parts(content: bytes | None = None) -> dict[str, bytes]:
    """The entries of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content or good())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(entries: dict[str, bytes], *more: tuple[str, bytes]) -> bytes:
    """A ZIP of these entries, in order; *more* may repeat a name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (*entries.items(), *more):
            archive.writestr(name, data)
    return target.getvalue()


def with_strings(content: bytes, *more: tuple[str, bytes]) -> bytes:
    """The workbook with a part of shared strings, declared as such."""
    declared = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    types = parts()[CONTENT_TYPES].replace(b"</Types>", declared)
    return changed((CONTENT_TYPES, types), (STRINGS, content), *more)


def changed(*more: tuple[str, bytes]) -> bytes:
    """The workbook with entries replaced or added."""
    return packed(parts() | dict(more))


def without(name: str) -> bytes:
    """The workbook without an entry."""
    return packed({key: data for key, data in parts().items() if key != name})


def replaced(name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with some bytes of an entry replaced."""
    data = parts()[name]
    assert old in data, (name, old)
    return changed((name, data.replace(old, new)))


def sheet(rows: str) -> bytes:
    """A sheet of these rows."""
    return (
        f'<?xml version="1.0"?><worksheet {NS}><sheetData>{rows}</sheetData></worksheet>'.encode()
    )


ACT_TITLES = ("id_local", "date", "type", "conseiller", "parcours", "durée_minutes", "commentaire")
ACT_CELLS = {"A": "A1", "B": "02/03/2009", "C": "CSL1", "D": ANNE, "E": "P1", "F": "60", "G": "mot"}


def inline(reference: str, text: str) -> str:
    """A cell of text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def acts(**cells: str) -> bytes:
    """The sheet Actes with one act; a column's cell is given by its letter, as XML."""
    titles = "".join(
        inline(f"{letter}1", title) for letter, title in zip("ABCDEFG", ACT_TITLES, strict=True)
    )
    row = "".join(
        cells.get(letter, inline(f"{letter}2", text)) for letter, text in ACT_CELLS.items()
    )
    return sheet(f'<row r="1">{titles}</row><row r="2">{row}</row>')


def with_acts(**cells: str) -> bytes:
    """The workbook with such a sheet Actes."""
    return changed((ACTS, acts(**cells)))


def noise(random: Random, size: int) -> bytes:
    """Letters that hardly compress."""
    return random.randbytes(size // 2 + 1).hex().encode()[:size]
