"""Say what should have been in a sealed period, and why (Rule 11). It changes no record."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.acts import people_noted
from ramsess.actions.auditing import note, note_act, note_parcours, people_of
from ramsess.actions.refusals import Checks
from ramsess.actions.sealed import SealedPeriod, holding, sealed_periods
from ramsess.models import Account, Act, ActType, Correction, Nomenclature, Parcours, Scheme
from ramsess.models.calendar import LONGEST_DAY, today
from ramsess.models.correction import OF_PARCOURS
from ramsess.reports.period import period_name

LONGEST = 5000
MOST_PEOPLE = 10_000
#: What a structure that only took part in a session corrects: what it noted itself.
OF_A_HOST = ("attendance", "heads")
OF_A_SESSION = ("act_removed", "date", "type", "duration", "scheme", "attendance", "heads")
OF_AN_ACT = ("act_removed", "date", "type", "duration", "scheme", "act_parcours", "heads")


@dataclass(frozen=True)
class CorrectionDraft:
    """What is said of a correction; what its kind does not ask for is left out.

    *day*: when it should have been. *code*: the right type, or scheme. *minutes*: each adviser's,
    in the order of the act; of a forgotten act one for all. *count*: how many people. *words*: the
    rest, in full.
    """

    kind: str
    reason: str
    structure_id: int
    day: dt.date | None = None
    code: str = ""
    minutes: Sequence[int | None] = ()
    count: int | None = None
    words: str = ""
    parcours: Parcours | None = None
    scheme_code: str = "DRA"


@dataclass(frozen=True)
class _Said:
    """What was, what should have been, and by how much the figures of the period differ."""

    was: str = ""
    should_be: str = ""
    acts: int = 0
    minutes: int = 0
    sessions: int = 0
    attendances: int = 0
    parcours: int = 0


def sealed_act(session: Session, act: Act) -> SealedPeriod | None:
    """The sealed period that holds an act."""
    return holding(sealed_periods(session), act.done_on)


def sealed_parcours(session: Session, parcours: Parcours) -> SealedPeriod | None:
    """The latest sealed period whose report counts a parcours."""
    counting = [
        one
        for one in sealed_periods(session)
        if one.counts(parcours.entered_on, parcours.exited_on)
    ]
    return max(counting, key=lambda one: (one.last, one.first), default=None)


def kinds_of(account: Account, act: Act) -> tuple[str, ...]:
    """The kinds of correction that the account may make of an act or a session that it sees."""
    if not policy.may_correct_act(account, act):
        return OF_A_HOST if act.group_session else ()
    return OF_A_SESSION if act.group_session else OF_AN_ACT


def correct_sealed_act(
    session: Session,
    account: Account,
    act: Act,
    draft: CorrectionDraft,
    *,
    request_key: uuid.UUID | None = None,
) -> Correction:
    """Correct an act, or a session, of a sealed period. The same *request_key*: once.

    Raises RefusedError.
    """
    there = _made(session, request_key)
    if there:
        return there
    checks = Checks()
    period = sealed_act(session, act)
    if period is None:
        checks.refuse("", "Cet acte n’est pas d’une période scellée : corrigez-le directement.")
    if draft.kind not in kinds_of(account, act):
        checks.refuse("kind", "Choisissez ce qui est à corriger.")
    _check_words(checks, account, draft)
    checks.conclude()
    assert period
    said = _of_act(session, checks, act, period, draft)
    checks.conclude()
    made = _make(
        session, account, period, draft, said, act=act, scheme=act.scheme_code, key=request_key
    )
    held = act.group_session
    people = people_of(act) | ({one.beneficiary_id for one in held.attendances} if held else set())
    note_act(session, "make_correction", act, people)
    return made


def correct_sealed_parcours(
    session: Session,
    account: Account,
    parcours: Parcours,
    draft: CorrectionDraft,
    *,
    request_key: uuid.UUID | None = None,
) -> Correction:
    """Correct a parcours that the report of a sealed period counts; as ``correct_sealed_act``."""
    there = _made(session, request_key)
    if there:
        return there
    checks = Checks()
    period = _period_of(session, parcours, draft)
    if period is None:
        checks.refuse("", "Aucune période scellée ne compte ce parcours : corrigez-le directement.")
    if draft.kind not in OF_PARCOURS:
        checks.refuse("kind", "Choisissez ce qui est à corriger.")
    _check_words(checks, account, draft)
    checks.conclude()
    assert period
    said = _of_parcours(checks, parcours, period, draft)
    checks.conclude()
    made = _make(session, account, period, draft, said, parcours=parcours, key=request_key)
    note_parcours(session, "make_correction", parcours, draft.structure_id)
    return made


def add_forgotten(
    session: Session,
    account: Account,
    draft: CorrectionDraft,
    *,
    request_key: uuid.UUID | None = None,
) -> Correction:
    """Say that an act, or a session, of a sealed period was forgotten; as ``correct_sealed_act``.

    It names nobody: what the figures need, and why.
    """
    there = _made(session, request_key)
    if there:
        return there
    checks = Checks()
    period = holding(sealed_periods(session), draft.day)
    if draft.day is None:
        checks.refuse("day", "Indiquez une date.")
    elif period is None:
        checks.refuse(
            "day", "Ce jour n’est pas d’une période scellée : enregistrez l’acte comme un autre."
        )
    kind = session.get(ActType, draft.code)
    if kind is None:
        checks.refuse("code", "Type d’acte inconnu.")
    scheme = session.get(Scheme, draft.scheme_code)
    if scheme is None:
        checks.refuse("scheme", "Dispositif inconnu.")
    minutes = draft.minutes[0] if draft.minutes else None
    if not minutes or minutes <= 0:
        checks.refuse("minutes", "La durée doit être d’au moins une minute.")
    elif minutes > LONGEST_DAY * 10:
        checks.refuse("minutes", "La durée de tous ensemble dépasse dix jours.")
    people = _check_count(checks, draft.count or 0)
    _check_words(checks, account, draft)
    checks.conclude()
    assert period
    assert kind
    assert scheme
    assert minutes
    session_ = kind.kind == "C"
    told = [f"{kind.label}, le {draft.day:%d/%m/%Y}", duration(minutes), scheme.label]
    if people:
        told.append(f"{people} personne{'s' if people > 1 else ''}")
    said = _Said(
        should_be=", ".join(told), acts=1, minutes=minutes, sessions=int(session_),
        attendances=people,
    )  # fmt: skip
    return _make(session, account, period, draft, said, scheme=draft.scheme_code, key=request_key)


def corrections_seen(account: Account) -> Select[Correction]:
    """The corrections that the account may read, the latest first.

    They are those of the records that it sees, and what its structures had forgotten; all of them
    for who looks over the network, to whom no word of them is shown.
    """
    query = select(Correction).order_by(Correction.made_on.desc(), Correction.id.desc())
    if policy.spans_network(account, "see_corrections"):
        return query
    return query.where(policy.corrections_seen(account, today()))


def corrections_about(
    session: Session, *, act: Act | None = None, parcours: Parcours | None = None
) -> Sequence[Correction]:
    """The corrections of a record that one sees, in their order."""
    about = (
        Correction.act_id == act.id if act else Correction.parcours_id == (parcours and parcours.id)
    )
    return session.scalars(select(Correction).where(about).order_by(Correction.id)).all()


def name_of(correction: Correction) -> str:
    """What the corrected period is called."""
    return period_name(correction.period.kind, correction.period.first_on)


def duration(minutes: int) -> str:
    """``1 h 30``, ``2 h``, ``45 min``."""
    hours, rest = divmod(minutes, 60)
    if hours:
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    return f"{rest} min"


def _made(session: Session, key: uuid.UUID | None) -> Correction | None:
    if key is None:
        return None
    return session.scalar(select(Correction).where(Correction.request_key == key))


def _check_words(checks: Checks, account: Account, draft: CorrectionDraft) -> None:
    if draft.structure_id not in policy.structure_ids(account):
        checks.refuse("structure", "Choisissez une de vos structures.")
    if not draft.reason.strip():
        checks.refuse("reason", "Dites pourquoi : la correction reste au bilan suivant.")
    elif len(draft.reason.strip()) > LONGEST:
        checks.refuse("reason", f"Le motif dépasse {LONGEST} signes.")


def _check_count(checks: Checks, count: int | None) -> int:
    if count is None or not 0 <= count <= MOST_PEOPLE:
        checks.refuse("count", "Entre 0 et 10 000.")
        return 0
    return count


def _of_act(
    session: Session, checks: Checks, act: Act, period: SealedPeriod, draft: CorrectionDraft
) -> _Said:
    if draft.kind in ("act_removed", "date"):
        return _moved(session, checks, act, period, draft)
    if draft.kind == "duration":
        return _durations(checks, act, draft)
    if draft.kind in OF_A_HOST:
        return _heads(session, checks, act, draft)
    return _named_otherwise(session, checks, act, draft)


def _moved(
    session: Session, checks: Checks, act: Act, period: SealedPeriod, draft: CorrectionDraft
) -> _Said:
    """Out of the period, the act is one less in it, with all that it counts."""
    held = act.group_session
    there = _attendances(session, act)
    gone = _Said(acts=-1, minutes=-act.minutes, sessions=-bool(held), attendances=-there)
    if draft.kind == "act_removed":
        was = f"{act.type.label}, le {act.done_on:%d/%m/%Y}"
        return replace(gone, was=was, should_be="à ne pas compter")
    if not checks.day("day", draft.day) or draft.day is None:
        return gone
    if draft.day == act.done_on:
        checks.refuse("day", "C’est la date enregistrée.")
    said = _Said() if period.first <= draft.day <= period.last else gone
    return replace(said, was=f"{act.done_on:%d/%m/%Y}", should_be=f"{draft.day:%d/%m/%Y}")


def _named_otherwise(session: Session, checks: Checks, act: Act, draft: CorrectionDraft) -> _Said:
    """Another parcours, type or scheme: the totals stay."""
    if draft.kind == "act_parcours":
        now, then = act.parcours, draft.parcours
        if (now and now.id) == (then and then.id):
            checks.refuse("parcours", "C’est le parcours enregistré.")
        return _Said(now.reference if now else "aucun", then.reference if then else "aucun")
    current: Nomenclature
    wanted: Nomenclature | None
    if draft.kind == "type":
        current, wanted = act.type, session.get(ActType, draft.code)
    else:
        current, wanted = act.scheme, session.get(Scheme, draft.code)
    if wanted is None:
        checks.refuse("code", "Choisissez dans la liste.")
    elif wanted is current:
        checks.refuse("code", "C’est ce qui est enregistré.")
    return _Said(current.label, (wanted or current).label)


def _attendances(session: Session, act: Act) -> int:
    """Known people, once each, and anonymous heads, all hosts together; heads of an act alone."""
    if act.group_session is None:
        return act.anonymous_count
    known = session.scalar(
        select(func.max(func.sight.attendance(act.id).table_valued("structure", "people").c.people))
    )
    return (known or 0) + act.group_session.anonymous_count


def _durations(checks: Checks, act: Act, draft: CorrectionDraft) -> _Said:
    wanted = list(draft.minutes)
    if len(wanted) != len(act.shares) or any(
        said is None or not 0 <= said <= LONGEST_DAY for said in wanted
    ):
        checks.refuse("minutes", "Indiquez la durée de chaque personne, entre 0 et 24 heures.")
        return _Said()
    before, after = [one.minutes for one in act.shares], [said or 0 for said in wanted]
    if before == after:
        checks.refuse("minutes", "Ce sont les durées enregistrées.")
    # Of several, in the order of the act: a correction names nobody.
    return _Said(
        was=" + ".join(map(duration, before)),
        should_be=" + ".join(map(duration, after)),
        minutes=sum(after) - sum(before),
    )


def _heads(session: Session, checks: Checks, act: Act, draft: CorrectionDraft) -> _Said:
    """What the structure noted itself: known people, or anonymous heads."""
    count = _check_count(checks, draft.count)
    held = act.group_session
    if held is None:
        before = act.anonymous_count
    else:
        host = next((one for one in held.hosts if one.structure_id == draft.structure_id), None)
        if host is None:
            checks.refuse("structure", "Cette structure n’anime pas la séance.")
            return _Said()
        noted = people_noted(session, act)
        known = noted.get(host.structure_id, 0)
        before = host.anonymous_count if draft.kind == "heads" else known
    if count == before:
        checks.refuse("count", "C’est ce qui est enregistré.")
    return _Said(str(before), str(count), attendances=count - before)


def _period_of(session: Session, parcours: Parcours, draft: CorrectionDraft) -> SealedPeriod | None:
    """The sealed period in which what is corrected is dated, else the last that counts it."""
    day = {"entry": parcours.entered_on, "exit": parcours.exited_on}.get(draft.kind)
    return holding(sealed_periods(session), day) or sealed_parcours(session, parcours)


def _of_parcours(
    checks: Checks, parcours: Parcours, period: SealedPeriod, draft: CorrectionDraft
) -> _Said:
    if draft.kind == "parcours_removed":
        return _Said("compté", "à ne pas compter", parcours=-1)
    if draft.kind == "parcours_other":
        words = draft.words.strip()
        if not words:
            checks.refuse("words", "Dites ce qui aurait dû être noté.")
        elif len(words) > LONGEST:
            checks.refuse("words", f"Le texte dépasse {LONGEST} signes.")
        return _Said("", words)
    before = parcours.entered_on if draft.kind == "entry" else parcours.exited_on
    was = f"{before:%d/%m/%Y}" if before else "en cours"
    if draft.day is None and draft.kind == "exit":
        if before is None:
            checks.refuse("day", "Ce parcours est en cours : indiquez la date de sa sortie.")
        return _Said(was, "en cours")
    if not checks.day("day", draft.day) or draft.day is None:
        return _Said()
    if draft.day == before:
        checks.refuse("day", "C’est la date enregistrée.")
    entry, exit_ = parcours.entered_on, parcours.exited_on
    entry, exit_ = (draft.day, exit_) if draft.kind == "entry" else (entry, draft.day)
    if exit_ and exit_ < entry:
        checks.refuse("day", "La sortie précède l’entrée dans le parcours.")
    counted = period.counts(parcours.entered_on, parcours.exited_on)
    change = int(period.counts(entry, exit_)) - int(counted)
    return _Said(was, f"{draft.day:%d/%m/%Y}", parcours=change)


def _make(
    session: Session,
    account: Account,
    period: SealedPeriod,
    draft: CorrectionDraft,
    said: _Said,
    *,
    act: Act | None = None,
    parcours: Parcours | None = None,
    scheme: str | None = None,
    key: uuid.UUID | None = None,
) -> Correction:
    made = Correction(
        account_id=account.id,
        structure_id=draft.structure_id,
        period_id=period.id,
        kind=draft.kind,
        act_id=act.id if act else None,
        parcours_id=parcours.id if parcours else None,
        scheme_code=scheme,
        reason=draft.reason.strip(),
        request_key=key,
        **vars(said),
    )
    session.add(made)
    session.flush()
    note(session, "make_correction", record=made.public_id, structure_id=draft.structure_id)
    return made
