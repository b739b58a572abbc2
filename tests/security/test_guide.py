"""The guide tells the policy as it is."""

from __future__ import annotations

from pathlib import Path

from ramsess import policy

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "qui-voit-quoi.md"


def test_the_guide_prints_the_table_of_the_policy() -> None:
    told = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in told]
    table = policy.TABLE.strip().splitlines()
    assert [cells[0], *cells[2:]] == [[cell.strip() for cell in row.split("|")] for row in table]
