"""Handing in exchange workbooks."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import MultipleFileField, SubmitField, ValidationError

MOST_FILES = 20


class DepositForm(FlaskForm):  # type: ignore[misc]  # the library is untyped
    """One workbook, or several that are one import."""

    files = MultipleFileField(
        "Classeurs (.xlsx)",
        description="Vingt fichiers au plus, de 5 Mio chacun. Plusieurs classeurs remis ensemble "
        "sont enregistrés ensemble, ou pas du tout.",
        render_kw={"accept": ".xlsx"},
    )
    submit = SubmitField("Vérifier")

    def validate_files(self, field: MultipleFileField) -> None:
        """Refuse no file, or too many."""
        given = [file for file in field.data or [] if getattr(file, "filename", "")]
        if not given:
            raise ValidationError("Choisissez au moins un classeur.")
        if len(given) > MOST_FILES:
            raise ValidationError(f"Remettez {MOST_FILES} classeurs au plus à la fois.")
        field.data = given


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # the library is untyped
    """The person has seen what will be written, and agrees."""

    submit = SubmitField("Enregistrer")
