"""Calendar files: what they say of some weeks, and what hostile ones do not do."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from dateutil.rrule import rrulestr
from icalendar import vRecur

from ramsess.exchange.calendar_file import (
    ALL_DAY,
    CANCELLED,
    LARGEST,
    LONG,
    OUTSIDE,
    UNKNOWN_RULE,
    UNREADABLE,
    CalendarError,
    Reading,
    read_calendar,
)
from ramsess.exchange.recurrence import Rule, UnknownRuleError

FIRST, LAST = dt.date(2026, 3, 23), dt.date(2026, 4, 5)


def calendar(*events: str, around: str = "") -> bytes:
    """A calendar; an event's lines are separated by « | »."""
    inside = "".join(
        f"BEGIN:VEVENT\r\n{event.replace('|', chr(13) + chr(10))}\r\nEND:VEVENT\r\n"
        for event in events
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{around}{inside}END:VCALENDAR\r\n".encode()


def read(*events: str, around: str = "") -> Reading:
    return read_calendar(calendar(*events, around=around), FIRST, LAST)


def said(reading: Reading) -> list[tuple[str, str, int]]:
    return [
        (f"{one.done_on:%d/%m}", f"{one.starts_at:%H:%M}", one.minutes)
        for one in reading.appointments
    ]


PARIS = "DTSTART;TZID=Europe/Paris:"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20260330T070000Z|DTEND:20260330T083000Z", [("30/03", "09:00", 90)]),
        # Summer time begins on 29 March: the clock jumps, the appointment does not.
        ("DTSTART:20260327T080000Z|DURATION:PT45M", [("27/03", "09:00", 45)]),
        (f"{PARIS}20260329T013000|DTEND;TZID=Europe/Paris:20260329T033000",
         [("29/03", "01:30", 60)]),
        # Eleven at night in New York is another day in Paris.
        ("DTSTART;TZID=America/New_York:20260330T230000|DURATION:PT1H", [("31/03", "05:00", 60)]),
        ("DTSTART;TZID=Romance Standard Time:20260330T090000|DURATION:PT1H",
         [("30/03", "09:00", 60)]),
        # An unknown zone, or none, is Paris'.
        ("DTSTART;TZID=Bureau:20260330T090000|DURATION:PT1H", [("30/03", "09:00", 60)]),
        ("DTSTART:20260330T090000|DURATION:PT1H", [("30/03", "09:00", 60)]),
        # Every Tuesday at nine, before and after the change of hour, from years ago.
        (f"{PARIS}20200107T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;BYDAY=TU",
         [("24/03", "09:00", 60), ("31/03", "09:00", 60)]),
        (f"{PARIS}20260323T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3|"
         "EXDATE;TZID=Europe/Paris:20260324T090000",
         [("23/03", "09:00", 60), ("25/03", "09:00", 60)]),
        (f"{PARIS}20260302T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;UNTIL=20260323T080000Z",
         [("23/03", "09:00", 60)]),
        (f"{PARIS}20260105T090000|DURATION:PT1H|RRULE:FREQ=MONTHLY;BYDAY=-1FR|"
         "RDATE;TZID=Europe/Paris:20260401T140000",
         [("27/03", "09:00", 60), ("01/04", "14:00", 60)]),
    ],
)  # fmt: skip
def test_an_event_is_a_appointment_in_paris(
    event: str, expected: list[tuple[str, str, int]]
) -> None:
    assert said(read(f"UID:1|{event}")) == expected


def test_an_occurrence_that_was_moved_stands_for_the_one_of_the_rule() -> None:
    weekly = f"UID:1|{PARIS}20260324T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=2"
    moved = (f"UID:1|RECURRENCE-ID;TZID=Europe/Paris:20260331T090000|{PARIS}20260401T150000|"
             "DURATION:PT30M|SUMMARY:Reporté")  # fmt: skip
    reading = read(weekly, moved)
    assert said(reading) == [("24/03", "09:00", 60), ("01/04", "15:00", 30)]
    # It keeps the key of the one that it replaces: recorded before it moved, it is known.
    assert {one.key for one in read(weekly).appointments} == {
        one.key for one in reading.appointments
    }
    assert len({one.key for one in reading.appointments}) == 2


def test_what_is_left_out_is_told() -> None:
    reading = read(
        "UID:1|DTSTART;VALUE=DATE:20260330|SUMMARY:Congé",
        "UID:2|DTSTART:20260330T090000Z|DTEND:20260401T090000Z",
        "UID:3|DTSTART:20260330T090000Z",
        "UID:4|DTSTART:20260330T090000Z|DURATION:PT1H|STATUS:CANCELLED",
        "UID:5|DTSTART:20250330T090000Z|DURATION:PT1H",
        "UID:6|DTSTART:20260330T090000Z|DURATION:PT1H|RRULE:FREQ=SECONDLY",
        "UID:7|DTSTART:n’importe quoi",
        "UID:8|DTSTART:00010101T000000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=999999",
    )
    assert reading.appointments == []
    assert reading.left_out == {
        ALL_DAY: 1, LONG: 2, CANCELLED: 1, OUTSIDE: 1, UNKNOWN_RULE: 1, UNREADABLE: 2,
    }  # fmt: skip


def test_titles_are_only_texts_and_what_hides_beside_is_not_read() -> None:
    event = ("UID:1|DTSTART:20260330T090000Z|DURATION:PT1H|SUMMARY:<script>alerte\\, |  suite\\n"
             "|ATTACH:file:///etc/passwd|BEGIN:VALARM|SUMMARY:Autre|END:VALARM")  # fmt: skip
    zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nRRULE:FREQ=SECONDLY\r\n" \
           "END:STANDARD\r\nEND:VTIMEZONE\r\n"  # fmt: skip
    (appointment,) = read(event, around=zone).appointments
    assert appointment.summary == "<script>alerte, suite"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "pas un calendrier"),
        (b"\x89PNG\r\n\x1a\n\x00", "pas un calendrier"),
        (b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", "pas un calendrier"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", "incomplet"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "incomplet"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\n" * 100_000, "plus de 5000"),
        (calendar(*["UID:1"] * 5001), "plus de 5000"),
        (b"BEGIN:VCALENDAR\r\n" + b" " * LARGEST, "1 Mio"),
        # Each looks at every day since 1970 before it falls on one.
        (calendar(*["UID:1|DTSTART:19700101T000000Z|DURATION:PT1H|"
                    "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9"] * 5000), "trop long"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_french_and_soon(content: bytes, message: str) -> None:
    began = time.process_time()
    with pytest.raises(CalendarError, match=message):
        read_calendar(content, FIRST, LAST)
    # A bound on what it may cost, far from what it does.
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3;COUNT=40", "FREQ=DAILY;BYMONTH=2,3;BYDAY=MO,WE",
        "FREQ=DAILY;BYMONTHDAY=1,-1", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO",
        "FREQ=WEEKLY;COUNT=5;BYDAY=TU,FR", "FREQ=MONTHLY",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1,15",
        "FREQ=MONTHLY;BYDAY=2TU,-1FR", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,1",
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=1,3", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ],
)  # fmt: skip
def test_rules_fall_where_another_library_says(rule: str) -> None:
    start, first, last = dt.date(2024, 1, 31), dt.date(2024, 1, 1), dt.date(2026, 12, 31)
    there = rrulestr(rule, dtstart=dt.datetime(2024, 1, 31, 9))
    expected = [
        day.date() for day in there.between(dt.datetime(2024, 1, 1), dt.datetime(2027, 1, 1))
    ]
    mine = Rule.parse(start, vRecur.from_ical(rule))
    assert list(mine.between(first, last)) == expected
    assert mine.looked_at(first, last) > 0


def test_a_rule_of_so_many_times_counts_those_before_the_days_asked() -> None:
    rule = Rule.parse(dt.date(2024, 1, 1), vRecur.from_ical("FREQ=DAILY;COUNT=5"))
    found = list(rule.between(dt.date(2024, 1, 4), dt.date(2024, 12, 31)))
    assert found == [dt.date(2024, 1, 4), dt.date(2024, 1, 5)]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1", "FREQ=YEARLY;BYDAY=20MO", "FREQ=WEEKLY;BYDAY=2MO",
     "FREQ=WEEKLY;BYSETPOS=1", "FREQ=DAILY;INTERVAL=0",
     "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 100)],
)  # fmt: skip
def test_a_finer_rule_is_refused_not_guessed(rule: str) -> None:
    with pytest.raises(UnknownRuleError):
        Rule.parse(dt.date(2024, 1, 31), vRecur.from_ical(rule))


def test_a_weekday_that_is_none_is_no_rule() -> None:
    with pytest.raises(UnknownRuleError):
        Rule.parse(dt.date(2024, 1, 31), {"FREQ": ["WEEKLY"], "BYDAY": ["XX"]})
