"""Durations, in minutes; a time of day is not one."""

from __future__ import annotations

import re

from ramsess.quick.numbers import NUMBER, number
from ramsess.quick.phrase import Phrase, Word
from ramsess.quick.understood import ASK, LIKELY, SAID, Found

_B, _E = r"(?<![\w/.,'@-])", r"(?![\w/])"
_H = r"\s*(?:h|heures?)"
_RANGE = re.compile(
    rf"{_B}(?:(?:de|entre)\s+)?(\d{{1,2}})(?:\s*[h:]\s*(\d{{2}})?)?\s*(?:-|–|a|et|jusqu'a)\s*"
    rf"(\d{{1,2}})\s*[h:]\s*(\d{{2}})?{_E}"
)
_CLOCK = re.compile(
    rf"{_B}(?:a|vers|des|avant|apres|jusqu'a|depuis)\s+\d{{1,2}}\s*(?:h|heures?|:)\s*(?:\d{{2}})?{_E}"
)
_QUARTERS = {"1/4": 15, "quart": 15, "un quart": 15, "1/2": 30, "demi": 30, "demie": 30,
             "3/4": 45, "trois quarts": 45}  # fmt: skip
_PART = re.compile(
    rf"{_B}(?:une?\s+)?(?P<part>1/4|quart|1/2|demi|3/4|trois quarts)[\s-]*(?:d')?\s*(?:h|heure){_E}"
)
_AND = re.compile(
    rf"{_B}(?P<hours>{NUMBER}){_H}\s*(?:et\s+)?(?:une?\s+)?"
    rf"(?P<part>demie?|quart|1/2|1/4|3/4|trois quarts){_E}"
)
_LESS = re.compile(rf"{_B}(?P<hours>{NUMBER}){_H}\s+moins\s+(?:le\s+|un\s+)?quart{_E}")
_DECIMAL = re.compile(rf"{_B}(?P<hours>\d{{1,2}})[.,](?P<tenths>\d{{1,2}}){_H}{_E}")
_BOTH = re.compile(
    rf"{_B}(?P<hours>{NUMBER})(?:{_H}|:)\s*(?P<rest>[0-5]\d|{NUMBER.replace(chr(92) + 'd+|', '')})"
    rf"(?:\s*(?:minutes?|min|mn|m|'))?{_E}"
)
_HOURS = re.compile(rf"{_B}(?P<hours>{NUMBER}){_H}{_E}")
_MINUTES = re.compile(rf"{_B}(?P<rest>{NUMBER})\s*(?:minutes?|mins?|mn|'){_E}")
_DAY = re.compile(rf"{_B}(?:une?\s+|la\s+)?(?P<day>(?:demi|1/2)[- ]journee|matinee|journee){_E}")
_TIMES = re.compile(r"(?P<times>\d{1,2}|deux|trois)\s*(?:x|fois|\*)\s*$")
_BARE = re.compile(r"(?<![\w/.,'@€-])(\d{2,3})(?![\w/%€'-]|[.,]\d)")
# Not read by any pattern, it may still be a duration: asked rather than left aside.
_LOOKS_LIKE = re.compile(r"\d+\s*(?:h|min|mn)(?![a-z])\w*")
HALF_DAY = 210
# From so many hours on, « 8h » is rather a time of day.
MORNING = 8


def read_minutes(phrase: Phrase) -> Found | None:
    """The duration that the phrase states."""
    span = _between_times(phrase)
    for clock in phrase.find(_CLOCK):
        phrase.keep(*clock.span())
    found = [] if span is None else [span]
    for pattern in (_DECIMAL, _AND, _LESS, _PART, _BOTH, _HOURS, _MINUTES, _DAY):
        for said in phrase.find(pattern):
            if not any(start < said.end() and said.start() < end for start, end, *_ in found):
                found.append((*said.span(), *_worth(said)))
    if not found:
        unread = next(phrase.find(_LOOKS_LIKE), None)
        text = phrase.keep(*unread.span()) if unread else ""
        return Found(None, text, ASK, (), "est-ce une durée ?") if unread else None
    if len(found) > 1:
        start, end = min(item[0] for item in found), max(item[1] for item in found)
        text = phrase.keep(start, end)
        return Found(None, text, ASK, tuple(item[2] for item in found), "plusieurs durées")
    start, end, minutes, how = found[0]
    times = _TIMES.search(phrase.plain, 0, start)
    if times and phrase.free(*times.span()):
        start, minutes, how = times.start(), minutes * number(times["times"]), LIKELY
    if how == ASK:
        return Found(None, phrase.keep(start, end), ASK, (), "durée ou heure ?")
    why = "durée à vérifier" if how == LIKELY else ""
    return Found(minutes, phrase.take(start, end), how, (), why)


def _between_times(phrase: Phrase) -> tuple[int, int, int, str] | None:
    for said in phrase.find(_RANGE):
        begin = int(said[1]) * 60 + int(said[2] or 0)
        finish = int(said[3]) * 60 + int(said[4] or 0)
        if 6 * 60 <= begin < finish <= 23 * 60:
            return (*said.span(), finish - begin, SAID)
    return None


def _worth(said: re.Match[str]) -> tuple[int, str]:
    """The minutes of a match, and how sure they are a duration."""
    parts = said.groupdict()
    if parts.get("day"):
        return HALF_DAY * (2 if parts["day"] == "journee" else 1), LIKELY
    hours = number(parts["hours"]) if parts.get("hours") else 0
    minutes = 60 * hours
    if said.re is _LESS:
        minutes -= 15
    elif parts.get("part"):
        minutes += _QUARTERS[parts["part"]]
    elif parts.get("tenths"):
        minutes += round(60 * int(parts["tenths"]) / 10 ** len(parts["tenths"]))
    elif parts.get("rest"):
        minutes += number(parts["rest"])
    if hours >= MORNING:
        return minutes, ASK
    return minutes, SAID if 0 < minutes <= 600 else ASK


def read_bare_number(phrase: Phrase) -> Found | None:
    """A number without unit may be minutes: never more than likely."""
    words = phrase.words()
    bare = [said for said in phrase.find(_BARE) if _may_be_minutes(said)]
    if len(bare) == 1 and _counts(bare[0], words, phrase):
        text = phrase.keep(*bare[0].span())
        return Found(None, text, ASK, (int(bare[0][1]),), "un nombre : une durée ?")
    if len(bare) == 1:
        minutes = int(bare[0][1])
        text = phrase.take(*bare[0].span())
        return Found(minutes, text, LIKELY, (), "nombre sans unité : des minutes ?")
    if bare:
        choices = tuple(int(said[1]) for said in bare)
        return Found(None, "", ASK, choices, "plusieurs nombres sans unité")
    return None


def _may_be_minutes(said: re.Match[str]) -> bool:
    return int(said[1]) % 5 == 0 and 5 <= int(said[1]) <= 480


def _counts(said: re.Match[str], words: list[Word], phrase: Phrase) -> bool:
    """True when a word that nobody understood follows: perhaps what is counted."""
    after = next((word for word in words if word.start >= said.end()), None)
    return after is not None and not phrase.text[said.end() : after.start].strip()
