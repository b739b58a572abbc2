"""The demo network, at a tenth of its size: plausible, fictitious, loaded once."""

from __future__ import annotations

import datetime as dt

import pytest
from flask_security import verify_password
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ramsess.demo.activity import make_workbooks
from ramsess.demo.loading import load_demo
from ramsess.demo.seasons import easter, holidays
from ramsess.models import (
    Account,
    Act,
    ActAdviser,
    Adviser,
    Assignment,
    Beneficiary,
    Involvement,
    Message,
    Orientation,
    Parcours,
    Phase,
    SessionHost,
)
from tests.exchange.workbooks import everything

TODAY = dt.date(2026, 5, 4)


def number(session: Session, statement: object) -> int:
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def test_the_demo_network(session: Session) -> None:
    steps: list[str] = []
    summary = load_demo(
        session, lambda what, _done, _all: steps.append(what), scale=0.1, today=TODAY
    )
    session.commit()
    assert (summary.loaded, summary.first_year, summary.last_year) == (True, 2024, 2025)
    assert summary.parcours == 150
    assert 1500 < summary.acts < 2600
    assert summary.sessions == 54
    done = select(func.extract("year", Act.done_on)).where(Act.done_on <= TODAY)
    # The first adviser's last days beside the two years.
    assert set(session.scalars(done.distinct())) == {2024, 2025, 2026}
    # One is only prepared.
    assert number(session, select(Act.id).where(Act.done_on > TODAY)) == 1
    assert number(session, select(Message.id)) == 5
    assert number(session, select(Adviser.id)) == 30
    posts = select(Assignment.adviser_id).group_by(Assignment.adviser_id).having(func.count() > 1)
    assert number(session, posts) == 4
    together = select(Involvement.parcours_id).group_by(Involvement.parcours_id).having(
        func.count() > 1)  # fmt: skip
    assert number(session, together) > 15
    performed = select(ActAdviser.act_id).group_by(ActAdviser.act_id).having(
        func.count(ActAdviser.structure_id.distinct()) > 1)  # fmt: skip
    assert number(session, performed) > 30
    answers = dict(
        session.execute(select(Orientation.answer, func.count()).group_by(Orientation.answer)).all()
    )
    assert set(answers) == {"accepted", "refused", "closed", None}
    held = select(SessionHost.act_id).group_by(SessionHost.act_id).having(func.count() > 1)
    assert number(session, held) > 3
    exits = select(Parcours.id).where(Parcours.outcome_code.is_not(None))
    assert 50 < number(session, exits) < 130
    assert not any(day.weekday() > 4 for day in session.scalars(select(Act.done_on)))
    months = dict(
        session.execute(
            select(func.extract("month", Act.done_on), func.count()).group_by(
                func.extract("month", Act.done_on)
            )
        ).all()
    )
    assert months[8] < months[7] < months[6]
    names = " ".join(session.scalars(select(Beneficiary.last_name)))
    assert {"'", "-", "é"} <= set(names)
    assert all(email.endswith(".demo.example") for email in session.scalars(select(Adviser.email)))

    accounts = {account.email: account for account in session.scalars(select(Account))}
    assert {item.role for item in summary.accounts} == {
        "adviser", "manager", "coordinator", "funder", "admin", "dpo",
    }  # fmt: skip
    assert all(verify_password(summary.password, accounts[item.email].password)
               for item in summary.accounts[:1])  # fmt: skip
    assert len(summary.password) >= 15
    shared = accounts[summary.accounts[0].email]
    assert shared.adviser.email == shared.email
    assert len(shared.structures("adviser")) == 2
    assert "Écriture" in steps

    before = everything(session)
    again = load_demo(session, scale=0.1, today=TODAY.replace(year=2027))
    session.commit()
    assert (again.loaded, again.first_year, again.acts) == (False, 2024, summary.acts)
    assert everything(session) == before


def test_a_demo_that_does_not_pass_is_a_fault(session: Session) -> None:
    session.execute(update(Phase).values(valid_to=dt.date(2000, 1, 1)))
    with pytest.raises(RuntimeError, match="fermé"):
        load_demo(session, scale=0.01, today=TODAY)
    session.rollback()


def test_the_same_seed_gives_the_same_rows() -> None:
    one, _ = make_workbooks(7, TODAY, 0.02)
    two, _ = make_workbooks(7, TODAY, 0.02)
    other, _ = make_workbooks(8, TODAY, 0.02)
    assert one == two
    assert one != other


@pytest.mark.parametrize(
    ("year", "day"), [(2009, dt.date(2009, 4, 12)), (2024, dt.date(2024, 3, 31)),
                      (2025, dt.date(2025, 4, 20)), (2026, dt.date(2026, 4, 5))]
)  # fmt: skip
def test_public_holidays(year: int, day: dt.date) -> None:
    assert easter(year) == day
    assert day + dt.timedelta(days=1) in holidays(year)
    assert len(holidays(year)) == 11
