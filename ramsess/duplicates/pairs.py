"""All pairs of a whole base that are worth a look, without comparing everybody with everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ramsess.duplicates.comparing import Usage, Verdict, compare
from ramsess.duplicates.identity import Identity
from ramsess.duplicates.sound import bones, sound

Key: TypeAlias = tuple[object, ...]
# A key that more people share tells nothing; whoever is behind it shares a narrower one.
_MOST_IN_A_BLOCK = 250


@dataclass(frozen=True)
class Pair:
    """Two records that may be one person; ``first_id`` is the lower."""

    first_id: int
    second_id: int
    verdict: Verdict


def find_pairs(people: Sequence[Identity]) -> list[Pair]:
    """Every pair of *people* above the threshold, the likeliest first."""
    usage = Usage.among(people)
    ordered = sorted(people, key=lambda person: person.id)
    found = []
    for left, right in _candidates(ordered):
        verdict = compare(ordered[left], ordered[right], usage)
        if verdict.likely:
            found.append(Pair(ordered[left].id, ordered[right].id, verdict))
    return sorted(found, key=lambda pair: (-pair.verdict.score, pair.first_id, pair.second_id))


def _candidates(people: Sequence[Identity]) -> list[list[int]]:
    """The places, in *people*, of those who share a key; each pair once."""
    blocks: dict[Key, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        for key in set(keys(person)):
            blocks[key].append(place)
    coded: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    for block in blocks.values():
        if 1 < len(block) <= _MOST_IN_A_BLOCK:
            places = np.array(block, np.int64)
            left, right = np.triu_indices(len(block), 1)
            coded.append(places[left] * len(people) + places[right])
    pairs = np.unique(np.concatenate(coded))
    return (
        np.stack([pairs // len(people), pairs % len(people)], axis=1).tolist() if len(pairs) else []
    )


def keys(person: Identity) -> Iterator[Key]:
    """What somebody may share with another record of hers; one is enough to be compared."""
    born = person.birth_date
    if born:
        # The same for « 3 avril » and « 4 mars ».
        yield ("born", born.year, *sorted((born.day, born.month)))
        yield "day", born.month, born.day, bones(person.first)
    if person.number:
        yield "phone", person.number
    if person.address:
        yield "email", person.address
    heads = [bones(first) for first in person.firsts]
    for family in person.families:
        for head in heads:
            yield "names", *sorted((bones(family), head))
        # A letter changed in one of the names leaves the other, and most of the first.
        yield "last", sound(family), person.first[:2]
    for end in (person.last[:3], person.last[-3:]):
        yield "first", sound(person.first), end
