"""What every form shares: French messages, a key against double sending, telling refusals."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Any

from flask import request
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from wtforms import DecimalField, HiddenField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from ramsess.models import CODE_LISTS
from ramsess.models.calendar import today

_DURATION = re.compile(
    r"(?:(?P<hours>\d{1,3})\s*(?:h|:)\s*(?P<rest>\d{1,2})?|(?P<minutes>\d{1,4})\s*(?:min|mn|['’′])?)",
    re.IGNORECASE | re.ASCII,
)
# What a form sends beside what its author says.
UNSAID = ("csrf_token", "draft")


class Form(FlaskForm):  # type: ignore[misc]  # the library is untyped
    """A form whose messages are French; *conflict* when the record changed meanwhile, *sealed* when
    its period is."""

    conflict = False
    sealed = False

    class Meta:
        locales = ("fr",)

    def tell(self, reasons: dict[str, str]) -> None:
        """Show why an action refused, each reason on its field."""
        for name, reason in reasons.items():
            field = self._fields.get(name) or _inside(self, name.split("-"))
            if field is None:
                self.form_errors.append(reason)
            else:
                field.errors = [*field.errors, reason]


def _inside(form: Any, path: list[str]) -> Any:
    """The field of a list, or of a part, that ``lines-0-type`` names; None when it names none."""
    found = form
    for part in path:
        entries = getattr(found, "entries", None)
        if entries is not None:
            found = next((one for one in entries if one.name.endswith(f"-{part}")), None)
        else:
            found = getattr(getattr(found, "form", found), "_fields", {}).get(part)
    return found


class FormPart(PlainForm):  # type: ignore[misc]  # the library is untyped
    """Fields repeated inside a form; its messages are French too."""

    class Meta:
        locales = ("fr",)


class RecordForm(Form):
    """A form that makes a record: sent twice, it makes one."""

    request_key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request_key.data:
            self.request_key.data = str(uuid.uuid4())

    @property
    def key(self) -> uuid.UUID | None:
        """One key for this person, this form and what it says; none when tampered with.

        The same form sent twice has one key; brought back and changed, it has another.
        """
        try:
            space = uuid.UUID(self.request_key.data)
        except ValueError:
            return None
        said = sorted(item for item in request.form.items(multi=True) if item[0] not in UNSAID)
        return uuid.uuid5(space, repr((current_user.get_id(), said)))


class DurationField(StringField):  # type: ignore[misc]  # the library is untyped
    """A duration in minutes, typed as ``90``, ``45 min``, ``1h30`` or ``1:30``."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else written(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the duration; raise ValidationError in French."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text:
            self.data = parse_duration(text)


class NumberField(DecimalField):  # type: ignore[misc]  # the library is untyped
    """A number with decimals, typed and shown as French people write it: ``1 500,50``."""

    widget = TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, render_kw={"inputmode": "decimal"}, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, with a comma or a point; raise ValueError in French."""
        plain = "".join(valuelist[0].split()).replace(",", ".") if valuelist else ""
        if plain and not re.fullmatch(r"[+-]?\d{1,12}(\.\d{0,6})?", plain, re.ASCII):
            raise ValueError("Ce n’est pas un nombre : écrivez par exemple 1500 ou 1,5.")
        super().process_formdata([plain] if plain else [])

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.2f}".replace(".", ",")


def parse_duration(text: str) -> int:
    """Minutes of a typed duration. Raises ValidationError."""
    said = _DURATION.fullmatch(text.strip())
    if said is None:
        raise ValidationError("Durée illisible : écrivez par exemple 90, 1h30 ou 45 min.")
    if said["hours"] is not None:
        return int(said["hours"]) * 60 + int(said["rest"] or 0)
    return int(said["minutes"])


def written(minutes: int) -> str:
    """A duration as a field shows it: ``1h30``, ``45``."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}h{rest:02d}" if hours else str(rest)


def codes(session: Session, name: str, blank: str | None = None) -> list[tuple[str, str]]:
    """The choices of a code list in its order, after *blank* when given; closed codes left out."""
    model = CODE_LISTS[name]
    rows: Iterable[Any] = session.execute(
        select(model.code, model.label)
        .where(or_(model.valid_to.is_(None), model.valid_to >= today()))
        .order_by(model.position, model.code)
    )
    return ([("", blank)] if blank is not None else []) + [(row.code, row.label) for row in rows]
