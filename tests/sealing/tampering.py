"""Ways of changing a sealed file, or what is kept of its seal."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import openpyxl
import pypdf

from ramsess.reports.canonical import as_bytes
from ramsess.reports.verification import Proof


def at_random(content: bytes, random: Random) -> bytes:
    """A byte flipped, put in, taken away or written over; some bytes; the end cut, or moved."""
    changed = bytearray(content)
    place = random.randrange(len(changed))
    way = random.randrange(7)
    if way == 0:
        changed[place] ^= 1 << random.randrange(8)
    elif way == 1:
        changed.insert(place, random.randrange(256))
    elif way == 2:
        del changed[place]
    elif way == 3:
        changed[place] = (changed[place] + 1 + random.randrange(255)) % 256
    elif way == 4:
        del changed[place : place + random.randrange(1, 40)]
    elif way == 5:
        changed += bytes([random.randrange(256)])
    else:
        other = random.randrange(len(changed))
        changed[place], changed[other] = changed[other], changed[place]
        if bytes(changed) == content:
            changed.append(0)
    return bytes(changed)


def on_purpose(files: dict[str, dict[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """What somebody would do who wants other figures to be believed."""
    for edition, contents in files.items():
        yield from ((f"{edition} {name}", found) for name, found in _data(contents["json"]))
        yield from ((f"{edition} {name}", found) for name, found in _workbook(contents["xlsx"]))
        if "pdf" in contents:
            yield from ((f"{edition} {name}", found) for name, found in _pdf(contents["pdf"]))


def _data(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Each figure, each word, each date changed; another edition, another period."""
    plain = json.loads(content)
    report = plain["report"]
    for table in report["tables"]:
        for row, line in table["values"].items():
            for column in line:
                line[column] += 1
                yield f"{table['id']} {row} {column}", as_bytes(plain)
                line[column] -= 1
    for edition in {"network", "structure", "region"} - {report["edition"]}:
        yield "edition", as_bytes({**plain, "report": {**report, "edition": edition}})
    for name, other in (
        ("period", {"first": "2008-01-01", "last": "2008-12-31"}),
        ("sealed_on", "2010-02-02"),
        ("comments", {}),
        ("members", report["members"][1:]),
        ("tables", report["tables"][1:]),
    ):
        yield name, as_bytes({**plain, "report": {**report, name: other}})
    yield "spaces", json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()
    yield "salt", as_bytes({**plain, "salt": "0" * 31 + "9"})


def _workbook(content: bytes) -> Iterator[tuple[str, bytes]]:
    """A cell changed with a spreadsheet; saved again; a number in the archive; zipped again."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    yield "saved again", _saved(book)
    for sheet in book.worksheets[1:]:
        cell = sheet.cell(5, 2)
        before, cell.value = cell.value, 999
        yield f"cell of {sheet.title}", _saved(book)
        cell.value = before
    book.remove(book.worksheets[1])
    yield "a sheet less", _saved(book)
    yield "zipped again", _zipped(content, lambda _, part: part, zipfile.ZIP_STORED)
    yield (
        "a number",
        _zipped(
            content,
            lambda name, part: (
                re.sub(rb"<v>(\d+)</v>", rb"<v>1\1</v>", part, count=1)
                if name.startswith("xl/worksheets/sheet2")
                else part
            ),
        ),
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    for name in names[:4]:
        yield (
            f"without {name}",
            _zipped(content, lambda other, part, n=name: None if other == n else part),
        )  # type: ignore[misc]  # untyped library


def _saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _zipped(content: bytes, change: Any, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", how) as archive,
    ):
        for name in source.namelist():
            part = change(name, source.read(name))
            if part is not None:
                archive.writestr(name, part)
    return target.getvalue()


def _pdf(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Text changed inside a page; a page less; a revision added at the end; another title."""
    for number, found in enumerate(re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)):
        try:
            plain = zlib.decompress(found[1])
        except zlib.error:
            continue
        if b" Tj" in plain or b"] TJ" in plain:
            other = zlib.compress(plain.replace(b"1", b"2"))
            yield f"page {number}", content[: found.start(1)] + other + content[found.end(1) :]
    reader = pypdf.PdfReader(io.BytesIO(content))
    for left in (0, 1):
        writer = pypdf.PdfWriter()
        for page in reader.pages[left:]:
            writer.add_page(page)
        target = io.BytesIO()
        writer.write(target)
        yield f"written again without {left}", target.getvalue()
    yield "a revision", content + b"\n1 0 obj<<>>endobj\nstartxref\n0\n%%EOF\n"
    yield "a title", content.replace(b"2009", b"2010")


def of_the_seal(proof: Proof) -> Iterator[tuple[str, Proof]]:
    """Each thing that the manifest says changed, and not signed again by us."""
    said = json.loads(proof.manifest)
    for name, value in (
        ("period", {"first": "2008-01-01", "last": "2008-12-31"}),
        ("sealed_at", "2011-01-01T00:00:00+00:00"),
        ("address", "2222-2222"),
        ("verification", "https://ailleurs.exemple.fr/verifier/7KQ2-M9XD"),
        ("program", "9"),
        ("disclosure", None),
        ("disclosure", {"hidden": {}, "cells": said["disclosure"]["cells"]}),
        ("editions", {**said["editions"], "region": said["editions"]["network"]}),
    ):
        yield f"manifest: {name}", replace(proof, manifest=as_bytes({**said, name: value}))
    yield (
        "signature",
        replace(proof, signature=bytes([proof.signature[0] ^ 1]) + proof.signature[1:]),
    )
    yield "key", replace(proof, public_key=bytes(32))
    yield "manifest cut", replace(proof, manifest=proof.manifest[:-1])
