"""The same report gives the same bytes in another time zone, language, order of sets, later."""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

import ramsess.reports
from ramsess.reports.excel import write_workbook
from ramsess.reports.pdf import write_pdf
from ramsess.reports.table_csv import write_csv_archive
from tests.reports.hiding import for_the_region
from tests.reports.sample import MEMBERS, detail, network_report
from tests.reports.sample_tables import acts, ages, key_figures, months

SETTINGS = [
    {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Anchorage", "LC_ALL": "fr_FR.UTF-8", "PYTHONHASHSEED": "2", "LANG": "fr_FR"},
]
ASKING = {"now", "today", "utcnow", "time", "localtime", "getenv", "environ", "getlocale",
          "setlocale", "gethostname", "random", "uuid4"}  # fmt: skip


def renderings() -> dict[str, bytes]:
    """Every output of a sealed report with details, comments and hidden cells."""
    tables = (key_figures(), ages(), acts(), months())
    report = for_the_region(replace(network_report(), tables=tables))
    report = replace(report, details=(detail(),), beside={"B03": ages()}, structure=MEMBERS[0])
    found = {}
    for kind, write in (
        ("xlsx", write_workbook),
        ("pdf", write_pdf),
        ("zip", write_csv_archive),
    ):
        file = BytesIO()
        write(report, file)
        found[kind] = file.getvalue()
    return found


def digests(found: dict[str, bytes]) -> str:
    """A line for each of them."""
    return "\n".join(
        f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in found.items()
    )


@pytest.fixture(scope="module")
def here() -> dict[str, bytes]:
    return renderings()


def test_other_settings_give_the_same_bytes(here: dict[str, bytes]) -> None:
    program = (
        "from tests.reports.test_same_bytes import digests, renderings; "
        "print(digests(renderings()))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **settings},
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
        )
        for settings in SETTINGS
    ]
    for process in running:
        said, _ = process.communicate(timeout=120)
        assert said.decode().strip() == digests(here)


def test_every_date_inside_is_that_of_the_report(here: dict[str, bytes]) -> None:
    for name, content in here.items():
        if not name.endswith("pdf"):
            with zipfile.ZipFile(BytesIO(content)) as archive:
                assert {item.date_time for item in archive.infolist()} == {(2010, 2, 1, 0, 0, 0)}
        else:
            assert content.count(b"(D:20100201000000") == 2


def test_rendering_asks_no_clock_no_database_no_setting() -> None:
    modules = reached("files")
    assert {"excel", "pdf", "table_csv", "charts", "sheet_charts", "method"} <= modules.keys()
    assert "facts" not in modules
    for name, source in modules.items():
        asked = _asked(source)
        assert not asked, f"{name} : {asked}"


def reached(first: str) -> dict[str, str]:
    """The modules of the reports that *first* imports, and they in turn: their sources."""
    folder = Path(ramsess.reports.__file__).parent
    found: dict[str, str] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        path = folder / f"{name}.py"
        if name in found or not path.exists():
            continue
        found[name] = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(found[name])):
            if isinstance(node, ast.ImportFrom) and node.module == "ramsess.reports":
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                waiting.append(node.module.removeprefix("ramsess.reports."))
    return found


def test_asking_would_be_found() -> None:
    for line in ("dt.date.today()", "datetime.now()", "os.environ['TZ']", "time.time()"):
        assert _asked(line)
    assert _asked("from ramsess.models.calendar import today")


def _asked(source: str) -> set[str]:
    """The names in *source* by which a program asks what is not in the report."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            # dt.time is a type; what it is called on tells the two apart.
            if node.attr != "time" or getattr(node.value, "id", "") == "time":
                found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    return found & ASKING
