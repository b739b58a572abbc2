"""The network, everybody signed in, and a copy of the database to come back to."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from ramsess import create_app
from ramsess.actions.invitations import invite
from ramsess.actions.sign_ins import open_sign_in, revoke_sign_in
from ramsess.config import Settings
from ramsess.database import close_connections, db
from ramsess.models import CODE_LISTS, Account, ApiToken, SignIn
from tests.conftest import empty_records, open_account
from tests.security.matrix.deposits import imports_and_readings, keep_files
from tests.security.matrix.expected import STRUCTURES, Thing, actions_of
from tests.security.matrix.network import Network
from tests.security.matrix.principals import (
    Browser,
    half_way_in,
    open_accounts,
    protect,
    sign_everybody_in,
)
from tests.security.matrix.scene import populate

# The number of the next transaction that writes.
NEXT_WRITE = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
# What a request may write whoever sends it: counters, and when a sign-in was last used.
COUNTED = {"attempts"}
MOVING = {
    "sign_ins": "(to_jsonb(t) - '{seen_at,idle_until}'::text[])::text",
    "api_tokens": "(to_jsonb(t) - 'used_at')::text",
}
Digest = dict[str, tuple[int, int]]


@dataclass
class World:
    """What the matrix runs through."""

    app: Flask
    admin: Engine
    things: list[Thing]
    canaries: dict[str, Thing]
    browsers: dict[str, Browser]
    structures: dict[str, int]
    #: Endpoint → action, as every route named it when the application started.
    actions: dict[str, str | None]
    written: int = 0
    last: Digest = field(default_factory=dict)

    def of_kind(self, kind: str, principal: str) -> list[Thing]:
        """The things that an address of that kind is tried with; the absent one comes first."""
        found = [thing for thing in self.things if thing.kind == kind]
        if kind in ("sign-in", "access token"):
            found = [item for item in found if item.owner in ("", principal, "dpo", "manager")]
        # What is no act, and no session, of that address.
        if kind in ("act", "session"):
            other = "session" if kind == "act" else "act"
            found += [item for item in self.things if item.kind == other and item.name == "own"]
        return sorted(found, key=lambda item: item.name != "absent")

    def digest(self) -> Digest:
        """A fingerprint of each table, whatever the rights of who asks."""
        parts = [
            f"SELECT '{name}', count(*), "
            f"coalesce(sum(hashtextextended({MOVING.get(name, 't::text')}, 0)::numeric), 0) "
            f"FROM {name} t"
            for name in sorted(set(db.metadata.tables) - COUNTED)
        ]
        with self.admin.connect() as connection:
            self.written = connection.execute(NEXT_WRITE).scalar_one()
            rows = connection.execute(text(" UNION ALL ".join(parts))).all()
        self.last = {str(name): (int(count), int(total)) for name, count, total in rows}
        return self.last

    def digest_if_written(self) -> Digest:
        """The digest, or the last one itself when no transaction wrote anything since."""
        with self.admin.connect() as connection:
            if connection.execute(NEXT_WRITE).scalar_one() == self.written:
                return self.last
        return self.digest()

    def forget_attempts(self) -> None:
        """Nobody has tried anything yet."""
        with self.admin.begin() as connection:
            connection.execute(text("DELETE FROM attempts"))

    def restore(self, before: Digest) -> Digest:
        """Put back what changed, but the journal, which only grows; the digest afterwards."""
        now = self.digest_if_written()
        changed = [
            name for name in before if now[name] != before[name] and not name.startswith("audit_")
        ]
        if changed:
            with self.admin.begin() as connection:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                for name in changed:
                    connection.execute(text(f"DELETE FROM {name}"))
                    connection.execute(text(f"INSERT INTO {name} SELECT * FROM kept.{name}"))
            now = self.digest()
        self.put_deposits_back()
        return now

    def put_deposits_back(self) -> None:
        """What was handed in waits; dropping an import deletes it."""
        for thing in self.things:
            if thing.kind == "import" and thing.there:
                keep_files(self.app, thing.address)


@contextmanager
def build(app: Flask, folder: Path) -> Iterator[World]:
    """Make the network; what was copied is dropped in the end."""
    strict = _strict(app)
    with app.app_context():
        empty_records()
        session = db.session()
        accounts = open_accounts(session)
        session.commit()
        net = Network(session, accounts, folder)
        populate(net)
        session.commit()
        browsers = sign_everybody_in(app, strict, session, accounts)
        _doors(session, net, accounts)
        protect(session, accounts["second_factor_pending"])
        structures = {code: net.ids[code] for code in STRUCTURES}
        db.session.remove()
    browsers["second_factor_pending"] = half_way_in(app)
    admin = create_engine(app.config["DATABASE_ADDRESS"])
    _copy(admin)
    world = World(app, admin, net.things, net.canaries, browsers, structures, actions_of(app))
    world.put_deposits_back()
    # Some twenty thousand requests: what each tells would be kept for the report of the tests.
    logging.disable(logging.WARNING)
    yield world
    logging.disable(logging.NOTSET)
    with admin.begin() as connection:
        connection.execute(text("DROP SCHEMA kept CASCADE"))
    admin.dispose()
    with strict.app_context():
        close_connections()


def _strict(app: Flask) -> Flask:
    """The same, but nothing opens without a second factor."""
    address = app.config["DATABASE_ADDRESS"].render_as_string(hide_password=False)
    return create_app(
        Settings(
            instance=app.config["SETTINGS"].instance,
            database_url=address,
            secure_cookies=False,
            second_factor="required",
        )
    )


def _copy(admin: Engine) -> None:
    with admin.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS kept CASCADE"))
        connection.execute(text("CREATE SCHEMA kept"))
        for name in set(db.metadata.tables):
            connection.execute(text(f"CREATE TABLE kept.{name} AS TABLE public.{name}"))


def _doors(session: Session, net: Network, accounts: dict[str, Account]) -> None:
    """What lets somebody in: invitations, other browsers, deposits, files."""
    add = net.things.append
    for name, account in accounts.items():
        for kept in (True, False):
            open_sign_in(session, account, net.mark(Thing("account", "browser", name, owner=name)))
            last = session.query(SignIn).order_by(SignIn.created_at.desc()).first()
            assert last
            add(Thing("sign-in", "living" if kept else "ended", str(last.id), kept, owner=name))
            if not kept:
                revoke_sign_in(session, account.id, last.id)
            session.commit()
        for token in session.scalars(select(ApiToken).where(ApiToken.account_id == account.id)):
            # What has ended by itself is still its owner's.
            living = token.revoked_at is None
            add(Thing("access token", "hers", str(token.id), living, owner=name))
    for name in ("open", "over", "of a disabled account"):
        account = open_account(session, "funder", email=f"{name.replace(' ', '-')}@demo.example")
        add(Thing("invitation", name, invite(session, account), name == "open"))
        if name == "over":
            account.invited_until = func.now()
        account.active = name != "of a disabled account"
    session.commit()
    for thing in imports_and_readings(session, net, accounts):
        add(thing)
    for code in STRUCTURES:
        add(Thing("structure", code, code))
    add(Thing("file", "there", "ramsess.css"))
    add(Thing("file", "outside", "../config.py", there=False))
    add(Thing("library file", "there", "css/bootstrap.min.css"))
    for name in CODE_LISTS:
        add(Thing("code list", name, name))
    for kind in ("sign-in", "invitation", "import", "reading", "structure", "file",
                 "library file", "access token", "code list"):  # fmt: skip
        random = kind in ("sign-in", "import", "reading", "access token")
        address = str(uuid.UUID(int=9)) if random else "0" * 32
        add(Thing(kind, "absent", address, there=False))
    add(Thing("library token", "absent", "0" * 32, there=False))
