"""What a reader of the report may choose: period, structure, limits, what it is compared with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, ValidationError
from wtforms.validators import InputRequired, Optional

from ramsess.models.calendar import FIRST_DAY, today
from ramsess.models.reporting_period import quarter_label
from ramsess.reports.period import Period

LAST_DAY = dt.date(2100, 12, 31)
Choices = Sequence[tuple[str, str]]
REQUIRED = InputRequired("Indiquez une date.")


class PeriodForm(FlaskForm):  # type: ignore[misc]  # the library is untyped
    """A period, both days included.

    It is sent by GET and changes nothing: an address can be kept and shared.
    """

    class Meta:
        csrf = False
        locales = ("fr",)

    debut = DateField("Du", [REQUIRED])
    fin = DateField("Au", [REQUIRED])

    def validate_fin(self, field: DateField) -> None:
        """Refuse a period that ends before it begins, begins too early, or lasts too long."""
        if self.debut.data and field.data:
            check_period(self.debut.data, field.data)

    @property
    def period(self) -> Period:
        """The period asked for; only after validation."""
        return Period(self.debut.data, self.fin.data)


class ReportForm(PeriodForm):
    """A period, and optionally one structure, what the report is limited to, another period."""

    structure = SelectField("Structure")
    dispositif = SelectField("Dispositif")
    territoire = SelectField("Territoire")
    secteur = SelectField("Secteur du projet")
    type = SelectField("Type d’acte")
    comparer_debut = DateField("Comparer : du", [Optional()])
    comparer_fin = DateField("Comparer : au", [Optional()])

    def __init__(
        self,
        *args: Any,
        structures: Choices,
        schemes: Choices,
        territories: Mapping[str, Choices],
        sectors: Choices,
        types: Mapping[str, Choices],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.structure.choices = [("", "Tout le réseau"), *structures]
        self.dispositif.choices = [("", "Tous les dispositifs"), *schemes]
        self.territoire.choices = {"Partout": [("", "Tous les territoires")], **territories}
        self.secteur.choices = [("", "Tous les secteurs"), *sectors]
        self.type.choices = {"Tout": [("", "Tous les actes")], **types}

    def validate(self, extra_validators: Any = None) -> bool:
        """Hold the period compared to what holds the other one; an empty field has no check."""
        valid = bool(super().validate(extra_validators))
        first, last = self.comparer_debut, self.comparer_fin
        if first.errors or last.errors or (first.data is None and last.data is None):
            return valid
        if first.data is None or last.data is None:
            last.errors = ["Indiquez les deux dates de la période à comparer, ou aucune."]
            return False
        try:
            check_period(first.data, last.data)
        except ValidationError as refusal:
            last.errors = [f"Période à comparer : {refusal}"]
            return False
        return valid

    @property
    def compared(self) -> Period | None:
        """The period to compare with; None for the same dates one year before."""
        if self.comparer_debut.data is None:
            return None
        return Period(self.comparer_debut.data, self.comparer_fin.data)

    @property
    def detailed(self) -> bool:
        """True when one of the fields beyond period, structure and scheme is used, or refused."""
        fields = (self.territoire, self.secteur, self.type, self.comparer_debut, self.comparer_fin)
        return any(field.raw_data not in ([], [""]) or field.errors for field in fields)


def check_period(first: dt.date, last: dt.date) -> None:
    """ValidationError for a period that no report may have."""
    if first < FIRST_DAY:
        raise ValidationError("Le premier jour est antérieur à 1990.")
    if last > LAST_DAY:
        raise ValidationError("Le dernier jour dépasse 2100.")
    if last < first:
        raise ValidationError("Le dernier jour précède le premier.")
    if last > first + dt.timedelta(days=3660):
        raise ValidationError("La période dépasse dix ans.")


def usual_periods() -> list[tuple[str, Period]]:
    """This year and the two before, then the last four quarters begun, each with its label."""
    now = today()
    years = [(f"Année {year}", Period.of_year(year)) for year in range(now.year, now.year - 3, -1)]
    quarters = []
    quarter = now.year * 4 + (now.month - 1) // 3
    for index in range(quarter, quarter - 4, -1):
        year, number = divmod(index, 4)
        first = dt.date(year, number * 3 + 1, 1)
        after = dt.date(year + 1, 1, 1) if number == 3 else dt.date(year, number * 3 + 4, 1)
        quarters.append((quarter_label(first), Period(first, after - dt.timedelta(days=1))))
    return years + quarters
