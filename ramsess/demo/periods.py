"""The periods of the demo's last year: three quarters are settled, the rest is under way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ramsess.actions.periods import periods_of, slots_of
from ramsess.demo.accounts import DemoAccount
from ramsess.models import Account, HandIn, ReportingPeriod, Structure, TableComment
from ramsess.models.calendar import PARIS
from ramsess.models.hand_in import HANDED_IN, SENT_BACK
from ramsess.models.structure import members_between
from ramsess.models.table_comment import WHOLE
from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.tables import structure_figures

# Slot → who did not hand in.
ABSENT = {"t2": {"BABALEX"}, "t4": {"BABALEX"}, "annee": {"BABALEX", "AGODIS", "TETESART", "APEAS"}}
# Sent back, with what; then whose figures changed after it handed in.
REMARKS = {
    "t4": ("ESSOR13", "Beaucoup d’ateliers de novembre n’ont aucune présence notée : est-ce un "
                      "oubli ? Pouvez-vous aussi vérifier les deux parcours ouverts en double ?"),
}  # fmt: skip
CHANGED = "INTERMADE"
WORDS = {
    "APEAS": "Une conseillère était en congé en novembre : les heures baissent, c’est normal.",
    "PLACE": "Tout est saisi, y compris les permanences de décembre.",
}
COMMENTS = {
    "t1": {
        WHOLE: "Un trimestre de reprise : davantage de premiers accueils que l’an dernier, et des "
               "projets plus souvent collectifs.",
        "B11": "Les ateliers « De l’idée au projet » ont été doublés à la demande des porteurs.",
    },
    "t2": {WHOLE: "Les sorties se concentrent avant l’été, comme chaque année."},
    "t3": {
        "B08": "Peu d’actes en août : la plupart des permanences ferment trois semaines.",
    },
    "t4": {
        "B02": "Les entrées d’octobre suivent le forum régional : elles se répartissent entre cinq "
               "structures.",
    },
    "annee": {
        WHOLE: "L’année a été marquée par l’arrivée de projets d’alimentation de proximité, dans "
               "tous les départements.\nLe réseau a partagé davantage de diagnostics, et les "
               "parcours accompagnés par plusieurs structures aboutissent plus souvent.",
        "B05": "Les territoires de montagne restent peu touchés ; deux permanences s’y ouvrent.",
        "B13": "Un parcours sur cinq est accompagné par plusieurs structures.",
    },
}  # fmt: skip

#: What was said of the year that is sealed.
SEALED_COMMENTS = {
    WHOLE: "C’est la première année que les douze structures comptent dans une base commune. Les "
           "chiffres d’un an avant ne portent que sur les parcours déjà ouverts : la comparaison "
           "prendra son sens l’an prochain.",
    "B10": "Août est calme : la plupart des permanences ferment trois semaines.",
    "B13": "Un accompagnement à plusieurs est l’exception d’un projet qui change d’échelle, non "
           "la règle.",
}  # fmt: skip


def hand_in_periods(
    session: Session, accounts: Sequence[DemoAccount], year: int, today: dt.date
) -> None:
    """Quarters and year of *year*: the last quarter was due five days ago, the year soon is."""
    due = {"t4": today - dt.timedelta(days=5), "annee": today + dt.timedelta(days=20)}
    session.execute(
        insert(ReportingPeriod),
        [
            {
                "kind": slot.kind,
                "first_on": slot.first,
                "last_on": slot.last,
                "due_on": due.get(slot.name, slot.usual_due),
                "version": 1,
            }
            for slot in slots_of(year)
        ],
    )
    periods = periods_of(session, year)
    members = _members(session, accounts, year)
    figures = _figures(session, periods["t4"], [code for code, _, _ in members])
    rows = []
    for name, period in periods.items():
        coming = [one for one in members if one[0] not in ABSENT.get(name, ())]
        for number, (code, structure, account) in enumerate(coming):
            settled = name not in due
            day = (period.due_on or today) - dt.timedelta(days=1 + (number * 5) % 9)
            when = day if settled else today - dt.timedelta(days=6 + (number * 5) % 9)
            step = {
                "period_id": period.id,
                "structure_id": structure,
                "number": 1,
                "step": HANDED_IN,
                "remark": "" if settled else WORDS.get(code, ""),
                "figures": figures.get(code) if name == "t4" else None,
                "account_id": account,
                "at": _at(when, number),
            }
            rows.append(step)
            sent_back, remark = REMARKS.get(name, ("", ""))
            if code == sent_back:
                back = {"number": 2, "step": SENT_BACK, "remark": remark, "figures": None,
                        "account_id": _coordinator(session, accounts),
                        "at": _at(today - dt.timedelta(days=2), number)}  # fmt: skip
                rows.append({**step, **back})
    session.execute(insert(HandIn), rows)
    session.execute(
        insert(TableComment),
        [
            {"period_id": periods[name].id, "table_id": table, "text": text, "version": 1}
            for name, said in COMMENTS.items()
            for table, text in said.items()
        ],
    )
    for name, period in periods.items():
        if name not in due and period.due_on:
            period.consolidated_on = period.due_on + dt.timedelta(days=9)
    session.flush()


def settle_year(session: Session, accounts: Sequence[DemoAccount], year: int) -> ReportingPeriod:
    """The period of a year gone by that every member handed in, commented; to be consolidated."""
    due = dt.date(year + 1, 1, 25)
    period = ReportingPeriod(
        kind="year", first_on=dt.date(year, 1, 1), last_on=dt.date(year, 12, 31), due_on=due
    )
    session.add(period)
    session.flush()
    session.add_all(
        HandIn(
            period_id=period.id,
            structure_id=structure,
            number=1,
            step=HANDED_IN,
            remark="",
            account_id=account,
            at=_at(due - dt.timedelta(days=1 + (number * 5) % 9), number),
        )
        for number, (_, structure, account) in enumerate(_members(session, accounts, year))
    )
    session.add_all(
        TableComment(period_id=period.id, table_id=table, text=text)
        for table, text in SEALED_COMMENTS.items()
    )
    session.flush()
    return period


def _members(
    session: Session, accounts: Sequence[DemoAccount], year: int
) -> list[tuple[str, int, int]]:
    """Code and id of each member, and the account that hands in for it: its manager's where there
    is one, the coordinator's otherwise."""
    ids = dict(session.execute(select(Account.email, Account.id)).all())
    managers = {one.structures[0]: ids[one.email] for one in accounts if one.role == "manager"}
    other = _coordinator(session, accounts)
    rows = session.execute(
        select(Structure.code, Structure.id)
        .where(Structure.id.in_(members_between(dt.date(year, 1, 1), dt.date(year, 12, 31))))
        .order_by(Structure.id)
    )
    return [(code, structure, managers.get(code, other)) for code, structure in rows]


def _coordinator(session: Session, accounts: Sequence[DemoAccount]) -> int:
    email = next(one.email for one in accounts if one.role == "coordinator")
    return session.scalars(select(Account.id).where(Account.email == email)).one()


def _figures(
    session: Session, period: ReportingPeriod, codes: Sequence[str]
) -> dict[str, dict[str, float]]:
    """What each structure handed in; one noted three acts since."""
    facts = Facts.read(session.connection(), Period(period.first_on, period.last_on))
    found = {code: structure_figures(facts, code) for code in codes}
    found[CHANGED]["acts"] = max(0, found[CHANGED]["acts"] - 3)
    found[CHANGED]["minutes"] = max(0, found[CHANGED]["minutes"] - 210)
    return found


def _at(day: dt.date, number: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9 + number % 8, (number * 17) % 60), PARIS)
