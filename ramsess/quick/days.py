"""Days, as people write them after the fact: never in the future."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from ramsess.quick.numbers import NUMBER, number
from ramsess.quick.phrase import Phrase
from ramsess.quick.understood import ASK, LIKELY, SAID, Found

DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_MONTHS = ("janvier|janv", "fevrier|fevr|fev", "mars", "avril|avr", "mai", "juin", "juillet|juil",
           "aout", "septembre|sept", "octobre|oct", "novembre|nov", "decembre|dec")  # fmt: skip
_MONTH = "|".join(f"(?P<m{place}>{names})" for place, names in enumerate(_MONTHS, 1))
_B, _E = r"(?<![\w/.,@-])", r"(?![\w/])"
_MOMENT = r"(?:\s+(?:matin|midi|soir|apres[- ]midi))?"
_ON = rf"(?:(?:le|du|ce)\s+)?(?:(?P<weekday>{'|'.join(DAYS)})\s+)?(?:le\s+)?"
# « 3/4 d'heure », « 1/2 journée » are no dates.
_NO_PART = r"(?!\s*(?:d'\s*)?(?:h(?:eures?)?\b|journee))"
_ISO = re.compile(rf"{_B}(?P<y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}}){_E}")
_SLASH = re.compile(
    rf"{_B}{_ON}(?P<d>\d{{1,2}})(?P<sep>[/.])(?P<m>\d{{1,2}})(?:(?P=sep)(?P<y>\d{{4}}|\d{{2}}))?"
    rf"(?![\w/]|[.,]\d){_NO_PART}{_MOMENT}"
)
_WRITTEN = re.compile(
    rf"{_B}{_ON}(?P<d>\d{{1,2}}|1er|premier)\s+(?:{_MONTH})\b\.?(?:\s+(?P<y>(?:19|20)\d{{2}}))?"
    rf"{_E}{_MOMENT}"
)
_AGO = re.compile(rf"{_B}il y a\s+(?P<n>{NUMBER})\s+(?P<unit>jours?|semaines?){_E}")
_NAMED = re.compile(
    rf"{_B}(?P<word>avant[- ]hier|hier|aujourd'?\s?hui|ce\s+(?:matin|midi|soir)"
    rf"|cet\s+apres[- ]midi){_E}{_MOMENT}"
)
_WEEKDAY = re.compile(
    rf"{_B}(?:(?:le|ce)\s+)?(?P<weekday>{'|'.join(DAYS)}){_E}(?P<last>\s+(?:dernier|passe))?{_MOMENT}"
)
_OF_MONTH = re.compile(
    rf"{_B}(?:le\s+)?(?:(?P<weekday>{'|'.join(DAYS)})\s+|(?<=le\s))(?P<d>\d{{1,2}}){_E}"
    r"(?![.,]\d|\s*(?:h\b|heures?|min|mn|'|:|%|€|x\b))"
)
_AHEAD = re.compile(
    rf"{_B}(?:apres[- ]demain|demain|(?:{'|'.join(DAYS)}|semaine|mois)\s+prochaine?"
    rf"|(?:{'|'.join(DAYS)})\s+en\s+(?:huit|quinze)"
    rf"|(?:la\s+)?semaine derniere|(?:le\s+)?mois dernier){_E}"
)
# Not read by any pattern, it may still be a date: asked rather than left aside.
_LOOKS_LIKE = re.compile(r"\d+/\d+(?:/\d+)?" + _NO_PART)
# A day by which something is to be done is not the act's.
_BEFORE = re.compile(r"(?:avant|d'ici(?:\s+au?)?|jusqu'au?|pour)\s+$")
_BACK = {"avant": 2, "hier": 1}
LATER = "date à venir"
# Older than that, a date without its year is rather a slip.
LONG_AGO = dt.timedelta(days=330)


def read_day(phrase: Phrase, today: dt.date) -> Found | None:
    """The day that the phrase states; the future and the impossible are to be settled."""
    for vague in phrase.find(_AHEAD):
        return Found(None, phrase.keep(*vague.span()), ASK, (), "date à préciser")
    found: list[tuple[int, int, dt.date | None, str, str]] = []
    for pattern, read in (
        (_ISO, _of_figures), (_WRITTEN, _of_figures), (_SLASH, _of_figures), (_AGO, _ago),
        (_NAMED, _named), (_OF_MONTH, _of_month), (_WEEKDAY, _weekday),
    ):  # fmt: skip
        for said in phrase.find(pattern):
            if any(start < said.end() and said.start() < end for start, end, *_ in found):
                continue
            if _BEFORE.search(phrase.plain[: said.start()]):
                phrase.keep(*said.span())
            else:
                found.append((*said.span(), *read(said, today)))
    if not found:
        unread = next(phrase.find(_LOOKS_LIKE), None)
        text = phrase.keep(*unread.span()) if unread else ""
        return Found(None, text, ASK, (), "est-ce une date ?") if unread else None
    days = {item[2] for item in found}
    if len(days) > 1:
        for start, end, *_ in found:
            phrase.keep(start, end)
        choices = tuple(day for day in days if day)
        return Found(None, phrase.text[found[0][0] : found[0][1]], ASK, choices, "plusieurs dates")
    start, end, day, how, why = found[0]
    if day is None or day > today:
        return Found(None, phrase.keep(start, end), ASK, (), why or LATER)
    for start, end, *_ in found:
        phrase.take(start, end)
    return Found(day, phrase.text[found[0][0] : found[0][1]].strip(), how, (), why)


_Read = tuple[dt.date | None, str, str]


def _of_figures(said: re.Match[str], today: dt.date) -> _Read:
    parts = said.groupdict()
    named = next((int(key[1:]) for key, text in parts.items() if key[1:].isdigit() and text), 0)
    month = named or int(parts["m"])
    day = int(parts["d"]) if parts["d"].isdigit() else 1
    year = int(parts["y"]) if parts.get("y") else today.year
    if year < 100:
        year += 2000
    try:
        date = dt.date(year, month, day)
        if not parts.get("y") and date > today:
            date = dt.date(year - 1, month, day)
    except ValueError:
        return None, ASK, "cette date n’existe pas"
    if parts.get("weekday") and date.weekday() != DAYS.index(parts["weekday"]):
        return date, LIKELY, f"ce jour-là était un {DAYS[date.weekday()]}"
    if not parts.get("y") and today - date > LONG_AGO:
        return date, LIKELY, "l’an dernier ?"
    return date, SAID, ""


def _ago(said: re.Match[str], today: dt.date) -> _Read:
    days = number(said["n"]) * (7 if said["unit"].startswith("semaine") else 1)
    return today - dt.timedelta(days=min(days, 1000)), SAID, ""


def _named(said: re.Match[str], today: dt.date) -> _Read:
    back = next((days for word, days in _BACK.items() if said["word"].startswith(word)), 0)
    return today - dt.timedelta(days=back), SAID, ""


def _of_month(said: re.Match[str], today: dt.date) -> _Read:
    """« le 12 », « jeudi 12 »: the last 12 that there was, the last one that was a Thursday."""
    weekday = DAYS.index(said["weekday"]) if said["weekday"] else None
    dates = list(_such_days(int(said["d"]), today))
    if not dates:
        return None, ASK, "cette date n’existe pas"
    found = next((date for date in dates if weekday in (None, date.weekday())), None)
    if found == dates[0]:
        return found, SAID, ""
    if found:
        return found, LIKELY, "de ce mois-là ?"
    return dates[0], LIKELY, f"ce jour-là était un {DAYS[dates[0].weekday()]}"


def _such_days(day: int, today: dt.date) -> Iterator[dt.date]:
    """The days of that number in the last months, the latest first."""
    first = today.replace(day=1)
    for _ in range(4):
        if 1 <= day <= calendar.monthrange(first.year, first.month)[1]:
            date = first.replace(day=day)
            if date <= today:
                yield date
        first = (first - dt.timedelta(days=1)).replace(day=1)


def _weekday(said: re.Match[str], today: dt.date) -> _Read:
    back = (today.weekday() - DAYS.index(said["weekday"])) % 7
    if said["last"]:
        return today - dt.timedelta(days=back or 7), SAID, ""
    if back == 0:
        return today, LIKELY, "aujourd’hui, ou il y a une semaine ?"
    return today - dt.timedelta(days=back), SAID, ""
