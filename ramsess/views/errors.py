"""Error pages in French; what may not be seen answers as what does not exist."""

from __future__ import annotations

import secrets
import traceback

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from ramsess.database import db
from ramsess.views.expired import keep_form

PAGES = {
    400: ("Demande incomprise", "La demande n’a pas pu être comprise."),
    404: ("Page introuvable", "Cette page n’existe pas, ou vous n’y avez pas accès."),
    405: ("Page introuvable", "Cette page n’existe pas, ou vous n’y avez pas accès."),
    413: ("Fichier trop lourd", "Le fichier dépasse 5 Mo."),
    429: ("Trop de demandes", "Attendez un instant, puis recommencez."),
}


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """A page for an expected refusal; 403 is shown as 404."""
    code = 404 if error.code in (403, 405) else error.code or 500
    heading, message = PAGES.get(code, PAGES[400])
    headers = {}
    wait = getattr(error, "retry_after", None)
    if isinstance(wait, int):
        message = f"Trop de tentatives. Réessayez dans {_delay(wait)}."
        headers["Retry-After"] = str(wait)
    return render_template("errors/page.html", heading=heading, message=message), code, headers


def _delay(seconds: int) -> str:
    """``45 secondes``, ``12 minutes``: never less than what must be waited."""
    if seconds < 60:
        return f"{seconds} seconde{'s' if seconds > 1 else ''}"
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


def show_expired_form(_error: CSRFError) -> ResponseReturnValue:
    """A form kept open too long, or sent from elsewhere."""
    return keep_form()


def init_errors(app: Flask) -> None:
    """Register the pages; an unexpected fault is logged under the reference that it shows."""

    def show_fault(error: Exception) -> tuple[str, int]:
        db.session.rollback()
        reference = secrets.token_hex(4).upper()
        if isinstance(error, DBAPIError):
            # The server's detail quotes values: the kind of fault and the place are enough.
            constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
            frames = "".join(traceback.format_tb(error.__traceback__))
            kind = type(error.orig).__name__
            app.logger.error("%s (%s)\n%s", kind, constraint, frames)
            app.logger.error("fault %s", reference)
        else:
            app.logger.error("fault %s", reference, exc_info=error)
        message = "Une erreur inattendue s’est produite. Rien n’a été enregistré."
        page = render_template(
            "errors/page.html", heading="Erreur", message=message, reference=reference
        )
        return page, 500

    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_fault)
