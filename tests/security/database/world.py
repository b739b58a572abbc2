"""Four cases in every table, written by the administrator: own, shared, other's, share ended.

Case 1 is A's; case 2 is B's, shared with A; case 3 is B's; case 4 is B's, which A left. C sees
none. The number of a case is the id of its rows; a session's act is ten more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask

from ramsess.database import Base
from ramsess.roles import role_url
from tests.security.database.corrected import write_corrections
from tests.security.database.pairs import write_pairs
from tests.security.database.periods import write_periods
from tests.security.database.seals import write_seals

A, B, C = 1, 2, 3
OF_CASE = {1: A, 2: B, 3: B, 4: B}
# Account → its structure; 4 left A, 5 is disabled, 6 coordinates, 7 administers, 8 works for C too,
# 9 and 10 manage, 11 coordinated, 12 coordinates until a day that is known.
ACCOUNTS = {1: A, 2: B, 3: C, 4: A, 5: A, 6: None, 7: None, 8: A, 9: A, 10: B, 11: None, 12: None}
ROLES = {6: "coordinator", 7: "admin", 9: "manager", 10: "manager", 11: "coordinator",
         12: "coordinator"}  # fmt: skip
# Days from today on which a role ends.
UNTIL = {4: -2, 11: -2, 12: 30}
# Message → who wrote it: on each case's parcours, on its session (ten more), to the network (beyond
# 20; the coordinator speaks for no structure).
SAID_BY = {1: 1, 2: 1, 3: 2, 4: 2, 11: 1, 12: 2, 13: 2, 14: 2, 21: 3, 22: 6}


def secret_of(account: int, kind: str = "") -> str:
    """What the application would tell the database of the cookie's secret."""
    return hashlib.sha256(f"{account}{kind}".encode()).hexdigest()


@dataclass
class World:
    """Where to enter, and what every table holds."""

    app: Flask
    rows: dict[str, list[dict[str, Any]]]

    def address(self, role: str) -> str:
        """The address for one of the roles."""
        url = role_url(self.app.config["SETTINGS"], self.app.config["DATABASE_ADDRESS"], role)
        return plain(url)

    @contextmanager
    def enter(
        self, role: str = "app", sign_in: str = "", **settings: str
    ) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection as *role* inside the context given; nothing of it stays."""
        with psycopg.connect(self.address(role)) as connection:
            for name, value in {"sign_in": sign_in, **settings}.items():
                connection.execute("SELECT set_config(%s, %s, true)", [f"ramsess.{name}", value])
            yield connection
            connection.rollback()

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What the administrator, whom nothing stops, reads."""
        with self.administer() as admin:
            return admin.execute(query.encode()).fetchall()

    @contextmanager
    def administer(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection as the administrator; nothing of it stays."""
        with (
            psycopg.connect(plain(self.app.config["DATABASE_ADDRESS"])) as admin,
            admin.transaction(force_rollback=True),
        ):
            yield admin

    @contextmanager
    def scene(self) -> Iterator[Scene]:
        """A transaction in which several people act."""
        with self.administer() as admin:
            yield Scene(admin)


class Scene:
    """One transaction, in which several people act in turn; nothing of it stays."""

    def __init__(self, admin: psycopg.Connection[tuple[Any, ...]]) -> None:
        self.admin = admin

    @contextmanager
    def _as(self, role: str, settings: dict[str, str]) -> Iterator[None]:
        with self.admin.transaction():
            self.admin.execute(f"SET LOCAL SESSION AUTHORIZATION ramsess_{role}")
            for name in ("sign_in", "door", "presented", "token"):
                self.admin.execute(
                    "SELECT set_config(%s, %s, true)", [f"ramsess.{name}", settings.get(name, "")]
                )
            yield
            self.admin.execute("SET LOCAL SESSION AUTHORIZATION DEFAULT")

    def act(self, role: str, statement: str, **settings: str) -> int | None:
        """How many rows a statement reaches, None when it is refused."""
        try:
            with self._as(role, settings):
                return self.admin.execute(statement.encode()).rowcount
        except psycopg.errors.InsufficientPrivilege:
            return None

    def rows(self, role: str, statement: str, **settings: str) -> list[tuple[Any, ...]]:
        """What somebody reads."""
        with self._as(role, settings):
            return self.admin.execute(statement.encode()).fetchall()


def plain(url: Any) -> str:
    """An address that psycopg itself reads."""
    text: str = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return text


def key_of(table: str, row: dict[str, Any]) -> tuple[Any, ...]:
    """The primary key of a row."""
    return tuple(row[column.name] for column in Base.metadata.tables[table].primary_key)


def make_world(app: Flask) -> World:
    """Write the cases, and read everything back."""
    with psycopg.connect(plain(app.config["DATABASE_ADDRESS"])) as admin:
        for statement in _statements():
            admin.execute(statement)
        for account, structure in ACCOUNTS.items():
            _account(admin, account, structure)
        for case in OF_CASE:
            _case(admin, case)
        _shared(admin)
        for message, author in SAID_BY.items():
            _message(admin, message, author)
        write_seals(admin)
        admin.execute("SELECT audit_note('search_people', 2, 2, NULL, NULL)")
        rows = {
            table: [
                json.loads(row)
                for (row,) in admin.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            ]
            for table in Base.metadata.tables
        }
    return World(app, rows)


def _statements() -> list[str]:
    return [
        "INSERT INTO parcours_numbers VALUES (2020, 4)",
        "INSERT INTO attempts (kind, key) VALUES ('password', repeat('0', 64))",
    ]


def _account(admin: Any, account: int, structure: int | None) -> None:
    name = f"compte{account}@demo.example"
    admin.execute(
        "INSERT INTO accounts (id, email, name, password, active, fs_uniquifier, "
        "fs_webauthn_user_handle, invitation_hash) "
        "VALUES (%s, %s, 'Ana Fictive', '!', %s, %s, %s, %s)",
        [account, name, account != 5]
        + [f"{secret}-{account}" for secret in ("unique", "poignee", "invitation")],
    )
    role = ROLES.get(account, "adviser")
    admin.execute(
        "INSERT INTO grants (id, account_id, role_name, structure_id, until) VALUES "
        "(%s, %s, %s, %s, current_date + %s::int)",
        [account, account, role, structure, UNTIL.get(account)],
    )
    for kind, idle, expires, revoked in (
        ("", "50 min", "9 h", "NULL"),
        ("idle", "-1 s", "9 h", "NULL"),
        ("expired", "50 min", "-1 s", "NULL"),
        ("revoked", "50 min", "9 h", "now()"),
    ):
        admin.execute(
            "INSERT INTO sign_ins (id, account_id, token_hash, idle_until, expires_at, revoked_at, "
            "browser) VALUES (gen_random_uuid(), %s, %s, now() + %s::interval, "
            f"now() + %s::interval, {revoked}, '')",
            [account, secret_of(account, kind), idle, expires],
        )
    for kind, expires, revoked in (
        ("token", "1 day", "NULL"),
        ("token expired", "-1 s", "NULL"),
        ("token revoked", "1 day", "now()"),
    ):
        admin.execute(
            "INSERT INTO api_tokens (id, account_id, role_name, name, token_hash, expires_at, "
            "revoked_at) VALUES (gen_random_uuid(), %s, %s, 'essai', %s, now() + %s::interval, "
            f"{revoked})",
            [account, role, secret_of(account, kind), expires],
        )
    admin.execute(
        "INSERT INTO security_keys (id, account_id, name, credential_id, public_key, sign_count, "
        "backup_state, device_type, usage, lastuse_datetime) "
        "VALUES (%s, %s, 'clé', %s, '', 0, false, '', '', now())",
        [account, account, str(account).encode()],
    )
    admin.execute("INSERT INTO drafts VALUES (%s, '/actes/nouveau', '[]')", [account])
    admin.execute(
        "INSERT INTO saved_lists (id, account_id, list, name, filters) "
        "VALUES (%s, %s, 'actes', 'Mes actes', '{}')",
        [account, account],
    )
    admin.execute(
        "INSERT INTO advisers (id, email, last_name, first_name, account_id) "
        "VALUES (%s, %s, 'Fictive', 'Ana', %s)",
        [account, name, account],
    )
    if role == "adviser":
        admin.execute(
            "INSERT INTO assignments (id, adviser_id, structure_id, from_on) "
            "VALUES (%s, %s, %s, '2000-01-01')",
            [account, account, structure],
        )


def _case(admin: Any, case: int) -> None:
    structure = OF_CASE[case]
    values = {"k": case, "s": structure, "session": case + 10}
    for statement in (
        "INSERT INTO beneficiaries (id, last_name, first_name, name_key, search_key, birth_date, "
        "sex_code, situation_code, education_code, phone, email, version) VALUES (%(k)s, "
        "'Fictif' || %(k)s, 'Jo', 'fictif' || %(k)s || '|jo', 'fictif', '1980-01-01', 'NR', "
        "'NR', 'NR', '', '', 1)",
        "INSERT INTO acquaintances VALUES (%(k)s, %(s)s, current_date)",
        "INSERT INTO exchange_keys VALUES (%(s)s, 'Bénéficiaires', 'b' || %(k)s, %(k)s)",
        "INSERT INTO erasure_requests (id, person_id, structure_id, account_id, reason_code) "
        "VALUES (%(k)s, %(k)s, %(s)s, %(s)s, 'DEM')",
        "INSERT INTO identity_archives VALUES (%(k)s, '{}', current_date)",
        "SELECT audit_note('read_person', %(s)s, %(s)s, %(k)s, 'fiche')",
        "INSERT INTO projects (id, title, search_key) VALUES (%(k)s, 'Épicerie', 'epicerie')",
        "INSERT INTO parcours (id, reference, project_id, lead_structure_id, entered_on, "
        "entry_phase_code, origin, jobs_created, jobs_consolidated, version) VALUES (%(k)s, "
        "'P-2020-000' || %(k)s, %(k)s, %(s)s, '2020-01-01', 'EME', '', 0, 0, 1)",
        "INSERT INTO parcours_beneficiaries (parcours_id, beneficiary_id, sex_code, "
        "situation_code, education_code) VALUES (%(k)s, %(k)s, 'NR', 'NR', 'NR')",
        "INSERT INTO involvements (id, parcours_id, structure_id, joined_on) "
        "VALUES (%(k)s, %(k)s, %(s)s, '2020-01-01')",
        "INSERT INTO phase_changes VALUES (%(k)s, %(k)s, 'FAI', '2020-02-01')",
        "INSERT INTO fundings VALUES (%(k)s, %(k)s, 'AUT', 100, '2020-02-01', '')",
        # The first diagnostic is validated, the second under way; as plans: superseded, in force.
        "INSERT INTO diagnostics (id, parcours_id, number, opened_on, contributed_on, "
        "validated_on, beneficiary_agreed_on, beneficiary_manner_code, synthesis, wording, "
        "link_hash, link_until, version) VALUES (%(session)s, %(k)s, 1, '2020-02-01', "
        "'2020-02-02', '2020-02-03', '2020-02-03', 'ENT', 'synthèse', 1, 'lien-1' || %(k)s, "
        "now() + interval '1 h', 1), (%(k)s, %(k)s, 2, '2020-03-01', NULL, NULL, NULL, NULL, "
        "'synthèse', 1, 'lien-' || %(k)s, now() + interval '1 h', 1)",
        "INSERT INTO contributions (diagnostic_id, structure_id, parcours_id, invited_on, "
        "handed_in_on, agreed_on, agreed_wording) VALUES (%(session)s, %(s)s, %(k)s, "
        "'2020-02-01', '2020-02-02', '2020-02-03', 1), "
        "(%(k)s, %(s)s, %(k)s, '2020-03-01', NULL, NULL, NULL)",
        "INSERT INTO appraisals (diagnostic_id, structure_id, axis_code, parcours_id, level, "
        "strengths, weaknesses, needs, version) VALUES (%(session)s, %(s)s, 'ECO', %(k)s, 2, "
        "'', '', 'besoin', 1), (%(k)s, %(s)s, 'ECO', %(k)s, 2, '', '', 'besoin', 1)",
        "INSERT INTO plans (id, parcours_id, diagnostic_id, number, opened_on, superseded_on, "
        "reason, version) VALUES (%(session)s, %(k)s, %(session)s, 1, '2020-02-04', '2020-02-05', "
        "'', 1), (%(k)s, %(k)s, %(session)s, 2, '2020-02-05', NULL, '', 1)",
        "INSERT INTO plan_actions (id, plan_id, parcours_id, first_id, structure_id, objective, "
        "planned_acts, planned_minutes, due_on, state, version) VALUES (%(session)s, %(session)s, "
        "%(k)s, NULL, %(s)s, 'objectif', 1, 60, '2020-06-01', 'todo', 1), (%(k)s, %(k)s, %(k)s, "
        "%(session)s, %(s)s, 'objectif', 1, 60, '2020-06-01', 'todo', 1)",
        "INSERT INTO acts (id, done_on, type_code, structure_id, parcours_id, scheme_code, "
        "anonymous_count, note, version) VALUES (%(k)s, '2020-01-31'::date + %(k)s, 'CSL1', %(s)s, "
        "%(k)s, 'DRA', 0, 'note', 1), (%(session)s, '2020-02-01', 'COL1', %(s)s, NULL, "
        "'DRA', 0, 'note', 1)",
        "INSERT INTO act_advisers VALUES (%(k)s, %(s)s, %(s)s, %(s)s, 0, 60), "
        "(%(session)s, %(s)s, %(s)s, %(s)s, 0, 60)",
        "INSERT INTO act_beneficiaries (act_id, beneficiary_id, sex_code, situation_code, "
        "education_code) VALUES (%(k)s, %(k)s, 'NR', 'NR', 'NR')",
        "INSERT INTO group_sessions VALUES (%(session)s, 'Atelier', 60, NULL)",
        "INSERT INTO session_hosts VALUES (%(session)s, %(s)s, 1, 1)",
        "INSERT INTO attendances (act_id, beneficiary_id, structure_id, sex_code, "
        "situation_code, education_code) VALUES (%(session)s, %(k)s, %(s)s, 'NR', 'NR', 'NR')",
        "INSERT INTO resources (id, title, kind_code, theme_code, description, search_key, link, "
        "structure_id, version) "
        "VALUES (%(k)s, 'Guide', 'GUIDE', 'ACC', '', 'guide', '', %(s)s, 1)",
        "INSERT INTO resource_phases VALUES (%(k)s, 'EME')",
        "INSERT INTO resource_files VALUES (%(k)s, 'guide.pdf', 'application/pdf', 5, '%%PDF-')",
        "INSERT INTO enrolments VALUES (%(session)s, %(k)s, %(s)s)",
        "INSERT INTO session_slots VALUES (%(session)s, '09:00', '12:00')",
        "INSERT INTO slot_attendances VALUES (%(session)s, %(k)s, %(s)s, '09:00')",
        "INSERT INTO signed_sheets (id, act_id, structure_id, kind, content) "
        "VALUES (%(k)s, %(session)s, %(s)s, 'pdf', '')",
        "INSERT INTO meetings VALUES (%(session)s, 'compte rendu', 1)",
        "INSERT INTO decisions VALUES (%(session)s, 0, 'décision', %(s)s, NULL)",
    ):
        admin.execute(statement, values)


def _message(admin: Any, message: int, author: int) -> None:
    """Withdrawn, so that who wrote it may withdraw it once more."""
    about = {
        "parcours": message if message < 10 else None,
        "session": message if 10 < message < 20 else None,
    }
    admin.execute(
        "INSERT INTO messages (id, account_id, structure_id, parcours_id, session_id, text, "
        "withdrawn_at) VALUES (%(id)s, %(author)s, %(structure)s, %(parcours)s, %(session)s, '', "
        "now())",
        {"id": message, "author": author, "structure": ACCOUNTS[author], **about},
    )
    admin.execute("INSERT INTO message_mentions VALUES (%s, 2)", [message])
    admin.execute("INSERT INTO message_readings VALUES (2, %s), (1, %s)", [message, message])


def _shared(admin: Any) -> None:
    """A takes part in case 2; it took part in case 4, until the day before yesterday."""
    admin.execute(
        "INSERT INTO involvements (id, parcours_id, structure_id, joined_on, left_on) VALUES "
        "(5, 2, 1, '2020-01-01', NULL), (6, 4, 1, '2020-01-01', current_date - 2)"
    )
    admin.execute(
        "INSERT INTO grants (id, account_id, role_name, structure_id) VALUES (19, 8, 'adviser', 3)"
    )
    admin.execute(
        "INSERT INTO assignments (id, adviser_id, structure_id, from_on) "
        "VALUES (9, 8, 3, '2000-01-01');"
        "INSERT INTO job_sheets VALUES (8, 'missions', 1), (2, 'missions', 1)"
    )
    for number, account, about in (
        (1, 9, "{1}"), (2, 10, "{2}"), (3, 6, "{1,2}"), (4, 6, "{}"), (5, 1, "{}"), (6, 6, "{3}"),
    ):  # fmt: skip
        admin.execute(
            "INSERT INTO imports (id, account_id, structures, digest, state, step, done, total, "
            "counts) VALUES (%s, %s, %s, repeat('0', 64), 'checked', '', 0, 0, '{}')",
            [number, account, about],
        )
    for number, structure in enumerate((A, B, C), 1):
        admin.execute(
            "INSERT INTO mappings (id, structure_id, name, sheet, headings, columns, codes) VALUES "
            "(%s, %s, 'liste', 'Actes', '{date}', '{}', '{}')",
            [number, structure],
        )
    # A confirmed what is said of it, B not yet.
    admin.execute(
        "INSERT INTO presentations (structure_id, confirmed_on) VALUES (1, '2020-01-01'), (2, NULL)"
    )
    admin.execute("INSERT INTO positionings VALUES (1, 'EME', 'ACC', '1'), (2, 'EME', 'ACC', '2')")
    _orientations(admin)
    # A contributes to case 2, validated and under way; it did to case 4.
    admin.execute(
        "INSERT INTO contributions (diagnostic_id, structure_id, parcours_id, invited_on, "
        "handed_in_on, agreed_on, agreed_wording) VALUES (12, 1, 2, '2020-02-01', '2020-02-02', "
        "'2020-02-03', 1), (2, 1, 2, '2020-03-01', NULL, NULL, NULL), "
        "(4, 1, 4, '2020-03-01', '2020-03-02', NULL, NULL)"
    )
    # C was invited to case 3 and never took part.
    admin.execute(
        "INSERT INTO contributions (diagnostic_id, structure_id, parcours_id, invited_on, "
        "agreed_on, agreed_wording) VALUES (13, 3, 3, '2020-02-01', NULL, NULL), "
        "(3, 3, 3, '2020-03-01', '2020-03-02', 1)"
    )
    admin.execute(
        "INSERT INTO appraisals (diagnostic_id, structure_id, axis_code, parcours_id, strengths, "
        "weaknesses, needs, version) VALUES (2, 1, 'JUR', 2, '', '', 'besoin', 1), "
        "(4, 1, 'JUR', 4, '', '', 'besoin', 1)"
    )
    admin.execute("UPDATE acts SET plan_action_id = 10 + id WHERE id IN (1, 2)")
    # What was before the cases.
    admin.execute(
        "INSERT INTO changes (operation, at, noun, kind, key, before, after, person_id) "
        "SELECT gen_random_uuid(), '2019-12-31', 'beneficiaries', 'U', "
        "jsonb_build_object('id', k), '{}', '{}', k FROM generate_series(1, 4) AS k"
    )
    write_pairs(admin)
    write_periods(admin)
    write_corrections(admin)
    # Nobody's yet.
    admin.execute("INSERT INTO projects (id, title, search_key) VALUES (9, 'Épicerie', 'epicerie')")
    admin.execute("INSERT INTO act_advisers VALUES (2, 1, 1, 2, 1, 30), (12, 1, 1, 2, 1, 30)")
    admin.execute("INSERT INTO session_hosts VALUES (12, 1, 0, 1)")


def _orientations(admin: Any) -> None:
    """To C of each case, unanswered; then what was answered, and what is about people alone."""
    # Who accepts takes part: by the next number, which the cases have not asked for.
    admin.execute("SELECT setval('involvements_id_seq', 100)")
    for number, sender, to, partner, parcours, person, answer in (
        *((case, structure, C, None, case, None, None) for case, structure in OF_CASE.items()),
        (5, A, None, "ADIE", None, 1, None),
        (6, A, None, "ADIE", 1, None, "refused"),
        (7, A, C, None, None, 1, "closed"),
        (8, B, C, None, 2, None, "accepted"),
        (9, B, C, None, 3, None, "accepted"),
        (10, B, A, None, None, 3, None),
        (11, B, A, None, None, 3, "refused"),
        (12, B, A, None, None, 4, "accepted"),
    ):
        admin.execute(
            "INSERT INTO orientations (id, from_structure_id, adviser_id, to_structure_id, "
            "partner_code, parcours_id, beneficiary_id, reason, consent_on, proposed_on, answer, "
            "answered_on, answer_note) VALUES (%s, %s, 2, %s, %s, %s, %s, 'motif', '2020-03-01', "
            "'2020-03-01', %s, CASE WHEN %s THEN '2020-03-02'::date END, 'pourquoi')",
            [number, sender, to, partner, parcours, person, answer, answer is not None],
        )
