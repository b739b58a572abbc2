"""Two records become one person: every figure, every row, every key follows; and comes back."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from ramsess.actions import duplicates as search
from ramsess.actions.merging import (
    FIELDS,
    FIRST,
    SECOND,
    finish_merges,
    merge_people,
    proposed,
    undo_merge,
)
from ramsess.actions.refusals import ConflictError, RefusedError
from ramsess.models import (
    Acquaintance,
    ActBeneficiary,
    Attendance,
    Beneficiary,
    DuplicatePair,
    Enrolment,
    ErasureRequest,
    ExchangeKey,
    Orientation,
    ParcoursBeneficiary,
    SessionSlot,
    SlotAttendance,
)
from ramsess.models.calendar import today
from tests.counting.builder import Network
from tests.duplicates.conftest import BORN, Base

ALL_FIRST = dict.fromkeys(FIELDS, FIRST)
NINE, TWO = dt.time(9), dt.time(14)


def pair_of(base: Base, first: Beneficiary, second: Beneficiary) -> DuplicatePair:
    base.search()
    return base.session.scalars(
        select(DuplicatePair).where(
            DuplicatePair.first_id == first.id, DuplicatePair.second_id == second.id
        )
    ).one()


def test_what_hangs_on_both_is_on_one(base: Base) -> None:
    net = Network(base.session)
    one = base.know("Fictif", "Zoé", "APEAS", situation_code="SAL", phone="04 00 00 00 00")
    two = base.know("Fictiff", "Zoé", "APEAS", "PLACE", email="zoe@demo.example", rsa=True)
    two_id = two.id
    known = base.session.get_one(Acquaintance, (two.id, base.ids["APEAS"]))
    known.since, known.informed_on = dt.date(2008, 1, 1), dt.date(2008, 1, 2)
    shared = net.parcours(one, two)
    alone = net.parcours(two, lead="PLACE")
    received = net.act("2009-03-02", "ACC1", people=(one, two))
    called = net.act("2009-03-03", "ACC1", people=(two,))
    session = base.session
    session.add(ExchangeKey(structure_id=base.ids["PLACE"], sheet="Bénéficiaires",
                            local_id="b1", record_id=two.id))  # fmt: skip
    session.flush()
    version = received.version
    kept = merge_people(
        session, pair_of(base, one, two), {**proposed(base.pairs()[0]), "last_name": SECOND},
        account_id=None,
    )  # fmt: skip
    session.commit()
    assert kept.id == one.id
    assert (kept.last_name, kept.phone, kept.email) == (
        "Fictiff", "04 00 00 00 00", "zoe@demo.example",
    )  # fmt: skip
    assert (kept.rsa, kept.situation_code, kept.name_key) == (True, "SAL", "fictiff|zoe")
    gone = session.get_one(Beneficiary, two_id)
    assert (gone.nameless_since, gone.merged_into_id) == (today(), kept.id)
    assert (gone.last_name, gone.email, gone.birth_date) == ("fusionnée", "", None)
    for model, rows in (
        (ParcoursBeneficiary, {shared.id, alone.id}),
        (ActBeneficiary, {received.id, called.id}),
        (Acquaintance, {base.ids["APEAS"], base.ids["PLACE"]}),
    ):
        found = session.execute(select(model.__table__)).all()
        assert {row.beneficiary_id for row in found} == {kept.id}
        other = {ParcoursBeneficiary: "parcours_id", ActBeneficiary: "act_id"}
        assert {getattr(row, other.get(model, "structure_id")) for row in found} == rows
    since = session.get_one(Acquaintance, (kept.id, base.ids["APEAS"]))
    assert (since.since, since.informed_on) == (dt.date(2008, 1, 1), dt.date(2008, 1, 2))
    assert session.scalars(select(ExchangeKey.record_id)).all() == [kept.id]
    session.refresh(received)
    assert received.version == version + 1
    # What held at the time stays: the merged record's education is that of each parcours' entry.
    assert base.search().open == 0


def _session(
    base: Base,
    net: Network,
    one: Beneficiary,
    two: Beneficiary,
    slots: tuple[set[dt.time] | None, set[dt.time] | None, set[dt.time]],
) -> int:
    noted = [person for person, at in zip((one, two), slots, strict=False) if at is not None]
    held = net.group_session("2009-03-02", by={"ana/APEAS": 60}, present={"APEAS": tuple(noted)})
    for start in (NINE, TWO):
        base.session.add(
            SessionSlot(act_id=held.id, starts_at=start, ends_at=dt.time(start.hour + 1))
        )
    base.session.flush()
    for person, at in zip((one, two), slots, strict=False):
        base.session.add_all(
            SlotAttendance(act_id=held.id, beneficiary_id=person.id,
                           structure_id=base.ids["APEAS"], starts_at=start)
            for start in at or ()
        )  # fmt: skip
    base.session.flush()
    return held.id


def test_attendance_noted_twice_is_one_presence_with_the_slots_of_both(base: Base) -> None:
    net = Network(base.session)
    one, two = base.know("Fictif", "Zoé", "APEAS"), base.know("Fictiff", "Zoé", "APEAS")
    session = base.session
    held = [_session(base, net, one, two, slots) for slots in SLOTS]
    session.add(Enrolment(act_id=held[0], beneficiary_id=two.id, structure_id=base.ids["APEAS"]))
    session.flush()
    merge_people(session, pair_of(base, one, two), ALL_FIRST)
    session.commit()
    assert session.scalar(select(func.count()).select_from(Attendance)) == len(SLOTS)
    assert session.scalars(select(Enrolment.beneficiary_id)).all() == [one.id]
    for act_id, (_, _, expected) in zip(held, SLOTS, strict=True):
        found = session.scalars(
            select(SlotAttendance.starts_at).where(SlotAttendance.act_id == act_id)
        ).all()
        assert set(found) == expected


# The slots of the first, of the second (None: not noted; empty: the whole), then of both.
SLOTS: list[tuple[set[dt.time] | None, set[dt.time] | None, set[dt.time]]] = [
    ({NINE}, {TWO}, {NINE, TWO}),
    ({NINE}, set(), set()),
    (set(), {TWO}, set()),
    (None, {TWO}, {TWO}),
    ({NINE}, None, {NINE}),
]


def test_a_merge_is_refused_when_somebody_must_speak_first(base: Base) -> None:
    one, two = base.know("Fictif", "Zoé", "APEAS"), base.know("Fictiff", "Zoé", "APEAS", "PLACE")
    third = base.know("Autre", "Ana", "ACCES")
    pair = pair_of(base, one, two)
    session = base.session
    versions = (one.version, two.version)
    with pytest.raises(ConflictError):
        merge_people(session, pair, ALL_FIRST, versions=(versions[0] + 1, versions[1]))
    asked = ErasureRequest(person_id=two.id, structure_id=base.ids["APEAS"], reason_code="DEM")
    session.add(asked)
    session.flush()
    with pytest.raises(RefusedError, match="effacement"):
        merge_people(session, pair, ALL_FIRST, versions=versions)
    session.delete(asked)
    said = session.get_one(Acquaintance, (one.id, base.ids["APEAS"]))
    said.sharing_agreed = False
    session.flush()
    with pytest.raises(RefusedError, match="partagé"):
        merge_people(session, pair, ALL_FIRST, versions=versions)
    said.sharing_agreed = None
    third.last_name, third.first_name = "Fictiff", "Zoé"
    two.birth_date = None
    session.flush()
    with pytest.raises(RefusedError, match="Une autre personne"):
        merge_people(session, pair, {**ALL_FIRST, "last_name": SECOND})
    session.rollback()
    merge_people(session, pair, ALL_FIRST)
    session.commit()
    with pytest.raises(ConflictError):
        merge_people(session, pair, ALL_FIRST)


def test_a_refusal_to_share_among_those_who_see_both_does_not_stop_it_and_stays(base: Base) -> None:
    one, two = (
        base.know("Fictif", "Zoé", "APEAS", agreed=False),
        base.know("Fictiff", "Zoé", "APEAS", agreed=True),
    )
    kept = merge_people(base.session, pair_of(base, one, two), ALL_FIRST)
    base.session.commit()
    said = base.session.get_one(Acquaintance, (kept.id, base.ids["APEAS"]))
    assert said.sharing_agreed is False


def test_what_stopped_half_way_is_finished_by_the_command(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = base.know("Fictif", "Zoé", "APEAS"), base.know("Fictiff", "Zoé", "PLACE")
    stuck = base.know("Autre", "Ana", "APEAS"), base.know("Autree", "Ana", "PLACE", agreed=False)
    session = base.session
    more = base.know("Encore", "Luc", "APEAS"), base.know("Encorre", "Luc", "PLACE")
    pair, other, third = (pair_of(base, *people) for people in ((one, two), stuck, more))
    for item in (pair, other, third):
        item.first_structure_id, item.second_structure_id = base.ids["APEAS"], base.ids["PLACE"]
        item.first_consent_on = item.second_consent_on = today()
    session.commit()
    assert pair.confirmed
    assert finish_merges(session) == 2
    session.commit()
    assert (pair.verdict, other.verdict, third.verdict) == ("merged", None, "merged")
    assert pair.operation != third.operation
    undo_merge(session, third)
    session.commit()
    assert (pair.verdict, third.verdict) == ("merged", "distinct")
    # Written on the other record at the instant of the merge.
    net = Network(session)
    session.refresh(two)
    net.parcours(two)
    session.commit()
    assert search.who_knows(session, [two.id])[two.id]
    assert finish_merges(session) == 0
    session.commit()
    assert session.scalars(select(ParcoursBeneficiary.beneficiary_id)).all() == [one.id]


def test_a_record_merged_twice_leads_to_the_one_that_stays(base: Base) -> None:
    one, two, three = (base.know(name, "Zoé", "APEAS") for name in ("Fictif", "Fictiff", "Fiictif"))
    net = Network(base.session)
    net.orientation("APEAS>PLACE", "2009-03-01", three)
    merge_people(base.session, pair_of(base, two, three), ALL_FIRST)
    base.session.commit()
    merge_people(base.session, pair_of(base, one, two), ALL_FIRST)
    base.session.commit()
    found = base.session.scalars(
        select(Beneficiary).where(Beneficiary.merged_into_id.is_not(None))
    ).all()
    assert {person.merged_into_id for person in found} == {one.id}
    assert base.session.scalars(select(Orientation.beneficiary_id)).all() == [one.id]
    assert one.birth_date == BORN
