"""The tables of the report, in their order: one a file, each a pure function of Facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ramsess.reports.facts import Facts
from ramsess.reports.persons import Declare, no_persons
from ramsess.reports.table import Number, Table
from ramsess.reports.tables import (
    b01_key_figures,
    b02_flows,
    b03_sex_and_age,
    b04_situation,
    b05_territory,
    b06_projects,
    b07_phases,
    b08_acts,
    b09_hours,
    b10_months,
    b11_sessions,
    b12_orientations,
    b13_shared,
    b14_diagnostics,
    b15_exits,
    b16_intensity,
    b17_posts,
    b18_reception,
    b19_quality,
    b20_corrections,
    b21_schemes,
)
from ramsess.reports.tables.axes import structure_codes

#: Tables that show the structures side by side.
BY_STRUCTURE: dict[str, Callable[..., Table]] = {
    "B02": b02_flows.build,
    "B08": b08_acts.build,
    "B09": b09_hours.build,
    "B13": b13_shared.build,
    "B13S": b13_shared.build_pairs,
    "B17": b17_posts.build,
    "B14": b14_diagnostics.build,
    "B19": b19_quality.build,
}
PLAIN: dict[str, Callable[[Facts], Table]] = {
    "B03": b03_sex_and_age.build,
    "B04": b04_situation.build,
    "B05": b05_territory.build,
    "B06": b06_projects.build,
    "B07": b07_phases.build,
    "B10": b10_months.build,
    "B11": b11_sessions.build,
    "B12": b12_orientations.build,
    "B15": b15_exits.build,
    "B15F": b15_exits.build_funding,
    "B16": b16_intensity.build,
    "B18": b18_reception.build,
    "B20": b20_corrections.build,
    "B21": b21_schemes.build,
}
#: Every table of a report, in its order.
TABLE_IDS = tuple(sorted({"B01", *BY_STRUCTURE, *PLAIN}))

#: What each table says of persons (Rule 15): without it no edition for the Région is made.
PERSONS: dict[str, Declare] = {
    "B01": b01_key_figures.persons,
    "B02": no_persons,
    "B03": b03_sex_and_age.persons,
    "B04": b04_situation.persons,
    "B05": b05_territory.persons,
    "B06": no_persons,
    "B07": no_persons,
    "B08": no_persons,
    "B09": no_persons,
    "B10": b10_months.persons,
    "B11": b11_sessions.persons,
    "B12": b12_orientations.persons,
    "B13": no_persons,
    "B13S": no_persons,
    "B14": no_persons,
    "B15": no_persons,
    "B15F": b15_exits.funding_persons,
    "B16": b16_intensity.persons,
    "B17": b17_posts.persons,
    "B18": b18_reception.persons,
    "B19": b19_quality.persons,
    "B20": b20_corrections.persons,
    "B21": b21_schemes.persons,
}


def network_tables(facts: Facts, previous: Facts) -> dict[str, Table]:
    """Every table of *facts* by id, in order; *previous* are the facts one year before."""
    codes = structure_codes(facts)
    tables = _tables(facts, codes)
    return {"B01": _key_figures(facts, previous, tables), **tables}


def structure_tables(facts: Facts, previous: Facts, structure: str) -> dict[str, Table]:
    """Every table of one structure; those by structure show it beside the network's total."""
    own = facts.of_structure(structure)
    tables = _tables(own, [structure])
    quoted = _key_figures(own, previous.of_structure(structure), tables)
    for table_id, build in BY_STRUCTURE.items():
        tables[table_id] = build(facts, [structure], shared=False)
    return {"B01": quoted, **tables}


def structure_key_figures(facts: Facts, previous: Facts, structure: str) -> Table:
    """The key figures of one structure alone: B01 of ``structure_tables``, sooner."""
    own = facts.of_structure(structure)
    return _key_figures(own, previous.of_structure(structure), _quoted(own))


def structure_figures(facts: Facts, structure: str) -> dict[str, Number]:
    """The same figures of the period alone, by row: sooner still."""
    return b01_key_figures.figures(_quoted(facts.of_structure(structure)))


def _tables(facts: Facts, structures: Sequence[str]) -> dict[str, Table]:
    tables = {key: build(facts, structures) for key, build in BY_STRUCTURE.items()}
    tables |= {key: build(facts) for key, build in PLAIN.items()}
    return dict(sorted(tables.items()))


def one_table(
    table_id: str, facts: Facts, previous: Facts | None, structure: str | None = None
) -> Table:
    """The table of that id as those of the report have it; KeyError when there is none.

    *previous* is needed for B01 alone.
    """
    if table_id == "B01" and previous is not None:
        if structure:
            return structure_key_figures(facts, previous, structure)
        return _key_figures(facts, previous, _quoted(facts))
    if table_id in BY_STRUCTURE:
        codes = [structure] if structure else structure_codes(facts)
        return BY_STRUCTURE[table_id](facts, codes, shared=not structure)
    return PLAIN[table_id](facts.of_structure(structure) if structure else facts)


def _key_figures(facts: Facts, previous: Facts, tables: Mapping[str, Table]) -> Table:
    compared = previous.period if previous.period != facts.period.year_before() else None
    return b01_key_figures.build(tables, _quoted(previous), compared)


def _quoted(facts: Facts) -> dict[str, Table]:
    """The tables that B01 quotes, by id: their totals do not depend on the columns shown."""
    wanted = {table_id for table_id, _, _ in b01_key_figures.SOURCES.values()}
    tables = {key: build(facts) for key, build in PLAIN.items() if key in wanted}
    return {**tables, "B02": b02_flows.build(facts, [], shared=False)}
