"""``ramsess digest``: tell by mail that messages wait; to be run once a day."""

from __future__ import annotations

import smtplib

import click
from flask import Flask, render_template

from ramsess.actions.messages import to_tell, told
from ramsess.actions.reminders import to_hand_in
from ramsess.cli.app import prepared_app
from ramsess.config import Settings
from ramsess.database import db
from ramsess.mail import deliver, write_mail
from ramsess.models import Account
from ramsess.models.calendar import today
from ramsess.reports.missing import Survey
from ramsess.reports.period import Period
from ramsess.views.reminder import scopes_of

LOCAL = "http://127.0.0.1:5000"


@click.command(help="Envoyer à chacun le nombre de messages qui l’attendent ; une fois par jour.")
def digest() -> None:
    sent, faults = send_digest(prepared_app())
    click.echo(f"Courriels envoyés : {sent}.")
    if faults:
        raise click.ClickException(
            f"{faults} courriel(s) refusé(s) par le serveur d’envoi : ils repartiront au prochain "
            "passage."
        )


def send_digest(app: Flask) -> tuple[int, int]:
    """Send the mails that are due; how many left, how many did not.

    A mail holds numbers and a link, nothing of what was said nor of whom. Each is noted as it
    leaves: stopped half-way, the command goes on where it was.
    """
    settings: Settings = app.config["SETTINGS"]
    sent = faults = 0
    with app.app_context():
        year = Period.of_year(today().year)
        all_waiting = to_tell(db.session())
        survey = Survey.of(db.engines["report"], year) if all_waiting else None
        for waiting in all_waiting:
            account = db.session.get_one(Account, waiting.account_id)
            body = render_template(
                "messages/digest.txt",
                waiting=waiting,
                missing=survey.progress(scopes_of(account)).left if survey else 0,
                before=year.last,
                owed=to_hand_in(db.session(), account),
                base=settings.url or LOCAL,
            )
            try:
                deliver(
                    settings,
                    write_mail(
                        settings, waiting.email, "RAMSESS : des messages vous attendent", body
                    ),
                )
            except (OSError, smtplib.SMTPException):
                faults += 1
                continue
            told(db.session(), waiting)
            db.session.commit()
            sent += 1
        db.session.remove()
    return sent, faults
