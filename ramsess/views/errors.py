"""Error pages in French; what may not be seen answers as what does not exist."""

from __future__ import annotations

from flask import Flask, Response, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import HTTPException, NotFound

from ramsess.access import request_reference
from ramsess.database import db
from ramsess.logs import log_fault, security_event
from ramsess.views.api.problems import of_interface, problem
from ramsess.views.expired import keep_form

ABSENT = ("Page introuvable", "Cette page n’existe pas, ou vous n’y avez pas accès.")
PAGES = {
    400: ("Demande incomprise", "La demande n’a pas pu être comprise."),
    404: ABSENT,
    405: ABSENT,
    413: ("Envoi trop lourd", "Un fichier ne doit pas dépasser 5 Mo, ni un texte 500 000 signes."),
    414: ("Adresse trop longue", "L’adresse demandée est trop longue."),
    415: ("Demande incomprise", "Ce format d’envoi n’est pas accepté."),
    429: ("Trop de demandes", "Attendez un instant, puis recommencez."),
    431: ("Demande trop longue", "Effacez les cookies de ce site, puis recommencez."),
}
FAULT = "Une erreur inattendue s’est produite. Rien n’a été enregistré."


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """A page for an expected refusal; 403 is shown as 404."""
    code = 404 if error.code in (403, 405) else error.code or 500
    if code >= 500:
        return show_fault(getattr(error, "original_exception", None) or error)
    if of_interface():
        return problem(code, error)
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
    security_event("csrf_refused")
    return keep_form()


def show_removed(_error: ObjectDeletedError) -> ResponseReturnValue:
    """A record that somebody removed while it was being shown does not exist."""
    db.session.rollback()
    return show_http_error(NotFound())


def show_fault(error: Exception) -> ResponseReturnValue:
    """An unexpected fault is logged under the reference that its page shows."""
    log_fault(error)
    told = {"heading": "Erreur", "message": FAULT, "reference": request_reference()}
    try:
        db.session.rollback()
        if of_interface():
            return problem(500)
        return render_template("errors/page.html", **told), 500
    except Exception as again:
        # The page greets who is signed in: without a database, it cannot.
        log_fault(again)
        text = f"{FAULT}\nRéférence à communiquer : {request_reference()}\n"
        return Response(text, 500, mimetype="text/plain")


def init_errors(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(ObjectDeletedError, show_removed)
    app.register_error_handler(Exception, show_fault)
