"""Imports in every relation to who asks, and the readings that structures keep."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from ramsess.exchange.deposit import Deposit
from ramsess.models import Account, Import, Mapping
from tests.security.matrix.expected import Thing
from tests.security.matrix.network import Network
from tests.security.matrix.principals import A, B, C

# Whose they are, and of which structures.
IMPORTS = (
    ("manager", (A,)),
    ("adviser_of_another", (B,)),
    ("coordinator", (A, B)),
    ("coordinator", (C,)),
    ("coordinator", ()),
    ("adviser", ()),
)

# What the folder of each holds.
KEPT = {"0.xlsx": b"rien", "marked-0.xlsx": b"rien", "names.json": b'["rien.xlsx"]'}


def imports_and_readings(
    session: Session, net: Network, accounts: dict[str, Account]
) -> Iterator[Thing]:
    """One import a line of IMPORTS, refused as it stands; one reading a structure."""
    for maker, codes in IMPORTS:
        made = Import(
            public_id=uuid.uuid4(),
            account_id=accounts[maker].id,
            structures=[net.ids[code] for code in codes],
            digest="0" * 64,
            state="refused",
            counts={"problems": 1, "notices": 0},
        )
        session.add(made)
        name = f"of {maker} on {' and '.join(codes) or 'nothing'}"
        yield Thing("import", name, str(made.public_id), owner=maker, performed_by=set(codes))
    for code in (A, B, C):
        kept = Mapping(
            public_id=uuid.uuid4(), structure_id=net.ids[code], name="Liste", sheet="Actes",
            headings=["date"], columns={}, codes={},
        )  # fmt: skip
        session.add(kept)
        yield Thing("reading", f"of {code}", str(kept.public_id), recorded_by=code)
    session.commit()


def keep_files(app: Flask, address: str) -> None:
    """A file that waits, and its marked copy; written when they are not there as they should."""
    folder = Path(app.config["SETTINGS"].instance) / "deposits"
    deposit = Deposit(folder, uuid.UUID(address))
    if {path.name: path.read_bytes() for path in deposit.place.glob("*")} == KEPT:
        return
    deposit.discard()
    deposit.keep([(io.BytesIO(b"rien"), "rien.xlsx")])
    deposit.write("marked-0.xlsx", b"rien")
