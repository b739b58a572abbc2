"""The gate: is this file a plain .xlsx of reasonable size? Looked at as a ZIP, nothing parsed.

A spreadsheet from outside may be a bomb, carry macros, links to other files, or a DTD; each is
refused with a sentence that says what to do.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import BinaryIO

MAX_BYTES = 5 * 1024 * 1024
MAX_ENTRIES = 200
MAX_TYPES = 1024 * 1024
MAX_STRINGS = 500_000
MAX_DEPTH = 500
MAX_UNPACKED = 50 * 1024 * 1024
MAX_ENTRY = 30 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024
CHUNK = 1024 * 1024
PIECE = 16 * 1024

OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
CENTRAL, END = b"PK\x01\x02", b"PK\x05\x06"
# What an entry's data may be followed by: its sums, when they were not known before.
SUMS = (0, 12, 16, 20, 24)
END_BYTES, HEADER_BYTES = 22, 30
# Within them a reader of PDF looks for a PDF.
PDF_SOUGHT = 1024
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
# A link that one clicks is harmless; anything else that is not in the file is not.
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
CLICKED = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
DECLARED = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1")


HYBRID = (
    "Ce fichier contient autre chose qu’un classeur. Enregistrez-le de nouveau au format .xlsx, "
    "puis renvoyez-le."
)
TOO_MANY = "Ce classeur contient trop d’éléments pour un classeur RAMSESS."


class NotAWorkbookError(Exception):
    """The file is refused as a whole; the text is a French sentence for who handed it in."""


def check(file: BinaryIO) -> None:
    """Raise NotAWorkbookError unless *file* is an .xlsx within the limits, without macro."""
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    file.seek(0)
    size, magic = len(content), content[:4]
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
    if content.count(CENTRAL) > MAX_ENTRIES:
        # Before the library makes an object of each.
        raise NotAWorkbookError(TOO_MANY)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_layout(content, archive)
            _check_entries(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError,
            OSError, ValueError) as fault:  # fmt: skip
        raise NotAWorkbookError(
            "Ce classeur est abîmé ou incomplet. Enregistrez-le de nouveau, puis renvoyez-le."
        ) from fault


def _check_layout(content: bytes, archive: zipfile.ZipFile) -> None:
    """Refuse a file that is also another: its entries follow each other, from end to end.

    Two programs could otherwise read two different things in it.
    """
    end = 0
    for entry in sorted(archive.infolist(), key=lambda item: item.header_offset):
        gap = entry.header_offset - end
        if gap < 0:
            raise NotAWorkbookError("Ce classeur contient des éléments qui se chevauchent.")
        if gap not in SUMS or (gap and not end):
            raise NotAWorkbookError(HYBRID)
        lengths = struct.unpack_from("<HH", content, entry.header_offset + HEADER_BYTES - 4)
        end = entry.header_offset + HEADER_BYTES + sum(lengths) + entry.compress_size
    last = content.rfind(END)
    between = content.find(CENTRAL, end)
    if (
        last + END_BYTES != len(content)
        or between - end not in SUMS
        or b"%PDF-" in content[:PDF_SOUGHT]
    ):
        raise NotAWorkbookError(HYBRID)


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len({name.casefold() for name in names}) < len(names):
        raise NotAWorkbookError("Ce classeur contient deux fois le même élément.")
    for entry in entries:
        _check_entry(entry)
    if {"[Content_Types].xml", "xl/workbook.xml"} - set(names):
        raise NotAWorkbookError("Ce fichier n’est pas un classeur .xlsx.")
    total = 0
    for entry in entries:
        total += _unpack(archive, entry, MAX_UNPACKED - total)
    with archive.open("[Content_Types].xml") as types:
        said = types.read(MAX_TYPES)
    if WORKBOOK_TYPE not in said.replace(b"\0", b""):
        raise NotAWorkbookError("Ce fichier n’est pas un classeur .xlsx simple (sans macro).")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = name.split("/")
    if (
        name.startswith("/")
        or ":" in name
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


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    """Inflate *entry*, counting what really comes out; return its size in bytes."""
    size = 0
    markup = _Markup(entry.filename) if entry.filename.lower().endswith(MARKUP) else None
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            if markup:
                markup.look(chunk, first=not size)
            size += len(chunk)
            if size > min(room, MAX_ENTRY):
                raise NotAWorkbookError("Ce classeur est trop volumineux une fois décompressé.")
            if size > RATIO_FROM and size > MAX_RATIO * max(1, entry.compress_size):
                raise NotAWorkbookError("Ce classeur est compressé de façon suspecte.")
    if size != entry.file_size:
        raise NotAWorkbookError("Ce classeur ment sur la taille de ce qu’il contient.")
    return size


class _Markup:
    """Looks through a part of XML, piece by piece, without parsing it."""

    TAIL = 4096

    def __init__(self, name: str) -> None:
        self._strings = "sharedstrings" in name.lower()
        self._related = name.lower().endswith(".rels")
        self._tail = b""
        self._depth = self._count = 0

    def look(self, chunk: bytes, *, first: bool) -> None:
        """Refuse a DTD, every encoding in which one could hide, links out, and excess."""
        if first:
            self._check_encoding(chunk)
        plain = chunk.replace(b"\0", b"")
        text = (self._tail + plain).upper()
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise NotAWorkbookError("Ce classeur contient une déclaration interdite (DTD).")
        if self._related:
            self._check_relations(self._tail + plain)
        self._check_depth(plain)
        self._count += plain.count(b"<si") if self._strings else 0
        if self._count > MAX_STRINGS:
            raise NotAWorkbookError("Ce classeur contient trop de textes différents.")
        self._tail = plain[-self.TAIL :]

    @staticmethod
    def _check_encoding(chunk: bytes) -> None:
        start = chunk.removeprefix(b"\xef\xbb\xbf").lstrip()
        wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) and start[2:4] != b"\0\0"
        declared = DECLARED.search(start[:200].split(b"?>")[0].replace(b"\0", b""))
        if not (wide or start.startswith(b"<")) or (
            declared and declared.group(1).lower() not in ENCODINGS
        ):
            raise NotAWorkbookError("Ce classeur contient un texte dont le codage est inconnu.")

    @staticmethod
    def _check_relations(text: bytes) -> None:
        for relation in RELATION.findall(text):
            if OUTSIDE.search(relation) and not CLICKED.search(relation):
                raise NotAWorkbookError(
                    "Ce classeur renvoie à un fichier ou à une image qu’il ne contient pas. "
                    "Recopiez vos données, sans liaison, dans le modèle à télécharger."
                )

    def _check_depth(self, text: bytes) -> None:
        """How many elements are open, about: what a « > » in a text would hide is harmless."""
        for place in range(0, len(text), PIECE):
            piece = text[place : place + PIECE]
            opened = piece.count(b"<") - piece.count(b"</") - piece.count(b"<?")
            self._depth += opened - piece.count(b"</") - piece.count(b"/>")
            if self._depth > MAX_DEPTH:
                raise NotAWorkbookError("Ce classeur est construit de façon anormale.")
