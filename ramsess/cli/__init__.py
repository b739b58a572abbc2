"""The ``ramsess`` command. Exit code: 0 success, 2 bad usage or bad input, 1 fault."""

from __future__ import annotations

import datetime as dt
import gettext
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import click
import waitress
from flask import Flask
from tqdm import tqdm

from ramsess.actions.reference_data import ROLES
from ramsess.actions.seal_keys import make_key, read_key
from ramsess.cli.app import prepared_app
from ramsess.cli.audit import audit
from ramsess.cli.digest import digest
from ramsess.cli.duplicates import duplicates
from ramsess.cli.policy import print_policy
from ramsess.cli.seals import seal_key, verify_file
from ramsess.cli.structures import structure
from ramsess.cli.upkeep import commands as upkeep
from ramsess.cli.upkeep.tools import refresh_statistics
from ramsess.cli.users import user
from ramsess.config import LOOPBACK, Settings, SettingsError
from ramsess.database import db
from ramsess.demo.corrections import make_corrections
from ramsess.demo.loading import DemoSummary, load_demo
from ramsess.demo.sealing import seal_first_year
from ramsess.exchange.applying import import_workbooks
from ramsess.exchange.container import MAX_BYTES
from ramsess.exchange.problems import ImportResult
from ramsess.forms.exchange import MOST_FILES
from ramsess.inputs import MOST_HEADERS
from ramsess.logs import log_fault
from ramsess.models.calendar import FIRST_DAY, today
from ramsess.reports.consolidation import UnknownCodeError, make_report
from ramsess.reports.files import WRITERS, write_report, write_whole
from ramsess.reports.period import Period

DATE = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
PORT = click.IntRange(1, 65535)
FILE = click.Path(dir_okay=False, path_type=Path)
SHOWN_PROBLEMS = 200

# click speaks through gettext: our catalogue makes it speak French, whatever the machine's locale.
os.environ["LANGUAGE"] = "fr"
gettext.bindtextdomain("ramsess", str(Path(__file__).parents[1] / "translations"))
gettext.textdomain("ramsess")


class Command(click.Group):
    """A command whose unexpected faults are told and logged without what it was given."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; a setting that makes no sense is bad usage."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.UsageError(str(error)) from error
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            log_fault(error)
            raise click.ClickException("Erreur inattendue : voyez le journal ci-dessus.") from error


@click.group(
    cls=Command, help="RAMSESS : suivi des parcours et comptabilisation des actes professionnels."
)
def main() -> None:
    """Each subcommand makes the application that it needs."""


class Bar:
    """A progress bar on the terminal, one line a step."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None

    def __call__(self, step: str, done: int, total: int) -> None:
        if self._bar is None or self._bar.desc != f"{step} ":
            self.close()
            self._bar = tqdm(total=total, desc=f"{step} ", unit="", leave=False, delay=0.5)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the line of the step."""
        if self._bar is not None:
            self._bar.close()


@main.command(help="Créer le schéma, les listes de codes et les structures.")
def init() -> None:
    app = prepared_app()
    click.echo(f"RAMSESS est prêt dans {app.config['SETTINGS'].instance}.")


@main.command(help="Charger le réseau de démonstration, écrire le bilan, puis servir les pages.")
@click.option("--no-serve", is_flag=True, help="S’arrêter quand les fichiers sont écrits.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
@click.option("--port", type=PORT, default=5000, show_default=True, help="Port d’écoute.")
def demo(no_serve: bool, host: str, port: int) -> None:
    # The network is invented and its password printed: it opens without a second factor.
    os.environ.setdefault("RAMSESS_SECOND_FACTOR", "optional")
    app = prepared_app()
    bar = Bar()
    year = today().year - 1
    with app.app_context():
        summary = load_demo(db.session(), progress=bar)
        db.session.commit()
        bar.close()
        if summary.loaded:
            refresh_statistics(app.config["DATABASE_ADDRESS"])
        bar("Scellement de la première année", 0, 1)
        _seal_demo(app, summary, f"http://{host}:{port}")
        bar.close()
        report = make_report(db.engines["report"], Period.of_year(year), with_details=True)
        paths = write_report(report, Path("out"), f"ramsess-{year}")
    click.echo("\nBilan consolidé du réseau de démonstration :")
    for path in paths:
        click.echo(f"  {path}")
    click.echo(f"\nComptes de démonstration (mot de passe : {summary.password}) :")
    for account in summary.accounts:
        where = ", ".join(account.structures)
        click.echo(f"  {account.email:<40} {ROLES[account.role]} {where}".rstrip())
    click.echo("")
    if not no_serve:
        _serve(app, host, port)


def _seal_demo(app: Flask, summary: DemoSummary, site: str) -> None:
    """The demo's own key seals its first year, unless it is; then some of it is corrected.

    What is sealed is verified at *site*, unless the settings name the address of the pages.
    """
    settings: Settings = app.config["SETTINGS"]
    path = settings.seal_key_file
    key = read_key(path) if path.exists() else make_key(path)
    made = seal_first_year(
        db.session(),
        db.engines["report"],
        key,
        summary.first_year,
        summary.accounts,
        program=app.config["VERSION"],
        site=settings.url or site,
    )
    if made:
        make_corrections(db.session(), summary.accounts)
        db.session.commit()


@main.command(help="Servir les pages.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
@click.option("--port", type=PORT, default=5000, show_default=True, help="Port d’écoute.")
def serve(host: str, port: int) -> None:
    _serve(prepared_app(), host, port)


def _serve(app: Flask, host: str, port: int) -> None:
    # A plain SIGTERM would leave the embedded database without its last user's farewell.
    signal.signal(signal.SIGTERM, _stop)
    settings: Settings = app.config["SETTINGS"]
    try:
        server = waitress.create_server(
            app, host=host, port=port, threads=8, **server_options(settings)
        )
    except OSError as error:
        raise click.ClickException(
            f"Impossible d’écouter sur {host}:{port} ({error.strerror})."
        ) from error
    click.echo(f"RAMSESS répond sur http://{host}:{port} (Ctrl-C pour arrêter).")
    if host not in LOOPBACK and settings.hosts == LOOPBACK:
        click.echo("Seul ce poste y accède : RAMSESS_HOSTS nomme les autres noms acceptés.")
    server.run()


def server_options(settings: Settings) -> dict[str, Any]:
    """What waitress is told: it says nothing of itself, and takes no more than the pages do."""
    return {
        "ident": None,
        "max_request_header_size": 2 * MOST_HEADERS,
        "max_request_body_size": MOST_FILES * MAX_BYTES,
        # Without a proxy, what a visitor says of proxies does not even reach the application.
        "clear_untrusted_proxy_headers": settings.proxies == 0,
    }


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


@main.command("import", help="Importer ensemble des classeurs RAMSESS : tout, ou rien.")
@click.argument("files", metavar="FICHIER…", nargs=-1, required=True, type=FILE)
@click.option("--dry-run", is_flag=True, help="Tout vérifier sans rien écrire.")
def import_(files: tuple[Path, ...], dry_run: bool) -> None:
    app = prepared_app()
    bar = Bar()
    with app.app_context():
        session = db.session()
        result = import_workbooks(session, list(files), dry_run=dry_run, progress=bar)
        bar.close()
        if result.problems or dry_run:
            session.rollback()
        else:
            session.commit()
            refresh_statistics(app.config["DATABASE_ADDRESS"])
    _tell(result, dry_run)
    if result.problems:
        sys.exit(2)


def _tell(result: ImportResult, dry_run: bool) -> None:
    for notice in result.notices[:SHOWN_PROBLEMS]:
        click.echo(f"À noter : {notice}")
    for problem in result.problems[:SHOWN_PROBLEMS]:
        click.echo(f"Erreur : {problem}", err=True)
    if result.problems:
        click.echo(f"{len(result.problems)} erreur(s) : rien n’a été écrit.", err=True)
        return
    for sheet in dict.fromkeys([*result.created, *result.updated, *result.unchanged]):
        click.echo(
            f"{sheet} : {result.created[sheet]} créé(s), {result.updated[sheet]} modifié(s), "
            f"{result.unchanged[sheet]} inchangé(s)."
        )
    if dry_run:
        click.echo("Vérification seule : rien n’a été écrit.")


@main.command(help="Écrire le bilan d’une période : classeur, PDF, JSON, CSV.")
@click.option("--from", "first", required=True, type=DATE, help="Premier jour (AAAA-MM-JJ).")
@click.option("--to", "last", required=True, type=DATE, help="Dernier jour, compris.")
@click.option("--structure", metavar="CODE", help="Une structure, à côté du réseau.")
@click.option("--scheme", metavar="CODE", help="Un seul dispositif.")
@click.option("--territory", metavar="CODE", help="Un département ou une intercommunalité.")
@click.option("--sector", metavar="CODE", help="Un seul secteur.")
@click.option("--type", "type_", metavar="CODE", help="Un type d’acte ou une famille.")
@click.option("--compare-from", type=DATE, help="Premier jour d’une autre période à comparer.")
@click.option("--compare-to", type=DATE, help="Dernier jour de cette période, compris.")
@click.option("--xlsx", type=FILE, help="Classeur à écrire.")
@click.option("--pdf", type=FILE, help="PDF à écrire.")
@click.option("--json", "json_", type=FILE, help="JSON à écrire.")
@click.option("--csv", "zip_", type=FILE, help="Archive ZIP à écrire, un CSV par tableau.")
def report(
    first: dt.datetime,
    last: dt.datetime,
    structure: str | None,
    scheme: str | None,
    territory: str | None,
    sector: str | None,
    type_: str | None,
    compare_from: dt.datetime | None,
    compare_to: dt.datetime | None,
    xlsx: Path | None,
    pdf: Path | None,
    json_: Path | None,
    zip_: Path | None,
) -> None:
    targets = {"xlsx": xlsx, "pdf": pdf, "json": json_, "zip": zip_}
    if not any(targets.values()):
        raise click.UsageError("Indiquer au moins un fichier : --xlsx, --pdf, --json ou --csv.")
    period = _period(first, last, "--from", "--to")
    if (compare_from is None) != (compare_to is None):
        raise click.UsageError("Indiquer --compare-from et --compare-to, ou aucun des deux.")
    compared = (
        _period(compare_from, compare_to, "--compare-from", "--compare-to")
        if compare_from and compare_to
        else None
    )
    for wanted in filter(None, targets.values()):
        if not wanted.parent.is_dir():
            raise click.UsageError(f"Le dossier {wanted.parent} n’existe pas.")
    limits = {"territory": territory, "sector": sector, "type": type_}
    app = prepared_app()
    try:
        with app.app_context():
            made = make_report(
                db.engines["report"],
                period,
                structure=structure,
                scheme=scheme,
                filters={name: code for name, code in limits.items() if code},
                compared=compared,
                with_details=xlsx is not None,
                site=app.config["SETTINGS"].url or "",
            )
    except UnknownCodeError as error:
        raise click.UsageError(str(error)) from error
    for suffix, path in targets.items():
        if path is not None:
            write_whole(made, path, WRITERS[suffix])
            click.echo(str(path))


def _period(first: dt.datetime, last: dt.datetime, opens: str, closes: str) -> Period:
    """The period of two options, both days included."""
    if first.date() < FIRST_DAY:
        raise click.UsageError(f"Le premier jour ({opens}) est antérieur à 1990.")
    if last < first:
        raise click.UsageError(f"Le dernier jour ({closes}) précède le premier ({opens}).")
    return Period(first.date(), last.date())


upkeep.add_to(main, prepared_app)
main.add_command(user)
main.add_command(structure)
main.add_command(audit)
main.add_command(digest)
main.add_command(duplicates)
main.add_command(print_policy)
main.add_command(seal_key)
main.add_command(verify_file)
