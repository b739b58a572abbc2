"""Communes: those of the region are known; the others are added when first used."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ramsess.actions.refusals import Checks
from ramsess.models import Commune, Department
from ramsess.models.names import normalise
from ramsess.models.territory import INSEE_CODE


def find_commune(session: Session, checks: Checks, field: str, said: str) -> str | None:
    """The INSEE code of what was typed: a code, or the name of a commune of the region.

    A well-formed code outside the region is added as *hors région*. None when nothing was typed,
    or when it is refused.
    """
    said = said.strip()
    if not said:
        return None
    code = said.split(" ")[0].upper()
    if session.get(Commune, code):
        other = None if " " in said else _by_postcode(session, code)
        if other:
            checks.refuse(
                field,
                f"{code} est aussi le code postal de {other} : écrivez le nom de la commune.",
            )
            return None
        return code
    named = session.scalars(select(Commune.code).where(Commune.search_key == normalise(said))).all()
    if len(named) == 1:
        return named[0]
    inside = session.scalars(select(Department.code)).all()
    if INSEE_CODE.fullmatch(code) and code[:2] not in inside:
        name = f"Commune {code}"
        session.execute(
            insert(Commune)
            .values(code=code, name=name, search_key=normalise(name), postcodes="")
            .on_conflict_do_nothing()
        )
        return code
    checks.refuse(
        field, "Commune inconnue : choisissez-la dans la liste ou écrivez son code INSEE."
    )
    return None


def _by_postcode(session: Session, code: str) -> str | None:
    """A commune that has *code* as its postcode and another INSEE code."""
    return session.scalar(
        select(Commune.name).where(Commune.postcodes.contains(code), Commune.code != code).limit(1)
    )


def commune_label(commune: Commune | None) -> str:
    """As a field shows it and reads it back: ``13005 Aubagne``."""
    return f"{commune.code} {commune.name}" if commune else ""


def search_communes(session: Session, text: str, limit: int = 12) -> list[Commune]:
    """Communes of the region whose name begins with *text*, then those that contain it."""
    key = normalise(text)
    if not key:
        return []
    found = session.scalars(
        select(Commune)
        .where(Commune.search_key.contains(key, autoescape=True), Commune.epci_code.is_not(None))
        .order_by(Commune.search_key.startswith(key, autoescape=True).desc(), Commune.search_key)
        .limit(limit)
    )
    return list(found)
