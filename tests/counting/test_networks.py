"""The random networks hold what is hard to count: without it the comparison would prove little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.counting.networks import random_network
from tests.counting.recount.reading import identity, read
from tests.counting.workbooks import Workbook

#: How often each difficulty must be met, at least, in the networks that are compared.
WANTED = {
    "act done for two structures": 50,
    "act with an adviser's structure said": 50,
    "act led by another structure's adviser": 20,
    "act of network work": 50,
    "act on a parcours that also names someone": 20,
    "anonymous people received": 50,
    "birth date unknown": 50,
    "commune outside the region": 50,
    "exit with decimals of jobs": 20,
    "parcours entered and exited on one day": 10,
    "parcours shared": 50,
    "parcours with three people": 20,
    "person in two structures": 50,
    "phase reached on the day of the entry": 5,
    "session co-animated": 20,
    "session with an animator named by two hosts": 3,
    "session with a participant on two sheets": 10,
    "stay beyond the parcours": 5,
    "structure that came back": 10,
    "namesakes": 50,
}


def difficulties(books: list[Workbook]) -> Iterator[str]:
    network = read(books)
    names: Counter[tuple[str, str]] = Counter()
    holders: dict[object, set[str]] = {}
    for book in books:
        for row in book["Bénéficiaires"]:
            person = identity(book.structure, row)
            holders.setdefault(person, set()).add(book.structure)
            if row["date_naissance"] is None:
                yield "birth date unknown"
            elif len(holders[person]) == 1:
                names[person[0], person[1]] += 1
            if row["commune_insee"] in ("75056", "30189", "2A004"):
                yield "commune outside the region"
        for row in book["Actes"]:
            if "/" in f"{row['conseiller']}{row['co_conseillers']}":
                yield "act with an adviser's structure said"
            if row["conseiller"].split("@")[1].split(".")[0] != book.structure.lower():
                yield "act led by another structure's adviser"
            if row["parcours"] and row["bénéficiaire"]:
                yield "act on a parcours that also names someone"
    yield from ["namesakes"] * sum(count > 1 for count in names.values())
    yield from ["person in two structures"] * sum(len(codes) > 1 for codes in holders.values())
    for act in network.acts:
        if not act.is_session and len({work.structure for work in act.work}) > 1:
            yield "act done for two structures"
        if act.type in ("PAR1", "PAR2", "PAR3", "RES2", "RES3"):
            yield "act of network work"
        if act.anonymous and act.is_reception:
            yield "anonymous people received"
    for parcours in network.parcours:
        if parcours.exit == parcours.entry:
            yield "parcours entered and exited on one day"
        if len(parcours.stays) > 1:
            yield "parcours shared"
        if len(parcours.people) == 3:
            yield "parcours with three people"
        if (parcours.project["emplois_créés"] or 0) % 1 and parcours.exit:
            yield "exit with decimals of jobs"
        if len(parcours.phases) > 1 and parcours.phases[1][0] == parcours.entry:
            yield "phase reached on the day of the entry"
        for stays in parcours.stays.values():
            if len(stays) > 1:
                yield "structure that came back"
            last = parcours.exit
            if any(one < parcours.entry or (last and left and left > last) for one, left in stays):
                yield "stay beyond the parcours"
    yield from of_sessions(books)


def of_sessions(books: list[Workbook]) -> Iterator[str]:
    hosts: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for book in books:
        persons = {row["id_local"]: row for row in book["Bénéficiaires"]}
        for row in book["Séances"]:
            if row["référence_séance"]:
                named = (row["participants"] or "").split(";")
                known = {str(identity(book.structure, persons[one])) for one in named if one}
                mails = {one.strip().split(":")[0] for one in row["animateurs"].split(";")}
                hosts.setdefault(row["référence_séance"], []).append(
                    (book.structure, {**dict.fromkeys(known, "person"), **dict.fromkeys(mails, "")})
                )
    for rows in hosts.values():
        if len(rows) > 1:
            yield "session co-animated"
        twice = Counter(key for _, named in rows for key in named)
        kinds = {named[key] for _, named in rows for key in named if twice[key] > 1}
        if "person" in kinds:
            yield "session with a participant on two sheets"
        if "" in kinds:
            yield "session with an animator named by two hosts"


@pytest.fixture(scope="module")
def met() -> Counter[str]:
    return Counter(name for seed in range(6) for name in difficulties(random_network(seed, 12)))


@pytest.mark.parametrize("difficulty", WANTED)
def test_the_random_networks_hold(met: Counter[str], difficulty: str) -> None:
    assert met[difficulty] >= WANTED[difficulty]


def test_the_same_seed_gives_the_same_network() -> None:
    assert repr(random_network(5, 6)) == repr(random_network(5, 6))
    assert repr(random_network(5, 6)) != repr(random_network(6, 6))
