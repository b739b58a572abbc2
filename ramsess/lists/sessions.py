"""Collective sessions of one's structures, those that are being prepared included."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from ramsess import policy
from ramsess.forms.choices import holding
from ramsess.lists.acts import minutes_of_act, performed_for
from ramsess.lists.filters import between, code_filter, structure_filter
from ramsess.lists.listing import Column, Listing, names
from ramsess.models import Account, Act, ActType, GroupSession, SessionHost, Structure


def _source(account: Account) -> Select[GroupSession]:
    return (
        select()
        .select_from(Act)
        .join(GroupSession, GroupSession.act_id == Act.id)
        .join(ActType, ActType.code == Act.type_code)
        .where(Act.id.in_(policy.acts_seen(account)))
    )


_HOSTS = select().select_from(SessionHost).where(SessionHost.act_id == Act.id).correlate(Act)
_COUNTED = func.sight.attendance(Act.id).table_valued("structure", "people").lateral()
# All hosts together: each sees its own part alone.
_THERE = (
    select(_COUNTED.c.people).where(_COUNTED.c.structure.is_(None)).correlate(Act).scalar_subquery()
)


def _held(count: Any) -> ColumnElement[int]:
    """How many were there; nothing before the day."""
    return case((Act.done_on <= func.sight.today(), count))


# Titles have no key of their own: the accents of French are enough.
_PLAIN_TITLE = func.translate(
    func.lower(GroupSession.title), "àâäçéèêëîïôöùûüÿ’'-", "aaaceeeeiioouuuy   "
)

SESSIONS = Listing(
    name="seances",
    title="Séances collectives",
    noun=("séance", "séances"),
    endpoint="sessions.index",
    action="see_sessions",
    source=_source,
    columns=(
        Column("date", "Date", Act.done_on, "date", 12),
        Column(
            "intitule", "Intitulé", GroupSession.title, width=38,
            link=lambda row: ("sessions.show", {"public_id": row.public_id}),
        ),
        Column("type", "Type", ActType.label, width=26),
        Column(
            "structures", "Animée par",
            names(_HOSTS.join(Structure, Structure.id == SessionHost.structure_id), Structure.name),
            width=26, sorts=False,
        ),
        Column(
            "etat", "État", case((Act.done_on > func.sight.today(), "à venir"), else_="tenue"),
            width=10, sorts=False,
        ),
        Column(
            "presents", "Présent·es", _held(func.coalesce(_THERE, 0)), "integer", 10, sorts=False
        ),
        Column(
            "anonymes", "Anonymes",
            _held(
                _HOSTS.with_only_columns(func.sum(SessionHost.anonymous_count)).scalar_subquery()
            ),
            "integer", 10, sorts=False,
        ),
        Column("duree", "Temps passé", minutes_of_act(), "minutes", 12, sorts=False),
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
    answers=lambda text: holding(_PLAIN_TITLE, text),
)  # fmt: skip
