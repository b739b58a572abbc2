"""``ramsess user …``: who may sign in, with which roles."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import Flask, render_template, url_for
from flask_security import hash_password
from sqlalchemy.orm import Session

from ramsess.actions.accounts import (
    AccountRefusedError,
    Post,
    account_of,
    accounts_by_address,
    add_account,
    end_role,
    set_active,
)
from ramsess.actions.invitations import invite
from ramsess.actions.reference_data import ROLES
from ramsess.actions.refusals import RefusedError
from ramsess.actions.second_factors import remove_second_factors
from ramsess.actions.sign_ins import revoke_all
from ramsess.cli.app import prepared_app
from ramsess.database import db
from ramsess.logs import security_event
from ramsess.mail import deliver, write_mail
from ramsess.models import Account

LOCAL = "http://127.0.0.1:5000"

Decorator = Callable[[Callable[..., None]], Callable[..., None]]


@click.group(help="Gérer les comptes.")
def user() -> None:
    """Accounts."""


def role_options(command: Callable[..., None]) -> Callable[..., None]:
    """Address, name, role and structures, as ``add`` and ``invite`` take them."""
    options: list[Decorator] = [
        click.argument("email", metavar="ADRESSE"),
        click.option("--name", required=True, help="Prénom et nom."),
        click.option("--role", required=True, type=click.Choice(list(ROLES)), help="Rôle."),
        click.option(
            "--structure",
            "structures",
            multiple=True,
            metavar="CODE[:QUOTITÉ]",
            help="Structure et quotité en % ; plusieurs pour un poste mutualisé.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def one_transaction(app: Flask) -> Iterator[Session]:
    """All or nothing; what is refused is bad usage."""
    with app.app_context():
        session = db.session()
        try:
            yield session
        except (AccountRefusedError, RefusedError) as error:
            raise click.UsageError(str(error)) from error
        session.commit()


@user.command("invite", help="Ouvrir un compte et envoyer un lien, valable sept jours, une fois.")
@role_options
def invite_user(email: str, name: str, role: str, structures: tuple[str, ...]) -> None:
    app = prepared_app()
    settings = app.config["SETTINGS"]
    with one_transaction(app) as session:
        posts = [Post.parse(text) for text in structures]
        add_account(session, email=email, name=name, role=role, posts=posts, password_hash=None)
        account = account_of(session, email)
        token = invite(session, account) if account.password is None else None
        address, named = account.email, account.name
        security_event("invited", account_id=account.id)
    if token is None:
        click.echo(f"{address} a déjà un mot de passe : le rôle est donné, sans lien.")
        return
    with app.test_request_context(base_url=settings.url or LOCAL):
        link = url_for("invitation.show", token=token, _external=True)
        body = render_template("security/email/invitation.txt", name=named, link=link)
    click.echo(f"Invitation prête : {address}.")
    click.echo(f"Lien, valable sept jours et une fois : {link}")
    try:
        deliver(settings, write_mail(settings, address, "RAMSESS : votre compte", body))
    except OSError as error:
        click.echo(f"Le message n’est pas parti ({error}) : transmettez le lien.", err=True)


@user.command("add", help="Ouvrir un compte, ou donner un rôle de plus à un compte.")
@role_options
def add_user(email: str, name: str, role: str, structures: tuple[str, ...]) -> None:
    app = prepared_app()
    password = secrets.token_urlsafe(15)
    with one_transaction(app) as session:
        is_new = add_account(
            session,
            email=email,
            name=name,
            role=role,
            posts=[Post.parse(text) for text in structures],
            password_hash=hash_password(password),
        )
    click.echo(f"Compte prêt : {email}.")
    if is_new:
        click.echo(f"Mot de passe provisoire : {password}")


@user.command("list", help="Lister les comptes.")
def list_users() -> None:
    with one_transaction(prepared_app()) as session:
        for account in accounts_by_address(session):
            click.echo(f"{account.email:<40} {_state(account):<12} {account.name}")
            for grant in account.grants_today:
                where = f" — {grant.structure.code}" if grant.structure else ""
                until = f" jusqu’au {grant.until:%d/%m/%Y}" if grant.until else ""
                click.echo(f"  {ROLES[grant.role_name]}{where}{until}")


def _state(account: Account) -> str:
    if not account.active:
        return "désactivé"
    return "actif" if account.password else "invité"


@user.command("disable", help="Désactiver un compte : ses connexions se ferment aussitôt.")
@click.argument("email", metavar="ADRESSE")
def disable_user(email: str) -> None:
    with one_transaction(prepared_app()) as session:
        set_active(session, account_of(session, email), active=False)
    click.echo(f"Compte désactivé : {email}.")


@user.command("enable", help="Rendre un compte désactivé.")
@click.argument("email", metavar="ADRESSE")
def enable_user(email: str) -> None:
    with one_transaction(prepared_app()) as session:
        set_active(session, account_of(session, email), active=True)
    click.echo(f"Compte actif : {email}.")


@user.command("revoke", help="Retirer un rôle, dans toutes les structures ou dans certaines.")
@click.argument("email", metavar="ADRESSE")
@click.option("--role", required=True, type=click.Choice(list(ROLES)), help="Rôle.")
@click.option("--structure", "structures", multiple=True, metavar="CODE", help="Structure.")
def revoke_role(email: str, role: str, structures: tuple[str, ...]) -> None:
    with one_transaction(prepared_app()) as session:
        ended = end_role(session, account_of(session, email), role, structures)
    click.echo(f"Rôle retiré : {email}, {ROLES[role]} ({ended}).")


@user.command("sign-out", help="Fermer toutes les connexions d’un compte.")
@click.argument("email", metavar="ADRESSE")
def sign_out(email: str) -> None:
    with one_transaction(prepared_app()) as session:
        account = account_of(session, email)
        closed = revoke_all(session, account.id)
        security_event("signed_out_by_command", account_id=account.id)
    click.echo(f"Connexions fermées : {closed}.")


@user.command("reset-factor", help="Oublier le second facteur et les codes de secours d’un compte.")
@click.argument("email", metavar="ADRESSE")
def reset_factor(email: str) -> None:
    with one_transaction(prepared_app()) as session:
        account = account_of(session, email)
        remove_second_factors(session, account)
        security_event("second_factor_reset", account_id=account.id)
    click.echo(f"Second facteur oublié : {email}.")
