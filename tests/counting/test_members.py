"""Figures of a structure that came later, or that left: in the periods when it was there."""

from __future__ import annotations

from ramsess.actions.memberships import find_structure, join_network, leave_network
from tests.counting.builder import Network, day, row


def test_figures_stay_where_a_structure_was_a_member_or_active(network: Network) -> None:
    session = network.session
    leave_network(session, find_structure(session, "AGODIS"), day("2009-06-30"))
    join_network(session, find_structure(session, "KADO"), day("2010-03-01"))
    network.act("2009-05-04", by={"ana/AGODIS": 40})
    network.act("2010-02-01", by={"ana/AGODIS": 15})
    network.act("2010-04-01", by={"bob/KADO": 20})
    year = network.report()
    assert row(year, "B09", "TOTAL") == {"AGODIS": 40, "TOTAL": 40}
    columns = {
        period: {column.key for column in network.report(*period).table("B09").columns}
        for period in (
            ("2009-01-01", "2009-12-31"),
            ("2009-07-01", "2009-12-31"),
            ("2010-01-01", "2010-02-28"),
            ("2010-03-01", "2010-12-31"),
        )
    }
    assert [("AGODIS" in found, "KADO" in found) for found in columns.values()] == [
        (True, False),
        (False, False),
        # It did something after it left: the figure is there.
        (True, False),
        (False, True),
    ]
    members = {member.code for member in network.report("2010-03-01", "2010-12-31").members}
    assert ("KADO" in members, "AGODIS" in members) == (True, False)
