"""``ramsess duplicates``: look for people entered twice; to be run once a day."""

from __future__ import annotations

import click
from flask import Flask

from ramsess.actions.duplicates import search_duplicates
from ramsess.actions.merging import finish_merges
from ramsess.cli.app import prepared_app
from ramsess.database import db


@click.command(help="Chercher les fiches qui sont peut-être la même personne ; une fois par jour.")
def duplicates() -> None:
    click.echo(look_for_duplicates(prepared_app()))


def look_for_duplicates(app: Flask) -> str:
    """Finish what was confirmed, search the whole base; say what was done, naming nobody."""
    with app.app_context():
        merged = finish_merges(db.session())
        done = search_duplicates(db.session())
        db.session.commit()
        db.session.remove()
    return (
        f"Fiches comparées : {done.people}. Paires en attente : {done.open} ; nouvelles : "
        f"{done.new} ; proposées à deux structures : {done.told} ; sans objet : {done.gone} ; "
        f"fusionnées : {merged}."
    )
