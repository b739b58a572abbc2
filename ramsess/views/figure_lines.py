"""The lines behind a figure, as who reads them may know them.

Figures come from the engine ``report``, which reads no name. Names are read here by the session of
who is signed in, and so of the records alone that it sees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from flask import url_for
from flask_login import current_user
from sqlalchemy import BigInteger, Select, bindparam, select
from sqlalchemy.orm import joinedload

from ramsess import policy
from ramsess.database import db
from ramsess.models import (
    Act,
    Adviser,
    Assignment,
    Beneficiary,
    Diagnostic,
    Funding,
    Orientation,
    Parcours,
    Plan,
    PlanAction,
    Structure,
)
from ramsess.models.calendar import today
from ramsess.reports.columns import NEVER, NONE
from ramsess.reports.consolidation import Figure
from ramsess.reports.pseudonyms import tell
from ramsess.reports.record_days import record_days
from ramsess.views.typography import day, euros

SPAN = (bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger))


@dataclass(frozen=True)
class Row:
    """A line: *text* says what it is, *detail* more; *address* its page; *amount* what it adds."""

    text: str
    detail: str
    address: str
    amount: int


@dataclass(frozen=True)
class Listed:
    """A page of the lines behind a figure.

    *seen* lines of *total* are those of records that one sees, and add *seen_amount*; the others
    are *numbered* (told without a name), or only counted: *unseen_amount*.
    """

    rows: list[Row]
    total: int
    seen: int
    seen_amount: int
    unseen_amount: int
    numbered: bool
    page: int
    pages: int
    first: int

    @property
    def unseen(self) -> int:
        """How many lines are those of records that one does not see."""
        return self.total - self.seen


def lines_of(found: Figure, *, numbered: bool, page: int, size: int) -> Listed:
    """The lines of *page* (from 1; *size* lines a page): what one sees first, each in the order of
    dates, then of names or numbers."""
    behind = found.behind
    seen = _seen(behind.kind, behind.ids)
    order = np.lexsort((behind.ids, *_told_order(found, seen), ~seen))
    listed = order if numbered else order[: np.count_nonzero(seen)]
    here = listed[(max(page, 1) - 1) * size : max(page, 1) * size]
    amounts = behind.amounts
    return Listed(
        rows=_rows(found, here, seen),
        total=len(behind),
        seen=int(np.count_nonzero(seen)),
        seen_amount=int(amounts[seen].sum()),
        unseen_amount=int(amounts[~seen].sum()),
        numbered=numbered,
        page=page,
        pages=max(1, -(-len(listed) // size)),
        first=(page - 1) * size + 1,
    )


def _told_order(
    found: Figure, seen: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Places of the lines by what is told of those that one sees, and their days."""
    kind, ids = found.behind.kind, found.behind.ids
    days = np.full(len(ids), NEVER, dtype=np.int64)
    for facts in filter(None, found.facts):
        days = np.where(days == NEVER, record_days(facts, kind, ids), days)
    places = np.zeros(len(ids), dtype=np.int64)
    if kind in _TOLD and seen.any():
        span = {"low": int(ids[seen].min()), "high": int(ids[seen].max())}
        told = list(db.session.scalars(_TOLD[kind](), span))
        by_id = {one: place for place, one in enumerate(told)}
        places[seen] = [by_id.get(int(one), len(told)) for one in ids[seen]]
    return places, days


def _rows(found: Figure, here: npt.NDArray[np.int64], seen: npt.NDArray[np.bool_]) -> list[Row]:
    behind = found.behind
    named = _NAMED[behind.kind](_ids(behind.ids[here[seen[here]]])) if len(here) else {}
    people = _people(_ids(behind.whom[here])) if len(here) else {}
    attended = bool((behind.whom != NONE).any())
    numbers = _numbered(found, here[~seen[here]])
    rows = []
    for place in here:
        one, amount = int(behind.ids[place]), int(behind.amounts[place])
        if seen[place]:
            text, detail, address = named[one]
            if attended:
                detail = " · ".join(filter(None, (detail, _who(people, int(behind.whom[place])))))
            rows.append(Row(text, detail, address, amount))
        else:
            rows.append(Row(*numbers[int(place)], "", amount))
    return rows


def _who(people: dict[int, Told], person: int) -> str:
    """Whose attendance a line is."""
    if person == NONE:
        return "personnes comptées sans nom"
    return people[person][0] if person in people else "une personne que vous ne voyez pas"


def _numbered(found: Figure, here: npt.NDArray[np.int64]) -> dict[int, tuple[str, str]]:
    """The number of each line, and what may be said without a name, by its place.

    The lines of the period compared have the numbers of the report of that period.
    """
    behind, (now, before) = found.behind, found.facts
    told: dict[int, tuple[str, str]] = {}
    old = found.column.key == "previous"
    for facts, places in (
        (now, [place for place in here if not old and _of_period(found, place)]),
        (before, [place for place in here if old or not _of_period(found, place)]),
    ):
        if facts is not None and places:
            by_id = tell(facts, behind.kind, _ids(behind.ids[places]))
            told |= {int(place): by_id[int(behind.ids[place])] for place in places}
    return told


def _of_period(found: Figure, place: int) -> bool:
    """False for what a change takes away: a line of the period compared."""
    return found.column.key != "change" or bool(found.behind.amounts[place] > 0)


def _ids(array: npt.NDArray[np.int64]) -> list[int]:
    return [int(one) for one in np.unique(array) if one != NONE]


def _seen(kind: str, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which lines are of records that the account sees in the name of its structures."""
    if not policy.structure_ids(current_user) or not len(ids):
        return np.zeros(len(ids), dtype=bool)
    # A range, not a list: ten thousands of ids would make the database plan badly.
    span = {"low": int(ids.min()), "high": int(ids.max())}
    found = db.session.scalars(_SEEN[kind](), span).all()
    return np.isin(ids, np.array(found, dtype=np.int64))


def _parcours_seen() -> Select[int]:
    return policy.parcours_seen(current_user, today())


def _on_parcours(model: Any) -> Select[int]:
    return select(model.id).where(model.id.between(*SPAN), model.parcours_id.in_(_parcours_seen()))


def _among(model: Any, seen: Select[int]) -> Select[int]:
    return select(model.id).where(model.id.between(*SPAN), model.id.in_(seen))


def _posts() -> Select[int]:
    """The assignments of the posts that one may see, and of one's own."""
    posts = policy.posts_seen(current_user, today())
    mine = current_user.adviser.id if current_user.adviser else NONE
    allowed = Assignment.adviser_id == mine
    if policy.may(current_user, "see_posts"):
        allowed |= Assignment.adviser_id.in_(posts)
    return select(Assignment.id).where(Assignment.id.between(*SPAN), allowed)


_SEEN: dict[str, Callable[[], Select[int]]] = {
    "act": lambda: _among(Act, policy.acts_seen(current_user)),
    "parcours": lambda: _among(Parcours, _parcours_seen()),
    "person": lambda: _among(Beneficiary, policy.people_seen(current_user, today())),
    "orientation": lambda: _among(Orientation, policy.orientations_seen(current_user, today())),
    "diagnostic": lambda: _on_parcours(Diagnostic),
    "plan": lambda: _on_parcours(Plan),
    "action": lambda: _on_parcours(PlanAction),
    "funding": lambda: _on_parcours(Funding),
    "assignment": _posts,
}

#: Records whose own day is no fact, in the order of what their lines tell.
_TOLD: dict[str, Callable[[], Select[int]]] = {
    "person": lambda: _among(Beneficiary, policy.people_seen(current_user, today())).order_by(
        Beneficiary.name_key
    ),
    "plan": lambda: _on_parcours(Plan).order_by(Plan.opened_on),
    "assignment": lambda: _posts().join(Adviser).order_by(Adviser.last_name, Adviser.first_name),
}

Told = tuple[str, str, str]


def _acts(ids: list[int]) -> dict[int, Told]:
    query = select(Act).where(Act.id.in_(ids)).options(
        joinedload(Act.type), joinedload(Act.group_session),
        joinedload(Act.parcours).joinedload(Parcours.project),
    )  # fmt: skip
    return {act.id: _act(act) for act in db.session.scalars(query)}


def _act(act: Act) -> Told:
    held, parcours = act.group_session, act.parcours
    about = f"{parcours.reference} {parcours.project.title}" if parcours else ""
    view = "sessions.show" if held else "acts.show"
    address = url_for(view, public_id=act.public_id)
    return f"{day(act.done_on)}, {act.type.label}", held.title if held else about, address


def _parcours(ids: list[int]) -> dict[int, Told]:
    query = select(Parcours).where(Parcours.id.in_(ids)).options(
        joinedload(Parcours.project), joinedload(Parcours.lead)
    )  # fmt: skip
    return {
        one.id: (
            f"{one.reference} {one.project.title}",
            f"entrée le {day(one.entered_on)}"
            + (f", sortie le {day(one.exited_on)}" if one.exited_on else "")
            + f" · référente : {one.lead.name}",
            url_for("parcours.show", reference=one.reference),
        )
        for one in db.session.scalars(query)
    }


def _people(ids: list[int]) -> dict[int, Told]:
    if not ids:
        return {}
    seen = policy.people_seen(current_user, today())
    query = select(Beneficiary).where(Beneficiary.id.in_(ids), Beneficiary.id.in_(seen))
    return {
        one.id: (one.name, "", url_for("beneficiaries.show", public_id=one.public_id))
        for one in db.session.scalars(query)
    }


def _orientations(ids: list[int]) -> dict[int, Told]:
    names: dict[int, str] = dict(db.session.execute(select(Structure.id, Structure.name)).all())
    return {
        one.id: (
            f"{names[one.from_structure_id]} vers {one.destination}",
            f"proposée le {day(one.proposed_on)}",
            url_for("orientations.show", public_id=one.public_id),
        )
        for one in db.session.scalars(select(Orientation).where(Orientation.id.in_(ids)))
    }


def _diagnostics(ids: list[int]) -> dict[int, Told]:
    return {
        one.id: (
            f"Diagnostic du parcours {one.parcours.reference}, version {one.number}",
            f"ouvert le {day(one.opened_on)}"
            + (f", validé le {day(one.validated_on)}" if one.validated_on else ""),
            url_for("diagnostics.show", public_id=one.public_id),
        )
        for one in db.session.scalars(select(Diagnostic).where(Diagnostic.id.in_(ids)))
    }


def _plans(ids: list[int]) -> dict[int, Told]:
    return {
        one.id: (
            f"Plan du parcours {one.parcours.reference}, version {one.number}",
            f"en vigueur depuis le {day(one.opened_on)}",
            url_for("plans.show", public_id=one.public_id),
        )
        for one in db.session.scalars(select(Plan).where(Plan.id.in_(ids)))
    }


def _actions(ids: list[int]) -> dict[int, Told]:
    return {
        one.id: (
            one.objective,
            f"plan du parcours {one.plan.parcours.reference}"
            + (f", échéance le {day(one.due_on)}" if one.due_on else ""),
            url_for("plans.show", public_id=one.plan.public_id),
        )
        for one in db.session.scalars(select(PlanAction).where(PlanAction.id.in_(ids)))
    }


def _fundings(ids: list[int]) -> dict[int, Told]:
    return {
        one.id: (
            f"{one.source.label}, {euros(one.cents)}",
            f"parcours {reference}",
            url_for("parcours.show", reference=reference),
        )
        for one, reference in db.session.execute(
            select(Funding, Parcours.reference).join(Parcours).where(Funding.id.in_(ids))
        )
    }


def _assignments(ids: list[int]) -> dict[int, Told]:
    opens = policy.may(current_user, "see_posts")
    return {
        one.id: (
            one.adviser.name,
            f"{one.structure.name}{f', {one.share} %' if one.share else ''}",
            url_for("posts.show", public_id=one.adviser.public_id) if opens else "",
        )
        for one in db.session.scalars(select(Assignment).where(Assignment.id.in_(ids)))
    }


_NAMED: dict[str, Callable[[list[int]], dict[int, Told]]] = {
    "act": _acts,
    "parcours": _parcours,
    "person": _people,
    "orientation": _orientations,
    "diagnostic": _diagnostics,
    "plan": _plans,
    "action": _actions,
    "funding": _fundings,
    "assignment": _assignments,
}

__all__ = ["Listed", "Row", "lines_of"]
