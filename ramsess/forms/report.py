"""What a reader of the report may choose: period, structure, scheme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, ValidationError
from wtforms.validators import InputRequired

from ramsess.models.calendar import FIRST_DAY, today
from ramsess.models.reporting_period import quarter_label
from ramsess.reports.period import Period

LAST_DAY = dt.date(2100, 12, 31)
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

    def validate_debut(self, field: DateField) -> None:
        """Refuse a first day before anything was recorded."""
        if field.data and field.data < FIRST_DAY:
            raise ValidationError("Le premier jour est antérieur à 1990.")

    def validate_fin(self, field: DateField) -> None:
        """Refuse a period that ends before it begins, or lasts over ten years."""
        first = self.debut.data
        if not first or not field.data:
            return
        if field.data > LAST_DAY:
            raise ValidationError("Le dernier jour dépasse 2100.")
        if field.data < first:
            raise ValidationError("Le dernier jour précède le premier.")
        if field.data > first + dt.timedelta(days=3660):
            raise ValidationError("La période dépasse dix ans.")

    @property
    def period(self) -> Period:
        """The period asked for; only after validation."""
        return Period(self.debut.data, self.fin.data)


class ReportForm(PeriodForm):
    """A period, and optionally one structure or one scheme."""

    structure = SelectField("Structure")
    dispositif = SelectField("Dispositif")

    def __init__(
        self,
        *args: Any,
        structures: Sequence[tuple[str, str]],
        schemes: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.structure.choices = [("", "Tout le réseau"), *structures]
        self.dispositif.choices = [("", "Tous les dispositifs"), *schemes]


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
