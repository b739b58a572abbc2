"""From an address to what is asked of a list, and back."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, ValidationError
from wtforms.validators import Optional

from ramsess.forms.network import AskingForm
from ramsess.forms.report import LAST_DAY
from ramsess.lists.listing import Asked, Listing
from ramsess.models.calendar import FIRST_DAY

SORT = "tri"


class ListForm(AskingForm):
    """The filters of a list, sent by GET; *sort* is beside them in the address."""

    listing: Listing
    sort = ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Every choice is one of its list's, every date a date, in order."""
        right = bool(super().validate(extra_validators))
        first, last = self._fields.get("du"), self._fields.get("au")
        if right and first is not None and first.data and last.data and last.data < first.data:
            last.errors = ["Le dernier jour précède le premier."]
            return False
        return right

    @property
    def asked(self) -> dict[str, Any]:
        """What an address must say to ask the same; only after validation."""
        said = {name: field._value() if isinstance(field, DateField) else field.data
                for name, field in self._fields.items() if field.data}  # fmt: skip
        return {**said, SORT: self.sort} if self.sort else said

    def answer(self, text: str) -> Asked:
        """The same with what is searched for; only after validation."""
        filters = {name: field.data for name, field in self._fields.items() if field.data}
        return Asked(filters, text, self.sort)


def asking_form(session: Session, listing: Listing, asked: Any) -> ListForm:
    """The form of a list's filters, as *asked* (an address's arguments) fills it in."""
    form: ListForm = _form(listing)(formdata=asked)
    choices = {
        one.name: [("", one.first), *one.choices(session)] for one in listing.filters if one.choices
    }
    form.offer(asked, **choices)
    sort = asked.get(SORT, "")
    form.sort = sort if listing.column(sort.removeprefix("-")) else ""
    return form


def _day(_form: ListForm, field: DateField) -> None:
    if field.data and not FIRST_DAY <= field.data <= LAST_DAY:
        raise ValidationError("Indiquez une date entre 1990 et 2100.")


@cache
def _form(listing: Listing) -> type[ListForm]:
    fields: dict[str, Any] = {
        one.name: SelectField(one.label)
        if one.choices
        else DateField(one.label, [Optional(), _day])
        for one in listing.filters
    }
    return type("FilterForm", (ListForm,), {"listing": listing, **fields})
