"""What the page of an import shows: the lines of its preview, the headings in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ramsess.exchange.deposit import Deposit
from ramsess.exchange.headings import Doubt
from ramsess.exchange.layout import SHEETS, STRUCTURE
from ramsess.models.change import TRACKED, Change

A_PAGE = 50
FATES = {
    "created": "Nouvelles",
    "updated": "Modifiées",
    "matched": "Personnes reconnues",
    "unchanged": "Inchangées",
}
FATE_WORDS = {"created": "nouvelle", "updated": "modifiée", "unchanged": "inchangée"}


class Lines:
    """The lines of a preview that one asked to see: by sheet, by what becomes of them, by page."""

    def __init__(self, entries: Sequence[Mapping[str, Any]], asked: Mapping[str, str]) -> None:
        self.counts: dict[str, Counter[str]] = {
            sheet.name: Counter() for sheet in SHEETS if sheet.name != STRUCTURE
        }
        for entry in entries:
            self.counts[entry["sheet"]][entry["fate"]] += 1
            self.counts[entry["sheet"]]["matched"] += entry["matched"]
        self.sheet = asked.get("feuille", "")
        self.fate = asked.get("sort", "")
        chosen = [
            entry
            for entry in entries
            if self.sheet in ("", entry["sheet"])
            and (self.fate in ("", entry["fate"]) or (self.fate == "matched" and entry["matched"]))
        ]
        self.total = len(chosen)
        self.pages = max(1, -(-self.total // A_PAGE))
        page = asked.get("page", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
        self.page = min(max(1, number), self.pages)
        self.shown = chosen[(self.page - 1) * A_PAGE : self.page * A_PAGE]

    def address(self, **change: str | int) -> dict[str, str | int]:
        """What an address says of the lines to see, with *change*."""
        said: dict[str, str | int] = {"feuille": self.sheet, "sort": self.fate, **change}
        return {name: value for name, value in said.items() if value}


def effects_of(changes: Sequence[Change]) -> list[tuple[str, dict[str, int]]]:
    """What putting *changes* back does to each kind of record: how many go, come back, change."""
    found: dict[str, Counter[str]] = {}
    for change in changes:
        if change.noun in ("exchange_keys", "act_advisers", "session_hosts"):
            continue  # They go with what they belong to.
        number = len(change.key) if change.kind == "I" else 1
        found.setdefault(change.noun, Counter())[change.kind] += number
    return [(TRACKED[noun], dict(found[noun])) for noun in TRACKED if noun in found]


def doubts_of(deposit: Deposit) -> list[tuple[int, Doubt]]:
    """The headings in doubt of an import that asks."""
    return [
        (number, Doubt(sheet, title, tuple(candidates), sure))
        for number, sheet, title, candidates, sure in deposit.get("doubts") or []
    ]
