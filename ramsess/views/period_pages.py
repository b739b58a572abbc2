"""What the pages of periods show: to a structure its own part, to who coordinates everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort, render_template, request
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.actions.standings import DUE, URGENCY, Standing, standings, steps_of
from ramsess.actions.table_comments import comments_of
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.period import ConsolidateForm, HandInForm, SendBackForm, marks
from ramsess.models import Account, ReportingPeriod, Structure
from ramsess.models.account import STRUCTURE_ROLES
from ramsess.models.calendar import today
from ramsess.models.hand_in import HANDED_IN
from ramsess.models.names import normalise
from ramsess.models.table_comment import WHOLE
from ramsess.reports.consolidation import make_report
from ramsess.reports.handing_in import Change, Sheet, sheets
from ramsess.reports.numbers import cell_text, figure
from ramsess.reports.period import Period
from ramsess.reports.sealed import sealed_period
from ramsess.reports.tables import TABLE_IDS
from ramsess.views.sealed import LABELS, files_of

COMMENTED = (WHOLE, *TABLE_IDS)


def oversees() -> bool:
    """True for who coordinates."""
    return policy.may(current_user, "oversee_periods")


def own_structures(roles: tuple[str, ...] = STRUCTURE_ROLES) -> list[Structure]:
    """Those in which one is one of *roles*."""
    return list(current_user.structures(*roles))


def days_of(period: ReportingPeriod) -> Period:
    """The days of a period, for figures."""
    return Period(period.first_on, period.last_on)


def all_periods() -> Sequence[ReportingPeriod]:
    """Every period that is open, quarters before their year."""
    return db.session.scalars(
        select(ReportingPeriod).order_by(ReportingPeriod.first_on, ReportingPeriod.last_on)
    ).all()


def in_order(periods: Iterable[ReportingPeriod]) -> list[ReportingPeriod]:
    """The quarters of a year, then the year."""
    return sorted(periods, key=lambda one: (one.last_on, one.kind == "year"))


def usual_year(periods: Sequence[ReportingPeriod]) -> int:
    """The latest year in which something is over and not consolidated, else the latest begun."""
    waiting = [p for p in periods if p.last_on < today() and not p.consolidated_on]
    begun = [p for p in periods if p.first_on <= today()]
    return max(one.first_on.year for one in waiting or begun or periods)


def index_page(year: int | None) -> str:
    """The periods of a year: one's structures', and the grid of all for who coordinates."""
    periods = all_periods()
    years = sorted({one.first_on.year for one in periods}, reverse=True)
    if year is not None and year not in years:
        abort(404)
    chosen = year or (usual_year(periods) if periods else None)
    shown = in_order(one for one in periods if one.first_on.year == chosen)
    own = own_structures()
    there = standings(db.session(), shown, None if oversees() else [one.id for one in own])
    return render_template(
        "periods/index.html",
        years=years,
        year=chosen,
        periods=shown,
        own=[(one, [there[p.id, one.id] for p in shown if (p.id, one.id) in there]) for one in own],
        members=sorted({s.structure for s in there.values()}, key=_named),
        there=there,
        oversees=oversees(),
        may_hand_in=lambda structure: policy.may_hand_in(current_user, structure),
        due=DUE,
    )


def own_standing(
    period: ReportingPeriod, code: str = "", roles: tuple[str, ...] = STRUCTURE_ROLES
) -> Standing | None:
    """One's structure in the period: the one of that code, else the first; 404 for another's."""
    own = own_structures(roles)
    if code and code not in {one.code for one in own}:
        abort(404)
    there = standings(db.session(), [period], [one.id for one in own])
    found = [one for one in there.values() if code in ("", one.structure.code)]
    return found[0] if found else None


def structure_page(period: ReportingPeriod, there: Standing | None, form: HandInForm) -> str:
    """A structure's part of a period."""
    days, own = days_of(period), own_structures()
    sheet, steps = None, []
    if there:
        code = there.structure.code
        sheet = sheets(db.engines["report"], days, [code], with_previous=True)[code]
        steps = list(steps_of(db.session(), period, there.structure.id))
        form.structure.data = code
    return render_template(
        "periods/structure.html",
        period=period,
        days=days,
        there=there,
        sheet=sheet,
        changes=_changes(there, sheet),
        steps=steps,
        form=form,
        own=own,
        may_hand_in=there is not None and policy.may_hand_in(current_user, there.structure),
        oversees=oversees(),
        over=period.last_on < today(),
        begun=period.first_on <= today(),
        cell_text=cell_text,
        figure=figure,
    )


def _changes(there: Standing | None, sheet: Sheet | None) -> list[Change]:
    """The figures that changed since the structure handed in."""
    if not there or not there.last or not sheet or not there.handed_in:
        return []
    return sheet.changes(there.last.figures)


@dataclass(frozen=True)
class Line:
    """A structure in the coordinator's page; *by*: who took the last step."""

    there: Standing
    sheet: Sheet
    by: Account | None
    changes: list[Change]


def lines_of(period: ReportingPeriod) -> list[Line]:
    """Who is where, those that are late first, then by name."""
    there = list(standings(db.session(), [period]).values())
    found = sheets(db.engines["report"], days_of(period), [one.structure.code for one in there])
    lines = []
    for one in sorted(there, key=lambda one: (_rank(one), _named(one.structure))):
        sheet = found[one.structure.code]
        by = db.session.get(Account, one.last.account_id) if one.last else None
        lines.append(Line(one, sheet, by, _changes(one, sheet)))
    return lines


def _named(structure: Structure) -> str:
    """Where a structure stands in the order of names: « Énergie » beside « Essor »."""
    return normalise(structure.name)


def _rank(there: Standing) -> int:
    state = there.state
    return URGENCY.index(state) if state in URGENCY else len(URGENCY)


@dataclass
class Oversight:
    """The forms of the coordinator's page."""

    send_back: SendBackForm
    consolidate: ConsolidateForm

    @classmethod
    def fresh(cls) -> Oversight:
        """Nothing typed yet."""
        return cls(SendBackForm(None), ConsolidateForm(None))


def coordination_page(period: ReportingPeriod, forms: Oversight) -> str:
    """Where everybody is with a period, and what the coordinator does of it."""
    lines = lines_of(period)
    handed_in = [line.there for line in lines if line.there.handed_in]
    forms.send_back.offer([one.structure for one in handed_in])
    asked = request.args.get("structure", "")
    if request.method == "GET" and asked in {one.structure.code for one in handed_in}:
        forms.send_back.structure.data = asked
    sealed = sealed_period(db.session(), public_id=period.public_id)
    return render_template(
        "periods/coordination.html",
        period=period,
        days=days_of(period),
        lines=lines,
        handed_in=handed_in,
        missing=[line.there.structure for line in lines if not line.there.handed_in],
        numbers={one.structure.code: one.number for one in handed_in},
        commented=comments_of(db.session(), period),
        tables=len(TABLE_IDS),
        parts=_parts_of(period),
        sealed=sealed,
        files=files_of(sealed) if sealed else {},
        labels=LABELS,
        forms=forms,
        over=period.last_on < today(),
        HANDED_IN=HANDED_IN,
        figure=figure,
        own=own_structures(),
    )


def _parts_of(period: ReportingPeriod) -> list[ReportingPeriod]:
    """The quarters of a year that are open."""
    if period.kind != "year":
        return []
    return [
        one
        for one in all_periods()
        if one.kind == "quarter" and one.first_on.year == period.first_on.year
    ]


@dataclass(frozen=True)
class Typed:
    """What was sent of the comments and is not kept: *texts* by table, those that say too much,
    and those that somebody else changed meanwhile."""

    texts: Mapping[str, str]
    too_long: set[str]
    conflicts: set[str]


NOTHING_TYPED = Typed({}, set(), set())


def comments_page(period: ReportingPeriod, form: Form, typed: Typed = NOTHING_TYPED) -> str:
    """Each table's figures, beside what is said of it."""
    stored = comments_of(db.session(), period)
    sealed = sealed_period(db.session(), public_id=period.public_id)
    return render_template(
        "periods/comments.html",
        period=period,
        report=make_report(db.engines["report"], days_of(period)),
        stored=stored,
        typed=typed,
        texts={**stored, **typed.texts},
        marks=marks(stored, COMMENTED),
        form=form,
        sealed=sealed is not None,
        whole=WHOLE,
        cell_text=cell_text,
    )
