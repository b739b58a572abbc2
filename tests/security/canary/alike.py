"""Pairs of people of the network: of one structure, or told to two, each of its own record."""

from __future__ import annotations

import uuid

from sqlalchemy import insert

from ramsess.models import DuplicatePair
from ramsess.models.calendar import today
from tests.security.canary.network import Network
from tests.security.canary.words import A, B, C, Thing


def pair_people(net: Network) -> None:
    """Every structure has a pair of its own, and shares one with each of the others."""
    people = {code: _alone(net, code) for code in (A, B, C)}
    for first, second in ((A, A), (B, B), (C, C), (A, B), (B, C), (C, A)):
        one, other = (net.record(people[first].pop()), net.record(people[second].pop()))
        one, other = sorted((one, other), key=lambda person: person.id)
        across = first != second
        thing = net._thing("pair", f"{first} {second}", [first] if not across else [], first)
        thing.address = str(uuid.uuid4())
        net.session.execute(
            insert(DuplicatePair).values(
                public_id=uuid.UUID(thing.address),
                first_id=one.id,
                second_id=other.id,
                score=80,
                reasons=["last_near", "first_same", "birth_same"],
                evidence="0" * 64,
                found_on=today(),
                told_on=today() if across else None,
                version=1,
            )
        )


def _alone(net: Network, code: str) -> list[Thing]:
    return [net.person(f"like {number} of {code}", code) for number in range(4)]
