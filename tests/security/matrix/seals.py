"""A sealed period, and the public address of its seal."""

from __future__ import annotations

import uuid

from ramsess.reports.period import Period
from tests.interface.sealed import PLAIN_FILES, seal
from tests.security.matrix.expected import Thing
from tests.security.matrix.network import Network


def seal_a_period(net: Network) -> None:
    """2009, sealed; and what is not."""
    made = seal(net.session, "year", Period.of_year(2009), files=PLAIN_FILES)
    net.things += [
        Thing("sealed period", "sealed", str(made.period.public_id)),
        Thing("sealed period", "absent", str(uuid.UUID(int=9)), there=False),
        Thing("sealed year", "sealed", "2009"),
        Thing("sealed year", "absent", "2008", there=False),
        Thing("seal", "sealed", made.address),
        Thing("seal", "absent", "2222-2222", there=False),
    ]
