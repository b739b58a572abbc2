"""The independent recount: every table of the report, from the workbooks, in plain Python.

Nothing here comes from `ramsess`: it is written from domain.md alone, to be read beside it, one
function a table, slowly and obviously. A figure of RAMSESS that differs is wrong, or this is.

    recount(workbooks, first, last, scheme=None, structure=None)
        -> {"B08": {("CSL1", "TOTAL"): 12, …}, …}        a cell that is absent is 0

First the workbooks are read into parcours and acts (`read`), then the network is limited to what
the report is about (`limited_to_scheme`, `whole` or `of_structure`), then each table is counted.
"""

from __future__ import annotations

import csv
import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.counting.workbooks import Row, Workbook

Cells = dict[tuple[str, str], float]
Person = tuple[Any, ...]

COMMUNES = Path(__file__).parents[2] / "ramsess" / "data" / "communes_paca.csv"
with COMMUNES.open(encoding="utf-8") as file:
    REGION = {
        row["code_insee"]: (row["departement"], row["code_epci"]) for row in csv.DictReader(file)
    }


# --- What a report is counted from -------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """Rule 3: first and last day included."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def year_before(self) -> Period:
        """The same dates one year before; 28 February for a 29 that does not exist."""
        return Period(_year_before(self.first), _year_before(self.last))


def _year_before(day: dt.date) -> dt.date:
    if (day.month, day.day) == (2, 29):
        return dt.date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


@dataclass(eq=False)
class Parcours:
    """One accompaniment; `people` gives each person's row in the lead's workbook (rule 8)."""

    lead: str
    id_local: str
    entry: dt.date
    exit: dt.date | None
    project: Row
    people: dict[Person, Row]
    phases: list[tuple[dt.date, str]]
    involvements: dict[str, tuple[dt.date, dt.date | None]] = field(default_factory=dict)

    def phase_on(self, day: dt.date) -> str:
        """The phase held in the evening of *day*."""
        return [phase for since, phase in self.phases if since <= day][-1]


@dataclass(frozen=True)
class Work:
    """Minutes of one adviser, for one structure (rule 2)."""

    structure: str
    minutes: int


@dataclass(frozen=True, eq=False)
class Act:
    """An act, or a session (a session is an act of its type).

    `persons` are the one whom an act names, or those who attended a session.
    """

    date: dt.date
    type: str
    scheme: str
    commune: str | None
    work: tuple[Work, ...]
    persons: frozenset[Person]
    anonymous: int
    parcours: Parcours | None
    is_session: bool

    @property
    def family(self) -> str:
        return self.type[:3]

    @property
    def minutes(self) -> int:
        return sum(work.minutes for work in self.work)

    @property
    def is_reception(self) -> bool:
        """Rule 6: an ACC act, or a session of any type."""
        return self.is_session or self.family == "ACC"


@dataclass(frozen=True)
class Network:
    parcours: list[Parcours]
    acts: list[Act]
    structures: list[str]


@dataclass(frozen=True)
class Stay:
    """A parcours as the network, or one structure (rule 5), had it.

    `exit` is the parcours' own exit, when the network or the structure was still there.
    """

    parcours: Parcours
    entered: dt.date
    exited: dt.date | None
    exit: dt.date | None


@dataclass(frozen=True)
class View:
    """What one report, or one column, counts: the whole network's, or one structure's."""

    stays: list[Stay]
    acts: list[Act]


# --- Reading the workbooks (section 6) ---------------------------------------------------------


def read(workbooks: Iterable[Workbook]) -> Network:
    books = list(workbooks)
    persons = {
        (book.structure, row["id_local"]): identity(book.structure, row)
        for book in books
        for row in book["Bénéficiaires"]
    }
    assignments = [
        (row["courriel"], book.structure, row["depuis"], row["jusqu'à"])
        for book in books
        for row in book["Conseillers"]
    ]
    parcours = read_parcours(books, persons)
    acts = read_acts(books, persons, parcours, assignments)
    sessions = read_sessions(books, persons, assignments)
    structures = sorted({code for _, code, _, _ in assignments} | {b.structure for b in books})
    return Network(list(dict.fromkeys(parcours.values())), acts + sessions, structures)


def normalised(name: str) -> str:
    """Without accents, case or punctuation, œ as oe, single spaces."""
    name = name.lower().replace("œ", "oe").replace("æ", "ae")
    bare = [c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)]
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def identity(structure: str, row: Row) -> Person:
    """Same normalised name, first name and known date of birth: the same person (section 6)."""
    if row["date_naissance"] is None:
        return (structure, row["id_local"])
    return (normalised(row["nom"]), normalised(row["prénom"]), row["date_naissance"])


def items(cell: str | None) -> list[str]:
    """A list inside a cell, separated by `;`."""
    return [item.strip() for item in (cell or "").split(";") if item.strip()]


def read_parcours(
    books: list[Workbook], persons: dict[tuple[str, str], Person]
) -> dict[tuple[str, str], Parcours]:
    """(structure, id_local) → its parcours, the same for the lead and those who take part."""
    found: dict[tuple[str, str], Parcours] = {}
    for book in books:
        rows = {row["id_local"]: row for row in book["Bénéficiaires"]}
        for row in book["Parcours"]:
            if row["référence_réseau"] is None:
                phases = [(row["date_entrée"], row["phase_entrée"])]
                if row["phase_actuelle"] not in (None, row["phase_entrée"]):
                    phases.append((row["date_phase_actuelle"], row["phase_actuelle"]))
                found[book.structure, row["id_local"]] = Parcours(
                    lead=book.structure,
                    id_local=row["id_local"],
                    entry=row["date_entrée"],
                    exit=row["date_sortie"],
                    project=row,
                    people={
                        persons[book.structure, id_local]: rows[id_local]
                        for id_local in items(row["bénéficiaires"])
                    },
                    phases=phases,
                    involvements={book.structure: (row["date_entrée"], None)},
                )
    for book in books:
        for row in book["Parcours"]:
            if row["référence_réseau"] is not None:
                lead, _, id_local = row["référence_réseau"].partition("/")
                shared = found[lead, id_local]
                shared.involvements[book.structure] = (row["date_entrée"], row["date_sortie"])
                found[book.structure, row["id_local"]] = shared
    return found


def worked_for(mail: str, code: str, workbook: str, day: dt.date, assignments: list[Any]) -> str:
    """The code when given; else the workbook's structure when assigned to it that day; else the
    only structure of the assignment (section 6)."""
    if code:
        return code
    assigned = {
        structure
        for courriel, structure, since, until in assignments
        if courriel == mail and (since is None or since <= day) and (until is None or day <= until)
    }
    if workbook in assigned:
        return workbook
    (only,) = assigned
    return only


def read_work(
    cell: str | None, default: int, workbook: str, day: dt.date, assignments: list[Any]
) -> list[Work]:
    """`e-mail`, `e-mail:minutes` or `e-mail/CODE:minutes`, separated by `;`."""
    work = []
    for item in items(cell):
        who, _, minutes = item.partition(":")
        mail, _, code = who.partition("/")
        structure = worked_for(mail, code, workbook, day, assignments)
        work.append(Work(structure, int(minutes) if minutes else default))
    return work


def read_acts(
    books: list[Workbook],
    persons: dict[tuple[str, str], Person],
    parcours: dict[tuple[str, str], Parcours],
    assignments: list[Any],
) -> list[Act]:
    acts = []
    for book in books:
        code = book.structure
        for row in book["Actes"]:
            day, minutes = row["date"], row["durée_minutes"]
            advisers = read_work(row["conseiller"], minutes, code, day, assignments)
            co_advisers = read_work(row["co_conseillers"], minutes, code, day, assignments)
            acts.append(
                Act(
                    date=day,
                    type=row["type"],
                    scheme=row["dispositif"] or "DRA",
                    commune=row["commune_insee"],
                    work=tuple(advisers + co_advisers),
                    persons=frozenset(persons[code, name] for name in items(row["bénéficiaire"])),
                    anonymous=row["personnes_anonymes"] or 0,
                    parcours=parcours[code, row["parcours"]] if row["parcours"] else None,
                    is_session=False,
                )
            )
    return acts


def read_sessions(
    books: list[Workbook], persons: dict[tuple[str, str], Person], assignments: list[Any]
) -> list[Act]:
    """Rule 7: rows under one `référence_séance` are one session; each brings its own animators,
    participants and anonymous people."""
    shared: dict[Any, list[tuple[str, Row]]] = {}
    for book in books:
        for row in book["Séances"]:
            key = row["référence_séance"] or (book.structure, row["id_local"])
            shared.setdefault(key, []).append((book.structure, row))
    sessions = []
    for rows in shared.values():
        said = {
            (row["date"], row["type"], row["dispositif"] or "DRA", row["commune_insee"])
            for _, row in rows
        }
        ((day, type_, scheme, commune),) = said  # the rows of one session agree
        work = [
            one
            for code, row in rows
            for one in read_work(row["animateurs"], row["durée_minutes"], code, day, assignments)
        ]
        sessions.append(
            Act(
                date=day,
                type=type_,
                scheme=scheme,
                commune=commune,
                work=tuple(work),
                persons=frozenset(
                    persons[code, name] for code, row in rows for name in items(row["participants"])
                ),
                anonymous=sum(row["personnes_anonymes"] or 0 for _, row in rows),
                parcours=None,
                is_session=True,
            )
        )
    return sessions


# --- What the report is about ------------------------------------------------------------------


def limited_to_scheme(network: Network, scheme: str, period: Period) -> Network:
    """Rule 14: only its acts, and the parcours that its acts of the period concern."""
    acts = [act for act in network.acts if act.scheme == scheme]
    concerned = {act.parcours for act in acts if act.date in period}
    return replace(
        network, acts=acts, parcours=[one for one in network.parcours if one in concerned]
    )


def whole(network: Network) -> View:
    """Rule 1: everything, once."""
    stays = [Stay(one, one.entry, one.exit, one.exit) for one in network.parcours]
    return View(stays, network.acts)


def of_structure(network: Network, code: str) -> View:
    """Rules 2 and 5: its own minutes, the acts in which its advisers took part for it, the
    parcours in which it took part, from the day it joined to the day it left or the exit."""
    stays = []
    for parcours in network.parcours:
        if code in parcours.involvements:
            joined, left = parcours.involvements[code]
            there_at_exit = parcours.exit is not None and (left is None or left >= parcours.exit)
            stays.append(
                Stay(
                    parcours,
                    entered=joined,
                    exited=left if left is not None else parcours.exit,
                    exit=parcours.exit if there_at_exit else None,
                )
            )
    acts = []
    for act in network.acts:
        own = tuple(work for work in act.work if work.structure == code)
        if own:
            acts.append(replace(act, work=own))
    return View(stays, acts)


def is_followed(stay: Stay, period: Period) -> bool:
    """Entered on the last day at the latest, and not exited before the first."""
    return stay.entered <= period.last and (stay.exited is None or stay.exited >= period.first)


def followed_stays(view: View, period: Period) -> list[Stay]:
    return [stay for stay in view.stays if is_followed(stay, period)]


def acts_in(view: View, period: Period) -> list[Act]:
    """Rule 3."""
    return [act for act in view.acts if act.date in period]


def sessions_in(view: View, period: Period) -> list[Act]:
    return [act for act in acts_in(view, period) if act.is_session]


def active_stays(view: View, period: Period) -> list[Stay]:
    """Followed, with an act in the period (attendance does not make active)."""
    with_act = {act.parcours for act in acts_in(view, period)}
    return [stay for stay in followed_stays(view, period) if stay.parcours in with_act]


def exit_stays(view: View, period: Period) -> list[Stay]:
    """Parcours whose own exit is in the period."""
    return [stay for stay in view.stays if stay.exit in period]


@dataclass(frozen=True)
class Accompanied:
    """A person accompanied, as she was at the entry of her earliest parcours of the period."""

    row: Row
    on: dt.date

    def value(self, heading: str) -> str:
        """Rule 9: unknown is a value."""
        return self.row[heading] or "NR"


def accompanied(view: View, period: Period) -> dict[Person, Accompanied]:
    """Rules 6 and 8: the persons on a followed parcours."""
    found: dict[Person, Accompanied] = {}
    followed = [stay.parcours for stay in followed_stays(view, period)]
    for parcours in sorted(followed, key=lambda one: (one.entry, one.lead, one.id_local)):
        for person, row in parcours.people.items():
            found.setdefault(person, Accompanied(row, parcours.entry))
    return found


# --- The tables --------------------------------------------------------------------------------


def recount(
    workbooks: Iterable[Workbook],
    first: dt.date,
    last: dt.date,
    scheme: str | None = None,
    structure: str | None = None,
) -> dict[str, Cells]:
    """Every table of the report on [first, last], limited to a scheme, beside a structure."""
    recorded = read(workbooks)
    period = Period(first, last)

    def network_of(some: Period) -> Network:
        return limited_to_scheme(recorded, scheme, some) if scheme else recorded

    def view_of(some: Period) -> View:
        network = network_of(some)
        return of_structure(network, structure) if structure else whole(network)

    network, view, previous = network_of(period), view_of(period), period.year_before()
    return {
        "B01": {
            (row, column): figure
            for column, figures in (
                ("current", b01_key_figures(view, period)),
                ("previous", b01_key_figures(view_of(previous), previous)),
            )
            for row, figure in figures.items()
        },
        "B02": by_structure(network, structure, lambda one: b02_stock_and_flow(one, period)),
        "B03": b03_sex_and_age(view, period),
        "B04": b04_situation_and_education(view, period),
        "B05": b05_territory(view, period),
        "B06": b06_projects(view, period),
        "B07": b07_phases(view, period),
        "B08": by_structure(network, structure, lambda one: b08_acts(one, period)),
        "B09": by_structure(network, structure, lambda one: b09_minutes(one, period)),
        "B10": b10_months(view, period),
        "B11": b11_sessions(view, period),
        "B15": b15_exits(view, period),
        "B16": b16_intensity(view, period),
        "B18": b18_reception(view, period),
        "B21": b21_schemes(view, period),
    }


def by_structure(
    network: Network, structure: str | None, count: Callable[[View], dict[str, float]]
) -> Cells:
    """Rule 1: a column for each structure, `TOTAL` unduplicated, `SHARED` = sum − total.

    Beside one structure: its column and the network's total.
    """
    total = count(whole(network))
    columns = {
        code: count(of_structure(network, code))
        for code in ([structure] if structure else network.structures)
    }
    cells: Cells = {}
    for row in total:
        cells[row, "TOTAL"] = total[row]
        for code, column in columns.items():
            cells[row, code] = column.get(row, 0)
        if structure is None:
            cells[row, "SHARED"] = sum(col.get(row, 0) for col in columns.values()) - total[row]
    return cells


def crossed(pairs: Iterable[tuple[str, str]]) -> Cells:
    """A cross table of (row, column), with `TOTAL` both ways."""
    cells: Counter[tuple[str, str]] = Counter()
    for row, column in pairs:
        for key in ((row, column), (row, "TOTAL"), ("TOTAL", column), ("TOTAL", "TOTAL")):
            cells[key] += 1
    return dict(cells)


def b01_key_figures(view: View, period: Period) -> dict[str, float]:
    """Key figures, each as in the table of its own."""
    flow, exits = b02_stock_and_flow(view, period), b15_exits(view, period)
    reception, months = b18_reception(view, period), b10_months(view, period)
    return {
        "parcours_followed": flow["followed"],
        "parcours_entries": flow["entries"],
        "parcours_exits": flow["exits"],
        "persons_accompanied": len(accompanied(view, period)),
        "persons_received": reception.get(("TOTAL", "persons"), 0),
        "anonymous_received": reception.get(("TOTAL", "anonymous"), 0),
        "acts": months.get(("TOTAL", "acts"), 0),
        "minutes": months.get(("TOTAL", "minutes"), 0),
        "sessions": months.get(("TOTAL", "sessions"), 0),
        "attendances": months.get(("TOTAL", "attendances"), 0),
        "jobs_created": exits.get(("TOTAL", "jobs_created"), 0),
        "jobs_consolidated": exits.get(("TOTAL", "jobs_consolidated"), 0),
    }


def b02_stock_and_flow(view: View, period: Period) -> dict[str, float]:
    """Rules 4 and 5. end = start + entries − exits; followed = start + entries."""
    first, last = period.first, period.last
    stays = view.stays
    return {
        "start": sum(s.entered < first and (not s.exited or s.exited >= first) for s in stays),
        "entries": sum(s.entered in period for s in stays),
        "exits": sum(s.exited in period for s in stays),
        "end": sum(s.entered <= last and (not s.exited or s.exited > last) for s in stays),
        "followed": len(followed_stays(view, period)),
        "active": len(active_stays(view, period)),
    }


def age_band(born: dt.date | None, on: dt.date) -> str:
    """Age in completed years; born on 29 February, one ages on 1 March of a common year."""
    if born is None:
        return "NR"
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    for below, band in (
        (18, "<18"),
        (26, "18-25"),
        (30, "26-29"),
        (45, "30-44"),
        (55, "45-54"),
        (65, "55-64"),
    ):
        if age < below:
            return band
    return ">=65"


def b03_sex_and_age(view: View, period: Period) -> Cells:
    return crossed(
        (age_band(one.row["date_naissance"], one.on), one.value("sexe"))
        for one in accompanied(view, period).values()
    )


def b04_situation_and_education(view: View, period: Period) -> Cells:
    persons = accompanied(view, period).values()
    cells = Counter(crossed((p.value("situation"), p.value("niveau_formation")) for p in persons))
    for heading, row in (("rsa", "RSA"), ("qpv", "QPV")):
        for person in persons:
            if person.row[heading] == "oui":
                cells[row, person.value("niveau_formation")] += 1
                cells[row, "TOTAL"] += 1
    return dict(cells)


def places(commune: str | None) -> list[str]:
    """The rows of B05 that a commune counts in."""
    if commune is None:
        return ["NR", "TOTAL"]
    if commune not in REGION:
        return ["HR", "TOTAL"]
    department, epci = REGION[commune]
    return [department, epci, "TOTAL"]


def b05_territory(view: View, period: Period) -> Cells:
    """Persons by their commune at entry, followed parcours by the project's, acts and minutes by
    the act's, else its parcours' project's."""
    cells: Counter[tuple[str, str]] = Counter()
    for person in accompanied(view, period).values():
        for place in places(person.row["commune_insee"]):
            cells[place, "persons"] += 1
    for stay in followed_stays(view, period):
        for place in places(stay.parcours.project["commune_insee"]):
            cells[place, "parcours"] += 1
    for act in acts_in(view, period):
        projects = act.parcours.project["commune_insee"] if act.parcours else None
        for place in places(act.commune or projects):
            cells[place, "acts"] += 1
            cells[place, "minutes"] += act.minutes
    return dict(cells)


def b06_projects(view: View, period: Period) -> Cells:
    projects = [stay.parcours.project for stay in followed_stays(view, period)]
    return crossed((one["secteur"] or "NR", one["forme_juridique"] or "NR") for one in projects)


def phase_at_start(stay: Stay, period: Period) -> str:
    """Held on the eve of the first day; for who entered in the period, the entry phase (for a
    structure that joined later: the phase held on that day)."""
    if stay.entered < period.first:
        return stay.parcours.phase_on(period.first - dt.timedelta(days=1))
    if stay.entered == stay.parcours.entry:
        return stay.parcours.phases[0][1]
    return stay.parcours.phase_on(stay.entered)


def b07_phases(view: View, period: Period) -> Cells:
    """Rule 10: phase at the start × last phase reached by the last day."""
    return crossed(
        (phase_at_start(stay, period), stay.parcours.phase_on(period.last))
        for stay in followed_stays(view, period)
    )


def b08_acts(view: View, period: Period) -> dict[str, float]:
    """Acts by type, sessions included, with the families' subtotals."""
    rows: Counter[str] = Counter()
    for act in acts_in(view, period):
        for row in (act.type, act.family, "TOTAL"):
            rows[row] += 1
    return dict(rows)


def b09_minutes(view: View, period: Period) -> dict[str, float]:
    """Rule 2: the same rows as B08, in minutes of the advisers."""
    rows: Counter[str] = Counter()
    for act in acts_in(view, period):
        for row in (act.type, act.family, "TOTAL"):
            rows[row] += act.minutes
    return dict(rows)


def b10_months(view: View, period: Period) -> Cells:
    """By month of the act, of the entry, of the session."""
    cells: Counter[tuple[str, str]] = Counter()
    for act in acts_in(view, period):
        for row in (f"{act.date:%Y-%m}", "TOTAL"):
            cells[row, "acts"] += 1
            cells[row, "minutes"] += act.minutes
            if act.is_session:
                cells[row, "sessions"] += 1
                cells[row, "attendances"] += len(act.persons) + act.anonymous
    for stay in view.stays:
        if stay.entered in period:
            for row in (f"{stay.entered:%Y-%m}", "TOTAL"):
                cells[row, "entries"] += 1
    return dict(cells)


def b11_sessions(view: View, period: Period) -> Cells:
    """Rule 7: sessions, attendances and distinct persons, never mixed."""
    cells: Counter[tuple[str, str]] = Counter()
    persons: dict[str, set[Person]] = {}
    for session in sessions_in(view, period):
        for row in (session.type, "TOTAL"):
            cells[row, "sessions"] += 1
            cells[row, "known"] += len(session.persons)
            cells[row, "anonymous"] += session.anonymous
            cells[row, "minutes"] += session.minutes
            persons.setdefault(row, set()).update(session.persons)
    for row, distinct in persons.items():
        cells[row, "distinct"] = len(distinct)
    return dict(cells)


def b15_exits(view: View, period: Period) -> Cells:
    """Exits in the period by outcome, jobs in full-time equivalents with two decimals."""
    cells: dict[tuple[str, str], Decimal] = {}
    for stay in exit_stays(view, period):
        project = stay.parcours.project
        for row in (project["motif_sortie"] or "NR", "TOTAL"):
            for column, number in (
                ("parcours", 1),
                ("jobs_created", project["emplois_créés"] or 0),
                ("jobs_consolidated", project["emplois_consolidés"] or 0),
            ):
                cells[row, column] = cells.get((row, column), Decimal(0)) + Decimal(str(number))
    return {key: float(number) for key, number in cells.items()}


def quantile(numbers: list[int], share: float) -> float:
    """Linear interpolation between the two nearest ranks, as `percentile_cont`."""
    ordered = sorted(numbers)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def b16_intensity(view: View, period: Period) -> Cells:
    """Acts and minutes of each active parcours in the period; days of each exit's whole length."""
    acts = acts_in(view, period)
    of_parcours = [
        [act for act in acts if act.parcours is stay.parcours]
        for stay in active_stays(view, period)
    ]
    ended = [stay.parcours for stay in exit_stays(view, period)]
    cells: Cells = {}
    for row, numbers in (
        ("acts", [len(own) for own in of_parcours]),
        ("minutes", [sum(act.minutes for act in own) for own in of_parcours]),
        ("days", [(one.exit - one.entry).days for one in ended if one.exit]),
    ):
        if numbers:
            for column, share in (
                ("min", 0),
                ("q1", 0.25),
                ("median", 0.5),
                ("q3", 0.75),
                ("max", 1),
            ):
                cells[row, column] = quantile(numbers, share)
    return cells


def b18_reception(view: View, period: Period) -> Cells:
    """Rule 6: named by an ACC act or at a session, and on no followed parcours; and anonymous."""
    on_parcours = set(accompanied(view, period))
    persons: dict[str, set[Person]] = {}
    cells: Counter[tuple[str, str]] = Counter()
    for act in acts_in(view, period):
        if act.is_reception:
            for row in (act.type, "TOTAL"):
                persons.setdefault(row, set()).update(act.persons - on_parcours)
                cells[row, "anonymous"] += act.anonymous
    for row, received in persons.items():
        cells[row, "persons"] = len(received)
    return dict(cells)


def b21_schemes(view: View, period: Period) -> Cells:
    """By scheme: acts (sessions included), and the parcours and persons that they concern."""
    cells: Counter[tuple[str, str]] = Counter()
    parcours: dict[str, set[Parcours]] = {}
    persons: dict[str, set[Person]] = {}
    for act in acts_in(view, period):
        for row in (act.scheme, "TOTAL"):
            cells[row, "acts"] += 1
            cells[row, "minutes"] += act.minutes
            cells[row, "sessions"] += act.is_session
            persons.setdefault(row, set()).update(act.persons)
            if act.parcours:
                parcours.setdefault(row, set()).add(act.parcours)
                persons[row].update(act.parcours.people)
    for row, distinct in persons.items():
        cells[row, "persons"] = len(distinct)
        cells[row, "parcours"] = len(parcours.get(row, ()))
    return dict(cells)
