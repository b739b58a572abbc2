"""What the demo's structures do together: messages, a meeting, a session to come, shared posts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.demo.accounts import DemoAccount
from ramsess.models import (
    Account,
    Act,
    ActAdviser,
    Adviser,
    Assignment,
    Decision,
    Enrolment,
    GroupSession,
    Involvement,
    JobSheet,
    Meeting,
    Message,
    MessageMention,
    Parcours,
    ParcoursBeneficiary,
    SessionHost,
    SessionSlot,
    Structure,
)
from ramsess.models.calendar import PARIS

AGORA = (
    ("coordinator", 6, "Bonjour à toutes et tous. La prochaine rencontre du réseau porte sur les "
     "parcours suivis à plusieurs : proposez vos points à l’ordre du jour."),
    ("manager", 4, "Nous pouvons accueillir la rencontre : la salle tient trente personnes."),
    ("adviser", 2, "Quelqu’un a-t-il déjà monté un dossier FEDER pour une recyclerie ? Je cherche "
     "un exemple de plan de financement."),
)  # fmt: skip
ON_A_PARCOURS = (
    "Premier prévisionnel reçu. Pouvez-vous le relire avant le comité du mois prochain ?",
    "Relu : les charges de personnel me semblent basses, nous en parlons jeudi.",
)
SUMMARY = (
    "Tour de table des structures, puis point sur les parcours suivis à plusieurs.\n"
    "Les délais de réponse entre structures se raccourcissent ; la fiche d’orientation est trouvée "
    "trop longue."
)
DECISIONS = (
    ("Raccourcir la fiche d’orientation", "APEAS", 20),
    ("Proposer trois dates pour la formation commune", "PLACE", 35),
    ("Relire la charte d’usage de RAMSESS", None, None),
)
MISSIONS = (
    "Accompagner les porteurs de projet des deux structures, du premier accueil au démarrage.\n"
    "Animer un atelier commun par trimestre.\n"
    "Point d’équipe commun le premier lundi du mois."
)
ENROLLED = 8


def work_together(session: Session, accounts: list[DemoAccount], day: dt.date) -> None:
    """Add it all, as seen on *day*; accounts and acts are there already."""
    found = {
        account.email: account
        for account in session.scalars(
            select(Account).where(Account.email.in_([item.email for item in accounts]))
        )
    }
    people = [found[item.email] for item in accounts if item.role == "adviser"]
    codes = dict(session.execute(select(Structure.code, Structure.id)).all())
    first = {item.role: found[item.email] for item in reversed(accounts)}
    home = codes[accounts[0].structures[0]]
    for role, ago, text in AGORA:
        author = people[1] if role == "adviser" else first[role]
        said = Message(
            account_id=author.id,
            structure_id=next(iter(grant.structure_id for grant in author.grants), None),
            text=text,
            sent_at=_at(day, ago),
        )
        if role == "adviser":
            said.mentions = [MessageMention(account_id=people[0].id)]
        session.add(said)
    _speak_of_a_parcours(session, people, first["manager"], home, day)
    _meet(session, people, codes, day)
    _prepare(session, people[0], home, day)
    shared = select(Assignment.adviser_id).where(
        Assignment.to_on.is_(None)
    ).group_by(Assignment.adviser_id).having(func.count() > 1)  # fmt: skip
    session.add_all(
        JobSheet(adviser_id=adviser, missions=MISSIONS) for adviser in session.scalars(shared)
    )
    session.flush()


def _at(day: dt.date, ago: int) -> dt.datetime:
    return dt.datetime.combine(day - dt.timedelta(days=ago), dt.time(9, 30), PARIS)


def _speak_of_a_parcours(
    session: Session, people: list[Account], manager: Account, home: int, day: dt.date
) -> None:
    """Somebody who takes part asks, of another structure if one does; the référente answers."""
    elsewhere = {
        grant.structure_id: account.id for account in people for grant in account.grants
    } | {home: manager.id}
    asked = session.scalars(
        select(Involvement)
        .join(Parcours, Parcours.id == Involvement.parcours_id)
        .where(
            Parcours.lead_structure_id == home,
            Parcours.exited_on.is_(None),
            Involvement.left_on.is_(None),
            Involvement.structure_id.in_(elsewhere),
        )
        .order_by(Involvement.structure_id == home, Parcours.reference.desc())
        .limit(1)
    ).one()
    who = ((elsewhere[asked.structure_id], asked.structure_id), (people[0].id, home))
    session.add_all(
        Message(
            account_id=account,
            structure_id=structure,
            parcours_id=asked.parcours_id,
            text=text,
            sent_at=_at(day, 5 - number),
        )
        for number, ((account, structure), text) in enumerate(zip(who, ON_A_PARCOURS, strict=True))
    )


def _held(
    title: str, type_code: str, done_on: dt.date, work: list[tuple[Adviser, int]], minutes: int
) -> Act:
    """A session, each with her structure."""
    act = Act(
        done_on=done_on, type_code=type_code, structure_id=work[0][1], recorded_at=_at(done_on, 30)
    )
    act.shares = [
        ActAdviser(
            adviser_id=adviser.id, structure_id=structure, recorded_by_id=work[0][1],
            position=position, minutes=minutes,
        )
        for position, (adviser, structure) in enumerate(work)
    ]  # fmt: skip
    act.group_session = GroupSession(title=title, minutes=minutes)
    hosts = dict.fromkeys(structure for _, structure in work)
    act.group_session.hosts = [SessionHost(structure_id=structure) for structure in hosts]
    return act


def _weekday(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _meet(session: Session, people: list[Account], codes: dict[str, int], day: dt.date) -> None:
    held_on = _weekday(dt.date(day.year - 1, 11, 12))
    work = [
        (one.adviser, one.adviser.structures_on(held_on)[0].id)
        for one in people
        if one.adviser and one.adviser.structures_on(held_on)
    ]
    act = _held("Rencontre d’automne du réseau", "RES2", held_on, work, 120)
    session.add(act)
    session.flush()
    session.add(
        Meeting(
            act_id=act.id,
            summary=SUMMARY,
            decisions=[
                Decision(
                    position=position,
                    text=text,
                    structure_id=codes[code] if code else None,
                    due_on=day + dt.timedelta(days=ahead) if ahead else None,
                )
                for position, (text, code, ahead) in enumerate(DECISIONS)
            ],
        )
    )


def _prepare(session: Session, author: Account, home: int, day: dt.date) -> None:
    assert author.adviser
    act = _held(
        "Choisir son statut juridique", "COL1", _weekday(day + dt.timedelta(days=10)),
        [(author.adviser, home)], 360,
    )  # fmt: skip
    assert act.group_session
    act.group_session.slots = [
        SessionSlot(starts_at=dt.time(start), ends_at=dt.time(start + 3)) for start in (9, 14)
    ]
    session.add(act)
    session.flush()
    expected = session.scalars(
        select(ParcoursBeneficiary.beneficiary_id)
        .join(Parcours, Parcours.id == ParcoursBeneficiary.parcours_id)
        .where(Parcours.lead_structure_id == home, Parcours.exited_on.is_(None))
        .distinct()
        .order_by(ParcoursBeneficiary.beneficiary_id)
        .limit(ENROLLED)
    )
    session.add_all(
        Enrolment(act_id=act.id, beneficiary_id=person, structure_id=home) for person in expected
    )
