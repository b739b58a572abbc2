"""Which parcours: by its reference, the names of its people, the title of its project."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

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
        hits = [item.reference for item in context.parcours if _is(item.reference, said)]
        if len(hits) == 1:
            return Found(hits[0], phrase.take(*said.span()), SAID)
        text = phrase.keep(*said.span())
        why = "plusieurs parcours de ce numéro" if hits else "vous ne suivez pas ce parcours"
        return Found(None, text, ASK, tuple(hits[:MOST]), why)
    return None


def _is(reference: str, said: re.Match[str]) -> bool:
    """« @42 » is the number of any year."""
    _, year, number = reference.split("-")
    if said[3]:
        return int(number) == int(said[3])
    return (year, int(number)) == (said[1], int(said[2]))


def read_whole_names(phrase: Phrase, context: Context) -> None:
    """Keep titles and full names from being read as something else: « Atelier vélo » is no type."""
    plain = [(word, word.plain) for word in phrase.words()]
    known = {" ".join(said).strip()
             for item in context.parcours for person in item.plain_people
             for said in (person, person[::-1])}  # fmt: skip
    known |= {item.plain_title for item in context.parcours}
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
    firsts = {part for item in context.parcours for _, first in item.plain_people
              for part in first.split()}  # fmt: skip
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


class _Index:
    """The words of names and titles, and the parcours that each is of."""

    def __init__(self, parcours: Iterable[KnownParcours]) -> None:
        self.lasts: dict[str, list[tuple[KnownParcours, set[str]]]] = defaultdict(list)
        self.firsts: dict[str, list[KnownParcours]] = defaultdict(list)
        self.titles: dict[str, list[tuple[KnownParcours, int]]] = defaultdict(list)
        for item in parcours:
            for last, first in item.plain_people:
                parts = last.split()
                for part in parts:
                    self.lasts[part].append((item, set(parts)))
                for part in first.split():
                    self.firsts[part].append(item)
            words = {word for word in item.plain_title.split() if len(word) > SHORTEST_NAME}
            for word in words:
                self.titles[word].append((item, len(words)))
        self.names = [name for name in self.lasts if len(name) >= SHORTEST_SLIP]

    def near(self, word: str) -> Iterator[tuple[KnownParcours, float]]:
        """The parcours of the last names that *word* may be with a slip, and how close it is."""
        if len(word) < SHORTEST_SLIP or not word.isalpha():
            return
        cutoff = SLIP if len(word) > 7 else SHORT_SLIP
        close = process.extract(
            word, self.names, scorer=fuzz.ratio, score_cutoff=cutoff, limit=MOST
        )
        for name, ratio, _ in close:
            for item, _parts in self.lasts[name] if name != word else ():
                yield item, ratio


def _evidence(
    words: list[Word], parcours: Iterable[KnownParcours]
) -> dict[KnownParcours, _Evidence]:
    index = _Index(parcours)
    found: dict[KnownParcours, _Evidence] = defaultdict(_Evidence)
    present = {word.plain for word in words}
    for place, word in enumerate(words):
        for item, parts in index.lasts.get(word.plain, ()):
            if len(word.plain) >= SHORTEST_NAME or parts <= present:
                found[item].last[place] = LAST if parts <= present else PART_OF_LAST
        for item in index.firsts.get(word.plain, ()):
            found[item].first.add(place)
        for item, length in index.titles.get(word.plain, ()):
            found[item].title.add(place)
            if length > 1 and len(found[item].title) == length:
                found[item].whole = TITLE
        for item, ratio in index.near(word.plain):
            if place not in found[item].last:
                found[item].last[place] = 0.9 * ratio
                found[item].slipped.add(place)
    return found
