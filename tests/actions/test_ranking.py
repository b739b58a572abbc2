"""How well a key answers what was typed: spelling, order, and what comes first."""

from __future__ import annotations

import pytest

from ramsess.actions.ranking import Grade, Keys, Match, together
from ramsess.models.names import normalise

NAMES = (
    "Benali Helene", "Ben Ali Yassine", "Dupont Martin", "Martin Dupontel", "Dumartin Zoé",
    "Gonzalez Inès", "De la Mer Luc", "Martin",
)  # fmt: skip


def ranked(typed: str, names: tuple[str, ...] = NAMES) -> list[tuple[str, Grade]]:
    keys = Keys((number, normalise(name)) for number, name in enumerate(names))
    found = together([keys.answering(word) for word in normalise(typed).split()], keys.words)
    return [(names[number], found[number].grade) for number in sorted(found, key=found.__getitem__)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Hélène Benali", [("Benali Helene", Grade.NAME)]),
        ("BENALY", [("Benali Helene", Grade.NEAR), ("Ben Ali Yassine", Grade.NEAR)]),
        ("benali", [("Benali Helene", Grade.BEGINNING), ("Ben Ali Yassine", Grade.BEGINNING)]),
        ("ben ali", [("Ben Ali Yassine", Grade.BEGINNING), ("Benali Helene", Grade.INSIDE)]),
        ("dupond martin", [("Dupont Martin", Grade.NEAR), ("Martin Dupontel", Grade.NEAR)]),
        ("gonsales", [("Gonzalez Inès", Grade.NEAR)]),
        ("gonsal", [("Gonzalez Inès", Grade.NEAR)]),
        ("delamer luc", []),
        ("de la mer", [("De la Mer Luc", Grade.BEGINNING)]),
        ("helene dupont", []),
        ("zz", []),
        ("eh", []),
    ],
)
def test_a_name_is_found_however_it_is_spelled(
    typed: str, expected: list[tuple[str, Grade]]
) -> None:
    assert ranked(typed) == expected


def test_the_exact_name_comes_first_then_the_beginning_then_the_inside() -> None:
    assert ranked("martin") == [
        ("Martin", Grade.NAME),
        ("Dupont Martin", Grade.BEGINNING),
        ("Martin Dupontel", Grade.BEGINNING),
        ("Dumartin Zoé", Grade.INSIDE),
    ]


def test_a_short_word_is_not_guessed_and_nothing_answers_no_key() -> None:
    assert ranked("luk") == []
    assert Keys([]).answering("martin") == {}
    assert together([{1: Match(Grade.NAME, 0)}, {}], {1: 1}) == {}
