"""Which parcours: by its reference, the names of its people, the title of its project."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from ramsess.models.names import normalise
from ramsess.quick.context import Context, KnownParcours
from ramsess.quick.phrase import LINKS, Phrase, Word
from ramsess.quick.understood import ASK, LIKELY, SAID, Found

_REFERENCE = re.compile(r"@?(?<![\w-])p[- ]?(\d{4})[- ](\d{1,6})(?!\w)|@(\d{1,6})(?![\w-])")
SHORTEST_NAME, SHORTEST_SLIP = 3, 5
MOST = 6
# What a match is worth: both names of a person are more than one, a title less than a name.
LAST, PART_OF_LAST, FIRST, FIRST_ALONE, TITLE_WORD, TITLE, A_WORD = 100, 90, 30, 45, 40, 95, 12
ENOUGH, SURE, APART = 45, 85, 10
SLIP, SHORT_SLIP = 80, 86


@dataclass
class _Evidence:
    """What speaks for one parcours."""

    last: dict[int, float] = field(default_factory=dict)
    first: set[int] = field(default_factory=set)
    title: set[int] = field(default_factory=set)
    whole: float = 0
    slipped: set[int] = field(default_factory=set)

    @property
    def words(self) -> set[int]:
        return {*self.last, *self.first, *self.title}

    @property
    def score(self) -> float:
        points = max(self.last.values(), default=0.0)
        if self.first:
            points += FIRST if self.last else FIRST_ALONE
        points += max(self.whole, min(TITLE_WORD * len(self.title), TITLE - A_WORD))
        return points + A_WORD * len(self.words)


def read_reference(phrase: Phrase, context: Context) -> Found | None:
    """A reference: of a parcours that one sees, or to be settled."""
    for said in phrase.find(_REFERENCE):
        wanted = said[3] and int(said[3]), said[1], said[2] and int(said[2])
        hits = [item.reference for item in context.parcours if _is(item.reference, *wanted)]
        if len(hits) == 1:
            return Found(hits[0], phrase.take(*said.span()), SAID)
        text = phrase.keep(*said.span())
        why = "plusieurs parcours de ce numéro" if hits else "vous ne suivez pas ce parcours"
        return Found(None, text, ASK, tuple(hits[:MOST]), why)
    return None


def _is(reference: str, short: int | None, year: str | None, number: int | None) -> bool:
    _, of, counted = reference.split("-")
    return int(counted) == short if short else (of, int(counted)) == (year, number)


def read_whole_names(phrase: Phrase, context: Context) -> None:
    """Keep titles and full names from being read as something else: « Atelier vélo » is no type."""
    plain = [(word, word.plain) for word in phrase.words()]
    known = {" ".join(map(normalise, said)).strip()
             for item in context.parcours for person in item.people
             for said in (person, person[::-1])}  # fmt: skip
    known |= {normalise(item.title) for item in context.parcours}
    known = {text for text in known if " " in text}
    longest = max((text.count(" ") + 1 for text in known), default=0)
    for place in range(len(plain)):
        for length in range(min(longest, len(plain) - place), 1, -1):
            some = plain[place : place + length]
            if " ".join(text for _, text in some) in known:
                phrase.keep(some[0][0].start, some[-1][0].end)
                break


def read_people(phrase: Phrase, words: list[Word], context: Context) -> Found | None:
    """The parcours of the people or the project that *words*, not understood so far, name."""
    found = _evidence(words, context.parcours)
    ranked = sorted(found, key=lambda item: (-found[item].score, item.closed, item.reference))
    ranked = [item for item in ranked if found[item].score >= ENOUGH]
    if not ranked:
        return None
    best, score = ranked[0], found[ranked[0]].score
    tied = [item for item in ranked if score - found[item].score <= APART]
    open_ = [item for item in tied if not item.closed]
    others = tuple(item.reference for item in ranked[:MOST])
    if len(tied) > 1 and len(open_) != 1:
        shared = set.union(*(found[item].words for item in tied))
        text = _take(phrase, words, shared)
        tied_references = tuple(item.reference for item in tied[:MOST])
        return Found(None, text, ASK, tied_references, "plusieurs parcours répondent")
    if len(tied) > 1:
        best = open_[0]
    evidence = found[best]
    why = _doubt(best, found, ranked, words, context)
    text = _take(phrase, words, evidence.words)
    if score < SURE or evidence.slipped or len(tied) > 1:
        why = why or "nom proche"
    return Found(best.reference, text, LIKELY if why else SAID, others, why)


def _doubt(
    best: KnownParcours,
    found: dict[KnownParcours, _Evidence],
    ranked: list[KnownParcours],
    words: list[Word],
    context: Context,
) -> str:
    """Why somebody else may be meant; nothing when nobody else may."""
    evidence = found[best]
    for other in ranked[1:]:
        close = found[other].slipped & set(evidence.last)
        if close and evidence.score - found[other].score < 25:
            return "un autre nom est proche"
    firsts = {part for item in context.parcours for _, first in item.people
              for part in normalise(first).split()}  # fmt: skip
    beside = {place + step for place in evidence.last for step in (-1, 1)} - evidence.words
    for place in beside:
        if not 0 <= place < len(words):
            continue
        word = words[place]
        near = any(abs(word.end - words[at].start) <= 1 or abs(words[at].end - word.start) <= 1
                   for at in evidence.last)  # fmt: skip
        if near and word.plain not in LINKS and (word.capital or word.plain in firsts):
            return "un autre prénom ?"
    return ""


def _take(phrase: Phrase, words: list[Word], places: Iterable[int]) -> str:
    return " ".join(phrase.take(words[place].start, words[place].end) for place in sorted(places))


def _evidence(
    words: list[Word], parcours: Iterable[KnownParcours]
) -> dict[KnownParcours, _Evidence]:
    said = {place: word.plain for place, word in enumerate(words)}
    lasts: dict[str, list[tuple[KnownParcours, tuple[str, ...]]]] = defaultdict(list)
    firsts: dict[str, list[KnownParcours]] = defaultdict(list)
    titles: dict[str, list[tuple[KnownParcours, int]]] = defaultdict(list)
    for item in parcours:
        for last, first in item.people:
            parts = tuple(normalise(last).split())
            for part in parts:
                lasts[part].append((item, parts))
            for part in normalise(first).split():
                firsts[part].append(item)
        parts = tuple(dict.fromkeys(normalise(item.title).split()))
        for part in parts:
            titles[part].append((item, sum(len(each) > 3 for each in parts)))
    found: dict[KnownParcours, _Evidence] = defaultdict(_Evidence)
    names = [name for name in lasts if len(name) >= SHORTEST_SLIP]
    present = set(said.values())
    for place, word in said.items():
        for item, parts in lasts.get(word, ()):
            if len(word) >= SHORTEST_NAME or set(parts) <= present:
                whole = set(parts) <= present
                found[item].last[place] = LAST if whole else PART_OF_LAST
        for item in firsts.get(word, ()):
            found[item].first.add(place)
        for item, length in titles.get(word, ()):
            if len(word) > 3:
                found[item].title.add(place)
                if length > 1 and len(found[item].title) == length:
                    found[item].whole = TITLE
        if len(word) < SHORTEST_SLIP or not word.isalpha():
            continue
        cutoff = SLIP if len(word) > 7 else SHORT_SLIP
        for name, ratio, _ in process.extract(
            word, names, scorer=fuzz.ratio, score_cutoff=cutoff, limit=MOST
        ):
            for item, _parts in lasts[name] if name != word else ():
                if place not in found[item].last:
                    found[item].last[place] = 0.9 * ratio
                    found[item].slipped.add(place)
    return found
