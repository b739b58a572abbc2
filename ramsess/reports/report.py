"""A report: its identity, its tables, its detail sheets; plain data for the renderers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ramsess.reports.period import Period
from ramsess.reports.table import Table

PSEUDONYMISED = (
    "Liste pseudonymisée, sans nom ni note ; les numéros n’ont de sens que dans ce bilan."
)
#: What the report is limited to, as a subtitle says it.
LIMIT_NAMES = {
    "scheme": "dispositif",
    "territory": "territoire",
    "sector": "secteur",
    "type": "actes",
}
Cell = str | int | dt.date | None


@dataclass(frozen=True)
class DetailColumn:
    """A column of a detail sheet: *kind* decides the format (minutes are integers)."""

    label: str
    kind: Literal["text", "integer", "minutes", "date"] = "text"
    width: int = 14


@dataclass(frozen=True)
class Detail:
    """A list of records; those behind the figures are pseudonymised: no name, no note."""

    name: str
    title: str
    columns: tuple[DetailColumn, ...]
    rows: Sequence[Sequence[Cell]] = field(repr=False)
    rule: str = PSEUDONYMISED

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        return iter(self.rows)


@dataclass(frozen=True)
class Member:
    """A structure of the network in the period, for the list at the end of a report.

    *mention*: what is said of its part in the report (that it did not hand in), beside its name.
    """

    code: str
    name: str
    mention: str = ""

    @property
    def told(self) -> str:
        """Its name, and what is said of it."""
        return f"{self.name} ({self.mention})" if self.mention else self.name


@dataclass(frozen=True)
class Report:
    """The consolidated report of a period.

    *tables* are the edition's own; in the edition ``structure``, *beside* holds the network's
    table of the same id, to be shown next to the structure's. A table counts in the network
    unless *structure* is set. In the edition ``region`` tables have hidden cells (Rule 15), and
    nothing leads to records.
    """

    period: Period
    edition: Literal["network", "structure", "region"]
    tables: tuple[Table, ...]
    members: tuple[Member, ...]
    made_on: dt.date
    structure: Member | None = None
    scheme: tuple[str, str] | None = None  # (code, label) when limited to one (Rule 14)
    #: The other limits: ``territory``, ``sector``, ``type`` → (code, label); see limits.py.
    filters: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    compared: Period | None = None  # with what B01 compares; None: the same dates one year before
    site: str = ""  # the address of the application, to which figures lead; none when empty
    beside: dict[str, Table] = field(default_factory=dict)
    details: tuple[Detail, ...] = ()
    state: str = "provisoire"
    #: The coordinator's comments by table id; under ``BILAN`` the one on the whole report.
    comments: Mapping[str, str] = field(default_factory=dict)
    sealed_on: dt.date | None = None
    digest: str = ""  # SHA-256 of the sealed data, hexadecimal, when the report is sealed
    #: The short address at which anybody may verify it (``…/verifier/7KQ2-M9XD``), when sealed.
    address: str = ""

    @property
    def title(self) -> str:
        return f"Bilan d’activité RAMSESS — {self.period}"

    @property
    def subtitle(self) -> str:
        """Who is counted: the network or one structure, and to what the report is limited."""
        said = [self.structure.name if self.structure else "Réseau RAMSESS"]
        if self.scheme:
            said.append(f"{LIMIT_NAMES['scheme']} {self.scheme[1]}")
        said += [f"{LIMIT_NAMES[name]} : {label}" for name, (_, label) in self.filters.items()]
        return " — ".join(said)

    @property
    def marks(self) -> tuple[str, ...]:
        """What its files bear when it is sealed: the digest, and where it is verified."""
        return (self.digest, self.address) if self.digest else ()

    @property
    def foreword(self) -> str:
        """What the coordinator says of the whole report."""
        return self.comments.get("BILAN", "")

    def table(self, table_id: str) -> Table:
        """The table *table_id* (``B08``); KeyError when the report has none."""
        for table in self.tables:
            if table.id == table_id:
                return table
        raise KeyError(table_id)

    def as_json(self) -> dict[str, Any]:
        """The JSON report, to be compared with an independent count; keys are stable."""
        data: dict[str, Any] = {
            "period": {
                "from": self.period.first.isoformat(),
                "to": self.period.last.isoformat(),
            },
            "edition": self.edition,
            "state": self.state,
        }
        if self.structure:
            data["structure"] = self.structure.code
        if self.scheme:
            data["scheme"] = self.scheme[0]
        if self.filters:
            data["filters"] = {name: code for name, (code, _) in self.filters.items()}
        if self.compared:
            data["compared"] = {
                "from": self.compared.first.isoformat(),
                "to": self.compared.last.isoformat(),
            }
        data["tables"] = {table.id: table.as_json() for table in self.tables}
        if self.beside:
            data["network"] = {key: table.as_json() for key, table in self.beside.items()}
        return data
