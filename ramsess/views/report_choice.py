"""What an address asks of the report: period, structure, limits, what it is compared with."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.database import db
from ramsess.forms.report import ReportForm
from ramsess.models import CODE_LISTS, ActFamily, ActType, Department, Epci, Scheme, Structure
from ramsess.models.calendar import today
from ramsess.reports.period import Period

Choices = list[tuple[str, str]]
#: The fields of an address that limit a report, by the names of ``make_report``.
FILTERS = {"territory": "territoire", "sector": "secteur", "type": "type"}
UNKNOWN = ("NR", "Non renseigné")


def report_form() -> ReportForm:
    """The form as the address fills it; the current year by default."""
    year = Period.of_year(today().year)
    usual = {"debut": year.first.isoformat(), "fin": year.last.isoformat()}
    empty = dict.fromkeys(("structure", "dispositif", *FILTERS.values()), "")
    return ReportForm(
        data=None,
        formdata=type(request.args)({**usual, **empty, **request.args.to_dict()}),
        structures=_structures(),
        schemes=_pairs(select(Scheme.code, Scheme.label).order_by(Scheme.position)),
        territories=_territories(),
        sectors=_sectors(),
        types=_types(),
    )


def asked(form: ReportForm) -> dict[str, Any]:
    """What ``make_report`` and ``make_figure`` are told; only after validation."""
    return {
        "structure": form.structure.data or None,
        "scheme": form.dispositif.data or None,
        "filters": {name: form[field].data for name, field in FILTERS.items() if form[field].data},
        "compared": form.compared,
    }


def kept(form: ReportForm) -> dict[str, Any]:
    """What stays in an address when another period is chosen."""
    names = ("structure", "dispositif", *FILTERS.values())
    return {name: form[name].data for name in names if form[name].data}


def _pairs(query: Any) -> Choices:
    return [(code, label) for code, label in db.session.execute(query)]


def _structures() -> Choices:
    found = _pairs(select(Structure.code, Structure.name).order_by(Structure.name))
    if policy.may(current_user, "see_any_structure_report"):
        return found
    own = policy.structure_codes(current_user)
    return [row for row in found if row[0] in own]


def _territories() -> dict[str, Choices]:
    departments = _pairs(select(Department.code, Department.name).order_by(Department.code))
    groups: dict[str, Choices] = {
        "Départements": [(code, f"{code} {name}") for code, name in departments]
    }
    for code, name in departments:
        places = select(Epci.code, Epci.name).where(Epci.department_code == code)
        groups[f"Intercommunalités : {name}"] = _pairs(places.order_by(Epci.name))
    return {**groups, "Ailleurs": [("HR", "Hors région"), UNKNOWN]}


def _sectors() -> Choices:
    model = CODE_LISTS["sectors"]
    found = _pairs(select(model.code, model.label).order_by(model.position, model.code))
    return [row for row in found if row[0] != UNKNOWN[0]] + [UNKNOWN]


def _types() -> dict[str, Choices]:
    groups: dict[str, Choices] = {}
    for code, label in _pairs(select(ActFamily.code, ActFamily.label).order_by(ActFamily.position)):
        types = select(ActType.code, ActType.label).where(ActType.family_code == code)
        groups[label] = [
            (code, f"{label} (tous)"),
            *((one, f"{one} {name}") for one, name in _pairs(types.order_by(ActType.position))),
        ]
    return groups


__all__ = ["asked", "kept", "report_form"]
