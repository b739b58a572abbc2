"""Small networks built record by record, for figures that can be checked by hand."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.models import (
    Act,
    ActAdviser,
    ActBeneficiary,
    Adviser,
    Attendance,
    Beneficiary,
    Funding,
    GroupSession,
    Involvement,
    Orientation,
    Parcours,
    ParcoursBeneficiary,
    PhaseChange,
    Project,
    SessionHost,
    Structure,
)
from ramsess.reports.consolidation import make_report
from ramsess.reports.period import Period
from ramsess.reports.report import Report


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


class Network:
    """Adds records with as few words as a case needs."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._number = itertools.count(1)
        self._advisers: dict[str, Adviser] = {}
        self._structures = {item.code: item.id for item in session.query(Structure)}

    def adviser(self, name: str) -> Adviser:
        if name not in self._advisers:
            self._advisers[name] = Adviser(email=f"{name}@demo.example", last_name=name)
            self.session.add(self._advisers[name])
        return self._advisers[name]

    def structure_id(self, code: str) -> int:
        return self._structures[code]

    def stay(self, parcours: Parcours, code: str, joined: str, left: str | None) -> None:
        """One more stay of a structure in a parcours."""
        parcours.involvements.append(
            Involvement(
                structure_id=self._structures[code],
                joined_on=day(joined),
                left_on=day(left) if left else None,
            )
        )

    def person(self, **attributes: Any) -> Beneficiary:
        person = Beneficiary(
            last_name=f"Fictif{next(self._number)}", first_name="Exemple", **attributes
        )
        self.session.add(person)
        self.session.flush()
        return person

    def parcours(
        self,
        *people: Beneficiary,
        lead: str = "APEAS",
        entered: str = "2009-02-01",
        exited: str | None = None,
        others: dict[str, tuple[str, str | None]] | None = None,
        phases: dict[str, str] | None = None,
        phase: str = "EME",
        funding: dict[str, int] | None = None,
        **attributes: Any,
    ) -> Parcours:
        """*others* are structures taking part: code → (joined, left); *phases*: day → code."""
        project = Project(title="Projet fictif")
        parcours = Parcours(
            reference=f"P-{entered[:4]}-{next(self._number):04d}",
            project=project,
            lead_structure_id=self._structures[lead],
            entered_on=day(entered),
            exited_on=day(exited) if exited else None,
            entry_phase_code=phase,
            **{f"entry_{k}" if k.endswith("_code") and k != "outcome_code" else k: v
               for k, v in attributes.items()},
        )  # fmt: skip
        for person in people:
            member = ParcoursBeneficiary(beneficiary=person)
            member.take_from(person, parcours.entered_on)
            parcours.members.append(member)
        stays = {lead: (entered, None), **(others or {})}
        for code, (joined, left) in stays.items():
            self.stay(parcours, code, joined, left)
        for reached, code in (phases or {}).items():
            parcours.phase_changes.append(PhaseChange(phase_code=code, reached_on=day(reached)))
        for source, cents in (funding or {}).items():
            parcours.fundings.append(
                Funding(source_code=source, cents=cents, obtained_on=parcours.entered_on)
            )
        self.session.add(parcours)
        self.session.flush()
        return parcours

    def act(
        self,
        done: str,
        type_code: str = "CSL1",
        parcours: Parcours | None = None,
        by: dict[str, int] | None = None,
        people: tuple[Beneficiary, ...] = (),
        **attributes: Any,
    ) -> Act:
        """*by*: ``name/CODE`` → minutes; the first structure records the act."""
        shares = by or {"ana/APEAS": 60}
        recorder = self._structures[next(iter(shares)).split("/")[1]]
        act = Act(
            done_on=day(done),
            type_code=type_code,
            structure_id=recorder,
            parcours=parcours,
            **attributes,
        )
        for position, (who, minutes) in enumerate(shares.items()):
            name, code = who.split("/")
            act.shares.append(
                ActAdviser(
                    adviser=self.adviser(name),
                    structure_id=self._structures[code],
                    recorded_by_id=recorder,
                    position=position,
                    minutes=minutes,
                )
            )
        for person in people:
            named = ActBeneficiary(beneficiary=person)
            named.take_from(person, act.done_on)
            act.people.append(named)
        self.session.add(act)
        self.session.flush()
        return act

    def group_session(
        self,
        done: str,
        type_code: str = "COL1",
        by: dict[str, int] | None = None,
        present: dict[str, tuple[Beneficiary, ...]] | None = None,
        anonymous: dict[str, int] | None = None,
        **attributes: Any,
    ) -> Act:
        """*present* and *anonymous*: what each host noted, by its code."""
        act = self.act(done, type_code, by=by, **attributes)
        act.group_session = GroupSession(title="Séance fictive", minutes=120)
        self.session.flush()
        for code in {**(present or {}), **(anonymous or {})}:
            host = SessionHost(
                structure_id=self._structures[code], anonymous_count=(anonymous or {}).get(code, 0)
            )
            act.group_session.hosts.append(host)
            self.session.flush()
            for person in (present or {}).get(code, ()):
                attendance = Attendance(
                    beneficiary_id=person.id, structure_id=self._structures[code]
                )
                attendance.take_from(person, act.done_on)
                act.group_session.attendances.append(attendance)
        self.session.flush()
        return act

    def orientation(
        self,
        way: str,
        proposed: str,
        about: Parcours | Beneficiary,
        answer: str | None = None,
        answered: str | None = None,
    ) -> Orientation:
        """*way*: ``FROM>TO``, or ``FROM>>PARTNER``."""
        sender, _, to = way.partition(">")
        orientation = Orientation(
            from_structure_id=self._structures[sender],
            to_structure_id=self._structures.get(to),
            partner_code=to[1:] if to.startswith(">") else None,
            parcours=about if isinstance(about, Parcours) else None,
            beneficiary=about if isinstance(about, Beneficiary) else None,
            reason="Motif fictif",
            consent_on=day(proposed),
            proposed_on=day(proposed),
            answer=answer,
            answered_on=day(answered) if answered else None,
        )
        self.session.add(orientation)
        self.session.flush()
        return orientation

    def report(self, first: str = "2009-01-01", last: str = "2009-12-31", **limits: Any) -> Report:
        self.session.commit()
        return make_report(db.engines["report"], Period(day(first), day(last)), **limits)


def row(report: Report, table_id: str, key: str) -> dict[str, Any]:
    """The figures other than 0 of a row, derived columns left out."""
    table = report.table(table_id)
    return {
        column.key: table.value(key, column.key)
        for column in table.columns
        if not column.derived and table.value(key, column.key)
    }


def column(report: Report, table_id: str, key: str) -> dict[str, Any]:
    """The figures other than 0 of a column."""
    table = report.table(table_id)
    return {
        item.key: table.value(item.key, key) for item in table.rows if table.value(item.key, key)
    }
