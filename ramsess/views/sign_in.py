"""Sign-in by Flask-Security: argon2id, a second factor, French pages at French addresses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, cast

from flask import Flask, Request, current_app, g, request, session
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.utils import aware_utcnow

from ramsess.actions.passwords import SHORTEST
from ramsess.database import act_as, acting, db
from ramsess.forms.sign_in import (
    AgainForm,
    CodeForm,
    ForgottenForm,
    KeyForm,
    NewPasswordForm,
    PasswordSignInForm,
    RecoveryForm,
)
from ramsess.models import Account, Role, SecurityKey
from ramsess.views.second_factor import (
    HashedRecoveryCodes,
    LongPasswords,
    OnceTotp,
    RamsessMail,
)
from ramsess.views.sign_in_gate import init_gate
from ramsess.views.sign_in_messages import MESSAGES

FRESH = dt.timedelta(minutes=10)


class Accounts(SQLAlchemyUserDatastore):
    """Accounts as the library looks for them: nobody is signed in yet, so who is looked for stands
    at the door (``sight.at_the_door``), and only that account is seen."""

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Account | None:
        """The account of that address, or of that secret: that of the cookie is known already."""
        known: Account | None = g.get("signed_in")
        if known is not None and wanted == {"fs_uniquifier": known.fs_uniquifier}:
            return known
        if acting.get().account_id is None and "id" not in wanted:
            self._stand_at_the_door(next(iter(wanted.values())))
        return cast("Account | None", super().find_user(case_insensitive, **wanted))

    def find_webauthn(self, credential_id: bytes) -> SecurityKey | None:
        """A key of whoever signs in, whose password was right."""
        if acting.get().account_id is None:
            self._stand_at_the_door(session.get("tf_user_id", ""))
        return cast("SecurityKey | None", super().find_webauthn(credential_id))

    @staticmethod
    def _stand_at_the_door(who: object) -> None:
        act_as(db.session(), replace(acting.get(), door=str(who or "")))


accounts = Accounts(db, Account, Role, SecurityKey)

ADDRESSES = {
    "LOGIN_URL": "/connexion",
    "LOGOUT_URL": "/deconnexion",
    "VERIFY_URL": "/connexion/encore",
    "RESET_URL": "/mot-de-passe/oublie",
    "CHANGE_URL": "/mot-de-passe/changer",
    "TWO_FACTOR_SETUP_URL": "/second-facteur/application",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-facteur/code",
    "TWO_FACTOR_SELECT_URL": "/second-facteur",
    "TWO_FACTOR_RESCUE_URL": "/second-facteur/aide",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/second-facteur/codes-de-secours",
    "MULTI_FACTOR_RECOVERY_URL": "/second-facteur/secours",
    "WAN_REGISTER_URL": "/second-facteur/cles",
    "WAN_SIGNIN_URL": "/second-facteur/cle",
    "WAN_DELETE_URL": "/second-facteur/cles/retirer",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/connexion",
    "POST_CHANGE_VIEW": "/compte",
    "TWO_FACTOR_POST_SETUP_VIEW": "/compte",
    "WAN_POST_REGISTER_VIEW": "/second-facteur/cles",
}

PASSWORDS = {
    "PASSWORD_HASH": "argon2",
    "PASSWORD_LENGTH_MIN": SHORTEST,
    "PASSWORD_SINGLE_HASH": True,
    "PASSWORD_NORMALIZE_FORM": "NFKC",
    "INPUT_NORMALIZE_FORM": "NFC",
    "RECOVERABLE": True,
    "RESET_PASSWORD_WITHIN": dt.timedelta(hours=1),
    "CHANGEABLE": True,
    "RETURN_GENERIC_RESPONSES": True,
    "DEFAULT_REMEMBER_ME": False,
    "FRESHNESS": FRESH,
    "FRESHNESS_GRACE_PERIOD": FRESH,
    "LOGOUT_METHODS": ["POST"],
    "CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
    "API_ENABLED_METHODS": ["session"],
    "STATIC_FOLDER": None,
    "DATETIME_FACTORY": aware_utcnow,
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
}

SECOND_FACTOR = {
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_ALWAYS_VALIDATE": True,
    # One code before and one after: a telephone's clock is up to half a minute wrong.
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "TOTP_ISSUER": "RAMSESS",
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "WEBAUTHN": True,
    "WAN_RP_NAME": "RAMSESS",
    "WAN_ALLOW_AS_FIRST_FACTOR": False,
    "WAN_ALLOW_AS_MULTI_FACTOR": False,
    "WAN_ALLOW_AS_VERIFY": [],
    "WAN_SIGNIN_WITHIN": dt.timedelta(minutes=3),
}

MAILS = {
    "EMAIL_HTML": False,
    "EMAIL_SUBJECT_PASSWORD_RESET": "RAMSESS : choisir un nouveau mot de passe",
    "EMAIL_SUBJECT_PASSWORD_NOTICE": "RAMSESS : votre mot de passe est changé",
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "RAMSESS : votre mot de passe est changé",
    "SEND_REGISTER_EMAIL": False,
}


def init_security(app: Flask) -> None:
    """Set up accounts and sign-in."""
    settings = app.config["SETTINGS"]
    for table in (ADDRESSES, PASSWORDS, SECOND_FACTOR, MAILS):
        app.config.update({f"SECURITY_{name}": value for name, value in table.items()})
    app.config.update({f"SECURITY_MSG_{name}": text for name, text in MESSAGES.items()})
    app.config.update(
        SECURITY_TWO_FACTOR_REQUIRED=settings.second_factor == "required",
        SECURITY_TOTP_SECRETS={"1": settings.secret("totp")},
    )
    init_gate(app)
    security = Security(
        app,
        accounts,
        login_form=PasswordSignInForm,
        verify_form=AgainForm,
        change_password_form=NewPasswordForm,
        forgot_password_form=ForgottenForm,
        two_factor_verify_code_form=CodeForm,
        mf_recovery_form=RecoveryForm,
        wan_signin_response_form=KeyForm,
        totp_cls=OnceTotp,
        mf_recovery_codes_util_cls=HashedRecoveryCodes,
        password_util_cls=LongPasswords,
        mail_util_cls=RamsessMail,
    )
    # Pages only: no JSON answers, and no token that would open them without a sign-in.
    security.want_json(_never)
    app.login_manager.request_loader(_nobody)  # type: ignore[attr-defined]  # the extension’s
    security.mail_context_processor(_site)


def site_address() -> str:
    """Where people find the pages; the address set by the deployment, not the one a client says."""
    return current_app.config["SETTINGS"].url or request.host_url.rstrip("/")


def _site() -> dict[str, str]:
    return {"site": site_address()}


def _never(_request: Request) -> bool:
    return False


def _nobody(_request: Request) -> None:
    return None
