"""Periods: one under way that structures handed in, one consolidated."""

from __future__ import annotations

import datetime as dt
import uuid

from ramsess.models import HandIn, ReportingPeriod
from ramsess.models.calendar import today
from tests.security.matrix.expected import Thing
from tests.security.matrix.network import Network
from tests.security.matrix.principals import A, B, C


def open_periods(net: Network) -> None:
    """Last year and the year before; what each structure said with its hand-in is a canary."""
    for name, before in (("under way", 1), ("consolidated", 2)):
        year = today().year - before
        period = ReportingPeriod(
            public_id=uuid.uuid4(),
            kind="year",
            first_on=dt.date(year, 1, 1),
            last_on=dt.date(year, 12, 31),
            due_on=dt.date(year + 1, 1, 21),
        )
        net.session.add(period)
        net.session.flush()
        for code in (A, B, C):
            net.session.add(
                HandIn(
                    period_id=period.id,
                    structure_id=net.ids[code],
                    number=1,
                    step="handed_in",
                    remark=net.mark(Thing("structure", "word with its hand-in", code)),
                    account_id=net.account(code).id,
                )
            )
        net.session.flush()
        if name == "consolidated":
            period.consolidated_on = today()
        net.things.append(Thing("period", name, str(period.public_id)))
    net.things.append(Thing("period", "absent", str(uuid.UUID(int=10)), there=False))
