"""Hand in a structure's period, take it back, send it back with a remark."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.auditing import note
from ramsess.actions.refusals import ConflictError, RefusedError
from ramsess.actions.standings import Standing, standings
from ramsess.models import Account, HandIn, ReportingPeriod, Structure
from ramsess.models.calendar import today
from ramsess.models.hand_in import HANDED_IN, SENT_BACK, TAKEN_BACK

CONSOLIDATED = "Cette période est consolidée : demandez à la coordination de la rouvrir."


def hand_in(
    session: Session,
    account: Account,
    period: ReportingPeriod,
    structure: Structure,
    *,
    seen: int,
    remark: str = "",
    figures: Mapping[str, float] | None = None,
) -> HandIn:
    """The structure hands in its period, with a word to the coordinator and its key figures.

    *seen*: how many steps the person was looking at. Handing in what is handed in does nothing.
    Records may still change until the period is sealed: *figures* tell whether they did. Raises
    RefusedError, and ConflictError when it was sent back meanwhile.
    """
    there = _own(session, account, period, structure)
    if there.handed_in and there.last:
        return there.last
    if there.number != seen:
        raise ConflictError
    if period.first_on > today():
        raise RefusedError({"": "Cette période n’a pas commencé."})
    step = _add(session, account, there, HANDED_IN, remark.strip(), figures)
    note(session, "hand_in_period", structure_id=structure.id, record=period.public_id)
    return step


def take_back(
    session: Session, account: Account, period: ReportingPeriod, structure: Structure
) -> HandIn | None:
    """The structure takes back what it handed in; None when there is nothing to take back.

    Raises RefusedError.
    """
    there = _own(session, account, period, structure)
    if not there.handed_in:
        return there.last
    step = _add(session, account, there, TAKEN_BACK)
    note(session, "take_back_period", structure_id=structure.id, record=period.public_id)
    return step


def send_back(
    session: Session,
    account: Account,
    period: ReportingPeriod,
    structure: Structure,
    remark: str,
    *,
    seen: int,
) -> HandIn:
    """Who coordinates sends back what a structure handed in, and says why.

    Saying the same twice does it once. Raises RefusedError, and ConflictError when the structure
    took a step meanwhile.
    """
    there = _standing(session, period, structure)
    said = remark.strip()
    if not said:
        raise RefusedError({"remark": "Dites à la structure ce qu’elle doit revoir."})
    if there.last and (there.last.step, there.last.remark) == (SENT_BACK, said):
        return there.last
    if there.number != seen:
        raise ConflictError
    if not there.handed_in:
        raise RefusedError({"structure": f"{structure.name} n’a rien rendu pour cette période."})
    step = _add(session, account, there, SENT_BACK, said)
    note(session, "send_back_period", structure_id=structure.id, record=period.public_id)
    return step


def _own(
    session: Session, account: Account, period: ReportingPeriod, structure: Structure
) -> Standing:
    if not policy.may_hand_in(account, structure):
        raise RefusedError({"": "Cette structure n’est pas de celles dont vous êtes responsable."})
    return _standing(session, period, structure)


def _standing(session: Session, period: ReportingPeriod, structure: Structure) -> Standing:
    session.refresh(period)
    if period.consolidated_on:
        raise RefusedError({"": CONSOLIDATED})
    there = standings(session, [period], [structure.id]).get((period.id, structure.id))
    if there is None:
        raise RefusedError({"": f"{structure.name} n’est pas membre du réseau à ces dates."})
    return there


def _add(
    session: Session,
    account: Account,
    there: Standing,
    step: str,
    remark: str = "",
    figures: Mapping[str, float] | None = None,
) -> HandIn:
    # Two who take the same step at once have the same number: the database refuses the second.
    made = HandIn(
        period_id=there.period.id,
        structure_id=there.structure.id,
        number=there.number + 1,
        step=step,
        remark=remark,
        figures=dict(figures) if figures is not None else None,
        account_id=account.id,
    )
    session.add(made)
    session.flush()
    return made
