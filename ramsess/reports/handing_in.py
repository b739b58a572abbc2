"""What a structure hands in: its key figures, what is missing in them, whether they changed since;
and what the report of a period says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, Connection, Engine, and_, select
from sqlalchemy.dialects.postgresql import distinct_on

from ramsess.models import HandIn, ReportingPeriod, TableComment
from ramsess.models.hand_in import HANDED_IN
from ramsess.models.structure import members_between
from ramsess.reports.facts import Facts, snapshot
from ramsess.reports.missing import Line, Progress, Scope, Survey
from ramsess.reports.period import Period
from ramsess.reports.table import Number, Table, Unit
from ramsess.reports.tables import structure_figures, structure_key_figures
from ramsess.reports.tables.b01_key_figures import ROWS as KEY_FIGURES

#: Said of a member without which the period was consolidated.
NOT_HANDED_IN = "n’a pas rendu ses chiffres"


class Sheet:
    """What a structure is about to hand in, or handed in, counted when it is asked for."""

    def __init__(
        self, structure: str, facts: Facts, previous: Facts | None, survey: Survey
    ) -> None:
        self._structure, self._facts, self._previous = structure, facts, previous
        self._survey, self._scope = survey, Scope(structure)

    @cached_property
    def table(self) -> Table:
        """B01 of the structure, with the same dates one year before."""
        assert self._previous
        return structure_key_figures(self._facts, self._previous, self._structure)

    @cached_property
    def figures(self) -> dict[str, Number]:
        """Its key figures by row of B01: what is kept of them when it hands in."""
        return structure_figures(self._facts, self._structure)

    @cached_property
    def progress(self) -> Progress:
        """How many of its records are complete."""
        return self._survey.progress([self._scope])

    @cached_property
    def to_complete(self) -> list[Line]:
        """The fields that are unknown somewhere."""
        return self._survey.to_complete(self._scope)

    @cached_property
    def to_check(self) -> list[Line]:
        """What B19 finds odd."""
        return self._survey.to_check(self._scope)

    @property
    def odd(self) -> int:
        """How many records should be looked at."""
        return sum(line.count for line in self.to_check)

    def changes(self, kept: Mapping[str, Number] | None) -> list[Change]:
        """The figures that are other than those *kept* at the hand-in."""
        if not kept or kept == self.figures:
            return []
        return [
            Change(row.label, row.unit or Unit.COUNT, kept[row.key], self.figures[row.key])
            for row in KEY_FIGURES
            if row.key in kept and kept[row.key] != self.figures[row.key]
        ]


@dataclass(frozen=True)
class Change:
    """A key figure that is not any more what it was when the structure handed in."""

    label: str
    unit: Unit
    then: Number
    now: Number


def sheets(
    engine: Engine, period: Period, structures: Sequence[str], *, with_previous: bool = False
) -> dict[str, Sheet]:
    """The sheet of each of the *structures* (codes), from one reading; its ``table`` needs the
    *previous* year too."""
    with snapshot(engine) as connection:
        facts = Facts.read(connection, period)
        previous = Facts.read(connection, period.year_before()) if with_previous else None
    survey = Survey(facts)
    return {code: Sheet(code, facts, previous, survey) for code in structures}


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
