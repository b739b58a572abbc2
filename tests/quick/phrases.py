"""Phrases and what they should be understood as, read from a file of tabulated lines.

A line is the phrase, the fields (``t`` type, ``p`` parcours, ``min``, ``on`` date, ``m`` modality,
``n`` people, ``s`` scheme, ``st`` structure; ``?`` is to be settled, with what is proposed), and
the note.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ramsess.quick.context import Context
from ramsess.quick.understood import ASK, SAID, Found, Understood

NAMES = {"t": "type", "p": "parcours", "min": "minutes", "on": "done_on", "m": "modality",
         "n": "anonymous_count", "s": "scheme", "st": "structure"}  # fmt: skip
Reader = Callable[[str, Context], Understood]


@dataclass(frozen=True)
class Case:
    """A phrase, its fields as text, its note."""

    phrase: str
    fields: dict[str, str]
    note: str


def read_cases(path: Path) -> list[Case]:
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        phrase, fields, note = line.split("\t")
        said = dict(part.split("=", 1) for part in fields.split())
        cases.append(Case(phrase, {NAMES[key]: text for key, text in said.items()}, note))
    return cases


def plain(name: str, value: object) -> str:
    """A value as the lines write it."""
    if isinstance(value, dt.date):
        return f"{value:%m-%d}" if value.year == 2009 else value.isoformat()
    if name == "parcours":
        _, year, number = str(value).split("-")
        return f"{int(number)}" if year == "2009" else f"{year}-{int(number):02}"
    return str(value)


def matches(name: str, expected: str, found: Found | None) -> bool:
    """True when a field is as expected: the value, or the question with its choices."""
    if found is None:
        return False
    if not expected.startswith("?"):
        return found.value is not None and plain(name, found.value) == expected
    choices = set(filter(None, expected[1:].split(",")))
    return found.how == ASK and choices <= {plain(name, value) for value in found.choices}


def verdict(case: Case, understood: Understood) -> tuple[str, str]:
    """``exact``, ``part``, ``nothing`` or ``wrong``, and what differs.

    Wrong: it would be recorded with one key though it is not what the phrase says.
    """
    differences = [
        f"{name}: {text} ≠ {understood.fields.get(name)}"
        for name, text in case.fields.items()
        if not matches(name, text, understood.fields.get(name))
    ]
    differences += [
        f"{name}: en trop {found}"
        for name, found in understood.fields.items()
        if name not in case.fields
        and found.value is not None
        and found.text
        and (name != "type" or is_said(found))  # a guess, marked as one, may always be made
    ]
    if understood.note != case.note:
        differences.append(f"note: {case.note!r} ≠ {understood.note!r}")
    if not differences:
        return "exact", ""
    told = " ; ".join(differences)
    if understood.settled:
        return "wrong", told
    right = any(matches(name, text, understood.fields.get(name))
                for name, text in case.fields.items())  # fmt: skip
    return ("part" if right else "nothing"), told


def lost(phrase: str, understood: Understood) -> list[str]:
    """Words of the phrase that are neither understood nor in the note."""
    kept = Counter(words(" ".join([understood.note, *(found.text for found in
                                                      understood.fields.values())])))  # fmt: skip
    return [word for word in words(phrase) if not kept[word]]


def words(text: str) -> list[str]:
    return "".join(ch if ch.isalnum() else " " for ch in text).split()


def score(
    path: Path, reader: Reader, context: Context
) -> tuple[Counter[str], list[tuple[str, str, str]]]:
    """How many of each verdict, and the phrases that are not exact."""
    counts: Counter[str] = Counter()
    rest = []
    for case in read_cases(path):
        understood = reader(case.phrase, context)
        said, told = verdict(case, understood)
        counts[said] += 1
        if said != "exact":
            rest.append((said, case.phrase, told))
    return counts, rest


def is_said(found: Found | None) -> bool:
    return found is not None and found.how == SAID
