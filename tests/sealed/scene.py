"""Records of a sealed quarter (2009 T1), each with a twin in the open one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ramsess.models import Beneficiary, ExchangeKey, SessionSlot, SlotAttendance
from tests.counting.builder import Network, day
from tests.sealed.sealing import seal

IN, OUT = "2009-02-10", "2009-05-10"


@dataclass
class Scene:
    """The ids of what the scene holds, by name: those of the sealed quarter begin with ``in_``."""

    network: Network
    ids: dict[str, int]
    people: dict[str, Beneficiary]

    def fill(self, statement: str) -> str:
        """*statement* with the ids in the place of their names."""
        return statement.format(**self.ids)


def make_scene(session: Session) -> Scene:
    """Write the records, then seal the quarter."""
    network = Network(session)
    people = {name: network.person(birth_date=day("1980-01-01")) for name in ("zoe", "lou", "max")}
    ids: dict[str, int] = {}
    for name, when, entered in (("in", IN, "2009-02-01"), ("out", OUT, "2009-05-01")):
        parcours = network.parcours(people["zoe"], entered=entered, phases={when: "FAI"},
                                    others={"PLACE": (entered, None)})  # fmt: skip
        ended = network.parcours(
            people["lou"],
            entered=entered,
            exited=when,
            outcome_code="CRE",
            funding={"REGION": 100_000},
        )
        act = network.act(when, parcours=parcours)
        welcome = network.act(when, "ACC1", people=(people["lou"],))
        held = network.group_session(
            when, present={"APEAS": (people["zoe"], people["lou"])}, anonymous={"APEAS": 3}
        )
        assert held.group_session
        held.group_session.slots = [SessionSlot(starts_at=_at(9), ends_at=_at(10)),
                                    SessionSlot(starts_at=_at(11), ends_at=_at(12))]  # fmt: skip
        session.flush()
        session.add(SlotAttendance(act_id=held.id, beneficiary_id=people["zoe"].id,
                                   structure_id=network.structure_id("APEAS"),
                                   starts_at=_at(9)))  # fmt: skip
        session.add(ExchangeKey(structure_id=network.structure_id("APEAS"), sheet="Actes",
                                local_id=f"A-{name}", record_id=act.id))  # fmt: skip
        orientation = network.orientation("APEAS>PLACE", when, people["lou"], "accepted", when)
        ids |= {f"{name}_parcours": parcours.id, f"{name}_ended": ended.id, f"{name}_act": act.id,
                f"{name}_welcome": welcome.id, f"{name}_session": held.id,
                f"{name}_orientation": orientation.id}  # fmt: skip
    ids |= {name: person.id for name, person in people.items()}
    ids |= {code: network.structure_id(code) for code in ("APEAS", "PLACE", "INTERMADE")}
    ids["ana"] = network.adviser("ana").id
    ids["project"] = session.execute(text("SELECT min(project_id) FROM parcours")).scalar_one()
    session.execute(
        text(
            "INSERT INTO assignments (adviser_id, structure_id, share, from_on, to_on) VALUES "
            "(:ana, :APEAS, 80, '2009-02-01', '2009-03-31'), (:ana, :APEAS, 80, '2009-04-01', NULL)"
        ),
        ids,
    )
    _plan_ahead(session, ids)
    session.commit()
    ids["period"] = seal()
    return Scene(network, ids, people)


def _at(hour: int) -> dt.time:
    return dt.time(hour)


def _plan_ahead(session: Session, ids: dict[str, int]) -> None:
    """A validated diagnostic and a plan on each parcours, with an action due in its quarter."""
    for name, when in (("in", IN), ("out", OUT)):
        given = {"parcours": ids[f"{name}_parcours"], "day": when, "place": ids["APEAS"]}
        diagnostic = session.execute(
            text(
                "INSERT INTO diagnostics (parcours_id, number, opened_on, contributed_on, "
                "validated_on, synthesis, wording, beneficiary_agreed_on, beneficiary_manner_code, "
                "version) SELECT :parcours, 1, :day, :day, :day, '', 1, :day, "
                "(SELECT min(code) FROM agreement_manners), 1 RETURNING id"
            ),
            given,
        ).scalar_one()
        plan = session.execute(
            text(
                "INSERT INTO plans (parcours_id, diagnostic_id, number, opened_on, reason, version)"
                " VALUES (:parcours, :diagnostic, 1, :day, '', 1) RETURNING id"
            ),
            given | {"diagnostic": diagnostic},
        ).scalar_one()
        action = session.execute(
            text(
                "INSERT INTO plan_actions (plan_id, parcours_id, structure_id, objective, "
                "planned_acts, planned_minutes, due_on, state, version) VALUES (:plan, :parcours, "
                ":place, 'But', 1, 60, :day, 'todo', 1) RETURNING id"
            ),
            given | {"plan": plan},
        ).scalar_one()
        ids |= {f"{name}_diagnostic": diagnostic, f"{name}_plan": plan, f"{name}_action": action}
