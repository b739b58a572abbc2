"""The commands of whoever runs RAMSESS."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask

from ramsess import create_app
from ramsess.actions.drafts import forget_old
from ramsess.actions.erasure import erase_person, find_by_reference
from ramsess.actions.ledger import Ledger
from ramsess.actions.retention import Due, apply_retention
from ramsess.cli.upkeep.backup import back_up
from ramsess.cli.upkeep.purge import purge_traces
from ramsess.cli.upkeep.restore import restore
from ramsess.cli.upkeep.tools import UpkeepError
from ramsess.config import Settings
from ramsess.database import close_connections, database_url, db
from ramsess.exchange.deposit import sweep
from ramsess.models.calendar import today

FILE = click.Path(dir_okay=False, path_type=Path)
PrepareApp = Callable[[], Flask]


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except UpkeepError as error:
        raise click.UsageError(str(error)) from error


def _settings(app: Flask) -> Settings:
    settings: Settings = app.config["SETTINGS"]
    return settings


def _address(settings: Settings) -> str:
    return database_url(settings).render_as_string(hide_password=False)


def purge(settings: Settings) -> None:
    """Leave no trace of those erased; see purge_traces."""
    purge_traces(
        _address(settings),
        embedded=settings.instance if settings.database_url is None else None,
    )


def _forget_what_waits(app: Flask, *, dry_run: bool = False) -> None:
    """Delete the drafts that nobody came back to, and the workbooks handed in long ago."""
    if dry_run:
        return
    sweep(_settings(app).instance / "deposits")
    with app.app_context():
        forget_old(db.session())
        db.session.commit()
        db.session.remove()


def _tell(due: Due, *, dry_run: bool) -> None:
    """Say who is concerned, by references."""
    for heading, found in (
        ("À archiver" if dry_run else "Identités mises à part", due.to_archive),
        ("À effacer" if dry_run else "Personnes effacées", due.to_erase),
        ("Parcours à clore", due.to_close),
    ):
        click.echo(f"{heading} : {len(found)}")
        for reference in found:
            click.echo(f"  {reference}")


def add_to(main: click.Group, prepared_app: PrepareApp) -> None:
    """Add the commands to *main*; *prepared_app* makes the application, schema up to date."""

    @main.command("backup", help="Sauvegarder toute la base dans un fichier.")
    @click.argument("target", metavar="FICHIER", type=FILE)
    def backup(target: Path) -> None:
        settings = _settings(prepared_app())
        with _told():
            back_up(_address(settings), target, embedded=settings.database_url is None)
        click.echo(f"Sauvegarde écrite et relue : {target}.")

    @main.command("restore", help="Remplacer toute la base par une sauvegarde.")
    @click.argument("source", metavar="FICHIER", type=FILE)
    @click.option("--yes", is_flag=True, help="Confirmer : la base présente est remplacée.")
    def restore_(source: Path, yes: bool) -> None:
        if not yes:
            raise click.UsageError("La base présente serait remplacée : confirmez par --yes.")
        app = prepared_app()
        with app.app_context():
            close_connections()
        with _told():
            done = restore(_settings(app), source, create_app)
        click.echo(f"Base restaurée. Personnes effacées à nouveau : {done.erased_again}.")
        click.echo("Tout le monde doit se connecter à nouveau.")

    @main.group("person", help="Effacer une personne, et toute trace d’elle.")
    def person() -> None:
        """People."""

    @person.command("erase", help="Effacer pour de bon la personne de cette référence.")
    @click.argument("reference", metavar="RÉFÉRENCE", type=click.UUID)
    def erase(reference: uuid.UUID) -> None:
        app = prepared_app()
        with app.app_context():
            found = find_by_reference(db.session(), reference)
            if found is None:
                raise click.UsageError("Personne n’a cette référence.")
            erase_person(db.session(), found, ledger=Ledger(_settings(app).instance))
            db.session.commit()
            db.session.remove()
        with _told():
            purge(_settings(app))
        click.echo("Personne effacée.")

    @person.command("purge", help="Faire disparaître du disque toute trace des effacements.")
    def purge_() -> None:
        app = prepared_app()
        _forget_what_waits(app)
        with _told():
            purge(_settings(app))
        click.echo("Plus aucune trace sur le disque.")

    @main.command("retention", help="Mettre à part, puis effacer, qui n’a plus de contact.")
    @click.option("--dry-run", is_flag=True, help="Dire ce qui serait fait, sans rien écrire.")
    def retention(dry_run: bool) -> None:
        app = prepared_app()
        settings = _settings(app)
        _forget_what_waits(app, dry_run=dry_run)
        with app.app_context():
            due = apply_retention(
                db.session(),
                today=today(),
                ledger=Ledger(settings.instance),
                archive_after=settings.archive_after,
                erase_after=settings.erase_after,
                dry_run=dry_run,
            )
            db.session.commit()
            db.session.remove()
        _tell(due, dry_run=dry_run)
        if dry_run:
            click.echo("Vérification seule : rien n’a été écrit.")
        elif due.to_archive or due.to_erase:
            with _told():
                purge(settings)
