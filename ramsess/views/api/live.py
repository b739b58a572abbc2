"""The provisional report of any period, counted when it is asked for, as on its page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from ramsess import policy
from ramsess.actions.tokens import Bearer
from ramsess.database import db
from ramsess.forms.report import PeriodForm
from ramsess.models import Structure
from ramsess.reports.consolidation import UnknownCodeError, make_report
from ramsess.reports.period import Period
from ramsess.views.api.operations import Asked, Operation, Parameter, operation
from ramsess.views.api.parameters import CODE, FROM, TO
from ramsess.views.api.problems import UnclearError

STRUCTURE = Parameter("structure", "Le code d’une structure : la sienne, à côté du réseau.", CODE)
SCHEME = Parameter("scheme", "Le code d’un dispositif : ses actes seuls (« DRA »).", CODE)
_NAMES = {"debut": "from", "fin": "to"}


@operation(
    Operation(
        "/report",
        "report",
        "Le bilan provisoire",
        "see_report",
        "Report",
        parameters=(
            replace(FROM, required=True),
            replace(TO, required=True),
            STRUCTURE,
            SCHEME,
        ),
    )
)
def report(bearer: Bearer, asked: Asked) -> dict[str, Any]:
    """Le bilan d’une période quelconque de dix ans au plus, compté à l’instant : il peut encore
    changer."""
    structure, scheme = asked["structure"], asked["scheme"]
    if structure and structure not in _structures(bearer):
        raise UnclearError({"structure": "Structure inconnue."})
    try:
        return make_report(
            db.engines["report"], _period(asked), structure=structure, scheme=scheme
        ).as_json()
    except UnknownCodeError:
        raise UnclearError({"scheme": "Dispositif inconnu."}) from None


def _period(asked: Asked) -> Period:
    """The period, under the same conditions as on the page. Raises UnclearError."""
    form = PeriodForm(MultiDict({name: asked[said].isoformat() for name, said in _NAMES.items()}))
    if not form.validate():
        raise UnclearError({_NAMES[name]: why[0] for name, why in form.errors.items()})
    return form.period


def _structures(bearer: Bearer) -> set[str]:
    """The codes of the structures whose report the account reads in this role."""
    if policy.allowed({bearer.role}, "see_any_structure_report"):
        return set(db.session.scalars(select(Structure.code)))
    return {structure.code for structure in bearer.account.structures(bearer.role)}
