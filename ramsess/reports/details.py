"""The pseudonymised detail sheets: the records behind the figures, without name or note."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from ramsess.reports.columns import NEVER
from ramsess.reports.facts import EPOCH, Facts
from ramsess.reports.report import Cell, Detail, DetailColumn
from ramsess.reports.tables.axes import departments


def details(facts: Facts) -> tuple[Detail, ...]:
    """Acts, parcours and sessions of the period, each under a number that leads to nobody.

    The numbers link the sheets of one report and mean nothing outside it.
    """
    numbers = _numbers(facts.parcours["id"], "PA")
    return (_acts(facts, numbers), _parcours(facts, numbers), _sessions(facts))


def _numbers(ids: pd.Series, prefix: str) -> dict[int, str]:
    return {int(item): f"{prefix}{n:06d}" for n, item in enumerate(ids, 1)}


def _day(value: int) -> dt.date | None:
    return None if value == NEVER else EPOCH + dt.timedelta(days=int(value))


def _text(values: Any) -> list[Cell]:
    return ["" if pd.isna(value) else str(value) for value in values]


def _labels(facts: Facts, name: str, codes: pd.Series) -> list[Cell]:
    """The labels of *codes* in the code list *name*."""
    labels = facts.lists.labels(name)
    return [labels.get(code, "") for code in codes.astype(object)]


def _types(facts: Facts, codes: pd.Series) -> list[Cell]:
    labels = facts.lists.labels("act_types")
    return [f"{code} {labels[code]}" for code in codes.astype(object)]


def _performers(facts: Facts) -> tuple[pd.Series, pd.Series]:
    """The structures and the minutes of each act."""
    shares = facts.shares.assign(structure=facts.shares["structure"].astype(str))
    pairs = shares.drop_duplicates(["act", "structure"]).sort_values(["act", "structure"])
    structures = pairs.groupby("act")["structure"].agg("; ".join)
    return structures, shares.groupby("act")["minutes"].sum()


def _act_columns(facts: Facts, acts: pd.DataFrame) -> list[list[Cell]]:
    structures, minutes = _performers(facts)
    return [
        [_day(day) for day in acts["day"]],
        _types(facts, acts["type"]),
        _text(structures.reindex(acts["id"])),
        [int(value) for value in minutes.reindex(acts["id"], fill_value=0)],
        _labels(facts, "schemes", acts["scheme"]),
        _text(departments(facts, acts["commune"])),
    ]


def _acts(facts: Facts, parcours: dict[int, str]) -> Detail:
    acts = facts.acts
    columns: list[list[Cell]] = [
        list(_numbers(acts["id"], "AC").values()),
        *_act_columns(facts, acts),
        [parcours.get(int(item), "") for item in acts["parcours"]],
        _labels(facts, "modalities", acts["modality"]),
        [int(value) for value in acts["anonymous"]],
        ["oui" if value else "non" for value in acts["session"]],
    ]
    return Detail(
        name="Détail actes",
        title="Actes de la période",
        columns=(
            DetailColumn("Acte"),
            DetailColumn("Date", "date"),
            DetailColumn("Type", width=38),
            DetailColumn("Structures", width=26),
            DetailColumn("Heures", "minutes"),
            DetailColumn("Dispositif", width=32),
            DetailColumn("Département"),
            DetailColumn("Parcours"),
            DetailColumn("Modalité", width=20),
            DetailColumn("Personnes anonymes", "integer"),
            DetailColumn("Séance"),
        ),
        rows=list(zip(*columns, strict=True)),
    )


def _parcours(facts: Facts, numbers: dict[int, str]) -> Detail:
    parcours = facts.parcours
    involved = facts.involvements.assign(structure=facts.involvements["structure"].astype(str))
    structures = (
        involved.drop_duplicates(["parcours", "structure"])
        .sort_values(["parcours", "structure"])
        .groupby("parcours")["structure"]
        .agg("; ".join)
    )
    people = facts.members.groupby("parcours").size()
    acts = facts.acts.groupby("parcours").size()
    columns: list[list[Cell]] = [
        list(numbers.values()),
        [_day(day) for day in parcours["entered"]],
        [_day(day) for day in parcours["exited"]],
        _text(parcours["lead"]),
        _text(structures.reindex(parcours["id"])),
        _labels(facts, "phases", parcours["phase"]),
        _labels(facts, "sectors", parcours["sector"]),
        _labels(facts, "legal_forms", parcours["legal_form"]),
        _text(departments(facts, parcours["commune"])),
        _labels(facts, "outcomes", parcours["outcome"]),
        [int(value) for value in people.reindex(parcours["id"], fill_value=0)],
        [int(value) for value in acts.reindex(parcours["id"], fill_value=0)],
    ]
    return Detail(
        name="Détail parcours",
        title="Parcours suivis dans la période",
        columns=(
            DetailColumn("Parcours"),
            DetailColumn("Entrée", "date"),
            DetailColumn("Sortie", "date"),
            DetailColumn("Structure référente"),
            DetailColumn("Structures", width=26),
            DetailColumn("Phase d’entrée"),
            DetailColumn("Secteur", width=32),
            DetailColumn("Forme juridique", width=26),
            DetailColumn("Département"),
            DetailColumn("Motif de sortie", width=22),
            DetailColumn("Personnes", "integer"),
            DetailColumn("Actes", "integer"),
        ),
        rows=list(zip(*columns, strict=True)),
    )


def _sessions(facts: Facts) -> Detail:
    sessions = facts.sessions
    known = facts.attendances.groupby("act").size()
    columns: list[list[Cell]] = [
        list(_numbers(sessions["id"], "SE").values()),
        *_act_columns(facts, sessions),
        [int(value) for value in known.reindex(sessions["id"], fill_value=0)],
        [int(value) for value in sessions["anonymous"]],
    ]
    return Detail(
        name="Détail séances",
        title="Séances collectives de la période",
        columns=(
            DetailColumn("Séance"),
            DetailColumn("Date", "date"),
            DetailColumn("Type", width=38),
            DetailColumn("Structures", width=26),
            DetailColumn("Heures", "minutes"),
            DetailColumn("Dispositif", width=32),
            DetailColumn("Département"),
            DetailColumn("Présences connues", "integer"),
            DetailColumn("Présences anonymes", "integer"),
        ),
        rows=list(zip(*columns, strict=True)),
    )
