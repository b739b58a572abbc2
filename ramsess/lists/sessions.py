"""Collective sessions of one's structures, those that are being prepared included."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, any_, case, func, select

from ramsess import policy
from ramsess.forms.choices import holding
from ramsess.lists.acts import SHARES, performed_for
from ramsess.lists.filters import between, code_filter, structure_filter
from ramsess.lists.listing import IDS, Column, Listing, joined, plain
from ramsess.models import Act, ActType, GroupSession, SessionHost, Structure

_HOSTS = (
    select(
        SessionHost.act_id,
        joined(Structure.name, SessionHost.structure_id).label("structures"),
        func.sum(SessionHost.anonymous_count).label("anonymous"),
    )
    .join(Structure, Structure.id == SessionHost.structure_id)
    .where(SessionHost.act_id == any_(IDS))
    .group_by(SessionHost.act_id)
    .subquery()
)


def _joins(query: Select[Any]) -> Select[Any]:
    return query.join(GroupSession, GroupSession.act_id == Act.id).join(
        ActType, ActType.code == Act.type_code
    )


def _gathers(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(SHARES, SHARES.c.act_id == Act.id).outerjoin(
        _HOSTS, _HOSTS.c.act_id == Act.id
    )


def _entitled(text: str) -> list[ColumnElement[bool]]:
    titled = select(GroupSession.act_id).where(*holding(plain(GroupSession.title), text))
    return [Act.id.in_(titled)]


_COUNTED = func.sight.attendance(Act.id).table_valued("structure", "people").lateral()
# All hosts together: each sees its own part alone.
_THERE = (
    select(_COUNTED.c.people).where(_COUNTED.c.structure.is_(None)).correlate(Act).scalar_subquery()
)


def _held(count: Any) -> ColumnElement[int]:
    """How many were there; nothing before the day."""
    return case((Act.done_on <= func.sight.today(), count))


SESSIONS = Listing(
    name="seances",
    title="Séances collectives",
    noun=("séance", "séances"),
    endpoint="sessions.index",
    action="see_sessions",
    key=Act.id,
    seen=lambda account: [
        Act.id.in_(policy.acts_seen(account)),
        Act.id.in_(select(GroupSession.act_id)),
    ],
    joins=_joins,
    gathers=_gathers,
    columns=(
        Column("date", "Date", Act.done_on, "date", 12),
        Column(
            "intitule", "Intitulé", GroupSession.title, width=38,
            link=lambda row: ("sessions.show", {"public_id": row.public_id}),
        ),
        Column("type", "Type", ActType.label, width=26),
        Column("structures", "Animée par", _HOSTS.c.structures, width=26, sorts=False),
        Column(
            "etat", "État", case((Act.done_on > func.sight.today(), "à venir"), else_="tenue"),
            width=10, sorts=False,
        ),
        Column(
            "presents", "Présent·es", _held(func.coalesce(_THERE, 0)), "integer", 10, sorts=False
        ),
        Column(
            "anonymes", "Anonymes", _held(_HOSTS.c.anonymous), "integer", 10, sorts=False
        ),
        Column("duree", "Temps passé", SHARES.c.minutes, "minutes", 12, sorts=False),
        Column("dispositif", "Dispositif", Act.scheme_code, width=11),
    ),
    order=(Act.done_on.desc(), Act.id.desc()),
    keys=(Act.public_id,),
    filters=(
        *between(Act.done_on),
        code_filter("type", "Type", "act_types", Act.type_code, first="Tous"),
        structure_filter("structure", "Structure", performed_for),
        code_filter("dispositif", "Dispositif", "schemes", Act.scheme_code, first="Tous"),
    ),
    searched="Mots de l’intitulé",
    answers=_entitled,
)  # fmt: skip
