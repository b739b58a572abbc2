"""Kinds 1 to 18: files that are no workbook, or whose container lies."""

from __future__ import annotations

import io
import struct
import zipfile
from random import Random

from tests.exchange.corpus.making import (
    ACTS,
    CONTENT_TYPES,
    changed,
    good,
    kind,
    noise,
    packed,
    parts,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CSV = "id_local;date;type\r\nA1;02/03/2009;CSL1\r\n"
MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
CENTRAL = b"PK\x01\x02"


@kind(1, "R")
def empty(variant: int, _random: Random) -> bytes:
    return (b"", b" ", b"\r\n\r\n", b"\0", b"\xef\xbb\xbf")[variant]


@kind(2, "R")
def random_bytes(variant: int, random: Random) -> bytes:
    return random.randbytes(10 ** (variant + 1))


@kind(3, "R")
def csv_renamed(variant: int, _random: Random) -> bytes:
    text = (CSV, CSV.replace(";", ","), CSV.replace(";", "\t"), CSV * 500, "sep=;\r\n" + CSV)
    return text[variant].encode(("utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-8")[variant])


@kind(4, "R")
def html_renamed(variant: int, _random: Random) -> bytes:
    table = "<table><tr><td>A1</td></tr></table>"
    frames = (
        "<html>{}</html>",
        "<!doctype html>{}",
        "{}",
        "\n\n<html>{}",
        "<?xml version='1.0'?>{}",
    )
    return frames[variant].format(table).encode()


@kind(5, "R")
def old_xls(variant: int, random: Random) -> bytes:
    return OLE + b"\0" * 16 + random.randbytes(500 * (variant + 1))


@kind(6, "R")
def encrypted(variant: int, random: Random) -> bytes:
    name = "EncryptedPackage".encode("utf-16-le")
    return OLE + random.randbytes(512 * (variant + 1)) + name + random.randbytes(200)


@kind(7, "R")
def xlsb(variant: int, random: Random) -> bytes:
    return packed(
        {CONTENT_TYPES: b"<Types/>", "xl/workbook.bin": random.randbytes(100 * (variant + 1))}
    )


@kind(8, "R")
def ods(variant: int, random: Random) -> bytes:
    kind_of = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed(
        {"mimetype": kind_of, "content.xml": b"<a>" + noise(random, 9 * variant) + b"</a>"}
    )


@kind(9, "R")
def with_macros(variant: int, random: Random) -> bytes:
    types = parts()[CONTENT_TYPES].replace(MAIN, MACRO)
    name = ("vbaProject.bin", "vbaData.xml", "macrosheets/sheet1.xml", "VBAPROJECT.BIN",
            "ctrlProps/activeX1.bin")[variant]  # fmt: skip
    return changed((CONTENT_TYPES, types), (f"xl/{name}", random.randbytes(64)))


@kind(10, "R")
def macro_type_alone(variant: int, _random: Random) -> bytes:
    wrong = (MACRO, b"application/vnd.ms-excel.template.macroEnabled.main+xml",
             b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
             b"application/vnd.ms-excel.sheet.binary.macroEnabled.main",
             b"application/xml")[variant]  # fmt: skip
    return changed((CONTENT_TYPES, parts()[CONTENT_TYPES].replace(MAIN, wrong)))


@kind(11, "R")
def also_a_pdf(variant: int, _random: Random) -> bytes:
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    if variant == 4:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("xl/media/a.png", pdf)
            for name, data in parts().items():
                archive.writestr(name, data)
        return target.getvalue()
    return (pdf + good(), good() + pdf, b"\n" + pdf + good(), good() + b"\0" * 500 + pdf)[variant]


@kind(12, "R")
def truncated(variant: int, _random: Random) -> bytes:
    return good()[: int(len(good()) * (0.2, 0.5, 0.8, 0.95, 0.999)[variant])]


@kind(13, "R")
def bad_sum(variant: int, _random: Random) -> bytes:
    content = bytearray(good())
    place = len(content)
    for _ in range(variant + 1):
        place = content.rindex(CENTRAL, 0, place)
    content[place + 16] ^= 0xFF
    return bytes(content)


@kind(14, "R")
def twice_the_same(variant: int, _random: Random) -> bytes:
    if variant == 4:
        # One name for who reads from the end, another for who reads from the beginning.
        content = good()
        return content.replace(b"sheet5.xml", b"sheet6.xml", 1)
    name = (ACTS, ACTS.upper(), "xl/Workbook.xml", CONTENT_TYPES)[variant]
    return packed(parts(), (name, b"<x/>"))


@kind(15, "R")
def names_that_climb(variant: int, _random: Random) -> bytes:
    name = ("../../etc/passwd", "/etc/passwd", "xl\\..\\a.xml", "C:/a.xml", "xl/../../a.xml")[
        variant
    ]
    return changed((name, b"<x/>"))


@kind(16, "R")
def symbolic_link(variant: int, _random: Random) -> bytes:
    target = io.BytesIO(good())
    info = zipfile.ZipInfo(f"xl/lien{variant}.xml")
    info.external_attr = (0o120777, 0o120644, 0o120000, 0o120755, 0o120700)[variant] << 16
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    return target.getvalue()


@kind(17, "R")
def thousands_of_entries(variant: int, _random: Random) -> bytes:
    number = (201, 1_000, 5_000, 10_000, 40_000)[variant]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts().items():
            archive.writestr(name, data)
        for rank in range(number):
            archive.writestr(f"{rank:x}", b"")
    return target.getvalue()


@kind(18, "R")
def file_inside(variant: int, _random: Random) -> bytes:
    name = ("a.zip", "a.docx", "embeddings/a.xlsx", "media/a.exe", "a.XLSM")[variant]
    return changed((f"xl/{name}", good()))


def header_of(content: bytearray, name: str) -> int:
    """Where the central directory speaks of an entry."""
    place = 0
    while True:
        place = content.index(CENTRAL, place) + 4
        length = struct.unpack_from("<H", content, place + 24)[0]
        if content[place + 42 : place + 42 + length] == name.encode():
            return place - 4
