"""Recompute the chain of the journal: any link changed, moved, added or taken away is found.

The end of the chain may be cut without a trace in what remains: a head kept elsewhere tells.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import AuditDetail, AuditEvent
from ramsess.models.audit import ORIGIN, commitment_of, digest_of

BATCH = 5000


@dataclass(frozen=True)
class Head:
    """The last link of the chain at some time: what is to be kept elsewhere."""

    number: int
    digest: str
    at: dt.datetime | None = None

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read ``NUMBER:DIGEST``; raise ValueError in French."""
        said = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip())
        if said is None:
            raise ValueError("Écrivez NUMÉRO:EMPREINTE, comme « ramsess audit head » les donne.")
        return cls(int(said[1]), said[2])


@dataclass(frozen=True)
class Verdict:
    """The chain holds from the first link to *head*; *fault* says in French what comes next."""

    head: Head
    erased: int = 0
    fault: str | None = None


def head_of(session: Session) -> Head:
    """The last link; number 0 for a journal in which nothing is noted."""
    last = session.execute(
        select(AuditEvent.id, AuditEvent.digest, AuditEvent.at)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
    return Head(*last) if last else Head(0, ORIGIN)


def verify(session: Session, kept: Head | None = None) -> Verdict:
    """Recompute every link in order, some thousand at a time; *kept* is an earlier head.

    Links and details are read in one statement, and so at one moment.
    """
    rows = session.execute(
        select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.action,
            AuditEvent.commitment,
            AuditEvent.previous,
            AuditEvent.digest,
            AuditDetail.event_id,
            AuditDetail.account_id,
            AuditDetail.structure_id,
            AuditDetail.person_id,
            AuditDetail.record,
            AuditDetail.salt,
        )
        .outerjoin(AuditDetail, AuditDetail.event_id == AuditEvent.id)
        .order_by(AuditEvent.id),
        execution_options={"yield_per": BATCH},
    )
    head, erased, met = Head(0, ORIGIN), 0, kept is None or kept.number == 0
    for number, at, action, commitment, previous, digest, detail, *details, salt in rows:
        fault = None
        if number != head.number + 1:
            fault = f"il manque l’événement {head.number + 1}."
        elif previous != head.digest:
            fault = f"l’événement {number} ne suit pas le précédent."
        elif digest != digest_of(previous, number, at, action, commitment):
            fault = f"l’événement {number} a été modifié."
        elif detail is None:
            fault = f"le détail de l’événement {number} a disparu."
        elif salt is not None and commitment != commitment_of(salt, *details):
            fault = f"le détail de l’événement {number} a été modifié."
        elif kept and number == kept.number and digest != kept.digest:
            fault = f"l’événement {number} n’est plus celui de l’empreinte conservée."
        if fault:
            return Verdict(head, erased, fault)
        met = met or (kept is not None and number == kept.number)
        erased += salt is None
        head = Head(number, digest, at)
    if not met:
        assert kept
        return Verdict(head, erased, f"la fin manque : l’événement {kept.number} a disparu.")
    return Verdict(head, erased)
