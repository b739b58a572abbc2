"""The quick line: a phrase that fills in the quick form, and what is to be looked at."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import HiddenField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from ramsess.actions.auditing import shown
from ramsess.forms.act import QuickActForm, usual_minutes
from ramsess.forms.base import written
from ramsess.forms.quick_context import read_context
from ramsess.models.calendar import today
from ramsess.quick.context import Context
from ramsess.quick.phrase import LONGEST
from ramsess.quick.reading import understand
from ramsess.quick.understood import SAID, Found, Value

# How a duration is marked that nobody said.
USUAL = "usual"
FIELDS = ("type", "parcours", "minutes", "done_on", "structure", "modality", "anonymous_count",
          "scheme")  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """What a field's mark tells: how sure it is, from which words, why, and what may be chosen."""

    how: str
    text: str = ""
    why: str = ""
    choices: tuple[tuple[str, str], ...] = ()


class LineForm(QuickActForm):
    """The quick form, that a phrase may fill in; *understood* is the phrase that filled it."""

    phrase = StringField(
        "En une ligne",
        [Length(max=LONGEST)],
        description="Par exemple : 1h30 prévisionnel Benali hier ; accueil 20 min 2 personnes tél.",
        render_kw={
            "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false",
            "enterkeyhint": "done", "maxlength": LONGEST,
        },
    )  # fmt: skip
    understood = HiddenField()

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(session, *args, **kwargs)
        self.marks: dict[str, Mark] = {}
        self.settled = True

    @property
    def is_new(self) -> bool:
        """True when the phrase is not the one that the fields come from."""
        return (self.phrase.data or "").strip() != (self.understood.data or "").strip()

    def understand(self) -> None:
        """Fill in the fields with what the phrase says, and mark them."""
        shown(self.session, "search_parcours", account_id=current_user.id)
        said = (self.phrase.data or "").strip()
        context = read_context(self.session, said)
        read = understand(said, context)
        self._put("understood", said)
        self._put("note", read.note)
        for name in FIELDS:
            self._put(name, self._as_shown(name, read.fields.get(name), context))
        if self.type.data is None:
            self.type.choices = [SelectChoice("", "À choisir"), *self.type.choices]
        self.marks = {
            name: _mark(name, read.fields[name], context) for name in FIELDS if name in read.fields
        }
        self.settled = read.settled
        if "minutes" not in read.fields and self.type.data:
            usual = usual_minutes(self.session, self.type.data, context.habits)
            self.marks["minutes"] = Mark(USUAL, str(usual))

    def choose(self, said: str) -> None:
        """Put one of the values that a mark proposes: ``parcours:P-2009-0042``."""
        name, _, value = said.partition(":")
        if name in FIELDS:
            # What no mark proposes is refused as if it had been typed.
            with suppress(ValueError):
                self[name].process_formdata([value])
            self[name].raw_data = [value]

    def _as_shown(self, name: str, found: Found | None, context: Context) -> Any:
        """The value of a field; without one, what an untouched form holds."""
        value = found.value if found else None
        if name == "parcours" and found:
            # Left as it was typed: it names several, or none, and is refused as it stands.
            return found.text if value is None else _label(name, value, context)
        if name == "structure":
            codes = {item.code: item.id for item in current_user.structures("adviser", "manager")}
            return codes.get(str(value), self.structure.data or self.structure.choices[0][0])
        untouched = {"done_on": None if found else today(), "modality": "", "scheme": "DRA",
                     "anonymous_count": 0, "parcours": ""}  # fmt: skip
        return untouched.get(name) if value is None else value

    def _put(self, name: str, value: Any) -> None:
        self[name].data, self[name].raw_data = value, None

    def shown_value(self, name: str) -> str:
        """A field's value as its input holds it."""
        field = self[name]
        return str(field._value()) if hasattr(field, "_value") else str(field.data or "")


def _mark(name: str, found: Found, context: Context) -> Mark:
    choices = found.choices if found.how != SAID else ()
    return Mark(
        found.how, found.text, found.why,
        tuple(
            (label if name == "parcours" else _plain(value), label)
            for value in choices
            for label in (_label(name, value, context),)
        ),
    )  # fmt: skip


def _plain(value: Value) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _label(name: str, value: Value, context: Context) -> str:
    """What a choice is called."""
    if name == "parcours":
        labels = {item.reference: item.label for item in context.parcours}
        return labels.get(str(value), str(value))
    if name == "type":
        kind = context.type(str(value))
        return kind.label if kind else str(value)
    if name == "minutes":
        return written(int(value))  # type: ignore[arg-type]  # minutes are whole
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    known = {"modality": context.modalities, "scheme": context.schemes,
             "structure": context.structures}  # fmt: skip
    return known.get(name, {}).get(str(value), str(value))
