"""Act types, modalities, schemes, structures: by their code, their label, or usual words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ramsess.models.names import normalise
from ramsess.quick.context import Context
from ramsess.quick.phrase import Phrase, Word
from ramsess.quick.understood import ASK, LIKELY, SAID, Found

WEAK = "weak"
# A word with a slip or two in it; shorter ones are too close to each other.
SHORTEST_SLIP, CLOSE, CLOSER = 6, 82, 92
_PARTS = re.compile(r"[,:]")


@dataclass(frozen=True)
class Hit:
    """Words of the phrase that mean a code."""

    code: str
    words: tuple[Word, ...]
    how: str

    @property
    def span(self) -> tuple[int, int]:
        return self.words[0].start, self.words[-1].end


class Lexicon:
    """The words of one code list; singular and plural are one."""

    def __init__(self, entries: Iterable[tuple[str, str, str]]) -> None:
        self.meanings: dict[tuple[str, ...], tuple[str, str]] = {}
        for text, code, how in entries:
            key = tuple(map(_singular, normalise(text).split()))
            if key:
                self.meanings.setdefault(key, (code, how))
        self.longest = max(map(len, self.meanings), default=0)

    def hits(self, phrase: Phrase) -> Iterator[Hit]:
        """What the phrase says of this list, the longest words first."""
        for run in phrase.runs():
            place = 0
            while place < len(run):
                hit = self._at(run, place)
                if hit:
                    yield hit
                place += len(hit.words) if hit else 1

    def _at(self, run: list[Word], place: int) -> Hit | None:
        for length in range(min(self.longest, len(run) - place), 0, -1):
            words = tuple(run[place : place + length])
            key = tuple(part for word in words for part in map(_singular, word.plain.split()))
            if key in self.meanings:
                return Hit(self.meanings[key][0], words, self.meanings[key][1])
        return None

    def near(self, phrase: Phrase) -> list[Hit]:
        """Single words that look like one of ours."""
        known = {key[0]: meaning for key, meaning in self.meanings.items() if len(key) == 1}
        names = [name for name in known if len(name) >= SHORTEST_SLIP and known[name][1] != WEAK]
        hits = []
        for word in phrase.words():
            if len(word.plain) < SHORTEST_SLIP or not word.plain.isalpha():
                continue
            best = process.extractOne(
                _singular(word.plain), names, scorer=fuzz.ratio, score_cutoff=CLOSE
            )
            if best and _singular(word.plain) not in known:
                how = SAID if best[1] >= CLOSER and known[best[0]][1] == SAID else LIKELY
                hits.append(Hit(known[best[0]][0], (word,), how))
        return hits


def lexicon(context: Context, name: str, labels: Iterable[tuple[str, str]]) -> Lexicon:
    """Codes and labels of a list, and the usual words for them that are in force."""
    labels = list(labels)
    codes = {code for code, _ in labels}
    entries = [(label, code, SAID) for code, label in labels]
    entries += [(part, code, SAID) for code, label in labels for part in _PARTS.split(label)]
    entries += [
        (words, code, how)
        for listed, code, words, how in context.words
        if listed == name and code in codes
    ]
    return Lexicon(entries)


def read_structure(phrase: Phrase, context: Context) -> Found | None:
    """For which of several structures; who has one is asked nothing."""
    if len(context.structures) < 2:
        return None
    entries = [(text, code, SAID) for code, name in context.structures.items()
               for text in (code, name)]  # fmt: skip
    return _one(phrase, list(Lexicon(entries).hits(phrase)), "plusieurs structures")


def read_code(phrase: Phrase, context: Context, name: str) -> Found | None:
    """The modality or the scheme."""
    labels = context.modalities if name == "modalities" else context.schemes
    said = lexicon(context, name, [item for item in labels.items() if len(item[1]) > 3])
    return _one(phrase, list(said.hits(phrase)), "à vérifier")


def _one(phrase: Phrase, hits: list[Hit], why: str) -> Found | None:
    if not hits:
        return None
    sure = [hit for hit in hits if hit.how == SAID] or hits
    codes = tuple(dict.fromkeys(hit.code for hit in sure))
    text = " ".join(phrase.take(*hit.span) for hit in sure)
    if len(codes) > 1:
        return Found(None, text, ASK, codes, why)
    how = sure[0].how
    return Found(codes[0], text, how, codes, "à confirmer" if how != SAID else "")


def read_type(phrase: Phrase, context: Context) -> Found | None:
    """The type of act, by its code or by the words for it."""
    code = re.compile(
        rf"(?<!\w)({'|'.join(re.escape(t.code.lower()) for t in context.types)})(?!\w)"
    )
    coded = list(phrase.find(code)) if context.types else []
    if coded:
        codes = tuple(dict.fromkeys(said[1].upper() for said in coded))
        text = " ".join(phrase.take(*said.span()) for said in coded)
        if len(codes) > 1:
            return Found(None, text, ASK, codes, "plusieurs types")
        return Found(codes[0], text, SAID)
    hits = list(_types(context).hits(phrase))
    return _one(phrase, [hit for hit in hits if hit.how != WEAK], "plusieurs types")


def read_type_again(phrase: Phrase, context: Context) -> Found | None:
    """The type, from a word with a slip in it, or from one that says little (« rdv »)."""
    said = _types(context)
    near = said.near(phrase)
    if near:
        return _one(phrase, near, "mot proche")
    weak = [hit for hit in said.hits(phrase) if hit.how == WEAK]
    if weak:
        text = phrase.take(*weak[0].span)
        return Found(weak[0].code, text, LIKELY, (), "d’après un mot peu précis")
    return None


def absorb_weak(phrase: Phrase, context: Context) -> None:
    """« rdv prévisionnel »: the first word says nothing more."""
    for hit in list(_types(context).hits(phrase)):
        start, end = hit.span
        follows = end + len(phrase.text[end:]) - len(phrase.text[end:].lstrip(" ,"))
        if hit.how == WEAK and not phrase.beside(start, end) and (
            follows >= len(phrase.text) or not phrase.free(follows, follows + 1)
        ):  # fmt: skip
            phrase.take(start, end)


def _types(context: Context) -> Lexicon:
    return lexicon(context, "act_types", [(item.code, item.label) for item in context.types])


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith(("s", "x")) else word
