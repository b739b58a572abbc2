"""The shared resource base: what structures put at the disposal of the others."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, Text, event, func, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.names import normalise
from ramsess.models.nomenclature import Phase, ResourceKind, Speciality
from ramsess.models.structure import Structure


class Resource(Base):
    """A sheet, a guide, a link… contributed by a structure, which alone corrects or withdraws it.

    It has a link, a file, or neither (a contact told in the description). Without phase it serves
    at any.
    """

    __tablename__ = "resources"
    __table_args__ = (
        CheckConstraint("title <> ''", name="titled"),
        CheckConstraint("link = '' OR link ~ '^https?://[^[:space:]]+$'", name="web_address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    title: Mapped[str] = mapped_column(String(200))
    kind_code: Mapped[str] = mapped_column(ForeignKey("resource_kinds.code"))
    theme_code: Mapped[str] = mapped_column(ForeignKey("specialities.code"))
    description: Mapped[str] = mapped_column(Text, default="")
    search_key: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(300), default="")
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    recorded_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    version: Mapped[int] = mapped_column(default=1)
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    kind: Mapped[ResourceKind] = relationship()
    theme: Mapped[Speciality] = relationship()
    structure: Mapped[Structure] = relationship()
    stages: Mapped[list[ResourcePhase]] = relationship(
        cascade="all, delete-orphan", order_by="ResourcePhase.phase_code"
    )
    phase_codes: AssociationProxy[list[str]] = association_proxy(
        "stages", "phase_code", creator=lambda code: ResourcePhase(phase_code=code)
    )
    file: Mapped[ResourceFile | None] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}


class ResourcePhase(Base):
    """A phase at which a resource serves."""

    __tablename__ = "resource_phases"

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True
    )
    phase_code: Mapped[str] = mapped_column(ForeignKey("phases.code"), primary_key=True)

    phase: Mapped[Phase] = relationship()


class ResourceFile(Base):
    """The file of a resource, kept with the records: a backup has it, a withdrawal removes it.

    *size* in bytes; *content* is read only when somebody downloads it.
    """

    __tablename__ = "resource_files"
    __table_args__ = (CheckConstraint("size = octet_length(content)", name="whole"),)

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)


def _set_key(_mapper: Mapper[Resource], _connection: Connection, resource: Resource) -> None:
    resource.search_key = normalise(f"{resource.title} {resource.description}")


event.listen(Resource, "before_insert", _set_key)
event.listen(Resource, "before_update", _set_key)
