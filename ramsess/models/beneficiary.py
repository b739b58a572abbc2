"""Beneficiaries: one record a person for the whole network, and what held at a moment."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.names import normalise
from ramsess.models.territory import Commune

# Some letters become several once decomposed: a name may be short and its key too long.
LONGEST_KEY = 250


class Beneficiary(Base):
    """A project holder (*porteur de projet*).

    The same normalised name, first name and known birth date is the same person, once in the
    network (Rule 1). ``public_id`` is what a URL may show. ``nameless_since`` is the day when her
    identity left the record: erased, put away in an ``IdentityArchive``, or merged into another
    record of the same person (``merged_into_id``), to which everything about her went.
    """

    __tablename__ = "beneficiaries"
    __table_args__ = (
        Index("uq_beneficiaries_identity", "name_key", "birth_date", unique=True),
        Index(
            "ix_beneficiaries_search_key",
            "search_key",
            postgresql_ops={"search_key": "text_pattern_ops"},
        ),
        CheckConstraint("birth_date >= '1900-01-01'", name="born_in_living_memory"),
        CheckConstraint("last_name <> '' AND first_name <> ''", name="named"),
        CheckConstraint(
            "merged_into_id IS NULL OR (nameless_since IS NOT NULL AND merged_into_id <> id)",
            name="merged_without_name",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    last_name: Mapped[str] = mapped_column(String(120))
    first_name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    search_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    birth_date: Mapped[dt.date | None]
    sex_code: Mapped[str] = mapped_column(ForeignKey("sexes.code"), default="NR")
    situation_code: Mapped[str] = mapped_column(ForeignKey("situations.code"), default="NR")
    education_code: Mapped[str] = mapped_column(ForeignKey("educations.code"), default="NR")
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    rsa: Mapped[bool | None]
    qpv: Mapped[bool | None]
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    version: Mapped[int] = mapped_column(default=1)
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    nameless_since: Mapped[dt.date | None]
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("beneficiaries.id", ondelete="CASCADE"), index=True
    )

    commune: Mapped[Commune | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def age_on(self, day: dt.date) -> int | None:
        """Age in full years on *day*; None when the birth date is unknown."""
        return age_on(self.birth_date, day)


def age_on(birth_date: dt.date | None, day: dt.date) -> int | None:
    """Full years between *birth_date* and *day*; born on 29 February, older on 1 March."""
    if birth_date is None:
        return None
    birthday_to_come = (day.month, day.day) < (birth_date.month, birth_date.day)
    return max(0, day.year - birth_date.year - birthday_to_come)


def name_key(last_name: str, first_name: str) -> str:
    """The key by which two names are the same name."""
    return f"{normalise(last_name)}|{normalise(first_name)}"


def _set_keys(_mapper: Mapper[Beneficiary], _connection: Connection, person: Beneficiary) -> None:
    person.name_key = name_key(person.last_name, person.first_name)
    person.search_key = normalise(f"{person.last_name} {person.first_name}")


event.listen(Beneficiary, "before_insert", _set_keys)
event.listen(Beneficiary, "before_update", _set_keys)


class AsItWas:
    """A person's attributes as they were at the time; no later change touches them (Rule 8)."""

    age: Mapped[int | None] = mapped_column(SmallInteger)
    sex_code: Mapped[str] = mapped_column(ForeignKey("sexes.code"), default="NR")
    situation_code: Mapped[str] = mapped_column(ForeignKey("situations.code"), default="NR")
    education_code: Mapped[str] = mapped_column(ForeignKey("educations.code"), default="NR")
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    rsa: Mapped[bool | None]
    qpv: Mapped[bool | None]

    def take_from(self, person: Beneficiary, day: dt.date) -> None:
        """Keep the attributes that *person* has now, with the age on *day*."""
        self.age = person.age_on(day)
        self.sex_code = person.sex_code or "NR"
        self.situation_code = person.situation_code or "NR"
        self.education_code = person.education_code or "NR"
        self.commune_code = person.commune_code
        self.rsa = person.rsa
        self.qpv = person.qpv


class Acquaintance(Base):
    """A structure that entered a person, or that entered her again: it knows her from then on.

    ``informed_on`` is the day on which it told her what is recorded and what her rights are;
    ``sharing_agreed`` whether those who accompany her with it may see her record (None: not
    asked).
    """

    __tablename__ = "acquaintances"

    beneficiary_id: Mapped[int] = mapped_column(
        ForeignKey("beneficiaries.id", ondelete="CASCADE"), primary_key=True
    )
    structure_id: Mapped[int] = mapped_column(
        ForeignKey("structures.id"), primary_key=True, index=True
    )
    since: Mapped[dt.date]
    informed_on: Mapped[dt.date | None]
    sharing_agreed: Mapped[bool | None]
