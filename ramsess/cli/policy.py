"""``ramsess policy``: the table of who may do what."""

from __future__ import annotations

import click

from ramsess import policy


@click.command("policy", help="Afficher qui a le droit de faire quoi.")
def print_policy() -> None:
    click.echo(policy.TABLE.strip())
    click.echo(
        "\noui : sans désigner de fiche ; vus : les fiches que ses structures voient ; siens : ce "
        "que ses\nstructures ont enregistré, ou ce qui est à soi ; tous : toute fiche du réseau ; "
        "· : n’existe pas pour ce rôle."
    )
