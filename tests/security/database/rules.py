"""What the trade says of each row: who sees it, adds it, changes it, removes it.

It is said here, row by row, and asks no function of the database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ramsess.models import CODE_LISTS
from tests.security.database.corrected import EARLIER
from tests.security.database.seals import COORDINATORS
from tests.security.database.world import (
    ACCOUNTS,
    OF_CASE,
    ROLES,
    SAID_BY,
    A,
    B,
    World,
    key_of,
    secret_of,
)

Row = dict[str, Any]
OPEN = {
    *CODE_LISTS,
    "roles",
    "structures",
    "memberships",
    "communes",
    "departments",
    "epcis",
    "dla_terms",
}
# Nobody's data: written, never shown on a page.
WORKINGS = {"parcours_numbers": "SIU", "attempts": "SID"}
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
REFUSED = "refused"


class Who:
    """Somebody signed in, as the trade describes her: her structures, what they share."""

    def __init__(self, account: int | None, *, by_token: bool = False) -> None:
        self.account = account
        working = account in (1, 2, 3, 9, 10)
        self.by_token = by_token
        self.roles = set() if account in (None, 4, 11) else {ROLES.get(account, "adviser")}
        self.structure = ACCOUNTS.get(account or 0) if working else None
        # A shares case 2; it left case 4.
        self.cases = {k for k, s in OF_CASE.items() if self.structure == s}
        self.shares = self.cases | ({2} if self.structure == A else set())
        self.said = {message for message, author in SAID_BY.items() if author == account}

    def mine(self, row: Row) -> bool:
        return self.structure is not None and row["structure_id"] == self.structure

    @property
    def in_network(self) -> bool:
        """Advisers, managers, those who coordinate today (6, 12)."""
        return self.structure is not None or self.account in (6, 12)

    def reads(self, message: int) -> bool:
        """Messages of a case bear its number, those on its session ten more, to all beyond 20."""
        return self.in_network if message > 20 else message % 10 in self.shares

    def sees_act(self, act: int) -> bool:
        return act % 10 in self.shares

    def records(self, act: int) -> bool:
        return act % 10 in self.cases


class Door(Who):
    """Somebody who is not signed in, or not entirely, at the door of *account*."""

    def __init__(self, account: int | None, signed_in: int | None = None) -> None:
        super().__init__(None)
        self.account = account
        self.signed_in = signed_in


def own_account(who: Who, row: Row) -> bool:
    holder = row["account_id"] if "account_id" in row else row["id"]
    return who.account is not None and holder == who.account


def by_case(column: str) -> Callable[[Who, Row], bool]:
    return lambda who, row: row[column] in who.shares


def shown(who: Who, row: Row) -> bool:
    """At another's door one still sees one's own account, nothing else of it."""
    return own_account(who, row) or (
        isinstance(who, Door) and row.get("account_id", row["id"]) == who.signed_in
    )


def led(who: Who, row: Row) -> bool:
    return row["parcours_id"] in who.cases


def own_open(who: Who, row: Row) -> bool:
    """A structure's own column, in a diagnostic that is not validated; ids past ten are."""
    return who.mine(row) and row["parcours_id"] in who.shares and row["diagnostic_id"] < 10


def in_force(who: Who, row: Row) -> bool:
    """The plan is the present one; ids past ten are superseded."""
    return row["parcours_id"] in who.shares and row.get("plan_id", row["id"]) < 10


def mine(who: Who, row: Row) -> bool:
    return who.mine(row)


def never(_who: Who, _row: Row) -> bool:
    return False


def anybody(who: Who, _row: Row) -> bool:
    return who.structure is not None


def published(_who: Who, row: Row) -> bool:
    """A confirmed what it says of itself; B's is a starting point that somebody proposed."""
    return bool(row["structure_id"] == A)


def presented(who: Who, row: Row) -> bool:
    return published(who, row) or in_network(who, row)


def contributed(who: Who, row: Row) -> bool:
    return row["resource_id"] in who.cases


def orientation_seen(who: Who, row: Row) -> bool:
    """Of who proposed it, of who accepted it, of those that take part in the parcours."""
    accepted = row["to_structure_id"] == who.structure and row["answer"] == "accepted"
    return proposed(who, row) or (anybody(who, row) and accepted) or (
        row["parcours_id"] in who.shares
    )  # fmt: skip


def proposed(who: Who, row: Row) -> bool:
    return who.structure is not None and row["from_structure_id"] == who.structure


def act_seen(who: Who, row: Row) -> bool:
    return who.sees_act(row["act_id"])


def act_recorded(who: Who, row: Row) -> bool:
    return who.records(row["act_id"])


def in_network(who: Who, _row: Row) -> bool:
    return who.in_network


def import_seen(who: Who, row: Row) -> bool:
    """Of who made it, and of the structure that it is about, when it is about no other."""
    return own_account(who, row) or (anybody(who, row) and row["structures"] == [who.structure])


def manages(who: Who, row: Row) -> bool:
    """Adviser 8 works for A and C, adviser 2 for B; 9 manages A, 10 manages B."""
    return (who.account, row["adviser_id"]) in ((9, 8), (10, 2))


def hands_in(who: Who, row: Row) -> bool:
    """9 manages A, 10 manages B: in their own name; sending back is not theirs."""
    managed = (who.account, row["structure_id"]) in ((9, A), (10, B))
    return managed and own_account(who, row) and row["step"] != "sent_back"


def settled(_who: Who, row: Row) -> bool:
    """The consolidated period."""
    return bool(row["consolidated_on"])


def correction_seen(who: Who, row: Row) -> bool:
    """Of who reads the record that it is about; of what was forgotten, the structure's own."""
    if row["act_id"]:
        return who.sees_act(row["act_id"])
    return row["parcours_id"] in who.shares if row["parcours_id"] else who.mine(row)


def correction_made(who: Who, row: Row) -> bool:
    """In one's own name, for one's structure; of a session held with others, what one noted."""
    if not (who.mine(row) and own_account(who, row) and correction_seen(who, row)):
        return False
    if row["id"] == EARLIER:
        return False
    noted = row["kind"] in ("attendance", "heads")
    return row["act_id"] is None or noted or who.records(row["act_id"])


# Of which records the history is read by who reads the record.
OF_ACTS = ("acts", "act_advisers", "act_beneficiaries", "group_sessions", "session_hosts",
           "session_slots")  # fmt: skip
OF_PARCOURS = (
    "parcours",
    "parcours_beneficiaries",
    "involvements",
    "phase_changes",
    "fundings",
    "plans",
    "plan_actions",
)


def history(who: Who, row: Row) -> bool:
    """Of a person, what she was since one knows her: cases begin in 2020."""
    noun = row["noun"]
    if noun == "beneficiaries":
        return row["person_id"] in who.shares and row["at"] >= "2020"
    if noun in OF_ACTS:
        return row["act_id"] is not None and who.sees_act(row["act_id"])
    if noun in OF_PARCOURS:
        return row["parcours_id"] in who.shares
    if noun == "projects":
        (key,) = row["key"] if row["kind"] == "I" else [row["key"]]
        return key["id"] in who.shares
    return noun in ("acquaintances", "attendances", "enrolments", "slot_attendances") and (
        who.mine(row)
    )


def pair_seen(who: Who, row: Row) -> bool:
    """Of who sees both records; once merged, of who sees the one that stays."""
    people = {row["kept_id"]} if row["kept_id"] else {row["first_id"], row["second_id"]}
    return people <= who.shares


def inside(who: Who, _row: Row) -> bool:
    return who.account is not None


def sealed_for(who: Who, row: Row) -> bool:
    """The network's edition is for who works in it; the others for who coordinates."""
    return who.in_network and (row["edition"] == "network" or who.account in COORDINATORS)


def lasting(who: Who, row: Row) -> bool:
    return own_account(who, row) and row["revoked_at"] is None


def made_today(who: Who, row: Row) -> bool:
    """A token is made alive, by who signed in, for a role that she holds."""
    return lasting(who, row) and not who.by_token and row["role_name"] in who.roles


# Table → SELECT, INSERT, UPDATE, DELETE: which rows, None where the verb itself is refused.
Rule = Callable[[Who, Row], bool] | None
RULES: dict[str, tuple[Rule, Rule, Rule, Rule]] = {
    "accounts": (own_account, None, own_account, None),
    "grants": (own_account, None, None, None),
    "sign_ins": (own_account, own_account, lasting, None),
    "security_keys": (own_account, own_account, own_account, own_account),
    "api_tokens": (own_account, made_today, lasting, None),
    "advisers": (lambda who, row: own_account(who, row) or anybody(who, row), None, None, None),
    "assignments": (
        lambda who, row: row["adviser_id"] == who.account or anybody(who, row),
        None, None, None,
    ),
    "beneficiaries": (by_case("id"), anybody, by_case("id"), None),
    "acquaintances": (mine, mine, mine, None),
    "exchange_keys": (mine, None, None, None),
    "erasure_requests": (
        mine, lambda who, row: who.mine(row) and row["account_id"] == who.account, None, None,
    ),
    "identity_archives": (never, None, None, None),
    "audit_events": (by_case("id"), None, None, None),
    "audit_details": (by_case("person_id"), None, None, None),
    "changes": (history, None, None, None),
    "duplicate_pairs": (
        pair_seen,
        lambda who, row: pair_seen(who, row) and row["verdict"] == "distinct"
        and own_account(who, row),
        never,
        None,
    ),
    "projects": (by_case("id"), anybody, by_case("id"), None),
    "parcours": (by_case("id"), never, by_case("id"), None),
    "parcours_beneficiaries": (
        by_case("parcours_id"), lambda who, row: row["parcours_id"] in who.cases,
        by_case("parcours_id"), None,
    ),
    "involvements": (
        lambda who, row: who.mine(row) or row["parcours_id"] in who.shares,
        lambda who, row: who.mine(row) and row["parcours_id"] in who.cases,
        lambda who, row: who.mine(row) and row["parcours_id"] in who.shares,
        None,
    ),
    "orientations": (
        orientation_seen,
        lambda who, row: proposed(who, row) and row["answer"] is None
        and bool({row["parcours_id"], row["beneficiary_id"]} & who.shares),
        lambda who, row: proposed(who, row) and (row["answer"] is None or row["partner_code"]),
        None,
    ),
    "phase_changes": (by_case("parcours_id"),) * 4,
    "fundings": (by_case("parcours_id"), by_case("parcours_id"), None, by_case("parcours_id")),
    "diagnostics": (
        by_case("parcours_id"),
        lambda who, row: led(who, row) and row["contributed_on"] is None,
        lambda who, row: led(who, row) and row["validated_on"] is None,
        None,
    ),
    "contributions": (
        by_case("parcours_id"),
        lambda who, row: (
            led(who, row) and row["diagnostic_id"] < 10
            and not row["handed_in_on"] and not row["agreed_on"]
        ),
        own_open,
        lambda who, row: led(who, row) and row["diagnostic_id"] < 10 and not row["handed_in_on"],
    ),
    "appraisals": (by_case("parcours_id"), own_open, own_open, None),
    "plans": (by_case("parcours_id"), by_case("parcours_id"), in_force, None),
    "plan_actions": (by_case("parcours_id"), in_force, in_force, None),
    "acts": (lambda who, row: who.sees_act(row["id"]), mine, mine, mine),
    "act_advisers": (act_seen, act_recorded, None, act_recorded),
    "act_beneficiaries": (act_seen, act_recorded, act_recorded, act_recorded),
    "group_sessions": (act_seen, act_recorded, act_recorded, act_recorded),
    "session_hosts": (act_seen, act_recorded, mine, act_recorded),
    "attendances": (mine, mine, None, mine),
    "corrections": (correction_seen, correction_made, None, None),
    "presentations": (presented, mine, mine, None),
    "positionings": (presented, mine, mine, mine),
    "resources": (in_network, mine, mine, mine),
    "resource_phases": (in_network, contributed, None, contributed),
    "resource_files": (in_network, contributed, None, contributed),
    "messages": (
        lambda who, row: who.reads(row["id"]),
        lambda who, row: who.reads(row["id"]) and own_account(who, row),
        own_account,
        None,
    ),
    "message_mentions": (
        lambda who, row: who.reads(row["message_id"]),
        lambda who, row: who.reads(row["message_id"]) and row["message_id"] in who.said,
        None,
        None,
    ),
    "enrolments": (mine, mine, None, mine),
    "session_slots": (act_seen, act_recorded, None, act_recorded),
    "slot_attendances": (mine, mine, None, mine),
    "signed_sheets": (mine, mine, None, mine),
    "meetings": (in_network, act_recorded, act_recorded, None),
    "decisions": (in_network, act_recorded, None, act_recorded),
    "job_sheets": (manages, manages, manages, None),
    "saved_lists": (own_account,) * 4,
    "drafts": (own_account,) * 4,
    "imports": (import_seen, None, None, None),
    "mappings": (mine, mine, mine, mine),
    "seal_keys": (inside, None, None, None),
    "seals": (inside, None, None, None),
    "sealed_files": (sealed_for, None, None, None),
    "periods": (in_network, None, None, None),
    "hand_ins": (mine, hands_in, None, None),
    "table_comments": (None, None, None, None),
    "message_readings": (
        own_account, lambda who, row: own_account(who, row) and who.reads(row["message_id"]),
        None, None,
    ),
}  # fmt: skip
# What somebody who is not inside may do, of the account that she names and of no other.
DOOR_RULES: dict[str, tuple[Rule, Rule, Rule, Rule]] = {
    "accounts": (shown, None, own_account, None),
    "grants": (shown, None, None, None),
    "sign_ins": (own_account, own_account, lasting, None),
    "security_keys": (own_account, None, own_account, None),
    "api_tokens": (own_account, None, lasting, None),
    "presentations": (published, None, None, None),
    "positionings": (published, None, None, None),
    "periods": (settled, None, None, None),
}
# A column that its pages change.
CHANGED = {
    "accounts": "password", "sign_ins": "seen_at", "security_keys": "sign_count",
    "api_tokens": "revoked_at",
    "beneficiaries": "version", "acquaintances": "informed_on", "projects": "title",
    "parcours": "version", "involvements": "left_on", "orientations": "version",
    "phase_changes": "phase_code", "parcours_beneficiaries": "sex_code",
    "diagnostics": "synthesis", "contributions": "handed_in_on", "appraisals": "needs",
    "plans": "review_on", "plan_actions": "objective",
    "acts": "version", "act_beneficiaries": "age", "group_sessions": "title",
    "session_hosts": "version", "parcours_numbers": "last", "presentations": "version",
    "positionings": "degree_code", "resources": "version", "messages": "withdrawn_at",
    "meetings": "version", "job_sheets": "version", "saved_lists": "name", "drafts": "text",
    "duplicate_pairs": "version", "mappings": "sheet",
}  # fmt: skip


def contexts() -> dict[str, tuple[Who, dict[str, str]]]:
    """Who acts, and what the database is told; whatever is forged is nobody."""
    nobody = Who(None)
    found = {
        "own": (Who(1), {"sign_in": secret_of(1)}),
        "no context": (nobody, {}),
        "the other structure's": (Who(2), {"sign_in": secret_of(2)}),
        "a stranger structure's": (Who(3), {"sign_in": secret_of(3)}),
        "left the structure": (Who(4), {"sign_in": secret_of(4)}),
        "disabled": (nobody, {"sign_in": secret_of(5)}),
        "coordinator": (Who(6), {"sign_in": secret_of(6)}),
        "coordinated": (Who(11), {"sign_in": secret_of(11)}),
        "coordinates for some weeks": (Who(12), {"sign_in": secret_of(12)}),
        "manager": (Who(9), {"sign_in": secret_of(9)}),
        "the other structure's manager": (Who(10), {"sign_in": secret_of(10)}),
        "administrator": (Who(7), {"sign_in": secret_of(7)}),
        "expired": (nobody, {"sign_in": secret_of(1, "expired")}),
        "idle": (nobody, {"sign_in": secret_of(1, "idle")}),
        "revoked": (nobody, {"sign_in": secret_of(1, "revoked")}),
        "a program's": (Who(1, by_token=True), {"token": secret_of(1, "token")}),
        "a program's of a coordinator": (Who(6, by_token=True), {"token": secret_of(6, "token")}),
        "a program's of who left": (nobody, {"token": secret_of(4, "token")}),
        "a program's of who is disabled": (nobody, {"token": secret_of(5, "token")}),
        "a program's, expired": (nobody, {"token": secret_of(1, "token expired")}),
        "a program's, revoked": (nobody, {"token": secret_of(1, "token revoked")}),
        "a cookie in a program's place": (nobody, {"token": secret_of(1)}),
        "a program's in a cookie's place": (nobody, {"sign_in": secret_of(1, "token")}),
        "a cookie beside a worthless token": (
            nobody,
            {"sign_in": secret_of(1, "revoked"), "token": secret_of(2, "token")},
        ),
    }
    for word in ("1", secret_of(99), "compte1@demo.example", "unique-1", "P-2020-0001", "batch"):
        settings = dict.fromkeys(
            ("sign_in", "door", "presented", "token", "account", "structure", "structures"), word
        )
        found[f"forged {word[:12]}"] = (nobody, settings)
    return found


def at_the_door() -> dict[str, tuple[Door, dict[str, str]]]:
    """Who asks to be let in, and what she shows of herself."""
    return {
        "nobody": (Door(None), {}),
        "somebody without account": (Door(None), {"door": "absente@demo.example"}),
        "an account's address": (Door(2), {"door": "compte2@demo.example"}),
        "an account's secret": (Door(2), {"door": "unique-2"}),
        "an account's key": (Door(2), {"door": "poignee-2"}),
        "an account's invitation": (Door(2), {"door": "invitation-2"}),
        "signed in": (Door(None, 1), {"sign_in": secret_of(1)}),
        "signed in, at another's": (
            Door(2, 1), {"sign_in": secret_of(1), "door": "compte2@demo.example"},
        ),
    }  # fmt: skip


def expect(world: World, table: str, verb: str, who: Who) -> frozenset[Any] | str:
    """The keys of the rows that a verb should reach, or its refusal."""
    rules, place = (DOOR_RULES if isinstance(who, Door) else RULES), VERBS.index(verb)
    if table in OPEN or table in WORKINGS:
        verbs = WORKINGS.get(table, "S")
        if isinstance(who, Door):
            verbs = "" if table == "parcours_numbers" else verbs
        elif table == "communes":
            verbs = "SI"
        everything = frozenset(key_of(table, row) for row in tried(world, table, verb))
        return everything if verb[0] in verbs else REFUSED
    rule = rules.get(table, (None,) * 4)[place]
    if rule is None:
        return REFUSED
    return frozenset(key_of(table, row) for row in tried(world, table, verb) if rule(who, row))


def tried(world: World, table: str, verb: str) -> list[Row]:
    """The rows that a verb is tried on: of a long list a few are enough to be added."""
    return world.rows[table][:20] if verb == "INSERT" else world.rows[table]
