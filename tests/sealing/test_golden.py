"""Seals of earlier versions: this one and every later one must verify them, and read them.

``golden/<version>`` holds what that version sealed, its proof and the public key; nothing there is
ever made again.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from ramsess.reports.canonical import digest_of, report_from
from ramsess.reports.seal import render
from ramsess.reports.verification import Outcome, read_proof, verify

GOLDEN = Path(__file__).with_name("golden")
VERSIONS = sorted(path.name for path in GOLDEN.iterdir())


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_seal_verifies_and_its_data_is_read(version: str) -> None:
    folder = GOLDEN / version
    proof = read_proof((folder / "proof.json").read_bytes())
    assert proof.holds
    assert proof.said["program"] == version
    sealed = list(proof.digests)
    assert len(sealed) == 8
    for edition, suffix, digest in sealed:
        content = (folder / f"{edition}.{suffix}").read_bytes()
        assert digest_of(content) == digest
        assert verify(io.BytesIO(content), [proof]).outcome is Outcome.GENUINE
        changed = content[:-1] + bytes([content[-1] ^ 1])
        assert verify(io.BytesIO(changed), [proof]).outcome is not Outcome.GENUINE


@pytest.mark.parametrize("version", VERSIONS)
def test_the_data_of_an_old_seal_is_still_a_report_that_can_be_shown(version: str) -> None:
    """It may be drawn otherwise than it was; the file that was sealed stays the one."""
    data = {
        edition: (GOLDEN / version / f"{edition}.json").read_bytes()
        for edition in ("network", "detail", "region")
    }
    for edition, content in data.items():
        report = report_from(content)
        assert report.state == "scellé"
        assert report.digest == digest_of(content)
        assert report.edition == ("region" if edition == "region" else "network")
        said = json.loads(content)["report"]["tables"]
        assert [table.id for table in report.tables] == [table["id"] for table in said]
        for table, plain in zip(report.tables, said, strict=True):
            figures = {(r, c): v for r, line in plain["values"].items() for c, v in line.items()}
            assert table.values == figures
    files = render(data)
    assert all(contents for contents in files.values())
