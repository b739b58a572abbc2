"""The gate: is this file a plain .xlsx of reasonable size? Looked at as a ZIP, nothing parsed.

A spreadsheet from outside may be a bomb, carry macros, links to other files, or a DTD; each is
refused with a sentence that says what to do.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import BinaryIO

MAX_BYTES = 5 * 1024 * 1024
MAX_ENTRIES = 200
MAX_UNPACKED = 50 * 1024 * 1024
MAX_ENTRY = 30 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024
CHUNK = 1024 * 1024

OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
ENCRYPTED = 0x1
WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ACTIVE = re.compile(
    r"vbaproject|externallinks/|embeddings/|activex|oleobject|connections\.xml|querytables/"
    r"|macrosheets/|\.bin$|\.(zip|docx|xlsx|xlsm|exe)$",
    re.IGNORECASE,
)
# Printer settings are a harmless .bin that Excel adds by itself.
HARMLESS = re.compile(r"printersettings/printersettings\d*\.bin$", re.IGNORECASE)
MARKUP = (".xml", ".rels", ".vml")
DECLARED = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1")


class NotAWorkbookError(Exception):
    """The file is refused as a whole; the text is a French sentence for who handed it in."""


def check(file: BinaryIO) -> None:
    """Raise NotAWorkbookError unless *file* is an .xlsx within the limits, without macro."""
    size = file.seek(0, 2)
    file.seek(0)
    magic = file.read(4)
    if size > MAX_BYTES:
        raise NotAWorkbookError("Le fichier dépasse 5 Mio. Partagez-le ou retirez les images.")
    if not size:
        raise NotAWorkbookError("Le fichier est vide.")
    if magic == OLE:
        raise NotAWorkbookError(
            "Ce fichier est un ancien classeur .xls ou un classeur protégé par mot de passe. "
            "Enregistrez-le au format .xlsx, sans mot de passe."
        )
    if magic != ZIP:
        raise NotAWorkbookError(
            "Ce fichier n’est pas un classeur .xlsx. Partez du modèle à télécharger, "
            "ou enregistrez votre fichier au format .xlsx."
        )
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError,
            OSError, ValueError) as fault:  # fmt: skip
        raise NotAWorkbookError(
            "Ce classeur est abîmé ou incomplet. Enregistrez-le de nouveau, puis renvoyez-le."
        ) from fault


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise NotAWorkbookError("Ce classeur contient trop d’éléments pour un classeur RAMSESS.")
    names = [entry.filename for entry in entries]
    if len({name.casefold() for name in names}) < len(names):
        raise NotAWorkbookError("Ce classeur contient deux fois le même élément.")
    for entry in entries:
        _check_entry(entry)
    if {"[Content_Types].xml", "xl/workbook.xml"} - set(names):
        raise NotAWorkbookError("Ce fichier n’est pas un classeur .xlsx.")
    _check_overlap(entries)
    total = 0
    for entry in entries:
        total += _unpack(archive, entry, MAX_UNPACKED - total)
    if WORKBOOK_TYPE not in archive.read("[Content_Types].xml"):
        raise NotAWorkbookError("Ce fichier n’est pas un classeur .xlsx simple (sans macro).")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = name.split("/")
    if (
        name.startswith("/")
        or ".." in parts
        or "\\" in entry.orig_filename
        or "\0" in (entry.orig_filename)
    ):
        raise NotAWorkbookError("Ce classeur contient un nom d’élément interdit.")
    if entry.flag_bits & ENCRYPTED:
        raise NotAWorkbookError("Ce classeur est protégé par mot de passe. Retirez la protection.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotAWorkbookError("Ce classeur est compressé d’une façon inhabituelle.")
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        raise NotAWorkbookError("Ce classeur contient un lien vers un autre fichier.")
    if ACTIVE.search(name) and not HARMLESS.search(name):
        raise NotAWorkbookError(
            "Ce classeur contient des macros, des liaisons externes ou des objets incorporés. "
            "Recopiez vos données, sans liaison, dans le modèle à télécharger."
        )


def _check_overlap(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda item: item.header_offset):
        if entry.header_offset < end:
            raise NotAWorkbookError("Ce classeur contient des éléments qui se chevauchent.")
        end = entry.header_offset + 30 + len(entry.filename.encode()) + entry.compress_size


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    """Inflate *entry*, counting what really comes out; return its size in bytes."""
    size = 0
    tail = b""
    markup = entry.filename.lower().endswith(MARKUP)
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            if markup:
                _check_markup(chunk, tail, first=not size)
                tail = chunk[-32:]
            size += len(chunk)
            if size > min(room, MAX_ENTRY):
                raise NotAWorkbookError("Ce classeur est trop volumineux une fois décompressé.")
            if size > RATIO_FROM and size > MAX_RATIO * max(1, entry.compress_size):
                raise NotAWorkbookError("Ce classeur est compressé de façon suspecte.")
    return size


def _check_markup(chunk: bytes, tail: bytes, *, first: bool) -> None:
    """Refuse a DTD, and every encoding in which one could hide from this search."""
    if first:
        start = chunk.removeprefix(b"\xef\xbb\xbf").lstrip()
        wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
        declared = DECLARED.search(start[:200].split(b"?>")[0].replace(b"\0", b""))
        if not (wide or start.startswith(b"<")) or (
            declared and declared.group(1).lower() not in ENCODINGS
        ):
            raise NotAWorkbookError("Ce classeur contient un texte dont le codage est inconnu.")
    text = (tail + chunk).replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise NotAWorkbookError("Ce classeur contient une déclaration interdite (DTD).")
