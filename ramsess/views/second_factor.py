"""What the library leaves to us: codes accepted once, recovery codes, passwords, mail."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, current_app
from flask_security import MailUtil, MfRecoveryCodesUtil, PasswordUtil, Totp
from flask_security.proxies import _datastore, _security
from passlib.exc import UsedTokenError

from ramsess.actions.passwords import password_faults
from ramsess.actions.second_factors import (
    accept_counter,
    locked_recovery_hashes,
    recovery_hash,
)
from ramsess.database import db
from ramsess.mail import deliver_later, write_mail
from ramsess.models import Account

RECOVERY_CODES = 10


class OnceTotp(Totp):
    """A code of the authenticator app is accepted once, whichever process gets it."""

    def get_last_counter(self, user: Any) -> int | None:
        """The time step of the last code accepted."""
        return cast(Account, user).totp_counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember this one; raise UsedTokenError when another request was faster."""
        if not accept_counter(db.session(), user.id, tmatch.counter):
            raise UsedTokenError()


class HashedRecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes are shown once; keyed hashes are kept."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.secret = app.config["SETTINGS"].secret("recovery")

    def create_recovery_codes(self, user: Any) -> list[str]:
        """New codes, in place of the old ones."""
        codes: list[str] = _security.totp_factory.generate_recovery_codes(RECOVERY_CODES)
        _datastore.mf_set_recovery_codes(user, [recovery_hash(self.secret, one) for one in codes])
        return codes

    def get_recovery_codes(self, user: Any) -> list[str]:
        """None: they cannot be read back."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """True for one of the codes; another request with the same one waits for this one's end."""
        return recovery_hash(self.secret, code) in locked_recovery_hashes(db.session(), user)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """It is used."""
        hashes = list(user.mf_recovery_codes or [])
        return bool(
            _datastore.mf_delete_recovery_code(user, hashes.index(recovery_hash(self.secret, code)))
        )


class LongPasswords(PasswordUtil):
    """Length and guessing; no rule of composition."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """Why *password* is refused (None when it stands), and its normal form."""
        normal = self.normalize(password)
        return password_faults(normal, words_about(kwargs.get("user"))) or None, normal


def words_about(account: Account | None) -> list[str]:
    """What others know of somebody: bad in a password."""
    if account is None:
        return []
    structures = account.structures()
    return [
        account.name,
        account.email,
        *(structure.code for structure in structures),
        *(structure.name for structure in structures),
    ]


class RamsessMail(MailUtil):
    """Plain text, by our own way out."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Hand the mail over; the page does not wait for it."""
        settings = current_app.config["SETTINGS"]
        deliver_later(settings, write_mail(settings, recipient, str(subject), body or ""))
