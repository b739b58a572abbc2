"""What files say, read by other libraries than those that wrote them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from pypdf import PdfReader
from python_calamine import CalamineWorkbook

PDF, ARCHIVE = b"%PDF", b"PK\x03\x04"


def read_file(content: bytes) -> dict[str, str]:
    """Place in the file → what is written there; the bytes themselves are a place too."""
    found = {"octets": content.decode("utf-8", "replace")}
    if content.startswith(PDF):
        found |= _pdf(content)
    elif content.startswith(ARCHIVE):
        found |= _archive(content)
    elif content[:1] in (b"{", b"["):
        # Escapes undone.
        found["json"] = json.dumps(json.loads(content), ensure_ascii=False)
    return found


def _archive(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {f"partie {name}": archive.read(name).decode() for name in archive.namelist()}
        parts["archive"] = " ".join(
            [*archive.namelist(), *(item.comment.decode() for item in archive.infolist())]
        )
    if "partie xl/workbook.xml" not in parts:
        return parts
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        parts[f"feuille {name}"] = "\n".join(" ".join(map(str, row)) for row in rows)
    return parts


def _pdf(content: bytes) -> dict[str, str]:
    reader = PdfReader(io.BytesIO(content))
    parts = {
        f"page {number}": page.extract_text() for number, page in enumerate(reader.pages, start=1)
    }
    parts["métadonnées"] = f"{dict(reader.metadata or {})} {_xmp(reader)}"
    parts["signets"] = " ".join(_titles(reader.outline))
    parts["structure"] = " ".join(_alternatives(reader.root_object.get("/StructTreeRoot")))
    parts["liens"] = str([page.get("/Annots") for page in reader.pages])
    return parts


def _alternatives(element: Any) -> list[str]:
    """What the structure says in the place of what is drawn; its strings are in UTF-16."""
    element = element.get_object() if element is not None else {}
    if not isinstance(element, dict):
        return []
    kids = element.get("/K", [])
    found = [str(element["/Alt"])] if "/Alt" in element else []
    for kid in kids if isinstance(kids, list) else [kids]:
        found += _alternatives(kid)
    return found


def _xmp(reader: PdfReader) -> str:
    held = reader.root_object.get("/Metadata")
    return held.get_object().get_data().decode("utf-8", "replace") if held else ""  # type: ignore[attr-defined]


def _titles(outline: list[Any]) -> list[str]:
    found: list[str] = []
    for item in outline:
        found += _titles(item) if isinstance(item, list) else [str(item.title)]
    return found
