"""``ramsess structure …``: who belongs to the network, from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from ramsess.actions.memberships import (
    StructureDraft,
    add_structure,
    all_structures,
    find_structure,
    join_network,
    leave_network,
)
from ramsess.actions.refusals import RefusedError
from ramsess.cli.app import prepared_app
from ramsess.database import db
from ramsess.models import Membership

DATE = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
CODE = click.argument("code", metavar="CODE")


@click.group(help="Gérer les structures du réseau.")
def structure() -> None:
    """Structures."""


@contextmanager
def one_transaction() -> Iterator[Session]:
    """All or nothing; what is refused is bad usage."""
    with prepared_app().app_context():
        try:
            yield db.session()
        except RefusedError as error:
            raise click.UsageError(str(error)) from error
        db.session.commit()


@structure.command("add", help="Ajouter une structure ; avec --from, elle est membre de ce jour.")
@CODE
@click.option("--name", required=True, help="Nom.")
@click.option("--from", "joined_on", type=DATE, help="Membre à partir de ce jour.")
@click.option("--legal-form", metavar="CODE", help="Forme juridique.")
def add(code: str, name: str, joined_on: dt.datetime | None, legal_form: str | None) -> None:
    with one_transaction() as session:
        made = add_structure(
            session,
            StructureDraft(
                code=code,
                name=name,
                joined_on=joined_on.date() if joined_on else None,
                legal_form_code=legal_form,
            ),
        )
        told = made.code
    click.echo(f"Structure prête : {told}.")


@structure.command("join", help="Noter l’arrivée d’une structure dans le réseau.")
@CODE
@click.option("--on", "day", required=True, type=DATE, help="Premier jour.")
def join(code: str, day: dt.datetime) -> None:
    with one_transaction() as session:
        join_network(session, find_structure(session, code), day.date())
    click.echo(f"{code.upper()} est membre à partir du {day:%d/%m/%Y}.")


@structure.command(
    "leave", help="Noter le départ d’une structure : elle ne voit plus rien ensuite."
)
@CODE
@click.option("--on", "day", required=True, type=DATE, help="Dernier jour.")
def leave(code: str, day: dt.datetime) -> None:
    with one_transaction() as session:
        leave_network(session, find_structure(session, code), day.date())
    click.echo(f"{code.upper()} est membre jusqu’au {day:%d/%m/%Y}.")


@structure.command("list", help="Lister les structures et leurs séjours dans le réseau.")
def list_structures() -> None:
    with one_transaction() as session:
        for item in all_structures(session):
            stays = ", ".join(map(_told, item.memberships)) or "pas encore membre"
            click.echo(f"{item.code:<16} {item.name:<30} {stays}")


def _told(stay: Membership) -> str:
    since = f"{stay.joined_on:%d/%m/%Y}"
    return f"du {since} au {stay.left_on:%d/%m/%Y}" if stay.left_on else f"depuis le {since}"
