"""What the principals may or may not see, made by the real actions, a canary in every text."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
import uuid
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.actions.acts import ActDraft, Work, record_act, remove_act
from ramsess.actions.attachments import Attachment
from ramsess.actions.beneficiaries import PersonDraft, record_beneficiary
from ramsess.actions.erasure import erase_person
from ramsess.actions.ledger import Ledger
from ramsess.actions.meetings import DecisionDraft, hold_meeting
from ramsess.actions.messages import About, write_message
from ramsess.actions.offers import answer_orientation, offers
from ramsess.actions.orientations import OrientationDraft, close_orientation, propose_orientation
from ramsess.actions.parcours import ParcoursDraft, join_parcours, leave_parcours, open_parcours
from ramsess.actions.resources import ResourceDraft, record_resource, withdraw_resource
from ramsess.actions.retention import put_away
from ramsess.actions.rights import ask_erasure, refuse_erasure
from ramsess.actions.saved_lists import keep_list
from ramsess.actions.sessions import SessionDraft, hold_session, note_attendance
from ramsess.actions.sign_ins import hash_of
from ramsess.actions.signed_sheets import file_sheet
from ramsess.models import (
    Account,
    Act,
    Adviser,
    Appraisal,
    Assignment,
    Beneficiary,
    Contribution,
    Diagnostic,
    ExchangeKey,
    Funding,
    Involvement,
    Parcours,
    Plan,
    PlanAction,
    Structure,
)
from ramsess.models.calendar import today
from tests.security.matrix.expected import Thing
from tests.security.matrix.principals import A, B, C

WHO = {A: "adviser", B: "adviser_of_another", C: "adviser_of_a_third"}


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


class Network:
    """Makes records and says, beside, who was part of them."""

    def __init__(self, session: Session, accounts: dict[str, Account], folder: Path) -> None:
        self.session, self.accounts, self.ledger = session, accounts, Ledger(folder)
        self.ids = {item.code: item.id for item in session.scalars(select(Structure))}
        self.things: list[Thing] = []
        self.canaries: dict[str, Thing] = {}
        self.number = itertools.count(1)

    def mark(self, thing: Thing) -> str:
        """A word that is nowhere else."""
        word = f"zq{next(self.number):05d}z"
        self.canaries[word] = thing
        return word

    def _new(self, kind: str, name: str, address: str = "") -> Thing:
        self.things.append(Thing(kind, name, address))
        return self.things[-1]

    def account(self, code: str) -> Account:
        return self.accounts[WHO[code]]

    def person(self, name: str, by: str) -> Thing:
        thing = self._new("person", name)
        draft = PersonDraft(
            last_name=self.mark(thing),
            first_name=self.mark(thing),
            birth_date=dt.date(1960, 1, 1) + dt.timedelta(days=40 * len(self.things)),
            phone=self.mark(thing),
            email=f"{self.mark(thing)}@demo.example",
            commune_code="13055",
        )
        made = record_beneficiary(
            self.session,
            self.account(by),
            draft,
            structure_id=self.ids[by],
            request_key=uuid.uuid4(),
        )
        thing.address, thing.known_to = str(made.public_id), {by}
        return thing

    def record(self, thing: Thing) -> Beneficiary:
        return self.session.scalars(
            select(Beneficiary).where(Beneficiary.public_id == uuid.UUID(thing.address))
        ).one()

    def parcours(
        self, name: str, lead: str, *people: Thing, others: dict[str, tuple[int, int | None]]
    ) -> Thing:
        """*others*: code → days ago that it joined, that it left."""
        thing = self._new("parcours", name)
        made = open_parcours(
            self.session,
            self.account(lead),
            ParcoursDraft(
                title=self.mark(thing),
                people=[self.record(person) for person in people],
                structure_id=self.ids[lead],
                entered_on=ago(60),
                phase_code="EME",
                origin=self.mark(thing),
            ),
            request_key=uuid.uuid4(),
        )
        made.fundings.append(
            Funding(source_code="REGION", cents=100, obtained_on=ago(50), label=self.mark(thing))
        )
        for code, (joined, left) in others.items():
            self._take_part(made, code, joined, left)
        self.session.flush()
        thing.address = made.reference
        thing.recorded_by = lead
        thing.stays = [(lead, 60, None), *((code, *days) for code, days in others.items())]
        self.canaries[made.reference.lower()] = thing
        for person in people:
            person.on.append(thing)
        return thing

    def work_together(self, parcours: Thing) -> None:
        """A validated diagnostic, its revision under way, a plan and an action."""
        made = self.session.scalars(
            select(Parcours).where(Parcours.reference == parcours.address)
        ).one()
        lead = made.lead_structure_id
        found = [
            self._diagnosed(parcours, made, "validated", 1, ago(30)),
            self._diagnosed(parcours, made, "under way", 2, None),
        ]
        for diagnostic, axis in zip(found, ("ECO", "JUR"), strict=True):
            place = {"structure_id": lead, "parcours_id": made.id}
            said = self.mark(parcours)
            diagnostic.contributions.append(Contribution(invited_on=ago(40), **place))
            self.session.flush()
            self.session.add(
                Appraisal(diagnostic_id=diagnostic.id, axis_code=axis, needs=said, **place)
            )
        plan = Plan(
            parcours_id=made.id,
            diagnostic_id=found[0].id,
            number=1,
            opened_on=ago(20),
            reason=self.mark(parcours),
        )
        plan.actions.append(
            PlanAction(
                parcours_id=made.id,
                structure_id=lead,
                objective=self.mark(parcours),
                due_on=ago(5),
            )
        )
        self.session.add(plan)
        self.session.flush()
        self._of_parcours("plan", parcours, plan.public_id)
        self._of_parcours("plan action", parcours, plan.actions[0].public_id)

    def _diagnosed(
        self, parcours: Thing, made: Parcours, name: str, number: int, day: dt.date | None
    ) -> Diagnostic:
        diagnostic = Diagnostic(
            parcours_id=made.id,
            number=number,
            opened_on=ago(40),
            contributed_on=ago(35),
            validated_on=day,
            beneficiary_agreed_on=day,
            beneficiary_manner_code="ENT" if day else None,
            synthesis=self.mark(parcours),
        )
        self.session.add(diagnostic)
        self.session.flush()
        self._of_parcours("diagnostic", parcours, diagnostic.public_id, name)
        return diagnostic

    def _of_parcours(self, kind: str, parcours: Thing, address: uuid.UUID, name: str = "") -> None:
        thing = self._new(kind, f"{parcours.name} {name}".strip(), str(address))
        thing.recorded_by, thing.on = parcours.recorded_by, [parcours]

    def link(self, parcours: Thing, name: str, *, over: bool = False) -> None:
        """A link by which the beneficiary agrees; *over*: too late."""
        token = secrets.token_urlsafe(32)
        made = self.session.scalars(
            select(Diagnostic)
            .join(Parcours, Parcours.id == Diagnostic.parcours_id)
            .where(Parcours.reference == parcours.address, Diagnostic.number == 2)
        ).one()
        made.link_hash = hash_of(token)
        made.link_until = func.now() + dt.timedelta(days=-1 if over else 1)
        self.session.flush()
        self._new("agreement link", name, token).there = not over

    def _take_part(self, made: Parcours, code: str, joined: int, left: int | None) -> None:
        if joined < 0:
            made.involvements.append(
                Involvement(structure_id=self.ids[code], joined_on=ago(joined))
            )
            return
        join_parcours(
            self.session,
            self.account(code),
            reference=made.reference,
            code=made.join_code,
            structure_id=self.ids[code],
            joined_on=ago(joined),
        )
        if left is not None:
            leave_parcours(
                self.session,
                self.account(code),
                made,
                structure_id=self.ids[code],
                left_on=ago(left),
            )

    def act(
        self,
        name: str,
        *by: str,
        parcours: Thing | None = None,
        people: tuple[Thing, ...] = (),
        days: int = 20,
    ) -> Thing:
        """The first of *by* records it; each has an adviser in it."""
        thing = self._new("act", name)
        held = None
        if parcours:
            held = self.session.scalars(
                select(Parcours).where(Parcours.reference == parcours.address)
            ).one()
        made = record_act(
            self.session,
            self.account(by[0]),
            ActDraft(
                done_on=ago(days),
                type_code="CSL1" if held else "ACC1",
                structure_id=self.ids[by[0]],
                work=self._work(by),
                parcours=held,
                people=[self.record(person) for person in people],
                note=self.mark(thing),
            ),
            request_key=uuid.uuid4(),
        )
        return self._done(thing, made, by, people)

    def meeting(self, name: str, *by: str, people: dict[str, list[Thing]]) -> Thing:
        """A session; *people*: whom each host noted."""
        thing = self._new("session", name)
        made = hold_session(
            self.session,
            self.account(by[0]),
            SessionDraft(
                title=self.mark(thing),
                done_on=ago(15),
                type_code="COL1",
                minutes=120,
                structure_id=self.ids[by[0]],
                work=self._work(by),
                note=self.mark(thing),
            ),
            request_key=uuid.uuid4(),
        )
        assert made.group_session
        made.group_session.reference = self.mark(thing)
        for code, noted in people.items():
            note_attendance(
                self.session,
                made,
                structure_id=self.ids[code],
                people=[self.record(person) for person in noted],
                anonymous_count=2,
            )
            for person in noted:
                person.known_to.add(code)
        return self._done(thing, made, by, ())

    def sheet(self, held: Thing, by: str) -> None:
        """The signed copy that a host keeps."""
        thing = self._new("sheet", f"of {by} for {held.name}")
        made = file_sheet(
            self.session,
            self._act(held),
            structure_id=self.ids[by],
            content=b"%PDF-1.4 " + self.mark(thing).encode() + b" %%EOF",
        )
        thing.address, thing.recorded_by = str(made.public_id), by

    def network_meeting(self, name: str, by: str) -> None:
        """A meeting, which everybody in the network reads."""
        thing = self._new("meeting", name)
        made = hold_meeting(
            self.session,
            self.account(by),
            SessionDraft(name, ago(10), "RES2", 120, self.ids[by], self._work((by,))),
            summary="Compte rendu",
            decisions=[DecisionDraft("Une décision")],
        )
        thing.address, thing.recorded_by = str(made.public_id), by

    def post(self, name: str, *codes: str) -> None:
        """An adviser who works for several structures; for one, she has no shared post."""
        thing = self._new("post", name)
        adviser = Adviser(
            email=f"{name.lower().replace(' ', '-')}@demo.example", last_name="Fictive"
        )
        adviser.assignments = [Assignment(structure_id=self.ids[code], share=50) for code in codes]
        self.session.add(adviser)
        self.session.flush()
        thing.address, thing.performed_by = str(adviser.public_id), set(codes)
        thing.there = len(codes) > 1

    def message(self, name: str, owner: str, about: Thing | None = None) -> Thing:
        """What the principal *owner* writes; about nothing, to the network."""
        thing = self._new("message", name)
        thing.owner, thing.on = owner, [about] if about else []
        word = self.mark(thing)
        made = write_message(
            self.session, self.accounts[owner], self._about(about), word, request_key=uuid.uuid4()
        )
        if about is None:
            # Whoever works in the network reads it.
            del self.canaries[word]
        thing.address = str(made.public_id)
        return thing

    def saved_list(self, owner: str) -> None:
        """A list that the principal *owner* keeps."""
        thing = self._new("saved list", f"of {owner}")
        thing.owner = owner
        made = keep_list(
            self.session,
            self.accounts[owner],
            of="ressources",
            name=self.mark(thing),
            filters={"phase": "FAI"},
        )
        thing.address = str(made.public_id)

    def _about(self, thing: Thing | None) -> About:
        if thing is None:
            return About()
        if thing.kind == "parcours":
            return About(
                self.session.scalars(
                    select(Parcours).where(Parcours.reference == thing.address)
                ).one()
            )
        return About(session=self._act(thing))

    def _act(self, thing: Thing) -> Act:
        return self.session.scalars(
            select(Act).where(Act.public_id == uuid.UUID(thing.address))
        ).one()

    def _work(self, by: tuple[str, ...]) -> list[Work]:
        advisers = {code: self.account(code).adviser for code in by}
        return [Work(one.id, self.ids[code], 60) for code, one in advisers.items() if one]

    def _done(
        self, thing: Thing, made: Act, by: tuple[str, ...], people: tuple[Thing, ...]
    ) -> Thing:
        thing.address = str(made.public_id)
        thing.recorded_by, thing.performed_by = by[0], set(by)
        for person in people:
            person.named_by.append(thing)
        return thing

    def orientation(
        self,
        name: str,
        sender: str,
        to: str,
        answer: str = "",
        *,
        parcours: Thing | None = None,
        person: Thing | None = None,
    ) -> None:
        """*to*: a structure of the network, or a partner."""
        thing, offer = self._new("orientation", name), self._new("offer", name)
        made = propose_orientation(
            self.session,
            self.account(sender),
            OrientationDraft(
                from_structure_id=self.ids[sender],
                to_structure_id=self.ids.get(to),
                partner_code=None if to in self.ids else to,
                parcours=self.session.scalars(
                    select(Parcours).where(Parcours.reference == parcours.address)
                ).one() if parcours else None,
                person=self.record(person) if person else None,
                reason=self.mark(thing),
                consent_on=today(),
            ),
        )  # fmt: skip
        thing.address, thing.recorded_by = str(made.public_id), sender
        thing.on = [parcours] if parcours else []
        offer.address, offer.known_to = thing.address, {to} & set(WHO)
        offer.there = bool(offer.known_to)
        if answer == "closed":
            close_orientation(
                self.session, made, answer=answer, answered_on=None, why="", version=1
            )
        elif answer:
            (asked,) = offers(self.session, self.account(to), made.public_id)
            answer_orientation(self.session, asked, answer, self.mark(thing))
        if answer == "accepted":
            thing.known_to = {to}
            if parcours:
                parcours.stays.append((to, 0, None))
            elif person:
                person.known_to.add(to)

    def undo(self, thing: Thing) -> None:
        remove_act(self.session, self._act(thing))
        thing.there = False

    def in_workbook_of(self, code: str, person: Thing) -> None:
        key = ExchangeKey(
            structure_id=self.ids[code],
            sheet="Bénéficiaires",
            local_id=self.mark(Thing("structure", "workbook", code)),
            record_id=self.record(person).id,
        )
        self.session.add(key)
        person.known_to.add(code)

    def erase(self, thing: Thing) -> None:
        """Both her addresses, the old one and the new one, are nobody's."""
        made = self.record(thing)
        erase_person(self.session, made, ledger=self.ledger)
        thing.there = False
        self._new("person", f"{thing.name}, new address", str(made.public_id)).there = False

    def archive(self, thing: Thing) -> None:
        made = self.record(thing)
        put_away(self.session, made, day=today())
        thing.address, thing.put_away = str(made.public_id), True

    def resource(self, name: str, by: str, *, withdrawn: bool = False) -> None:
        """What a structure shares: whoever works in the network reads it."""
        thing = self._new("resource", name)
        made = record_resource(
            self.session,
            self.account(by),
            ResourceDraft(
                title=self.mark(thing),
                kind_code="FICHE",
                theme_code="ACC",
                structure_id=self.ids[by],
                description=self.mark(thing),
                file=Attachment(f"{self.mark(thing)}.pdf", "application/pdf", b"%PDF-1.4"),
            ),
        )
        thing.address, thing.recorded_by = str(made.public_id), by
        if withdrawn:
            withdraw_resource(self.session, made)
            thing.there = False

    def request(self, name: str, person: Thing, *, refused: bool) -> None:
        asked = ask_erasure(
            self.session,
            self.accounts["manager"],
            self.record(person),
            structure_id=self.ids[A],
            reason_code="DEM",
        )
        if refused:
            refuse_erasure(self.session, asked)
        self._new("request", name, str(asked.id))
