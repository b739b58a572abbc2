"""The public page that says whether a file is one that was sealed. Nothing given is kept."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from ramsess.actions.throttle import VERIFY
from ramsess.database import db
from ramsess.forms.sign_in import client, count_attempt
from ramsess.forms.verification import MOST, VerifyForm
from ramsess.reports.seal import EDITION_LABELS
from ramsess.reports.verification import (
    ALPHABET,
    Outcome,
    Proof,
    Verdict,
    fingerprint,
    proof_bytes,
    read_proofs,
    verify,
    verify_digest,
)
from ramsess.views.guard import action

blueprint = Blueprint("verification", __name__, url_prefix="/verifier")

_CODE = re.compile(f"[{ALPHABET}]{{4}}-?[{ALPHABET}]{{4}}")


@blueprint.url_value_preprocessor
def _let_a_report_in(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """A report with its lists is larger than what other pages take; before the form is read."""
    request.max_content_length = MOST + 4096


@blueprint.get("")
@action("verify_seals")
def ask() -> ResponseReturnValue:
    """The form; or, of an address that was typed in it, its page."""
    asked = request.args.get("adresse", "")
    found = _proof(asked)
    if found:
        return redirect(url_for("verification.show", address=found.code))
    return _page(VerifyForm(), asked=asked), 404 if asked else 200


@blueprint.post("")
@action("verify_seals")
def answer() -> ResponseReturnValue:
    """Genuine, altered or unknown."""
    form = VerifyForm()
    if not form.validate_on_submit():
        return _page(form), 422
    count_attempt("verify", client(), VERIFY)
    proofs = read_proofs(db.session())
    if form.file.data:
        return _page(form, verify(form.file.data.stream, proofs))
    return _page(form, verify_digest(form.said, proofs))


@blueprint.get("/<address>")
@action("verify_seals")
def show(address: str) -> ResponseReturnValue:
    """What was sealed at that address: period, editions, dates, digests."""
    found = _proof(address) or abort(404)
    if found.code != address:
        return redirect(url_for("verification.show", address=found.code))
    return render_template(
        "verification/show.html", proof=found, labels=EDITION_LABELS, name=fingerprint
    )


@blueprint.get("/<address>/preuve.json")
@action("verify_seals")
def proof(address: str) -> ResponseReturnValue:
    """The signed manifest, to verify without this site."""
    found = _proof(address) or abort(404)
    return Response(
        proof_bytes(found),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="preuve-{found.code}.json"'},
    )


@blueprint.errorhandler(413)
def refuse_excess(_error: HTTPException) -> ResponseReturnValue:
    """A file larger than this page takes has other ways of being verified."""
    message = (
        "Un fichier se vérifie ici jusqu’à 32 Mio. Au-delà, donnez son empreinte, ou vérifiez-le "
        "sur votre poste avec « ramsess verify »."
    )
    return (
        render_template("errors/page.html", heading="Envoi trop lourd", message=message),
        413,
    )


def _proof(address: str) -> Proof | None:
    code = _code(address)
    if not code:
        return None
    return next((one for one in read_proofs(db.session()) if one.code == code), None)


def _code(said: str) -> str:
    """The code of an address as people type it; empty when it is none."""
    last = said.strip().rstrip("/").rpartition("/")[2].upper()
    if not _CODE.fullmatch(last):
        return ""
    plain = last.replace("-", "")
    return f"{plain[:4]}-{plain[4:]}"


def _page(form: VerifyForm, verdict: Verdict | None = None, asked: str = "") -> str:
    return render_template(
        "verification/index.html",
        form=form,
        verdict=verdict,
        asked=asked,
        outcomes=Outcome,
        labels=EDITION_LABELS,
        keys=_keys(read_proofs(db.session())),
    )


def _keys(proofs: list[Proof]) -> list[str]:
    """The fingerprints of the keys that have sealed, the latest first."""
    return list(dict.fromkeys(fingerprint(proof.public_key) for proof in proofs))
