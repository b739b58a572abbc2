"""What is only prepared, or signed slot by slot, changes no figure."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from ramsess.models import Enrolment, SessionHost, SessionSlot, SlotAttendance
from ramsess.models.calendar import today
from tests.counting.builder import Network, row


def test_a_session_counts_from_its_day_on_and_its_people_once(session: Session) -> None:
    network = Network(session)
    zoe, lea = network.person(), network.person()
    day, tomorrow = today(), today() + dt.timedelta(days=1)
    held = network.group_session(
        str(day), present={"APEAS": (zoe, lea), "PLACE": (zoe,)}, anonymous={"APEAS": 2}
    )
    ahead = network.group_session(str(tomorrow))
    assert held.group_session
    assert ahead.group_session
    around = {"first": str(day), "last": str(day + dt.timedelta(days=400))}
    before = network.report(**around)
    assert row(before, "B11", "COL1") == {
        "sessions": 1, "known": 2, "anonymous": 2, "distinct": 2, "minutes": 60,
    }  # fmt: skip
    assert row(before, "B08", "TOTAL")["TOTAL"] == 1
    host = held.group_session.hosts[0].structure_id
    held.group_session.slots = [
        SessionSlot(starts_at=dt.time(9), ends_at=dt.time(12)),
        SessionSlot(starts_at=dt.time(14), ends_at=dt.time(17)),
    ]
    ahead.group_session.hosts = [SessionHost(structure_id=host)]
    session.flush()
    session.add(
        SlotAttendance(
            act_id=held.id, beneficiary_id=zoe.id, structure_id=host, starts_at=dt.time(9)
        )
    )
    session.add(Enrolment(act_id=ahead.id, beneficiary_id=zoe.id, structure_id=host))
    after = network.report(**around)
    assert [table.values for table in after.tables] == [table.values for table in before.tables]
    nothing = network.report(str(tomorrow), str(tomorrow))
    assert nothing.table("B08").value("TOTAL", "TOTAL") == 0
    assert nothing.table("B11").value("TOTAL", "sessions") == 0
