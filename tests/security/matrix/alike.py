"""Pairs of records that may be one person, in every relation to the structures."""

from __future__ import annotations

import uuid

from sqlalchemy import insert

from ramsess.models import DuplicatePair
from ramsess.models.calendar import today
from tests.security.matrix.expected import Thing
from tests.security.matrix.network import Network
from tests.security.matrix.principals import A, B, C


def pair_people(net: Network) -> None:
    """Pairs that one structure sees whole, and pairs of which each of two sees one record."""
    for name, codes in (
        ("own", (A, A)),
        ("shared with another", (A, A)),
        ("other", (B, B)),
        ("third", (C, C)),
        ("merged", (A, A)),
        ("told to A and C", (A, C)),
        ("told to C and B", (C, B)),
        ("told to A and B", (A, B)),
        ("refused by A", (A, C)),
    ):
        people = [
            net.person(f"{name}, {which}", code) for which, code in zip("12", codes, strict=True)
        ]
        told = codes[0] != codes[1]
        settled = {"merged": "merged", "refused by A": "refused"}.get(name)
        address = uuid.uuid4()
        net.session.execute(
            insert(DuplicatePair).values(
                public_id=address,
                first_id=net.record(people[0]).id,
                second_id=net.record(people[1]).id,
                score=80,
                reasons=["last_near", "first_same", "birth_same"],
                evidence="0" * 64,
                found_on=today(),
                told_on=today() if told else None,
                verdict=settled,
                ended_on=today() if settled else None,
                kept_id=net.record(people[0]).id if settled == "merged" else None,
                version=1,
            )
        )
        net.things.append(Thing("pair", name, str(address), on=people))
        if settled is None:
            net.things.append(Thing("match", name, str(address), there=told, on=people))
    for kind in ("pair", "match"):
        net.things.append(Thing(kind, "absent", str(uuid.UUID(int=8)), there=False))
