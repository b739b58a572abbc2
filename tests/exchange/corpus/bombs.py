"""Kinds 19 to 30: small files that ask for much."""

from __future__ import annotations

import struct
from random import Random

from tests.exchange.corpus.container import CENTRAL, header_of
from tests.exchange.corpus.making import (
    ACTS,
    CONTENT_TYPES,
    NS,
    STRINGS,
    WORKBOOK,
    changed,
    good,
    inline,
    kind,
    noise,
    parts,
    sheet,
    with_acts,
    with_strings,
)

DECLARED = (ACTS, WORKBOOK, "xl/styles.xml", "_rels/.rels", CONTENT_TYPES)
STYLES = "xl/styles.xml"


@kind(19, "R")
def deflated(variant: int, _random: Random) -> bytes:
    name = (ACTS, STRINGS, STYLES, "docProps/app.xml", "xl/media/a.png")[variant]
    return changed((name, b"<a>" + b" " * 25_000_000 + b"</a>"))


@kind(20, "R")
def overlapping(variant: int, _random: Random) -> bytes:
    content = bytearray(good())
    places = []
    place = content.find(CENTRAL)
    while place >= 0:
        places.append(place)
        place = content.find(CENTRAL, place + 4)
    first, other = places[0], places[variant + 1]
    content[other + 42 : other + 46] = content[first + 42 : first + 46]
    return bytes(content)


@kind(21, "R")
def lying_size(variant: int, _random: Random) -> bytes:
    content = bytearray(good())
    place = header_of(content, (ACTS, ACTS, WORKBOOK, STYLES, ACTS)[variant]) + 24
    size = struct.unpack_from("<I", content, place)[0]
    struct.pack_into("<I", content, place, (10, size + 1, size * 9, 1, 0x7FFFFFFF)[variant])
    return bytes(content)


@kind(22, "R")
def lying_zip64(variant: int, _random: Random) -> bytes:
    """The central directory says that the true size stands in an extra field, which lies."""
    content = bytearray(good())
    place = header_of(content, (ACTS, WORKBOOK, STYLES, CONTENT_TYPES, ACTS)[variant])
    length = struct.unpack_from("<H", content, place + 28)[0]
    size = (1 << 40, 7, 1 << 33, 1 << 62, 0)[variant]
    extra = struct.pack("<HHQ", 1, 8, size)
    struct.pack_into("<I", content, place + 24, 0xFFFFFFFF)
    struct.pack_into("<H", content, place + 30, len(extra))
    content[place + 46 + length : place + 46 + length] = extra
    end = content.rindex(b"PK\x05\x06")
    held = struct.unpack_from("<I", content, end + 12)[0]
    struct.pack_into("<I", content, end + 12, held + len(extra))
    return bytes(content)


def _declared(variant: int, definition: str, use: str = "") -> bytes:
    """A part of the workbook with a document type."""
    name = DECLARED[variant]
    text = parts()[name].decode()
    start = text.index("?>") + 2 if text.startswith("<?xml") else 0
    return changed((name, f'<?xml version="1.0"?><!DOCTYPE x [{definition}]>'.encode()
                    + text[start:].replace("</", f"{use}</", 1).encode()))  # fmt: skip


@kind(23, "R")
def billion_laughs(variant: int, _random: Random) -> bytes:
    lines = ['<!ENTITY a0 "rire">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return _declared(variant, "".join(lines), "&a9;")


@kind(24, "R")
def quadratic(variant: int, _random: Random) -> bytes:
    return _declared(variant, f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 50)


@kind(25, "R")
def from_outside(variant: int, _random: Random) -> bytes:
    where = ("file:///etc/passwd", "http://127.0.0.1:9/x", "ftp://127.0.0.1/x",
             "php://filter/x", "\\\\127.0.0.1\\x")[variant]  # fmt: skip
    return _declared(variant, f'<!ENTITY a SYSTEM "{where}">', "&a;")


@kind(26, "R")
def type_alone(variant: int, _random: Random) -> bytes:
    name = (ACTS, WORKBOOK, STYLES, ACTS, ACTS)[variant]
    text = b"<!DOCTYPE x>" + parts()[name]
    if variant == 3:
        text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><a/>'.encode("utf-16")
    if variant == 4:
        text = b" " * ((1 << 20) - 6) + b"<!DOCTYPE x>" + parts()[name]
    return changed((name, text))


@kind(27, "R")
def many_strings(variant: int, random: Random) -> bytes:
    number = (2_000_000, 1_000_000, 900_000, 800_000, 700_000)[variant]
    if variant < 2:
        texts = b"<si><t/></si>" * number
    else:
        letters = noise(random, 2 * number)
        texts = b"".join(
            b"<si><t>%b</t></si>" % letters[rank : rank + 2] for rank in range(0, 2 * number, 2)
        )
    return with_strings(f"<sst {NS}>".encode() + texts + b"</sst>")


@kind(28, "R")
def giant_string(variant: int, random: Random) -> bytes:
    if variant < 3:
        return with_acts(G=inline("G2", "x" * (150, 40, 20)[variant] * 1_000_000))
    return with_acts(G=inline("G2", noise(random, (2, 4)[variant - 3] * 1_000_000).decode()))


@kind(29, "R")
def far_cell(variant: int, _random: Random) -> bytes:
    place = ("XFD1048576", "A1048576", "XFD2", "A60000", "BJ2")[variant]
    row = "".join(letter for letter in place if letter.isdigit())
    return changed((ACTS, sheet(f'<row r="{row}"><c r="{place}"><v>1</v></c></row>')))


@kind(30, "N")
def merged(variant: int, _random: Random) -> bytes:
    area = ("A1:XFD1048576", "A3:XFD1048576", "A1:A1048576", "A1:XFD1", "H1:XFD1048576")[variant]
    text = parts()[ACTS].replace(
        b"</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{area}"/></mergeCells>'.encode()
    )
    return changed((ACTS, text))
