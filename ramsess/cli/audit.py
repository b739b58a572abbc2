"""The commands of the journal: its last link, and whether the chain holds."""

from __future__ import annotations

import sys

import click

from ramsess.actions.audit_chain import Head, head_of, verify
from ramsess.cli.app import prepared_app
from ramsess.database import db
from ramsess.models.calendar import PARIS


@click.group(help="Contrôler le journal des consultations et des modifications.")
def audit() -> None:
    """The journal's chain."""


@audit.command("head", help="Donner le numéro, l’empreinte et la date du dernier événement.")
def audit_head() -> None:
    app = prepared_app()
    with app.app_context():
        head = head_of(db.session())
    when = f" {head.at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}" if head.at else ""
    click.echo(f"{head.number}:{head.digest}{when}")


@audit.command("verify", help="Recalculer toute la chaîne ; code 1 si elle est rompue.")
@click.option("--head", "kept", metavar="NUMÉRO:EMPREINTE", help="Une empreinte conservée.")
def audit_verify(kept: str | None) -> None:
    try:
        head = Head.parse(kept) if kept else None
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    app = prepared_app()
    with app.app_context():
        verdict = verify(db.session(), head)
    if verdict.fault:
        click.echo(f"Journal altéré : {verdict.fault}", err=True)
        click.echo(f"Vérifié jusqu’à l’événement {verdict.head.number}.", err=True)
        sys.exit(1)
    click.echo(
        f"Journal intact : {verdict.head.number} événement(s), dont {verdict.erased} effacé(s)."
    )
