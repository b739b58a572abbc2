"""A period that each structure handed in with a word, and what is said of a table."""

from __future__ import annotations

import datetime as dt

from ramsess.models import HandIn, ReportingPeriod, TableComment
from ramsess.models.calendar import today
from tests.security.canary.network import Network
from tests.security.canary.words import STRUCTURES, A, Thing


def hand_in_periods(net: Network) -> None:
    """Last year's; the coordinator reads every word, a structure its own."""
    year = today().year - 1
    period = ReportingPeriod(
        kind="year", first_on=dt.date(year, 1, 1), last_on=dt.date(year, 12, 31)
    )
    net.session.add(period)
    net.session.flush()
    place = Thing("period", "last year", frozenset(STRUCTURES), A, str(period.public_id))
    net.things.append(place)
    for code in STRUCTURES:
        thing = Thing("hand-in", f"of {code}", frozenset({code}), code)
        net.session.add(
            HandIn(
                period_id=period.id,
                structure_id=net.ids[code],
                number=1,
                step="handed_in",
                remark=f"Mot {net.words.make('hand_ins.remark', code, thing)}.",
                account_id=net.accounts[f"manager_{code}"].id,
            )
        )
        said = net.words.make("table_comments.text", code, place)
        table = f"B{STRUCTURES.index(code) + 2:02d}"
        net.session.add(TableComment(period_id=period.id, table_id=table, text=f"Dit {said}."))
    net.session.flush()
