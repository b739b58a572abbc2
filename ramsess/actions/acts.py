"""Record, correct and undo acts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Integer, Select, column, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ramsess import policy
from ramsess.actions.auditing import note_act, people_of
from ramsess.actions.plans import find_current, start_action
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.actions.sealed import check_open
from ramsess.models import (
    Account,
    Act,
    ActAdviser,
    ActBeneficiary,
    ActType,
    Adviser,
    Beneficiary,
    Involvement,
    Modality,
    Parcours,
    Scheme,
)
from ramsess.models.calendar import today


@dataclass(frozen=True)
class Work:
    """An adviser's minutes for one structure (Rule 2)."""

    adviser_id: int
    structure_id: int
    minutes: int


@dataclass(frozen=True)
class ActDraft:
    """What a person says of an act; the first *work* is the main adviser's.

    *keeps_parcours*: a corrected act stays on its parcours, which the person no longer sees.
    *plan_action_id*: the action of the parcours' plan that it carries out (its first version's id).
    """

    done_on: dt.date | None
    type_code: str
    structure_id: int
    work: Sequence[Work]
    parcours: Parcours | None = None
    keeps_parcours: bool = False
    plan_action_id: int | None = None
    people: Sequence[Beneficiary] = field(default_factory=tuple)
    scheme_code: str = "DRA"
    modality_code: str | None = None
    commune_code: str | None = None
    anonymous_count: int = 0
    note: str = ""


def record_act(
    session: Session, account: Account, draft: ActDraft, *, request_key: uuid.UUID | None = None
) -> Act:
    """Record an act in the name of ``draft.structure_id``.

    The same *request_key* (a form sent twice) records once and returns that act. Raises
    RefusedError.
    """
    if request_key:
        there = session.scalar(select(Act).where(Act.request_key == request_key))
        if there is not None:
            return there
    check_act(session, account, draft)
    act = Act(structure_id=draft.structure_id, request_key=request_key)
    _fill(act, draft)
    session.add(act)
    session.flush()
    start_action(session, act.parcours_id, act.plan_action_id)
    note_act(session, "record_act", act, people_of(act))
    return act


def correct_act(
    session: Session, account: Account, act: Act, draft: ActDraft, *, version: int
) -> Act:
    """Replace what was said of an act; *version* is the one that the person was looking at.

    Raises RefusedError, and ConflictError when somebody corrected it meanwhile.
    """
    if act.version != version:
        raise ConflictError
    check_act(session, account, draft, act)
    before = people_of(act)
    handed_over = act.structure_id != draft.structure_id
    act.structure_id = draft.structure_id
    # What did not change is not written again: a sealed period lets its note alone change.
    if handed_over or work_of(act) != list(draft.work):
        act.shares.clear()
        session.flush()
    _fill(act, draft)
    # A change of colleagues or people alone is a new version too.
    flag_modified(act, "done_on")
    session.flush()
    start_action(session, act.parcours_id, act.plan_action_id)
    note_act(session, "correct_act", act, before | people_of(act))
    return act


def remove_act(session: Session, act: Act) -> None:
    """Undo the recording of an act, or of a session.

    Raises RefusedError for a session at which another structure noted who was there.
    """
    session.refresh(act, with_for_update=True)
    held = act.group_session
    checks = Checks()
    check_open(session, checks, "", act.done_on)
    if held:
        there = people_noted(session, act)
        others = [host for host in held.hosts if host.structure_id != act.structure_id]
        noted = [
            host.structure.name
            for host in others
            if host.anonymous_count or there.get(host.structure_id)
        ]
        if noted:
            checks.refuse("", f"{', '.join(noted)} a noté des présences à cette séance.")
    checks.conclude()
    received = {item.beneficiary_id for item in held.attendances} if held else set()
    note_act(session, "undo_session" if held else "undo_act", act, people_of(act) | received)
    session.delete(act)
    session.flush()


def as_said(act: Act) -> ActDraft:
    """What is recorded of an act, as its author would say it again."""
    left = act.parcours_id is not None and act.parcours is None
    return ActDraft(
        done_on=act.done_on,
        type_code=act.type_code,
        structure_id=act.structure_id,
        work=work_of(act),
        parcours=act.parcours,
        keeps_parcours=left,
        plan_action_id=None if left else act.plan_action_id,
        people=[item.beneficiary for item in act.people if item.beneficiary.nameless_since is None],
        scheme_code=act.scheme_code,
        modality_code=act.modality_code,
        commune_code=act.commune_code,
        anonymous_count=act.anonymous_count,
        note=act.note,
    )


def work_of(act: Act) -> list[Work]:
    return [Work(one.adviser_id, one.structure_id, one.minutes) for one in act.shares]


def _counted(draft: ActDraft) -> tuple[object, ...]:
    """What figures count of an act, and who recorded it: all but its note."""
    return (
        draft.done_on, draft.type_code, draft.structure_id, set(draft.work),
        draft.parcours.id if draft.parcours else None, draft.plan_action_id,
        {person.id for person in draft.people}, draft.scheme_code, draft.modality_code,
        draft.commune_code, draft.anonymous_count,
    )  # fmt: skip


def latest_acts(adviser_id: int, number: int) -> Select[int]:
    """The ids of the acts that an adviser recorded or took part in last: ids follow one another."""
    return (
        select(ActAdviser.act_id)
        .where(ActAdviser.adviser_id == adviser_id)
        .order_by(ActAdviser.act_id.desc())
        .limit(number)
    )


def people_noted(session: Session, act: Act) -> dict[int, int]:
    """How many known people each host of a session noted, by structure id."""
    rows = session.execute(
        select(column("structure", Integer), column("people", Integer))
        .select_from(func.sight.attendance(act.id))
        .where(column("structure").is_not(None))
    )
    return {row.structure: row.people for row in rows}


def check_act(session: Session, account: Account, draft: ActDraft, act: Act | None = None) -> None:
    """Raise RefusedError unless every rule of an act holds; *act* is the one corrected."""
    if draft.parcours:
        # No exit or departure may be noted while this act is checked and written.
        session.refresh(draft.parcours, with_for_update=True)
    checks = Checks()
    if act is None or _counted(as_said(act)) != _counted(draft):
        check_open(session, checks, "done_on", act.done_on if act else None, draft.done_on)
    if draft.structure_id not in policy.structure_ids(account):
        checks.refuse("structure", "Choisissez une de vos structures.")
    kind = session.get(ActType, draft.type_code)
    if kind is None or (kind.valid_to and draft.done_on and kind.valid_to < draft.done_on):
        checks.refuse("type", "Type d’acte inconnu.")
    if session.get(Scheme, draft.scheme_code) is None:
        checks.refuse("scheme", "Dispositif inconnu.")
    if draft.modality_code and session.get(Modality, draft.modality_code) is None:
        checks.refuse("modality", "Modalité inconnue.")
    if draft.anonymous_count < 0:
        checks.refuse("anonymous_count", "Le nombre de personnes ne peut pas être négatif.")
    check_work(session, checks, draft.work, draft.done_on)
    parcours_id = draft.parcours.id if draft.parcours else None
    _check_plan_action(session, checks, parcours_id, draft, act)
    if draft.keeps_parcours and act:
        parcours_id = act.parcours_id
    if checks.day("done_on", draft.done_on) and parcours_id and draft.done_on:
        _check_involvement(session, checks, parcours_id, draft.structure_id, draft.done_on)
    checks.conclude()


def _check_plan_action(
    session: Session, checks: Checks, parcours_id: int | None, draft: ActDraft, act: Act | None
) -> None:
    """Refuse an action of another parcours, or one that is over, unless the act had it already."""
    wanted = draft.plan_action_id
    if wanted is None or (act and (act.plan_action_id, act.parcours_id) == (wanted, parcours_id)):
        return
    action = find_current(session, parcours_id, wanted)
    if action is None or not action.is_open:
        checks.refuse("plan_action", "Cette action n’est pas ouverte dans le plan de ce parcours.")


def check_work(session: Session, checks: Checks, work: Sequence[Work], day: dt.date | None) -> None:
    """Refuse no adviser, one twice, hours out of a day, or a structure not theirs that day."""
    if not work:
        checks.refuse("others", "Indiquez qui l’a fait.")
    for index, share in enumerate(work):
        where = "minutes" if index == 0 else "others"
        checks.minutes(where, share.minutes)
        adviser = session.get(Adviser, share.adviser_id)
        posts = adviser.structures_on(day or today()) if adviser else []
        if share.structure_id not in {structure.id for structure in posts}:
            who = adviser.name if adviser else "Cette personne"
            checks.refuse(where, f"{who} n’est pas affecté·e à cette structure à cette date.")
    if len({(share.adviser_id, share.structure_id) for share in work}) < len(work):
        checks.refuse("others", "La même personne est indiquée deux fois pour une structure.")


def _check_involvement(
    session: Session, checks: Checks, parcours_id: int, structure_id: int, day: dt.date
) -> None:
    own = session.scalars(
        select(Involvement).where(
            Involvement.parcours_id == parcours_id, Involvement.structure_id == structure_id
        )
    ).all()
    if not own:
        checks.refuse("parcours", "Votre structure ne prend pas part à ce parcours.")
    elif not any(item.covers(day) for item in own):
        checks.refuse("done_on", "À cette date, votre structure ne prenait pas part à ce parcours.")


def _fill(act: Act, draft: ActDraft) -> None:
    assert draft.done_on
    act.done_on = draft.done_on
    act.type_code = draft.type_code
    if not draft.keeps_parcours:
        act.parcours, act.plan_action_id = draft.parcours, draft.plan_action_id
    act.scheme_code = draft.scheme_code
    act.modality_code = draft.modality_code
    act.commune_code = draft.commune_code
    act.anonymous_count = draft.anonymous_count
    act.note = draft.note
    if work_of(act) != list(draft.work):
        act.shares = work_rows(draft.work, draft.structure_id)
    _name_people(act, draft.people, draft.done_on)


def work_rows(work: Sequence[Work], recorded_by_id: int) -> list[ActAdviser]:
    """The rows of *work*, the main adviser's first."""
    return [
        ActAdviser(
            adviser_id=share.adviser_id,
            structure_id=share.structure_id,
            recorded_by_id=recorded_by_id,
            position=position,
            minutes=share.minutes,
        )
        for position, share in enumerate(work)
    ]


def _name_people(act: Act, people: Sequence[Beneficiary], day: dt.date) -> None:
    """Those named before keep what held then, but for the age on *day* (Rule 8)."""
    wanted = {person.id: person for person in people}
    # Nobody can name an erased person again: she stays, and so do the figures.
    nameless = [item for item in act.people if item.beneficiary.nameless_since]
    named_before = [item for item in act.people if item.beneficiary_id in wanted]
    act.people = [*nameless, *named_before]
    for item in named_before:
        item.age = wanted.pop(item.beneficiary_id).age_on(day)
    for person in wanted.values():
        named = ActBeneficiary(beneficiary=person)
        named.take_from(person, day)
        act.people.append(named)
