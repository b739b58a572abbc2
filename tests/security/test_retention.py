"""Identities stay two years after the last contact, apart three years more, then go."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.actions.ledger import Ledger
from ramsess.actions.refusals import RefusedError
from ramsess.actions.retention import Due, apply_retention, give_back_identity, put_away
from ramsess.models import Acquaintance, Beneficiary, IdentityArchive, Parcours, Structure
from tests.counting.builder import Network

START, MONTHS = dt.date(2010, 1, 31), 8 * 12


def month(number: int) -> dt.date:
    """The last day of the month *number* months after the start: short and long ones."""
    year, rest = divmod(START.month + number, 12)
    return dt.date(START.year + year, rest + 1, 1) - dt.timedelta(days=1)


def later(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)


@dataclass
class Life:
    """The model: what a person's contacts make of her."""

    person_id: int
    contacts: list[dt.date] = field(default_factory=list)
    parcours: Parcours | None = None
    is_open: bool = False
    acts: list[dt.date] = field(default_factory=list)
    archived_on: dt.date | None = None
    erased: bool = False

    def live(self, today: dt.date) -> None:
        """One step of time."""
        if self.erased:
            return
        if self.archived_on:
            self.erased = later(self.archived_on, 3) < today
        elif not self.is_open and later(max(self.contacts), 2) < today:
            self.archived_on = today

    @property
    def state(self) -> str:
        return "erased" if self.erased else "archived" if self.archived_on else "live"


def states(session: Session) -> dict[int, str]:
    apart = set(session.scalars(select(IdentityArchive.beneficiary_id)))
    return {
        identifier: "live" if since is None else "archived" if identifier in apart else "erased"
        for identifier, since in session.execute(select(Beneficiary.id, Beneficiary.nameless_since))
    }


def run(session: Session, folder: Path, today: dt.date, *, dry_run: bool = False) -> Due:
    due = apply_retention(
        session,
        today=today,
        ledger=Ledger(folder),
        archive_after=2,
        erase_after=3,
        dry_run=dry_run,
    )
    session.commit()
    return due


def test_eight_years_month_by_month_agree_with_a_simple_model(
    session: Session, tmp_path: Path
) -> None:
    chance = random.Random(2009)
    network = Network(session)
    apeas = session.scalars(select(Structure.id).where(Structure.code == "APEAS")).one()
    lives: list[Life] = []
    closed = archived = erased = back = 0
    for step in range(MONTHS):
        today = month(step)
        if step < 48:
            lives.append(born(session, network, apeas, today, step))
        for life in lives:
            if life.state == "live":
                meet(network, life, today, chance)
        session.commit()
        before = states(session)
        said = run(session, tmp_path, today, dry_run=True)
        assert states(session) == before
        done = run(session, tmp_path, today)
        assert (said.to_archive, said.to_erase) == (done.to_archive, done.to_erase)
        for life in lives:
            life.live(today)
        assert states(session) == {life.person_id: life.state for life in lives}, today
        stale = sorted(
            life.parcours.reference
            for life in lives
            if life.parcours
            and life.is_open
            and later(max(life.acts), 2) <= today - one_day(life, today)
        )
        assert done.to_close == stale, today
        again = run(session, tmp_path, today)
        assert (again.to_archive, again.to_erase) == ([], [])
        closed += len(done.to_close)
        archived += len(done.to_archive)
        erased += len(done.to_erase)
        back += come_back(session, lives, today, chance)
    assert min(closed, archived, erased, back) > 5
    # An archive has two references: the first one, and the one that it got when put away.
    assert len(Ledger(tmp_path).read()) == 2 * erased


def one_day(life: Life, today: dt.date) -> dt.timedelta:
    """Two years to the day are not more than two years."""
    return dt.timedelta(days=1 if later(max(life.acts), 2) == today else 0)


def born(session: Session, network: Network, apeas: int, today: dt.date, step: int) -> Life:
    person = network.person(birth_date=dt.date(1980, 1, 1) + dt.timedelta(days=step))
    life = Life(person.id)
    kind = step % 4
    if kind == 0:
        session.add(Acquaintance(beneficiary_id=person.id, structure_id=apeas, since=today))
    elif kind == 1:
        network.act(today.isoformat(), "ACC1", people=(person,))
    elif kind == 2:
        network.group_session(today.isoformat(), present={"APEAS": (person,)})
    else:
        life.parcours = network.parcours(person, entered=today.isoformat())
        life.is_open = True
        life.acts.append(today)
    life.contacts.append(today)
    return life


def meet(network: Network, life: Life, today: dt.date, chance: random.Random) -> None:
    person = network.session.get_one(Beneficiary, life.person_id)
    day = today - dt.timedelta(days=chance.randrange(20))
    if life.parcours and life.is_open:
        if chance.random() < 0.03:
            life.parcours.exited_on = max(day, *life.acts)
            life.contacts.append(life.parcours.exited_on)
            life.is_open = False
        elif chance.random() < 0.05:
            network.act(day.isoformat(), parcours=life.parcours)
            life.contacts.append(day)
            life.acts.append(day)
    elif chance.random() < 0.03:
        if day.day % 2:
            network.act(day.isoformat(), "ACC1", people=(person,))
        else:
            network.orientation("APEAS>>ADIE", day.isoformat(), person)
        life.contacts.append(day)


def come_back(session: Session, lives: list[Life], today: dt.date, chance: random.Random) -> int:
    back = 0
    for life in lives:
        if life.state == "archived" and chance.random() < 0.02:
            person = session.get_one(Beneficiary, life.person_id)
            give_back_identity(session, person)
            assert person.last_name.startswith("Fictif")
            life.archived_on = None
            life.contacts.append(today)
            apeas = session.scalars(select(Structure.id).where(Structure.code == "APEAS")).one()
            row = session.get(Acquaintance, (person.id, apeas))
            if row:
                row.since = today
            else:
                session.add(Acquaintance(beneficiary_id=person.id, structure_id=apeas, since=today))
            session.commit()
            back += 1
    return back


def test_who_comes_back_is_who_she_was(session: Session) -> None:
    network = Network(session)
    person = network.person(
        birth_date=dt.date(1980, 5, 4), sex_code="F", rsa=True, phone="06", commune_code="13055"
    )
    apeas = session.scalars(select(Structure.id).where(Structure.code == "APEAS")).one()
    session.add(
        Acquaintance(
            beneficiary_id=person.id,
            structure_id=apeas,
            since=dt.date(2009, 1, 5),
            informed_on=dt.date(2009, 1, 6),
            sharing_agreed=True,
        )
    )
    session.commit()
    columns = [*Beneficiary.__table__.columns]
    left_out = {"version", "request_key"}

    def row() -> dict[str, object]:
        found = session.execute(select(*columns)).mappings().one()
        return {name: value for name, value in found.items() if name not in left_out}

    before = row()
    put_away(session, person, day=dt.date(2012, 1, 1))
    session.commit()
    assert person.name == "Personne archivée"
    assert person.birth_date is None
    assert session.scalar(select(func.count()).select_from(Acquaintance)) == 0
    give_back_identity(session, person)
    session.commit()
    assert row() == before
    known = session.scalars(select(Acquaintance)).one()
    assert (known.since, known.informed_on, known.sharing_agreed) == (
        dt.date(2009, 1, 5),
        dt.date(2009, 1, 6),
        True,
    )
    assert session.scalar(select(func.count()).select_from(IdentityArchive)) == 0


def test_an_identity_taken_meanwhile_is_not_given_twice(session: Session) -> None:
    network = Network(session)
    birth = dt.date(1980, 5, 4)
    person = network.person(birth_date=birth)
    names = person.last_name, person.first_name
    put_away(session, person, day=dt.date(2012, 1, 1))
    twin = network.person(birth_date=birth)
    twin.last_name, twin.first_name = names
    session.flush()
    with pytest.raises(RefusedError, match="porte désormais cette identité"):
        give_back_identity(session, person)


def test_an_archive_erased_is_known_by_both_references(session: Session, tmp_path: Path) -> None:
    network = Network(session)
    person = network.person(birth_date=dt.date(1980, 5, 4))
    network.act("2009-02-01", "ACC1", people=(person,))
    session.commit()
    first: uuid.UUID = person.public_id
    run(session, tmp_path, dt.date(2011, 2, 2))
    second = person.public_id
    assert first != second
    run(session, tmp_path, dt.date(2014, 2, 3))
    assert set(Ledger(tmp_path).read()) == {first, second}
    assert states(session) == {person.id: "erased"}
