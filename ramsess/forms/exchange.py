"""Handing in exchange workbooks, and saying how what is in them is to be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_wtf import FlaskForm
from wtforms import Field, MultipleFileField, SelectField, StringField, SubmitField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from ramsess.exchange.headings import Doubt
from ramsess.exchange.layout import Column, SheetLayout
from ramsess.exchange.recipe import TARGETS, Recipe
from ramsess.forms.base import Form

MOST_FILES = 20
NOT_READ = "ne pas lire cette colonne"
# What stands for « the same value on every line » among a spreadsheet's headings.
ALWAYS = "="
UNSAID = ("?", "choisissez…")


def _choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class DepositForm(FlaskForm):  # type: ignore[misc]  # the library is untyped
    """One workbook, or several that are one import."""

    files = MultipleFileField(
        "Fichier (.xlsx ou .csv)",
        description="Un classeur RAMSESS, ou votre propre tableau. 5 Mio au plus.",
        render_kw={"accept": ".xlsx,.csv,.tsv,.txt"},
    )
    submit = SubmitField("Vérifier")

    def __init__(self, most: int = MOST_FILES) -> None:
        super().__init__()
        self.most = most
        if most > 1:
            self.files.label.text = "Fichiers (.xlsx)"
            self.files.description = (
                f"{most} fichiers au plus, de 5 Mio chacun. Plusieurs classeurs remis ensemble "
                "sont enregistrés ensemble, ou pas du tout."
            )

    def validate_files(self, field: MultipleFileField) -> None:
        """Refuse no file, or too many."""
        given = [file for file in field.data or [] if getattr(file, "filename", "")]
        if not given:
            raise ValidationError("Choisissez au moins un classeur.")
        if len(given) > self.most:
            raise ValidationError(
                f"Remettez {self.most} classeurs au plus à la fois."
                if self.most > 1
                else "Remettez un seul fichier à la fois."
            )
        field.data = given


class HeadingsForm(Form):
    """What each doubtful heading is; made by headings_form."""

    doubts: Sequence[tuple[int, Doubt, str]] = ()

    def answers(self) -> dict[str, dict[str, dict[str, str]]]:
        """File → sheet → heading → ours, empty for what is not to be read."""
        said: dict[str, dict[str, dict[str, str]]] = {}
        for number, doubt, name in self.doubts:
            sheet = said.setdefault(str(number), {}).setdefault(doubt.sheet, {})
            sheet[doubt.title] = self[name].data
        return said


def headings_form(doubts: Sequence[tuple[int, Doubt]]) -> HeadingsForm:
    """One choice a doubtful heading: what is likely is chosen, what is ambiguous is not."""
    fields: dict[str, object] = {"doubts": []}
    listed = []
    for rank, (number, doubt) in enumerate(doubts):
        name = f"titre{rank}"
        choices = [(item, f"lire comme « {item} »") for item in doubt.candidates]
        fields[name] = SelectField(
            f"« {doubt.title} »",
            choices=_choices([*([] if doubt.sure else [UNSAID]), *choices, ("", NOT_READ)]),
            default=doubt.candidates[0] if doubt.sure else UNSAID[0],
            validators=[_chosen],
        )
        listed.append((number, doubt, name))
    fields["doubts"] = listed
    form: HeadingsForm = type("HeadingsForm", (HeadingsForm,), fields)()
    return form


def _chosen(_form: object, field: Field) -> None:
    if field.data == UNSAID[0]:
        raise ValidationError("Dites ce que contient cette colonne.")


class TargetForm(Form):
    """What a spreadsheet lists, and for which structure."""

    structure = SelectField("Structure")
    sheet = SelectField(
        "Ce tableau liste des", choices=_choices((name, name.lower()) for name in TARGETS)
    )

    class Meta:
        csrf = False


@dataclass(frozen=True)
class Line:
    """The fields of a column of ours: where it is read, and what it always is."""

    column: Column
    source: str
    always: str


class RecipeForm(Form):
    """How each column of a spreadsheet is read; made by recipe_form."""

    lines: Sequence[Line] = ()
    # Our heading → (word, field).
    words: Mapping[str, Sequence[tuple[str, str, str]]] = {}
    name = StringField(
        "Nom de cette lecture",
        [Length(max=80, message="80 caractères au plus.")],
        description="Facultatif. Le prochain tableau qui a les mêmes titres sera lu de même.",
        render_kw={"maxlength": 80},
    )

    def recipe(self, structure: str, sheet: str) -> Recipe:
        """What was said."""
        made = Recipe(structure, sheet)
        for line in self.lines:
            source, always = self[line.source].data, self[line.always].data.strip()
            if source == ALWAYS and always:
                made.columns[line.column.name] = {"always": always}
            elif source not in ("", ALWAYS):
                made.columns[line.column.name] = {"from": source.removeprefix("t:")}
        for column, words in self.words.items():
            made.codes[column] = {
                word: self[field].data.removeprefix("-") for word, _, field in words
            }
        return made


def recipe_form(
    expected: SheetLayout,
    titles: Mapping[str, str],
    lists: Mapping[str, Sequence[tuple[str, str]]],
    known: Recipe,
    words: Mapping[str, Mapping[str, str]],
) -> RecipeForm:
    """The form for a sheet of ours; *known* fills it in, *words* are those that await a code."""
    sources = [("", "—"), (ALWAYS, "la même valeur partout :")]
    sources += [(f"t:{plain}", title) for plain, title in titles.items()]
    fields: dict[str, object] = {}
    lines = []
    for rank, column in enumerate(expected.columns):
        how = known.columns.get(column.name, {})
        line = Line(column, f"colonne{rank}", f"valeur{rank}")
        fields[line.source] = SelectField(
            column.name,
            choices=_choices(sources),
            default=f"t:{how['from']}" if "from" in how else ALWAYS if how else "",
        )
        said = f"{column.name} : valeur pour toutes les lignes"
        if column.name in lists:
            pairs = [(code, f"{code} — {label}") for code, label in lists[column.name]]
            fields[line.always] = SelectField(
                said, choices=_choices([("", "—"), *pairs]), default=how.get("always", "")
            )
        else:
            fields[line.always] = StringField(said, default=how.get("always", ""))
        lines.append(line)
    fields["lines"] = lines
    fields["words"] = {
        column: [
            (plain, word, f"mot{list(words).index(column)}-{rank}")
            for rank, (plain, word) in enumerate(met.items())
        ]
        for column, met in words.items()
    }
    for column, listed in fields["words"].items():  # type: ignore[attr-defined]  # a dictionary
        pairs = [(code, f"{code} — {label}") for code, label in lists[column]]
        for plain, word, name in listed:
            fields[name] = SelectField(
                f"« {word} »",
                choices=_choices([UNSAID, *pairs, ("-", "laisser vide")]),
                default=known.codes.get(column, {}).get(plain, "?") or "-",
                validators=[_chosen],
            )
    form: RecipeForm = type("RecipeForm", (RecipeForm,), fields)()
    return form
