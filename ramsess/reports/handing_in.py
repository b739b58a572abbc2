"""What a structure hands in: its key figures, what is missing in them, whether they changed since;
and what the report of a period says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, and_, select
from sqlalchemy.dialects.postgresql import distinct_on

from ramsess.models import HandIn, ReportingPeriod, TableComment
from ramsess.models.hand_in import HANDED_IN
from ramsess.models.structure import members_between
from ramsess.reports.facts import Facts, snapshot
from ramsess.reports.missing import Line, Progress, Scope, Survey
from ramsess.reports.period import Period
from ramsess.reports.table import Number, Row, Table
from ramsess.reports.tables import structure_key_figures

#: Said of a member without which the period was consolidated.
NOT_HANDED_IN = "n’a pas rendu ses chiffres"
CURRENT = "current"


@dataclass(frozen=True)
class Sheet:
    """What a structure is about to hand in, or handed in: *figures* its B01, and what B19 finds."""

    figures: Table
    progress: Progress
    to_complete: Sequence[Line]
    to_check: Sequence[Line]

    @property
    def kept(self) -> dict[str, Number]:
        """The figures of the period, by row: what is kept of them when it is handed in."""
        return {row.key: self.figures.value(row.key, CURRENT) for row in self.figures.rows}

    @property
    def odd(self) -> int:
        """How many records should be looked at."""
        return sum(line.count for line in self.to_check)

    def changes(self, kept: Mapping[str, Number] | None) -> list[tuple[Row, Number]]:
        """The figures that are other than what was *kept*, with what they were then."""
        now = self.kept
        return [
            (row, kept[row.key])
            for row in self.figures.rows
            if kept is not None and row.key in kept and kept[row.key] != now[row.key]
        ]


def sheets(engine: Engine, period: Period, structures: Sequence[str]) -> dict[str, Sheet]:
    """The sheet of each of the *structures* (codes), from one reading."""
    with snapshot(engine) as connection:
        facts = Facts.read(connection, period)
        previous = Facts.read(connection, period.year_before())
    survey = Survey(facts)
    return {
        code: Sheet(
            structure_key_figures(facts, previous, code),
            survey.progress([Scope(code)]),
            survey.to_complete(Scope(code)),
            survey.to_check(Scope(code)),
        )
        for code in structures
    }


def comments_on(connection: Connection, period: Period) -> dict[str, str]:
    """The coordinator's comments on the report of exactly these days, by table id."""
    rows = connection.execute(
        select(TableComment.table_id, TableComment.text)
        .join(ReportingPeriod, ReportingPeriod.id == TableComment.period_id)
        .where(_exactly(period))
        .order_by(TableComment.table_id)
    )
    return dict(rows.all())


def absent_from(connection: Connection, period: Period) -> set[int]:
    """The ids of the members without which the period of exactly these days was consolidated."""
    settled = connection.scalar(
        select(ReportingPeriod.id).where(
            _exactly(period), ReportingPeriod.consolidated_on.is_not(None)
        )
    )
    if settled is None:
        return set()
    last = (
        select(HandIn.structure_id, HandIn.step)
        .where(HandIn.period_id == settled)
        .ext(distinct_on(HandIn.structure_id))
        .order_by(HandIn.structure_id, HandIn.number.desc())
    )
    handed_in = {one for one, step in connection.execute(last) if step == HANDED_IN}
    return set(connection.scalars(members_between(period.first, period.last))) - handed_in


def _exactly(period: Period) -> ColumnElement[bool]:
    return and_(ReportingPeriod.first_on == period.first, ReportingPeriod.last_on == period.last)
