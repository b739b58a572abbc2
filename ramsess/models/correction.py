"""Corrections: what should have been in a sealed period, said in the open one (Rule 11)."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.account import Account
from ramsess.models.act import Act
from ramsess.models.parcours import Parcours
from ramsess.models.reporting_period import ReportingPeriod
from ramsess.models.structure import Structure

OF_ACT = {
    "act_removed": "Acte ou séance à ne pas compter",
    "date": "Date d’un acte",
    "type": "Type d’un acte",
    "duration": "Durée",
    "scheme": "Dispositif d’un acte",
    "act_parcours": "Parcours d’un acte",
    "heads": "Personnes anonymes",
    "attendance": "Présences",
}
OF_PARCOURS = {
    "parcours_removed": "Parcours à ne pas compter",
    "entry": "Entrée d’un parcours",
    "exit": "Sortie d’un parcours",
    "parcours_other": "Autre renseignement d’un parcours",
}
FORGOTTEN = "act_forgotten"
#: In the order of the screens and of the report.
KINDS = {FORGOTTEN: "Acte ou séance oublié", **OF_ACT, **OF_PARCOURS}


class Correction(Base):
    """What should have been in the sealed *period*, and why; it changes no record.

    It is added, never changed: a wrong one is corrected by another. It is about an act, a parcours,
    or nothing recorded (an act that was forgotten). ``was`` and ``should_be`` are words for people;
    what the report counts (B20) are the differences with what was counted in that period: acts,
    minutes, sessions, attendances (known people and anonymous heads), parcours.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint(
            f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind_is_known"
        ),
        CheckConstraint("reason <> ''", name="says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    made_on: Mapped[dt.date] = mapped_column(index=True, server_default=FetchedValue())
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("seals.period_id"))
    kind: Mapped[str] = mapped_column(String(16))
    act_id: Mapped[int | None] = mapped_column(
        ForeignKey("acts.id", deferrable=True, initially="DEFERRED"), index=True
    )
    parcours_id: Mapped[int | None] = mapped_column(
        ForeignKey("parcours.id", deferrable=True, initially="DEFERRED"), index=True
    )
    scheme_code: Mapped[str | None] = mapped_column(ForeignKey("schemes.code"))
    was: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    should_be: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    reason: Mapped[str] = mapped_column(Text)
    acts: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    minutes: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    sessions: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    attendances: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    parcours: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    account: Mapped[Account] = relationship()
    structure: Mapped[Structure] = relationship()
    period: Mapped[ReportingPeriod] = relationship(
        primaryjoin="foreign(Correction.period_id) == ReportingPeriod.id", viewonly=True
    )
    act: Mapped[Act | None] = relationship()
    about_parcours: Mapped[Parcours | None] = relationship()

    @property
    def label(self) -> str:
        """What kind of correction it is."""
        return KINDS[self.kind]
