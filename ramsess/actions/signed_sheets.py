"""Keep, and let go of, signed copies of attendance sheets."""

from __future__ import annotations

import io
import uuid
import warnings

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note
from ramsess.actions.enrolment import host_of
from ramsess.actions.refusals import Checks
from ramsess.models import Act, SignedSheet

# Bytes; a form takes 5 MiB with all that it says.
LARGEST = 4 * 1024 * 1024
# A page at 600 dots an inch has 35 million.
MOST_PIXELS = 60_000_000
# Of one host for one session: a long list, front and back.
MOST_SHEETS = 10
# What a scanner never writes, and a reader might run.
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


def kind_of(content: bytes) -> str | None:
    """``pdf``, ``jpeg`` or ``png`` by what the file holds, whatever its name; None for others."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return None if any(word in content for word in ACTIVE) else "pdf"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                kind = str(image.format).lower()
                # Every byte is read and checked; nothing is drawn.
                image.verify()
                return kind
    except Exception:
        # The library answers a broken file by whatever went wrong.
        return None


def file_sheet(
    session: Session,
    act: Act,
    *,
    structure_id: int,
    content: bytes,
    request_key: uuid.UUID | None = None,
) -> SignedSheet:
    """Keep a signed copy for one host. The same *request_key*: once. Raises RefusedError."""
    if request_key:
        there = session.scalar(select(SignedSheet).where(SignedSheet.request_key == request_key))
        if there is not None:
            return there
    checks = Checks()
    if host_of(act, structure_id) is None:
        checks.refuse("file", "Votre structure n’anime pas cette séance.")
    kind = None
    if not content:
        checks.refuse("file", "Choisissez le fichier de la feuille signée.")
    elif len(content) > LARGEST:
        checks.refuse("file", "Ce fichier dépasse 4 Mo : numérisez la feuille moins finement.")
    else:
        kind = kind_of(content)
        if kind is None:
            checks.refuse(
                "file",
                "Ce fichier n’est pas une feuille numérisée : envoyez un PDF, un JPEG ou un PNG "
                "lisible.",
            )
    if len(sheets_of(session, act, structure_id)) >= MOST_SHEETS:
        checks.refuse("file", f"{MOST_SHEETS} feuilles sont déjà gardées pour cette séance.")
    checks.conclude()
    assert kind
    sheet = SignedSheet(
        act_id=act.id,
        structure_id=structure_id,
        kind=kind,
        content=content,
        request_key=request_key,
    )
    session.add(sheet)
    session.flush()
    note(session, "file_sheet", structure_id=structure_id, record=act.public_id)
    return sheet


def sheets_of(session: Session, act: Act, structure_id: int) -> list[SignedSheet]:
    """The copies that a host keeps of a session, the oldest first; without their content."""
    return list(
        session.scalars(
            select(SignedSheet)
            .where(SignedSheet.act_id == act.id, SignedSheet.structure_id == structure_id)
            .order_by(SignedSheet.id)
        )
    )


def remove_sheet(session: Session, sheet: SignedSheet) -> None:
    """Let a copy go: it was filed by mistake."""
    note(session, "remove_sheet", structure_id=sheet.structure_id, record=sheet.public_id)
    session.delete(sheet)
    session.flush()
