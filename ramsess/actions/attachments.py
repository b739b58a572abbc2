"""Files that a resource may have: known by their name and by what they hold, of a limited size."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from ramsess.actions.refusals import Checks

# Bytes; a whole form holds 5 MiB.
MOST = 4 * 1024 * 1024
MOST_ENTRIES = 2000
LONGEST_NAME = 100
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
# Ending → media type, and how the content begins or what the archive must hold.
PLAIN = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
}
ARCHIVES = {
    ".docx": (f"{_OFFICE}wordprocessingml.document", "word/document.xml"),
    ".xlsx": (f"{_OFFICE}spreadsheetml.sheet", "xl/workbook.xml"),
    ".pptx": (f"{_OFFICE}presentationml.presentation", "ppt/presentation.xml"),
    ".odt": (f"{_OPEN}text", ""),
    ".ods": (f"{_OPEN}spreadsheet", ""),
    ".odp": (f"{_OPEN}presentation", ""),
}
ENDINGS = (*PLAIN, *ARCHIVES)
_ACTIVE = re.compile(r"vbaproject|macrosheets/|activex|^basic/|^scripts/", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w .,()'’–-]+")


@dataclass(frozen=True)
class Attachment:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes


def read_attachment(checks: Checks, field: str, name: str, content: bytes) -> Attachment | None:
    """The file that somebody gives; None, and the reason on *field*, when it is refused."""
    ending = PurePath(name.replace("\\", "/")).suffix.lower()
    if ending not in ENDINGS:
        kinds = ", ".join(one.removeprefix(".").upper() for one in ENDINGS if one != ".jpeg")
        checks.refuse(field, f"Ce genre de fichier n’est pas accepté. Donnez : {kinds}.")
    elif not content:
        checks.refuse(field, "Ce fichier est vide.")
    elif len(content) > MOST:
        checks.refuse(field, "Ce fichier dépasse 4 Mo. Allégez-le, ou donnez un lien.")
    elif ending in PLAIN and not content.startswith(PLAIN[ending][1]):
        checks.refuse(field, f"Le contenu de ce fichier n’est pas celui d’un {_word(ending)}.")
    elif ending in ARCHIVES:
        reason = _archive_refused(ending, content)
        if reason:
            checks.refuse(field, reason)
    if field in checks.reasons:
        return None
    media_type = (PLAIN.get(ending) or ARCHIVES[ending])[0]
    return Attachment(_plain_name(name, ending), media_type, content)


def _word(ending: str) -> str:
    return ending.removeprefix(".").upper()


def _archive_refused(ending: str, content: bytes) -> str:
    """Why a document is refused, looked at as an archive: nothing of it is parsed."""
    wrong = f"Le contenu de ce fichier n’est pas celui d’un {_word(ending)}."
    media_type, needed = ARCHIVES[ending]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > MOST_ENTRIES:
                return wrong
            if any(_ACTIVE.search(name) for name in names):
                return "Ce document contient des macros : enregistrez-le sans elles."
            if needed:
                return "" if {needed, "[Content_Types].xml"} <= names else wrong
            said = archive.open("mimetype").read(len(media_type) + 1)
            return "" if said == media_type.encode() else wrong
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, NotImplementedError, EOFError,
            OSError, RuntimeError, ValueError):  # fmt: skip
        return wrong


def _plain_name(name: str, ending: str) -> str:
    """The file's own name, without folder nor sign that a machine could take for something."""
    stem = PurePath(name.replace("\\", "/")).stem
    clean = _UNSAFE.sub("-", unicodedata.normalize("NFC", stem)).strip(" .-")[:LONGEST_NAME]
    return f"{clean or 'ressource'}{ending}"
