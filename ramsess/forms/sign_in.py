"""The forms by which one proves who one is: the library's, throttled and without shortcuts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask import current_app, request, session
from flask_login import current_user
from flask_security import hash_password
from flask_security.forms import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import get_message
from flask_security.webauthn import WebAuthnSigninResponseForm
from werkzeug.exceptions import TooManyRequests
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from ramsess.actions.throttle import (
    CLIENT,
    PASSWORD,
    RESET,
    SECOND_FACTOR,
    Limit,
    allow,
    forgive,
    key_of,
)
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.logs import security_event


def count_attempt(kind: str, who: str, limits: Sequence[Limit]) -> int | None:
    """Count an attempt, written at once; raise TooManyRequests (429) when it is one too many."""
    secret = current_app.config["SETTINGS"].secret("throttle")
    verdict = allow(db.session(), kind, key_of(secret, unicodedata.normalize("NFKC", who)), limits)
    db.session.commit()
    if not verdict.allowed:
        security_event("throttled", kind=kind)
        raise TooManyRequests(retry_after=verdict.wait)
    return verdict.attempt


def excuse(*attempts: int | None) -> None:
    """They succeeded."""
    forgive(db.session(), attempts)
    db.session.commit()


def client() -> str:
    """From where somebody asks, known or not."""
    return request.remote_addr or "?"


def _pending() -> str:
    """Whose second factor is awaited: who gave the password, or who is signed in."""
    return str(session.get("tf_user_id") or getattr(current_user, "fs_uniquifier", ""))


class PasswordSignInForm(LoginForm):
    """Address and password; nothing is remembered on the machine."""

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """As the library does, counted by client and by address, known or not."""
        attempts = [
            count_attempt("client", client(), CLIENT),
            count_attempt("password", self.email.data or "", PASSWORD),
        ]
        if not super().validate(**kwargs):
            security_event("password_refused", account_id=getattr(self.user, "id", None))
            return False
        excuse(*attempts)
        return True


class AgainForm(VerifyForm):
    """The password again, before something that matters."""

    def validate(self, **kwargs: Any) -> bool:
        """Counted as at sign-in."""
        attempt = count_attempt("password", self.user.email, PASSWORD)
        if not super().validate(**kwargs):
            return False
        excuse(attempt)
        return True


class NewPasswordForm(ChangePasswordForm):
    """The present password and a new one."""

    def validate(self, **kwargs: Any) -> bool:
        """Counted as at sign-in: the present password could be guessed here too."""
        attempt = count_attempt("password", current_user.email, PASSWORD)
        right = bool(super().validate(**kwargs))
        if right or not self.password.errors:
            excuse(attempt)
        return right


class ForgottenForm(ForgotPasswordForm):
    """Ask for a link by mail; the answer is the same whether an account exists or not."""

    def validate(self, **kwargs: Any) -> bool:
        """Counted by address, and by client."""
        count_attempt("client", client(), CLIENT)
        count_attempt("reset", self.email.data or "", RESET)
        if not super().validate(**kwargs):
            return False
        # The library spends this time on unknown addresses.
        hash_password("not-a-password")
        return True


class CodeForm(TwoFactorVerifyCodeForm):
    """A code of the authenticator app."""

    def validate(self, **kwargs: Any) -> bool:
        """Counted by account; spaces as the app shows them are left out."""
        attempt = count_attempt("second_factor", _pending(), SECOND_FACTOR)
        self.code.data = "".join((self.code.data or "").split())
        if not super().validate(**kwargs):
            security_event("second_factor_refused", account_id=getattr(self.user, "id", None))
            return False
        excuse(attempt)
        return True


class RecoveryForm(MfRecoveryForm):
    """A recovery code."""

    def validate(self, **kwargs: Any) -> bool:
        """Counted with the codes of the app."""
        attempt = count_attempt("second_factor", _pending(), SECOND_FACTOR)
        if not super().validate(**kwargs):
            security_event("recovery_code_refused", account_id=getattr(self.user, "id", None))
            return False
        excuse(attempt)
        return True


class KeyForm(WebAuthnSigninResponseForm):
    """What the security key answered.

    The library accepts any registered key: ours must be a key of whoever gave the password.
    """

    def validate(self, **kwargs: Any) -> bool:
        """Counted with the codes of the app."""
        attempt = count_attempt("second_factor", _pending(), SECOND_FACTOR)
        if not super().validate(**kwargs):
            return False
        assert self.user is not None
        if self.user.fs_uniquifier != _pending() or not self.user.is_active:
            security_event("foreign_key_refused", account_id=self.user.id)
            self.credential.errors.append(get_message("WEBAUTHN_MISMATCH_USER_HANDLE")[0])
            return False
        excuse(attempt)
        return True


class InvitationForm(Form):
    """Choose a first password."""

    password = PasswordField("Mot de passe", [InputRequired("Indiquez un mot de passe.")])
    password_confirm = PasswordField(
        "Le même, une seconde fois", [EqualTo("password", "Les deux mots de passe diffèrent.")]
    )
