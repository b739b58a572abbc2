"""Compare two records: points for what agrees, less for what differs, and the reasons in words.

The points follow the weights of record linkage (an agreement is worth what chance makes rare),
rounded so that somebody can add them up; they were set on generated people and are measured on
others (``tests/duplicates``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from ramsess.duplicates.identity import Identity, turned
from ramsess.duplicates.sound import sound

#: From here on a pair is worth a human look; then it is probable, then hardly anything else.
THRESHOLD, PROBABLE, SURE = 58, 70, 80

#: While a person is being entered a question costs less than a second record: from here on it is
#: asked, and of whoever bears exactly these names.
ASKED = 38

#: What a reason is called, in the order in which a pair tells its own. A code once used stays.
REASONS = {
    "last_same": "même nom",
    "last_sound": "noms qui se prononcent pareil",
    "last_near": "noms presque pareils",
    "last_part": "un nom commun aux deux (nom composé ou d’usage)",
    "swapped": "nom et prénom inversés",
    "first_same": "même prénom",
    "first_sound": "prénoms qui se prononcent pareil",
    "first_near": "prénoms presque pareils",
    "first_part": "un prénom commun aux deux",
    "birth_same": "même date de naissance",
    "birth_turned": "jour et mois de naissance inversés",
    "birth_near": "dates de naissance à un chiffre près",
    "birth_year": "même année de naissance, l’une au 1er janvier",
    "birth_unknown": "date de naissance inconnue d’un côté au moins",
    "phone": "même téléphone",
    "email": "même courriel",
    "commune": "même commune",
}
_POINTS = {
    "last_same": 32, "last_sound": 26, "last_near": 24, "last_part": 22, "last": -20,
    "first_same": 28, "first_sound": 24, "first_near": 20, "first_part": 18,
    "swapped": 54,
    "birth_same": 30, "birth_turned": 22, "birth_near": 10, "birth_year": 4, "birth_unknown": 0,
    "birth": -45,
    "phone": 22, "email": 26, "commune": 6,
}  # fmt: skip
# A name that many bear says less; a date given for want of a better one too.
_USUAL_LAST, _USUAL_FIRST, _FIRST_OF_JANUARY = 8, 6, 12
_OTHER_COMMUNE, _OTHER_SEX = 4, 12
# A name is usual when so many bear it, and that share of the people.
_USUAL_NUMBER, _USUAL_SHARE = 4, 0.0015
_LONG = 8
_GENERATION = 16


@dataclass(frozen=True)
class Verdict:
    """How alike two records are (points), and why (codes of ``REASONS``, in its order)."""

    score: int
    reasons: tuple[str, ...]

    @property
    def likely(self) -> bool:
        """True when somebody should look."""
        return self.score >= THRESHOLD

    @property
    def asked(self) -> bool:
        """True when who enters one of the two is asked."""
        return self.score >= ASKED or {"last_same", "first_same"} <= {*self.reasons}


@dataclass(frozen=True)
class Usage:
    """Last and first names that many people bear."""

    last: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()

    @classmethod
    def among(cls, people: Iterable[Identity]) -> Usage:
        """What is usual among *people*."""
        last: Counter[str] = Counter()
        first: Counter[str] = Counter()
        for person in people:
            last.update(person.families)
            first[person.first] += 1
        bar = max(_USUAL_NUMBER, first.total() * _USUAL_SHARE)
        return cls(*(frozenset(n for n, c in names.items() if c >= bar) for names in (last, first)))


_NOTHING_USUAL = Usage()


def likelihood(score: int) -> str:
    """What the points of a pair mean, in words."""
    return "presque sûr" if score >= SURE else "probable" if score >= PROBABLE else "à vérifier"


def compare(one: Identity, other: Identity, usage: Usage = _NOTHING_USUAL) -> Verdict:
    """Say how alike two records are. Two first names that have nothing in common end it."""
    names = _names(one, other, usage)
    if names is None:
        return Verdict(0, ())
    score, reasons = names
    birth = _birth(one, other)
    score += _POINTS[birth]
    january = one.birth_date is not None and (one.birth_date.month, one.birth_date.day) == (1, 1)
    if birth == "birth_same" and january:
        score -= _FIRST_OF_JANUARY
    reasons.append(birth)  # « birth », that they differ, is no reason and is left out below
    if one.number and one.number == other.number:
        reasons.append("phone")
        score += _POINTS["phone"]
    if one.address and one.address == other.address:
        reasons.append("email")
        score += _POINTS["email"]
    if one.commune_code and other.commune_code:
        same = one.commune_code == other.commune_code
        score += _POINTS["commune"] if same else -_OTHER_COMMUNE
        reasons += ["commune"] if same else []
    if "NR" not in (one.sex_code, other.sex_code) and one.sex_code != other.sex_code:
        score -= _OTHER_SEX
    return Verdict(score, tuple(code for code in REASONS if code in reasons))


def _names(one: Identity, other: Identity, usage: Usage) -> tuple[int, list[str]] | None:
    first = _alike(one.firsts, other.firsts)
    if first == "near" and {one.first, other.first} <= usage.first:
        # « Fatima » and « Fatiha » are two names, not one misspelt.
        first = ""
    last = _alike(one.families, other.families)
    if not (first and last):
        crossed = [_alike(one.families, other.firsts), _alike(one.firsts, other.families)]
        if all(crossed):
            return _POINTS["swapped"] - _USUAL_LAST * (one.last in usage.last), ["swapped"]
    if not first:
        return None
    score = _POINTS[f"first_{first}"] - _USUAL_FIRST * (one.first in usage.first)
    reasons = [f"first_{first}"]
    if not last:
        return score + _POINTS["last"], reasons
    shared = set(one.families) & set(other.families) or {one.last}
    score += _POINTS[f"last_{last}"] - _USUAL_LAST * (shared <= usage.last)
    return score, [*reasons, f"last_{last}"]


@lru_cache(maxsize=500_000)
def _alike(some: tuple[str, ...], others: tuple[str, ...]) -> str:
    """How two names are alike: same, sound, near, part; empty when they are not.

    The first of each is the whole name, the rest its parts.
    """
    if not some or not others:
        return ""
    whole, other = some[0].replace(" ", ""), others[0].replace(" ", "")
    if whole == other:
        return "same"
    if sound(whole) == sound(other):
        return "sound"
    if _misspelt(whole, other):
        return "near"
    for part in some:
        for against in others:
            if part == against or sound(part) == sound(against):
                return "part"
    return ""


def _misspelt(one: str, other: str) -> bool:
    """One letter added, dropped, changed or two exchanged; two in a long name."""
    allowed = 2 if min(len(one), len(other)) >= _LONG else 1
    if min(len(one), len(other)) <= 3:
        return False
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _birth(one: Identity, other: Identity) -> str:
    born, against = one.birth_date, other.birth_date
    if born is None or against is None:
        return "birth_unknown"
    if born == against:
        return "birth_same"
    if turned(born) == against:
        return "birth_turned"
    digits_apart = OSA.distance(f"{born:%Y%m%d}", f"{against:%Y%m%d}", score_cutoff=1)
    # Born on one day and a generation apart: rather a father and his son.
    if digits_apart <= 1 and abs(born.year - against.year) < _GENERATION:
        return "birth_near"
    if born.year == against.year and (1, 1) in (
        (born.month, born.day),
        (against.month, against.day),
    ):
        return "birth_year"
    return "birth"
