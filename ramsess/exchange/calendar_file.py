"""What a calendar file (``.ics``) says of some weeks: its appointments, in Paris.

The file is anybody's: its size, its events and the days looked at are counted, its time zones and
attachments are not read, its texts are only texts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Event

from ramsess.exchange.recurrence import Rule, UnknownRuleError
from ramsess.models.calendar import LONGEST_DAY, PARIS

LARGEST = 1024 * 1024
MOST_EVENTS, MOST_SHOWN = 5000, 200
# Days looked at over all the rules of a file: a second's work.
MOST_DAYS = 200_000
OLDEST = 1970
DEEPEST, LONGEST_LINE, LONGEST_SUMMARY = 8, 20_000, 300
KEPT = {"UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE",
        "RECURRENCE-ID", "STATUS", "LOCATION"}  # fmt: skip
_FOLD = re.compile(r"\r?\n[ \t]")
_NAME = re.compile(r"([A-Za-z-]{1,40})[;:]")
ALL_DAY = "sur la journée entière"
LONG = "de plus d’un jour, ou sans durée"
UNREADABLE = "illisible"
UNKNOWN_RULE = "avec une répétition qui n’est pas lue ici"
CANCELLED = "annulé"
OUTSIDE = "en dehors de ces semaines"
TOO_MANY = "au-delà de deux cents"


class CalendarError(ValueError):
    """The file is not read; the French message says why."""


@dataclass(frozen=True)
class Appointment:
    """An event on one day: *starts_at* and *minutes* in Paris; *key* is the same each time that
    the event is read, and tells nothing of it."""

    key: str
    done_on: dt.date
    starts_at: dt.time
    minutes: int
    summary: str


@dataclass(frozen=True)
class Reading:
    """The appointments in order, and how many events were left out, by reason."""

    appointments: Sequence[Appointment]
    left_out: dict[str, int]


def read_calendar(content: bytes, first: dt.date, last: dt.date) -> Reading:
    """The appointments that begin from *first* to *last*. Raises CalendarError."""
    events = [_parse(lines) for lines in _events(content)]
    left_out: Counter[str] = Counter({UNREADABLE: events.count(None)})
    # An occurrence that was moved or renamed stands for the one of the rule.
    sound = [event for event in events if event is not None]
    changed = {(event.uid, event.instead_of) for event in sound if event.instead_of}
    found: dict[str, Appointment] = {}
    budget = MOST_DAYS
    for event in sound:
        reason = event.reason
        if reason is None and event.rule and event.instead_of is None:
            budget -= event.rule.looked_at(first, last)
            if budget < 0:
                raise CalendarError("Ce calendrier est trop long à lire : exportez moins d’années.")
        inside = [] if reason else list(event.appointments(first, last, changed))
        if not inside:
            left_out[reason or OUTSIDE] += 1
        found |= {appointment.key: appointment for appointment in inside}
    ordered = sorted(found.values(), key=lambda one: (one.done_on, one.starts_at, one.summary))
    left_out[TOO_MANY] = max(0, len(ordered) - MOST_SHOWN)
    return Reading(ordered[:MOST_SHOWN], {key: count for key, count in left_out.items() if count})


def _events(content: bytes) -> Iterator[list[str]]:
    """The lines of each event that are read, unfolded. Raises CalendarError."""
    if len(content) > LARGEST:
        raise CalendarError("Ce fichier dépasse 1 Mio : exportez moins d’années.")
    text = content.decode("utf-8-sig", "replace")
    lines = [line.rstrip("\r") for line in _FOLD.sub("", text).split("\n") if line.strip()]
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR" or "\x00" in text:
        raise CalendarError("Ce n’est pas un calendrier : exportez-le au format iCalendar (.ics).")
    inside: list[str] = []
    event: list[str] = []
    events = 0
    for line in lines:
        word = line[:60].strip().upper()
        if word.startswith("BEGIN:"):
            inside.append(word.removeprefix("BEGIN:"))
            event = [] if inside[-1] == "VEVENT" else event
        elif word.startswith("END:"):
            if not inside or inside.pop() != word.removeprefix("END:"):
                raise CalendarError("Ce calendrier est incomplet : exportez-le de nouveau.")
            if word == "END:VEVENT" and inside == ["VCALENDAR"]:
                events += 1
                yield event
        elif inside == ["VCALENDAR", "VEVENT"] and len(line) <= LONGEST_LINE:
            name = _NAME.match(line)
            if name and name[1].upper() in KEPT:
                event.append(line)
        if len(inside) > DEEPEST or events > MOST_EVENTS:
            raise CalendarError(
                f"Ce calendrier a plus de {MOST_EVENTS} événements : exportez moins d’années."
            )
    if inside:
        raise CalendarError("Ce calendrier est incomplet : exportez-le de nouveau.")


@dataclass(frozen=True)
class _Event:
    uid: str
    summary: str
    begins: dt.datetime
    length: dt.timedelta | None
    reason: str | None
    rule: Rule | None
    until: dt.datetime | None
    more: Sequence[dt.datetime]
    but: frozenset[dt.datetime]
    instead_of: dt.datetime | None

    def appointments(
        self, first: dt.date, last: dt.date, changed: set[tuple[str, dt.datetime]]
    ) -> Iterator[Appointment]:
        if self.rule is None or self.instead_of:
            yield from self._on(self.begins, first, last, self.instead_of)
            return
        # A day around: the event's own zone is not Paris'.
        near = dt.timedelta(days=1)
        for day in self.rule.between(first - near, last + near):
            moment = dt.datetime.combine(day, self.begins.time(), self.begins.tzinfo)
            if self.until is None or moment <= self.until:
                yield from self._at(moment, first, last, changed)
        for moment in self.more:
            yield from self._at(moment, first, last, changed)

    def _at(
        self,
        moment: dt.datetime,
        first: dt.date,
        last: dt.date,
        changed: set[tuple[str, dt.datetime]],
    ) -> Iterator[Appointment]:
        """The occurrence of a rule, unless it is an exception or was changed by itself."""
        which = moment.astimezone(dt.UTC)
        if which not in self.but and (self.uid, which) not in changed:
            yield from self._on(moment, first, last, which)

    def _on(
        self, begins: dt.datetime, first: dt.date, last: dt.date, which: dt.datetime | None
    ) -> Iterator[Appointment]:
        assert self.length is not None
        here = begins.astimezone(PARIS)
        if not first <= here.date() <= last:
            return
        said = f"{self.uid}\n{which.isoformat() if which else ''}"
        key = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
        minutes = round(self.length.total_seconds() / 60)
        yield Appointment(key, here.date(), here.time().replace(second=0), minutes, self.summary)


def _parse(lines: list[str]) -> _Event | None:
    """An event; None when it makes no sense."""
    text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(Event.from_ical(text))
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, IndexError):
        return None


def _read(event: Any) -> _Event | None:
    start = event["DTSTART"].dt
    zone = start.tzinfo if isinstance(start, dt.datetime) and start.tzinfo else PARIS
    begins = _moment(start, zone)
    if not OLDEST <= begins.year <= OLDEST + 200:
        return None
    reason = None
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        reason = CANCELLED
    elif not isinstance(start, dt.datetime):
        reason = ALL_DAY
    length = None if reason else _length(event, begins, zone)
    if reason is None and (length is None or not 0 < length.total_seconds() <= LONGEST_DAY * 60):
        reason = LONG
    rule, until = None, None
    if "RRULE" in event and reason is None:
        try:
            rule = Rule.parse(begins.date(), event["RRULE"])
            ends = event["RRULE"].get("UNTIL")
            until = _moment(ends[0], zone, end=True) if ends else None
        except (UnknownRuleError, AttributeError):
            reason = UNKNOWN_RULE
    summary = " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_SUMMARY]
    instead = event.get("RECURRENCE-ID")
    return _Event(
        uid=str(event.get("UID", "")) or f"{summary}\n{begins.isoformat()}",
        summary=summary,
        begins=begins,
        length=length,
        reason=reason,
        rule=rule,
        until=until,
        more=[_moment(day, zone) for day in _dates(event.get("RDATE"))] if rule else [],
        but=frozenset(_moment(day, zone).astimezone(dt.UTC) for day in _dates(event.get("EXDATE"))),
        instead_of=_moment(instead.dt, zone).astimezone(dt.UTC) if instead is not None else None,
    )


def _moment(value: dt.date, zone: dt.tzinfo, *, end: bool = False) -> dt.datetime:
    """A moment with its zone: a day alone is its midnight, or its last minute."""
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time(23, 59, 59) if end else dt.time())
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _length(event: Any, begins: dt.datetime, zone: dt.tzinfo) -> dt.timedelta | None:
    """How long it lasts, on the clock that goes on through a change of hour."""
    if "DTEND" in event:
        ends = _moment(event["DTEND"].dt, zone)
        return ends.astimezone(ZoneInfo("UTC")) - begins.astimezone(ZoneInfo("UTC"))
    length = event["DURATION"].dt if "DURATION" in event else None
    return length if isinstance(length, dt.timedelta) else None


def _dates(said: Any) -> list[dt.date]:
    lists = said if isinstance(said, list) else [said] if said is not None else []
    return [item.dt for one in lists for item in one.dts if isinstance(item.dt, dt.date)]
