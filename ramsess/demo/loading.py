"""Load the demo network into a database that does not have it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.database import Base
from ramsess.demo.accounts import DOMAIN, PASSWORD, DemoAccount, create_accounts, demo_accounts
from ramsess.demo.activity import make_workbooks
from ramsess.demo.diagnostics import share_diagnostics
from ramsess.demo.duplicates import enter_twice
from ramsess.demo.funding import obtain_funding
from ramsess.demo.kept import keep_lists
from ramsess.demo.network import present_structures, share_resources
from ramsess.demo.orientations import make_orientations
from ramsess.demo.periods import hand_in_periods
from ramsess.demo.readings import keep_readings
from ramsess.demo.team import YEARS_IN_POST, make_team
from ramsess.demo.together import work_together
from ramsess.demo.weeks import note_lately
from ramsess.exchange.applying import Progress, import_sheets
from ramsess.models import Account, Act, Adviser, Assignment, Beneficiary, GroupSession, Parcours
from ramsess.models.calendar import today as today_in_paris

SEED = 2009


@dataclass(frozen=True)
class DemoSummary:
    """What the database holds; *loaded* is False when the demo was there already.

    ``acts`` includes ``sessions``. All accounts share ``password``.
    """

    loaded: bool
    first_year: int
    last_year: int
    people: int
    parcours: int
    acts: int
    sessions: int
    accounts: list[DemoAccount]
    password: str = PASSWORD


def load_demo(
    session: Session,
    progress: Progress | None = None,
    *,
    seed: int = SEED,
    scale: float = 1.0,
    today: dt.date | None = None,
) -> DemoSummary:
    """Add the demo network, unless it is there; the transaction is the caller's.

    It goes in as twelve exchange workbooks, checked and applied as any other. Needs an
    application context (accounts). Raises RuntimeError when a workbook does not pass.
    """
    day = today or today_in_paris()
    first_year = day.year - 2
    accounts = demo_accounts(make_team(first_year))
    coordinator = next(item.email for item in accounts if item.role == "coordinator")
    there = session.scalar(select(Account.id).where(Account.email == coordinator)) is not None
    if there:
        # Loaded in an earlier year, it keeps its years.
        began = session.scalar(
            select(func.min(Assignment.from_on))
            .join(Assignment.adviser)
            .where(Adviser.email.like(f"%.{DOMAIN}"))
        )
        first_year = began.year + YEARS_IN_POST if began else first_year
    else:
        if progress:
            progress("Invention du réseau de démonstration", 0, 1)
        books, _ = make_workbooks(seed, day, scale)
        result = import_sheets(session, books, progress=progress)
        if result.problems:
            raise RuntimeError("\n".join(map(str, result.problems[:20])))
        obtain_funding(session, Random(seed))  # noqa: S311  # no secret
        busy = accounts[0].structures[0]
        make_orientations(session, Random(seed), day, busy)  # noqa: S311  # no secret
        share_diagnostics(session, Random(seed), day)  # noqa: S311  # no secret
        create_accounts(session, accounts)
        present_structures(session, day)
        share_resources(session)
        work_together(session, accounts, day)
        note_lately(session, accounts, day)
        keep_lists(session, accounts, day)
        enter_twice(session, day, busy)
        keep_readings(session, accounts)
        hand_in_periods(session, accounts, first_year + 1, day)
    return DemoSummary(
        loaded=not there,
        first_year=first_year,
        last_year=first_year + 1,
        people=_count(session, Beneficiary),
        parcours=_count(session, Parcours),
        acts=_count(session, Act),
        sessions=_count(session, GroupSession),
        accounts=accounts,
    )


def _count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
