"""What sealing a report makes: its canonical data, the files rendered from it, their manifest.

Pure: the moment, the address and what is drawn at random are given. The same report sealed on the
same occasion gives the same bytes, on any machine (Rule 12).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from ramsess.models.calendar import PARIS
from ramsess.reports.canonical import as_bytes, canonical_bytes, digest_of, report_from
from ramsess.reports.excel import write_workbook
from ramsess.reports.pdf import write_pdf
from ramsess.reports.report import Report

MANIFEST_FORMAT = 1
SEALED = "scellé"
DATA = "json"
RENDERERS: dict[str, Callable[[Report, BinaryIO], None]] = {
    "xlsx": write_workbook,
    "pdf": write_pdf,
}
#: Edition → how it is rendered beside its data; the lists of records are in no PDF.
EDITIONS: dict[str, tuple[str, ...]] = {
    "network": ("xlsx", "pdf"),
    "detail": ("xlsx",),
    "region": ("xlsx", "pdf"),
}
EDITION_LABELS = {
    "network": "Édition du réseau",
    "detail": "Édition du réseau, avec les listes pseudonymisées",
    "region": "Édition de la Région",
}
#: Edition → suffix → bytes.
Files = dict[str, dict[str, bytes]]


@dataclass(frozen=True)
class Occasion:
    """When, where and with what a report is sealed.

    *code* is the short code at which *site* verifies it. *salts*, one an edition, are drawn at
    random and stay in its data. *key* is the fingerprint of the key that will sign.
    """

    at: dt.datetime
    code: str
    salts: Mapping[str, str]
    key: str
    program: str
    site: str = ""

    @property
    def day(self) -> dt.date:
        """The civil date in Paris."""
        return self.at.astimezone(PARIS).date()

    @property
    def address(self) -> str:
        """Where anybody may verify."""
        return f"{self.site}/verifier/{self.code}"


def sealed_data(editions: Mapping[str, Report], occasion: Occasion) -> dict[str, bytes]:
    """The canonical data of each edition, sealed on the *occasion*."""
    return {
        edition: canonical_bytes(
            replace(
                report,
                state=SEALED,
                made_on=occasion.day,
                sealed_on=occasion.day,
                address=occasion.address,
            ),
            occasion.salts[edition],
        )
        for edition, report in editions.items()
    }


def render(data: Mapping[str, bytes]) -> Files:
    """The files of each edition, made of its canonical data and of nothing else."""
    files: Files = {}
    for edition, content in data.items():
        report = report_from(content)
        files[edition] = {DATA: content}
        for suffix in EDITIONS[edition]:
            target = io.BytesIO()
            RENDERERS[suffix](report, target)
            files[edition][suffix] = target.getvalue()
    return files


def make_manifest(files: Files, occasion: Occasion) -> bytes:
    """The canonical JSON that names every file by its SHA-256: what is signed.

    It holds no figure: of what the Région's edition hides, how many cells of which table, and
    the digest of their list.
    """
    reports = {edition: report_from(made[DATA]) for edition, made in files.items()}
    period = next(iter(reports.values())).period
    region = reports.get("region")
    return as_bytes(
        {
            "format": MANIFEST_FORMAT,
            "address": occasion.code,
            "verification": occasion.address,
            "period": {"first": period.first.isoformat(), "last": period.last.isoformat()},
            "sealed_at": occasion.at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "program": occasion.program,
            "key": occasion.key,
            "editions": {
                edition: {suffix: digest_of(content) for suffix, content in made.items()}
                for edition, made in files.items()
            },
            "disclosure": _disclosure(region) if region else None,
        }
    )


def _disclosure(report: Report) -> dict[str, Any]:
    hidden = {table.id: sorted(table.hidden) for table in report.tables if table.hidden}
    return {
        "hidden": {key: len(cells) for key, cells in hidden.items()},
        "cells": digest_of(as_bytes(hidden)),
    }
