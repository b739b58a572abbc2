"""Who may do what: one table of actions and roles, and pure functions over records.

Everything is refused unless it is allowed here. Every route names its action.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Select, or_, select

from ramsess.models import (
    Account,
    Acquaintance,
    Act,
    ActAdviser,
    ActBeneficiary,
    Attendance,
    Beneficiary,
    ExchangeKey,
    Involvement,
    Parcours,
    ParcoursBeneficiary,
)

ANYBODY = frozenset({"anonymous", "adviser", "manager", "coordinator", "funder", "admin", "dpo"})
SIGNED_IN = ANYBODY - {"anonymous"}
STRUCTURE_PEOPLE = frozenset({"adviser", "manager"})

ACTIONS: dict[str, frozenset[str]] = {
    "sign_in": ANYBODY,
    "manage_own_account": SIGNED_IN,
    "see_home": SIGNED_IN,
    "see_people": STRUCTURE_PEOPLE,
    "record_people": STRUCTURE_PEOPLE,
    "export_person": frozenset({"manager", "dpo"}),
    "request_erasure": frozenset({"manager"}),
    "protect_data": frozenset({"dpo"}),
    "see_parcours": STRUCTURE_PEOPLE,
    "record_parcours": STRUCTURE_PEOPLE,
    "see_acts": STRUCTURE_PEOPLE,
    "record_acts": STRUCTURE_PEOPLE,
    "see_sessions": STRUCTURE_PEOPLE,
    "record_sessions": STRUCTURE_PEOPLE,
    "see_report": frozenset({"adviser", "manager", "coordinator"}),
    "see_any_structure_report": frozenset({"coordinator"}),
    "export_details": frozenset({"coordinator"}),
    "import_workbook": frozenset({"manager", "coordinator"}),
    "see_person_journal": STRUCTURE_PEOPLE,
    "see_journal": frozenset({"dpo"}),
}


def roles_of(account: Account | None) -> set[str]:
    """The names of the roles that *account* holds; ``anonymous`` when nobody is signed in."""
    if account is None or not account.is_authenticated:
        return {"anonymous"}
    return {grant.role_name for grant in account.grants_today}


def may(account: Account | None, action: str) -> bool:
    """True when one of the account's roles is allowed *action*; KeyError for an unknown one."""
    return bool(ACTIONS[action] & roles_of(account))


# Done for the whole network, on rows that one's structures do not see: by whom.
NETWORK_WIDE: dict[str, frozenset[str]] = {
    "import_workbook": frozenset({"manager", "coordinator"}),
    "protect_data": frozenset({"dpo"}),
    "export_person": frozenset({"dpo"}),
    "see_journal": frozenset({"dpo"}),
}


def spans_network(account: Account, action: str) -> bool:
    """True when the account does *action* for the whole network."""
    return bool(NETWORK_WIDE.get(action, frozenset()) & roles_of(account))


def structure_ids(account: Account) -> set[int]:
    """The structures in whose name the account records."""
    return {structure.id for structure in account.structures("adviser", "manager")}


def structure_codes(account: Account) -> set[str]:
    """The codes of these structures."""
    return {structure.code for structure in account.structures("adviser", "manager")}


def may_see_parcours(account: Account, parcours: Parcours, day: dt.date) -> bool:
    """A parcours is seen by the structures that lead it, or take part in it on *day*.

    The parcours' exit does not close the sight of those that were still there.
    """
    own = structure_ids(account)
    return any(
        item.structure_id in own
        and item.joined_on <= day
        and (item.left_on is None or item.left_on >= day)
        for item in parcours.involvements
    )


def may_see_act(account: Account, act: Act) -> bool:
    """An act is seen by the structure that recorded it and by those that performed it."""
    own = structure_ids(account)
    return act.structure_id in own or any(share.structure_id in own for share in act.shares)


def may_correct_act(account: Account, act: Act) -> bool:
    """An act is corrected by the structure that recorded it."""
    return act.structure_id in structure_ids(account)


def parcours_seen(account: Account, day: dt.date) -> Select[int]:
    """The ids of the parcours that the account may see on *day* (see may_see_parcours)."""
    return select(Parcours.id).where(
        Parcours.id.in_(
            select(Involvement.parcours_id).where(
                Involvement.structure_id.in_(structure_ids(account)),
                Involvement.joined_on <= day,
                or_(Involvement.left_on.is_(None), Involvement.left_on >= day),
            )
        )
    )


def acts_seen(account: Account) -> Select[int]:
    """The ids of the acts that the account may see (see may_see_act)."""
    own = structure_ids(account)
    return select(Act.id).where(
        or_(
            Act.structure_id.in_(own),
            Act.id.in_(select(ActAdviser.act_id).where(ActAdviser.structure_id.in_(own))),
        )
    )


def people_seen(account: Account, day: dt.date) -> Select[int]:
    """The ids of the people whom the account may see on *day*.

    Those of the parcours that it sees, those named by the acts that it sees, present at its
    structures' sessions, entered by them or in their workbooks. A record without name is nobody's.
    """
    own = structure_ids(account)
    return select(Beneficiary.id).where(
        Beneficiary.nameless_since.is_(None),
        or_(
            Beneficiary.id.in_(
                select(ParcoursBeneficiary.beneficiary_id).where(
                    ParcoursBeneficiary.parcours_id.in_(parcours_seen(account, day))
                )
            ),
            Beneficiary.id.in_(
                select(ActBeneficiary.beneficiary_id).where(
                    ActBeneficiary.act_id.in_(acts_seen(account))
                )
            ),
            Beneficiary.id.in_(
                select(Attendance.beneficiary_id).where(Attendance.structure_id.in_(own))
            ),
            Beneficiary.id.in_(
                select(Acquaintance.beneficiary_id).where(Acquaintance.structure_id.in_(own))
            ),
            Beneficiary.id.in_(
                select(ExchangeKey.record_id).where(
                    ExchangeKey.sheet == "Bénéficiaires", ExchangeKey.structure_id.in_(own)
                )
            ),
        ),
    )
