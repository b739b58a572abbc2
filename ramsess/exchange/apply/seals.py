"""Rows that would change what is dated in a sealed period: each is told, and nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.sealed import (
    SealedPeriod,
    first_changed,
    holding,
    parcours_lines,
    sealed_periods,
    stay_lines,
)
from ramsess.exchange.bulk import among
from ramsess.exchange.check.batch import Span
from ramsess.exchange.check.lines import Line
from ramsess.models import Act


class Seals:
    """The sealed periods, as the rows of an import meet them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.periods = sealed_periods(session)

    def begun(self, span: Span, before: Collection[Span]) -> Span:
        """*span*; without a first day, what nothing recorded has either begins after the last seal,
        or when what is recorded does."""
        if span.first or not self.periods or any(one.first is None for one in before):
            return span
        known = [one.first for one in before if one.first]
        last = max(one.last for one in self.periods)
        return Span(min(known, default=last + dt.timedelta(days=1)), span.last)

    def refuse(self, line: Line, heading: str, *days: dt.date | None) -> None:
        """Report *line* when one of *days*, on which something would change, is sealed."""
        self._tell(
            line, heading, next(filter(None, (holding(self.periods, d) for d in days)), None)
        )

    def refuse_moment(
        self, line: Line, heading: str, day: dt.date, since: dt.date, until: dt.date | None
    ) -> None:
        """Report *line* when the report of a sealed period counts what goes on from *since* to
        *until*, and *day* is no later than it."""
        counting = [one for one in self.periods if one.counts(since, until) and day <= one.last]
        self._tell(line, heading, next(iter(counting), None))

    def refuse_parcours(
        self, line: Line, before: Mapping[str, Any] | None, after: Mapping[str, Any]
    ) -> None:
        """Report *line* when it changes a parcours that the report of a sealed period counts."""
        period = first_changed(
            parcours_lines(self.periods, before), parcours_lines(self.periods, after)
        )
        entry = before is None or before["entered_on"] != after["entered_on"]
        ends = not entry and before and before["exited_on"] != after["exited_on"]
        self._tell(line, "date_sortie" if ends else "date_entrée", period)

    def refuse_stays(
        self,
        line: Line,
        before: Collection[Span],
        after: Collection[Span],
    ) -> None:
        """Report *line* when the part that a structure takes in a parcours changes in one."""
        self._tell(line, "date_entrée", first_changed(self._stays(before), self._stays(after)))

    def refuse_posts(
        self,
        line: Line,
        before: Collection[tuple[Span, int | None]],
        after: Collection[tuple[Span, int | None]],
    ) -> None:
        """Report *line* when the shares of full time worked on the days of one change."""
        self._tell(line, "quotité", first_changed(self._posts(before), self._posts(after)))

    def _posts(self, spans: Collection[tuple[Span, int | None]]) -> set[tuple[Any, ...]]:
        return {
            (
                one,
                max(span.first or one.first, one.first),
                min(span.last or one.last, one.last),
                share,
            )
            for one in self.periods
            for span, share in spans
            if one.counts(span.first or dt.date.min, span.last)
        }

    def _stays(self, spans: Collection[Span]) -> set[tuple[Any, ...]]:
        found: set[tuple[Any, ...]] = set()
        for span in spans:
            found |= stay_lines(self.periods, span.first or dt.date.min, span.last)
        return found

    def days_of(self, acts: Collection[int]) -> dict[int, dt.date]:
        """The day of each of those acts; nothing as long as nothing is sealed."""
        if not self.periods:
            return {}
        rows = self._session.execute(select(Act.id, Act.done_on).where(among(Act.id, acts)))
        return dict(rows.all())

    def _tell(self, line: Line, heading: str, period: SealedPeriod | None) -> None:
        # One mistake makes one message.
        if period and not line.wrong:
            line.problem(heading, period.sentence)
