"""A crowd with duplicates planted in it, and people who only look like one another.

Natural look-alikes: homonyms, twins, fathers and sons of one name at one address, couples and
households that share a telephone. Two bases: *development*, on which weights are set, and
*report*, with other names, another seed and kinds of noise that the first has not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeAlias

from ramsess.duplicates.identity import Identity, turned
from ramsess.models.names import normalise
from tests.duplicates.naming import Names

Noise: TypeAlias = Callable[[Random, Identity, Names], Identity]
PLANTED = 0.05
_COMMUNES = [f"13{number:03}" for number in range(1, 60)] + [
    f"132{number:02}" for number in range(1, 17)
] * 4


@dataclass
class Crowd:
    """*planted*: pair of ids → kind of noise."""

    people: list[Identity] = field(default_factory=list)
    planted: dict[tuple[int, int], str] = field(default_factory=dict)


def crowd(seed: int, size: int, kinds: dict[str, Noise], half: int) -> Crowd:
    """*size* records, PLANTED of which are a second record of somebody."""
    random = Random(seed)
    names = Names(random, half)
    made = Crowd()
    wanted = round(size * (1 - PLANTED))
    while len(made.people) < wanted:
        _household(random, names, made)
    del made.people[wanted:]
    chosen = random.sample(made.people, size - wanted)
    for rank, person in enumerate(chosen):
        kind = list(kinds)[rank % len(kinds)]
        again = _entered_again(random, person, len(made.people) + 1)
        again = kinds[kind](random, again, names)
        made.people.append(again)
        made.planted[person.id, again.id] = kind
    random.shuffle(made.people)
    return made


def _household(random: Random, names: Names, made: Crowd) -> None:
    sex = random.choice("FM")
    last, first, origin = names.draw(sex)
    person = Identity(
        id=len(made.people) + 1,
        last_name=last,
        first_name=first,
        birth_date=_born(random),
        phone=_phone(random) if random.random() < 0.75 else "",
        email=_email(random, first, last) if random.random() < 0.5 else "",
        commune_code=random.choice(_COMMUNES) if random.random() < 0.95 else None,
        sex_code=sex if random.random() < 0.97 else "NR",
    )
    made.people.append(person)
    more = random.random()
    if more < 0.008:
        # Twins: everything but the first name.
        other = random.choice("FM")
        _relative(random, made, person, names.draw(other, origin)[1], person.birth_date, other)
    elif more < 0.014 and person.birth_date:
        # A father and his son of the same name.
        older = person.birth_date.replace(day=min(person.birth_date.day, 28))
        older = older.replace(year=older.year - random.randint(19, 36))
        _relative(random, made, person, first, older, sex)
    elif more < 0.03:
        # A couple, or brother and sister.
        other = random.choice("FM")
        _relative(random, made, person, names.draw(other, origin)[1], _born(random), other)
    elif more < 0.045:
        # A homonym, somebody else elsewhere.
        made.people.append(
            replace(
                person,
                id=len(made.people) + 1,
                birth_date=_born(random),
                phone=_phone(random) if random.random() < 0.75 else "",
                email="",
                commune_code=random.choice(_COMMUNES),
            )
        )


def _relative(
    random: Random, made: Crowd, person: Identity, first: str, born: dt.date | None, sex: str
) -> None:
    if normalise(first) == normalise(person.first_name) and born == person.birth_date:
        return
    made.people.append(
        replace(
            person,
            id=len(made.people) + 1,
            first_name=first,
            birth_date=born,
            sex_code=sex,
            phone=person.phone if random.random() < 0.6 else _phone(random),
            email="",
        )
    )


def _entered_again(random: Random, person: Identity, number: int) -> Identity:
    """The same person, entered by somebody else at another time: contacts change and are lost."""
    phone = person.phone if random.random() < 0.65 else random.choice(("", _phone(random)))
    if phone and random.random() < 0.5:
        phone = "+33 " + phone[1:].replace(" ", ".")
    return replace(
        person,
        id=number,
        phone=phone,
        email=person.email if random.random() < 0.6 else "",
        commune_code=person.commune_code if random.random() < 0.8 else random.choice(_COMMUNES),
        sex_code=person.sex_code if random.random() < 0.9 else "NR",
    )


def _born(random: Random) -> dt.date | None:
    chance = random.random()
    if chance < 0.08:
        return None
    day = dt.date(1948, 1, 1) + dt.timedelta(days=int(random.triangular(0, 365 * 58, 365 * 32)))
    # Some know their year alone.
    return day.replace(month=1, day=1) if chance < 0.1 else day


def _phone(random: Random) -> str:
    return f"0{random.choice('4667')} " + " ".join(f"{random.randint(0, 99):02}" for _ in range(4))


def _email(random: Random, first: str, last: str) -> str:
    said = re.sub(r"\W", "", normalise(f"{first}.{last}").replace(" ", ""))
    return f"{said}{random.randint(1, 999)}@courriel.example"


# Noise: what the second record says otherwise.


def _letters(name: str, random: Random, change: Callable[[str, int], str]) -> str:
    places = [place for place, letter in enumerate(name) if letter.isalpha() and place > 0]
    return change(name, random.choice(places)) if len(places) > 2 else name


def _some_name(random: Random, person: Identity, change: Callable[[str, int], str]) -> Identity:
    column = random.choice(("last_name", "first_name"))
    return replace(person, **{column: _letters(getattr(person, column), random, change)})  # type: ignore[arg-type]


def typo(random: Random, person: Identity, _names: Names) -> Identity:
    """A letter dropped, or another in its place."""
    letter = random.choice(("", "a", "e", "r", "n", "s"))
    return _some_name(random, person, lambda name, at: name[:at] + letter + name[at + 1 :])


def accents(_random: Random, person: Identity, _names: Names) -> Identity:
    """Capitals without accents, and no birth date to go by."""
    last, first = normalise(person.last_name).upper(), normalise(person.first_name).upper()
    return replace(person, last_name=last, first_name=first, birth_date=None)


def hyphens(_random: Random, person: Identity, _names: Names) -> Identity:
    """Words joined or parted, and the birth date one digit away."""
    swap = str.maketrans({"-": " ", " ": "-", "'": ""})
    born = person.birth_date
    return replace(
        person,
        last_name=person.last_name.translate(swap),
        first_name=person.first_name.translate(swap).lower(),
        birth_date=born and born.replace(day=_beside(born.day)),
    )


def _beside(day: int) -> int:
    """Another day of the same month, one digit away."""
    if day % 10 > 1 or day == 31:
        return day - 1
    return day + 1 if day < 30 else day - 10


def swapped(_random: Random, person: Identity, _names: Names) -> Identity:
    """Last name for first name."""
    return replace(person, last_name=person.first_name, first_name=person.last_name)


def married(random: Random, person: Identity, names: Names) -> Identity:
    """« Dupont épouse Martin »."""
    other = names.draw("F")[0]
    word = random.choice(("épouse", "ép.", "-"))
    return replace(person, last_name=f"{other} {word} {person.last_name}".replace(" - ", "-"))


def undated(_random: Random, person: Identity, _names: Names) -> Identity:
    """The birth date was not asked."""
    return replace(person, birth_date=None)


def day_for_month(_random: Random, person: Identity, _names: Names) -> Identity:
    """3 avril, 4 mars; another day of the month when that cannot be."""
    born = person.birth_date
    if born is None or turned(born) is None:
        return replace(person, birth_date=None)
    return replace(person, birth_date=turned(born))


DEVELOPMENT: dict[str, Noise] = {
    "coquille": typo,
    "accents, sans date": accents,
    "traits d’union, date à un chiffre": hyphens,
    "inversés": swapped,
    "nom d’épouse": married,
    "sans date": undated,
    "jour et mois": day_for_month,
}

# What the weights were never set on.
_KEYS = {
    "a": "z",
    "e": "r",
    "i": "o",
    "o": "p",
    "u": "y",
    "r": "t",
    "n": "b",
    "s": "d",
    "l": "m",
    "t": "y",
}
_HEARD = (
    ("ph", "f"), ("ou", "u"), ("ss", "s"), ("ll", "l"), ("mm", "m"), ("nn", "n"), ("tt", "t"),
    ("y", "i"), ("k", "c"), ("ch", "sh"), ("eau", "o"), ("ault", "aud"), ("th", "t"), ("ai", "é"),
    ("e", "é"), ("i", "y"), ("a", "ha"), ("r", "rr"),
)  # fmt: skip


def neighbour(random: Random, person: Identity, _names: Names) -> Identity:
    """The key beside the right one, or two letters exchanged."""

    def slip(name: str, at: int) -> str:
        if random.random() < 0.5:
            return name[:at] + _KEYS.get(name[at], "e") + name[at + 1 :]
        return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]

    return _some_name(random, person, slip)


def by_ear(_random: Random, person: Identity, _names: Names) -> Identity:
    """Written as it was heard, twice where it can be, and no birth date for one in three."""
    last, first = person.last_name, person.first_name
    for heard, written in _HEARD:
        if heard in last[1:]:
            last = last[0] + last[1:].replace(heard, written, 1)
            break
    for heard, written in reversed(_HEARD):
        if heard in first[1:]:
            first = first[0] + first[1:].replace(heard, written, 1)
            break
    return replace(person, last_name=last, first_name=first)


def other_name(_random: Random, person: Identity, names: Names) -> Identity:
    """Her husband's name alone, or her own again: nothing but a contact that stayed can tell."""
    return replace(person, last_name=names.draw("F")[0])


def nee(_random: Random, person: Identity, names: Names) -> Identity:
    """« Martin née Dupont », the first name cut short if double."""
    first = person.first_name.split("-")[0]
    return replace(
        person, last_name=f"{names.draw('F')[0]} née {person.last_name}", first_name=first
    )


def wrong_year(random: Random, person: Identity, _names: Names) -> Identity:
    """Another last digit of the year."""
    born = person.birth_date
    if born is None:
        return typo(random, person, _names)
    digit = random.choice([number for number in range(10) if number != born.year % 10])
    day = min(born.day, 28)
    return replace(person, birth_date=dt.date(born.year - born.year % 10 + digit, born.month, day))


def twice(random: Random, person: Identity, names: Names) -> Identity:
    """Names exchanged and one misspelt."""
    return swapped(random, neighbour(random, person, names), names)


def turned_and_misspelt(random: Random, person: Identity, names: Names) -> Identity:
    """Day for month and a slip."""
    return day_for_month(random, neighbour(random, person, names), names)


REPORT: dict[str, Noise] = {
    "touche voisine": neighbour,
    "à l’oreille": by_ear,
    "accents, sans date": accents,
    "traits d’union, date à un chiffre": hyphens,
    "inversés": swapped,
    "inversés et coquille": twice,
    "née": nee,
    "tout autre nom": other_name,
    "année à un chiffre": wrong_year,
    "jour et mois, coquille": turned_and_misspelt,
    "sans date": undated,
}
