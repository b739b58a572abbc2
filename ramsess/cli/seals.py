"""The commands of seals: the key that signs, and whether a file is one that was sealed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ramsess.actions import seal_keys
from ramsess.cli.app import prepared_app
from ramsess.config import Settings
from ramsess.database import db
from ramsess.models.calendar import PARIS
from ramsess.reports.period import french_date
from ramsess.reports.seal import EDITION_LABELS
from ramsess.reports.verification import (
    Outcome,
    Proof,
    Verdict,
    fingerprint,
    read_proof,
    read_proofs,
    verify,
)

FILE = click.File("rb")
EXITS = {Outcome.GENUINE: 0, Outcome.ALTERED: 1, Outcome.UNKNOWN: 3}


@click.command("seal-key", help="Créer la clé qui scelle les périodes, ou donner la clé publique.")
@click.option("--renew", is_flag=True, help="En faire une nouvelle ; l’ancienne vérifie toujours.")
def seal_key(renew: bool) -> None:
    app = prepared_app()
    settings: Settings = app.config["SETTINGS"]
    path = settings.seal_key_file
    with app.app_context():
        session = db.session()
        try:
            if renew and path.exists():
                click.echo(f"L’ancienne clé est gardée dans {seal_keys.put_aside(path)}.")
            if not renew and not path.exists() and seal_keys.known_keys(session):
                raise click.ClickException(
                    f"La clé {path} manque, et des périodes ont été scellées : reprenez-en une "
                    "copie, ou faites-en une nouvelle avec « ramsess seal-key --renew »."
                )
            made = not path.exists()
            key = seal_keys.make_key(path) if made else seal_keys.read_key(path)
        except (seal_keys.KeyUnavailableError, OSError) as error:
            raise click.ClickException(str(error)) from error
        seal_keys.register_key(session, key)
        session.commit()
    if made:
        click.echo(f"Clé de scellement créée dans {path} : gardez-en une copie en lieu sûr.")
    click.echo(f"Clé publique {key.name} :")
    click.echo(seal_keys.public_pem(key.public).strip())


@click.command("verify", help="Dire si un fichier est authentique (0), altéré (1) ou inconnu (3).")
@click.argument("file", metavar="FICHIER", type=FILE)
@click.option("--key", type=FILE, help="La clé publique (PEM) à laquelle se fier.")
@click.option("--proof", type=FILE, help="La preuve du sceau, pour vérifier sans la base.")
def verify_file(file: BinaryIO, key: BinaryIO | None, proof: BinaryIO | None) -> None:
    trusted = _public_key(key) if key else None
    try:
        proofs = [read_proof(proof.read())] if proof else _known_proofs()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if trusted:
        # Another key's seals are not believed, whatever they say.
        proofs = [one for one in proofs if one.public_key == trusted]
    elif proof:
        known = {one.public_key for one in _known_proofs()}
        proofs = [one for one in proofs if one.public_key in known]
    verdict = verify(file, proofs)
    click.echo(f"{Path(file.name).name} : {_told(verdict)}", err=bool(EXITS[verdict.outcome]))
    sys.exit(EXITS[verdict.outcome])


def _known_proofs() -> list[Proof]:
    with prepared_app().app_context():
        return read_proofs(db.session())


def _public_key(file: BinaryIO) -> bytes:
    try:
        key = load_pem_public_key(file.read())
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise click.UsageError("La clé donnée par --key n’est pas une clé publique Ed25519 (PEM).")
    return key.public_bytes_raw()


def _told(verdict: Verdict) -> str:
    proof = verdict.proof
    if proof is None:
        return "inconnu : ce n’est aucun des fichiers scellés."
    if verdict.outcome is Outcome.ALTERED:
        return f"altéré : il se donne pour un fichier du sceau {proof.code}, et n’en est aucun."
    day = french_date(proof.sealed_at.astimezone(PARIS).date())
    return (
        f"authentique. {EDITION_LABELS[verdict.edition]} ({verdict.suffix}), {proof.period}, "
        f"scellé le {day} sous {proof.code}, clé {fingerprint(proof.public_key)}."
    )
