"""Who may do what: one table of actions and roles, and pure functions over records.

Everything is refused unless it is allowed here. Every route names its action.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from ramsess.models import (
    Account,
    Acquaintance,
    Act,
    ActAdviser,
    ActBeneficiary,
    Assignment,
    Attendance,
    Beneficiary,
    DuplicatePair,
    ExchangeKey,
    Import,
    Involvement,
    Orientation,
    Parcours,
    ParcoursBeneficiary,
    Resource,
    Structure,
)
from ramsess.models.account import STRUCTURE_ROLES

ROLES = ("anonymous", "adviser", "manager", "coordinator", "funder", "admin", "dpo")

# What each role may do. «oui»: what names no record; «vus»: on records that one's structures see;
# «siens»: on records that one's structures made, or that are one's own; «tous»: on any record of
# the network; «·»: to this role it does not exist.
TABLE = """
action                   | visiteur | conseil | respons. | coordin. | Région | techn. | DPO
sign_in                  | oui      | oui     | oui      | oui      | oui    | oui    | oui
manage_own_account       | ·        | siens   | siens    | siens    | siens  | siens  | siens
see_home                 | ·        | oui     | oui      | oui      | oui    | oui    | oui
keep_drafts              | ·        | siens   | siens    | siens    | ·      | ·      | ·
see_people               | ·        | vus     | vus      | ·        | ·      | ·      | ·
record_people            | ·        | vus     | vus      | ·        | ·      | ·      | ·
see_person_journal       | ·        | vus     | vus      | ·        | ·      | ·      | ·
export_person            | ·        | ·       | vus      | ·        | ·      | ·      | tous
see_duplicates           | ·        | vus     | vus      | ·        | ·      | ·      | ·
settle_duplicates        | ·        | vus     | vus      | ·        | ·      | ·      | ·
answer_matches           | ·        | vus     | vus      | ·        | ·      | ·      | ·
oversee_duplicates       | ·        | ·       | ·        | tous     | ·      | ·      | ·
request_erasure          | ·        | ·       | vus      | ·        | ·      | ·      | ·
protect_data             | ·        | ·       | ·        | ·        | ·      | ·      | tous
see_journal              | ·        | ·       | ·        | ·        | ·      | ·      | tous
see_parcours             | ·        | vus     | vus      | ·        | ·      | ·      | ·
record_parcours          | ·        | vus     | vus      | ·        | ·      | ·      | ·
see_orientations         | ·        | vus     | vus      | ·        | ·      | ·      | ·
propose_orientations     | ·        | vus     | vus      | ·        | ·      | ·      | ·
answer_orientations      | ·        | vus     | vus      | ·        | ·      | ·      | ·
close_orientations       | ·        | siens   | siens    | ·        | ·      | ·      | ·
see_diagnostics          | ·        | vus     | vus      | ·        | ·      | ·      | ·
contribute_to_diagnostic | ·        | vus     | vus      | ·        | ·      | ·      | ·
lead_diagnostics         | ·        | siens   | siens    | ·        | ·      | ·      | ·
agree_by_link            | oui      | oui     | oui      | oui      | oui    | oui    | oui
see_plans                | ·        | vus     | vus      | ·        | ·      | ·      | ·
record_plans             | ·        | vus     | vus      | ·        | ·      | ·      | ·
see_acts                 | ·        | vus     | vus      | ·        | ·      | ·      | ·
record_acts              | ·        | oui     | oui      | ·        | ·      | ·      | ·
correct_acts             | ·        | siens   | siens    | ·        | ·      | ·      | ·
undo_recordings          | ·        | siens   | siens    | ·        | ·      | ·      | ·
see_sessions             | ·        | vus     | vus      | ·        | ·      | ·      | ·
record_sessions          | ·        | oui     | oui      | ·        | ·      | ·      | ·
note_attendance          | ·        | vus     | vus      | ·        | ·      | ·      | ·
correct_sessions         | ·        | siens   | siens    | ·        | ·      | ·      | ·
keep_signed_sheets       | ·        | siens   | siens    | ·        | ·      | ·      | ·
exchange_on_records      | ·        | vus     | vus      | ·        | ·      | ·      | ·
exchange_in_network      | ·        | oui     | oui      | oui      | ·      | ·      | ·
withdraw_messages        | ·        | siens   | siens    | siens    | ·      | ·      | ·
see_meetings             | ·        | oui     | oui      | oui      | ·      | ·      | ·
record_meetings          | ·        | siens   | siens    | ·        | ·      | ·      | ·
see_posts                | ·        | ·       | vus      | tous     | ·      | ·      | ·
record_posts             | ·        | ·       | vus      | tous     | ·      | ·      | ·
see_report               | ·        | oui     | oui      | oui      | ·      | ·      | ·
see_quality              | ·        | vus     | vus      | tous     | ·      | ·      | ·
see_any_structure_report | ·        | ·       | ·        | oui      | ·      | ·      | ·
see_disclosure           | ·        | ·       | ·        | oui      | ·      | ·      | ·
export_details           | ·        | ·       | ·        | oui      | ·      | ·      | ·
search                   | ·        | vus     | vus      | oui      | ·      | ·      | ·
keep_lists               | ·        | siens   | siens    | siens    | ·      | ·      | ·
import_workbook          | ·        | tous    | tous     | tous     | ·      | ·      | ·
see_imports              | ·        | siens   | siens    | siens    | ·      | ·      | ·
map_spreadsheets         | ·        | siens   | siens    | ·        | ·      | ·      | ·
see_network              | oui      | oui     | oui      | oui      | oui    | oui    | oui
take_position            | ·        | ·       | siens    | ·        | ·      | ·      | ·
see_resources            | ·        | oui     | oui      | oui      | ·      | ·      | ·
record_resources         | ·        | oui     | oui      | ·        | ·      | ·      | ·
correct_resources        | ·        | siens   | siens    | ·        | ·      | ·      | ·
manage_structures        | ·        | ·       | ·        | ·        | ·      | tous   | ·
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return {
        action: {role: on for role, on in zip(ROLES, cells, strict=True) if on != "·"}
        for action, *cells in lines[1:]
    }


#: Action → role → on which records (the words of the table).
ACTIONS = _read(TABLE)


def roles_of(account: Account | None) -> set[str]:
    """The names of the roles that *account* holds; ``anonymous`` when nobody is signed in."""
    if account is None or not account.is_authenticated:
        return {"anonymous"}
    return {grant.role_name for grant in account.grants_today}


def may(account: Account | None, action: str) -> bool:
    """True when one of the account's roles is allowed *action*; KeyError for an unknown one."""
    return allowed(roles_of(account), action)


def allowed(roles: set[str], action: str) -> bool:
    """True when one of the *roles* is allowed *action*; KeyError for an unknown one."""
    return bool(ACTIONS[action].keys() & roles)


def spans_network(account: Account, action: str) -> bool:
    """True when the account does *action* on any record: not those alone that it sees."""
    return any(ACTIONS[action].get(role) == "tous" for role in roles_of(account))


def structure_ids(account: Account, roles: tuple[str, ...] = STRUCTURE_ROLES) -> set[int]:
    """The structures in whose name the account records, in those *roles*."""
    return {structure.id for structure in account.structures(*roles)}


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


def leads(account: Account, parcours: Parcours) -> bool:
    """True when one of the account's structures is the référente."""
    return parcours.lead_structure_id in structure_ids(account)


def may_see_act(account: Account, act: Act) -> bool:
    """An act is seen by the structure that recorded it and by those that performed it."""
    own = structure_ids(account)
    return act.structure_id in own or any(share.structure_id in own for share in act.shares)


def may_correct_act(account: Account, act: Act) -> bool:
    """An act is corrected by the structure that recorded it."""
    return act.structure_id in structure_ids(account)


def may_survey(account: Account, structure: Structure) -> bool:
    """All that is missing in a structure is its manager's to see; an adviser sees her own."""
    return spans_network(account, "see_quality") or structure.id in structure_ids(
        account, ("manager",)
    )


def may_take_position(account: Account, structure: Structure) -> bool:
    """A structure's line of the global schema is its manager's to say."""
    return structure.id in structure_ids(account, ("manager",))


def may_correct_resource(account: Account, resource: Resource) -> bool:
    """A resource is corrected and withdrawn by the structure that contributed it."""
    return resource.structure_id in structure_ids(account)


def imports_seen(account: Account) -> ColumnElement[bool]:
    """The imports that the account made, and those that are about its structures alone."""
    own = sorted(structure_ids(account))
    return or_(
        Import.account_id == account.id,
        and_(Import.structures != [], Import.structures.contained_by(own)),
    )


def parcours_seen(
    account: Account, day: dt.date, roles: tuple[str, ...] = STRUCTURE_ROLES
) -> Select[int]:
    """The ids of the parcours that the account may see on *day* (see may_see_parcours)."""
    return select(Parcours.id).where(
        Parcours.id.in_(
            select(Involvement.parcours_id).where(
                Involvement.structure_id.in_(structure_ids(account, roles)),
                Involvement.joined_on <= day,
                or_(Involvement.left_on.is_(None), Involvement.left_on >= day),
            )
        )
    )


def acts_seen(account: Account, roles: tuple[str, ...] = STRUCTURE_ROLES) -> Select[int]:
    """The ids of the acts that the account may see (see may_see_act)."""
    own = structure_ids(account, roles)
    return select(Act.id).where(
        or_(
            Act.structure_id.in_(own),
            Act.id.in_(select(ActAdviser.act_id).where(ActAdviser.structure_id.in_(own))),
        )
    )


def may_close_orientation(account: Account, orientation: Orientation) -> bool:
    """What became of an orientation is noted by the structure that proposed it."""
    return orientation.from_structure_id in structure_ids(account)


def orientations_seen(
    account: Account, day: dt.date, roles: tuple[str, ...] = STRUCTURE_ROLES
) -> Select[int]:
    """The ids of the orientations that the account may see, with whom they are about.

    Those that its structures proposed or accepted, and those of the parcours that it sees. Who is
    only asked sees nobody (actions.offers).
    """
    own = structure_ids(account, roles)
    return select(Orientation.id).where(
        or_(
            Orientation.from_structure_id.in_(own),
            Orientation.to_structure_id.in_(own) & (Orientation.answer == "accepted"),
            Orientation.parcours_id.in_(parcours_seen(account, day, roles)),
        )
    )


def posts_seen(account: Account, day: dt.date) -> Select[int]:
    """The ids of the advisers whose mutualised post the account may see.

    They are those assigned to two structures at least on *day*, one of which it manages; all of
    them for who does it on any record.
    """
    held = and_(
        or_(Assignment.from_on.is_(None), Assignment.from_on <= day),
        or_(Assignment.to_on.is_(None), Assignment.to_on >= day),
    )
    query = (
        select(Assignment.adviser_id)
        .where(held)
        .group_by(Assignment.adviser_id)
        .having(func.count(Assignment.structure_id.distinct()) > 1)
    )
    if spans_network(account, "see_posts"):
        return query
    managed = structure_ids(account, ("manager",))
    mine = select(Assignment.adviser_id).where(held, Assignment.structure_id.in_(managed))
    return query.where(Assignment.adviser_id.in_(mine))


def people_seen(
    account: Account, day: dt.date, roles: tuple[str, ...] = STRUCTURE_ROLES
) -> Select[int]:
    """The ids of the people whom the account may see on *day*, by what it is (*roles*).

    Those of the parcours that it sees, those named by the acts that it sees, present at its
    structures' sessions, entered by them or in their workbooks. A record without name is nobody's.
    """
    own = structure_ids(account, roles)
    return select(Beneficiary.id).where(
        Beneficiary.nameless_since.is_(None),
        or_(
            Beneficiary.id.in_(
                select(ParcoursBeneficiary.beneficiary_id).where(
                    ParcoursBeneficiary.parcours_id.in_(parcours_seen(account, day, roles))
                )
            ),
            Beneficiary.id.in_(
                select(ActBeneficiary.beneficiary_id).where(
                    ActBeneficiary.act_id.in_(acts_seen(account, roles))
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


def pairs_seen(
    account: Account, day: dt.date, roles: tuple[str, ...] = STRUCTURE_ROLES
) -> Select[int]:
    """The ids of the pairs of which the account sees both records, or the one that both became."""
    seen = people_seen(account, day, roles)
    return select(DuplicatePair.id).where(
        or_(
            DuplicatePair.kept_id.in_(seen),
            and_(DuplicatePair.first_id.in_(seen), DuplicatePair.second_id.in_(seen)),
        )
    )
