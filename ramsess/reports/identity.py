"""What a report says of itself on its first page or sheet."""

from __future__ import annotations

import datetime as dt

from ramsess.reports.period import french_date
from ramsess.reports.report import Report

EDITIONS = {
    "network": "réseau",
    "structure": "une structure, le réseau à côté",
    "region": "Région : agrégats, sous le secret statistique",
}


def state(report: Report) -> str:
    """``provisoire``, ``scellé le 12 janvier 2010``."""
    when = f" le {french_date(report.sealed_on)}" if report.sealed_on else ""
    return f"{report.state}{when}"


def identity(report: Report) -> list[tuple[str, str | dt.date]]:
    """What it is, beside its period: names and values."""
    facts: list[tuple[str, str | dt.date]] = [("Édition", EDITIONS[report.edition])]
    if report.structure:
        facts.append(("Structure", f"{report.structure.name} ({report.structure.code})"))
    if report.scheme:
        facts.append(("Dispositif", f"{report.scheme[1]} ({report.scheme[0]}) seulement"))
    said = state(report)
    if report.state == "provisoire":
        said = "provisoire : ces chiffres peuvent encore changer"
    facts += [("État", said), ("Établi le", report.made_on)]
    return [*facts, ("Empreinte", report.digest)] if report.digest else facts
