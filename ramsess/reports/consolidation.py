"""Make a report: read the facts once, count every table, list the records behind."""

from __future__ import annotations

from sqlalchemy import Engine

from ramsess.models.calendar import today
from ramsess.reports.details import details
from ramsess.reports.facts import Facts, snapshot
from ramsess.reports.handing_in import NOT_HANDED_IN, absent_from, comments_on
from ramsess.reports.lists import Lists
from ramsess.reports.period import Period
from ramsess.reports.report import Member, Report
from ramsess.reports.tables import BY_STRUCTURE, network_tables, structure_tables


class UnknownCodeError(LookupError):
    """A structure or a scheme that does not exist; the message is a French sentence."""


def make_report(
    engine: Engine,
    period: Period,
    *,
    structure: str | None = None,
    scheme: str | None = None,
    with_details: bool = False,
) -> Report:
    """The report of *period*: the network's, or one structure's beside the network's.

    *scheme* limits it to what one *dispositif* pays (Rule 14). *with_details* adds the
    pseudonymised lists of records. Raises UnknownCodeError.
    """
    with snapshot(engine) as connection:
        facts = Facts.read(connection, period)
        previous = Facts.read(connection, period.year_before())
        # What was said and handed in is of the whole network's report alone.
        whole = not structure and not scheme
        comments = comments_on(connection, period) if whole else {}
        absent = absent_from(connection, period) if whole else set()
    names = {item.code: item.label for item in facts.lists.structures}
    schemes = facts.lists.labels("schemes")
    if structure and structure not in names:
        raise UnknownCodeError(f"Structure inconnue : « {structure} ».")
    if scheme and scheme not in schemes:
        raise UnknownCodeError(f"Dispositif inconnu : « {scheme} ».")
    if scheme:
        facts, previous = facts.limited_to_scheme(scheme), previous.limited_to_scheme(scheme)
    network = network_tables(facts, previous)
    own = structure_tables(facts, previous, structure) if structure else network
    return Report(
        period=period,
        edition="structure" if structure else "network",
        tables=tuple(own.values()),
        members=_members(facts.lists, absent),
        made_on=today(),
        structure=Member(structure, names[structure]) if structure else None,
        scheme=(scheme, schemes[scheme]) if scheme else None,
        beside=(
            {key: table for key, table in network.items() if key not in BY_STRUCTURE}
            if structure
            else {}
        ),
        details=details(facts) if with_details and not structure else (),
        comments=comments,
    )


def _members(lists: Lists, absent: set[int]) -> tuple[Member, ...]:
    codes = {lists.structure_ids[one] for one in absent}
    return tuple(
        Member(item.code, item.label, NOT_HANDED_IN if item.code in codes else "")
        for item in lists.structures
        if item.code in lists.members
    )
