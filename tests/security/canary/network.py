"""Three structures with people, parcours, acts and sessions: made by the real actions.

The words of a record say which structures are concerned by it: written here from the trade's
rules (domain.md, 1 and 2), never asked of the application.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.actions.acts import ActDraft, Work, record_act, remove_act
from ramsess.actions.attachments import Attachment
from ramsess.actions.auditing import note
from ramsess.actions.beneficiaries import PersonDraft, record_beneficiary
from ramsess.actions.enrolment import enrol
from ramsess.actions.erasure import erase_person
from ramsess.actions.ledger import Ledger
from ramsess.actions.meetings import DecisionDraft, hold_meeting
from ramsess.actions.messages import About, write_message
from ramsess.actions.offers import answer_orientation, offers
from ramsess.actions.orientations import OrientationDraft, close_orientation, propose_orientation
from ramsess.actions.parcours import ParcoursDraft, join_parcours, leave_parcours, open_parcours
from ramsess.actions.resources import ResourceDraft, record_resource
from ramsess.actions.retention import put_away
from ramsess.actions.rights import ask_erasure
from ramsess.actions.saved_lists import keep_list
from ramsess.actions.sessions import SessionDraft, hold_session, note_attendance
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
    Import,
    JobSheet,
    Mapping,
    Parcours,
    Plan,
    PlanAction,
    Presentation,
    Structure,
)
from ramsess.models.calendar import today
from tests.security.canary.words import STRUCTURES, A, B, C, Thing, Words


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


class Network:
    """Makes records, and says beside which structures each concerns today."""

    def __init__(
        self, session: Session, words: Words, accounts: dict[str, Account], folder: Path
    ) -> None:
        self.session, self.words, self.accounts = session, words, accounts
        self.ledger = Ledger(folder)
        self.ids = {item.code: item.id for item in session.scalars(select(Structure))}
        self.things: list[Thing] = []
        self._born = itertools.count()
        # What was answered to orientations, by the name of each.
        self.answers: dict[str, Thing] = {}

    def _thing(self, kind: str, name: str, concerned: str | Sequence[str], lead: str) -> Thing:
        codes = [concerned] if isinstance(concerned, str) else concerned
        self.things.append(Thing(kind, name, frozenset(codes), lead))
        return self.things[-1]

    def _account(self, code: str) -> Account:
        return self.accounts[f"adviser_{code}"]

    def person(self, name: str, by: str, *concerned: str) -> Thing:
        """Somebody whom *by* enters, and whom the structures *concerned* see today."""
        thing = self._thing("person", name, concerned or (by,), by)

        def word(column: str) -> str:
            return self.words.make(f"beneficiaries.{column}", by, thing)

        made = self._record(
            by,
            PersonDraft(
                last_name=word("last_name"),
                first_name=word("first_name"),
                birth_date=dt.date(1960, 1, 1) + dt.timedelta(days=40 * next(self._born)),
                phone=word("phone"),
                email=f"{word('email')}@demo.example",
                commune_code="13055",
            ),
        )
        thing.address = str(made.public_id)
        return thing

    def _record(self, by: str, draft: PersonDraft) -> Beneficiary:
        return record_beneficiary(
            self.session,
            self._account(by),
            draft,
            structure_id=self.ids[by],
            request_key=uuid.uuid4(),
        )

    def meet(self, person: Thing, by: str) -> None:
        """Another structure enters the same person."""
        made = self.record(person)
        again = PersonDraft(made.last_name, made.first_name, made.birth_date)
        assert self._record(by, again) is made

    def record(self, person: Thing) -> Beneficiary:
        return self.session.scalars(
            select(Beneficiary).where(Beneficiary.public_id == uuid.UUID(person.address))
        ).one()

    def held(self, parcours: Thing) -> Parcours:
        return self.session.scalars(
            select(Parcours).where(Parcours.reference == parcours.address)
        ).one()

    def parcours(
        self,
        name: str,
        lead: str,
        *people: Thing,
        guest: str = "",
        left: int | None = None,
        says: bool = False,
    ) -> Thing:
        """*guest* takes part since 40 days, until *left* days ago; it *says* something of it."""
        concerned = (lead, guest) if guest and left is None else (lead,)
        thing = self._thing("parcours", name, concerned, lead)
        thing.people = list(people)
        made = open_parcours(
            self.session,
            self._account(lead),
            ParcoursDraft(
                title=f"Épicerie {self.words.make('projects.title', lead, thing)}",
                people=[self.record(person) for person in people],
                structure_id=self.ids[lead],
                entered_on=ago(60),
                phase_code="EME",
                origin=self.words.make("parcours.origin", lead, thing),
            ),
            request_key=uuid.uuid4(),
        )
        thing.address = made.reference
        label = self.words.make("fundings.label", lead, thing)
        made.fundings.append(
            Funding(source_code="REGION", cents=100, obtained_on=ago(50), label=label)
        )
        made.project.siret = self.words.make("projects.siret", lead, thing)
        self.session.flush()
        if guest:
            account, place = self._account(guest), self.ids[guest]
            join_parcours(
                self.session, account, reference=made.reference, code=made.join_code,
                structure_id=place, joined_on=ago(40),
            )  # fmt: skip
            if left is not None:
                self.act("of who left", guest, parcours=thing)
                if says:
                    self.message(thing, guest)
                leave_parcours(self.session, account, made, structure_id=place, left_on=ago(left))
        return thing

    def work_together(self, parcours: Thing) -> None:
        """A validated diagnostic and a plan, as one of that parcours' records."""
        held = self.held(parcours)
        lead = parcours.lead
        place = {"structure_id": self.ids[lead], "parcours_id": held.id}

        def word(column: str) -> str:
            return self.words.make(column, lead, parcours)

        diagnostic = Diagnostic(
            parcours_id=held.id, number=1, opened_on=ago(30), contributed_on=ago(29),
            validated_on=ago(28), beneficiary_agreed_on=ago(28), beneficiary_manner_code="ENT",
            synthesis=f"Ensemble {word('diagnostics.synthesis')}",
            link_hash=word("diagnostics.link_hash"), link_until=func.now(),
        )  # fmt: skip
        part = Contribution(invited_on=ago(30), handed_in_on=ago(29), **place)
        diagnostic.contributions.append(part)
        self.session.add(diagnostic)
        self.session.flush()
        said = {name: word(f"appraisals.{name}") for name in ("strengths", "weaknesses", "needs")}
        part.appraisals.append(Appraisal(axis_code="ECO", parcours_id=held.id, level=2, **said))
        plan = Plan(parcours_id=held.id, diagnostic_id=diagnostic.id, number=1, opened_on=ago(27),
                    reason=word("plans.reason"))  # fmt: skip
        plan.actions.append(
            PlanAction(objective=word("plan_actions.objective"), due_on=ago(5), **place)
        )
        self.session.add(plan)
        self.session.flush()
        for kind, record in (
            ("diagnostic", diagnostic), ("plan", plan), ("plan action", plan.actions[0]),
        ):  # fmt: skip
            thing = Thing(kind, parcours.name, parcours.concerned, lead, str(record.public_id))
            thing.people = parcours.people
            self.things.append(thing)

    def act(
        self, name: str, *by: str, parcours: Thing | None = None, people: Sequence[Thing] = ()
    ) -> Thing:
        """The first of *by* records it; each has an adviser in it; its note stays with them."""
        thing = self._thing("act", name, by, by[0])
        thing.people = [*people, *(parcours.people if parcours else ())]
        made = record_act(
            self.session,
            self._account(by[0]),
            ActDraft(
                done_on=ago(20),
                type_code="CSL1" if parcours else "ACC1",
                structure_id=self.ids[by[0]],
                work=self._work(by),
                parcours=self.held(parcours) if parcours else None,
                people=[self.record(person) for person in people],
                note=f"Note {self.words.make('acts.note', by[0], thing)}.",
            ),
            request_key=uuid.uuid4(),
        )
        thing.address = str(made.public_id)
        return thing

    def meeting(self, name: str, *by: str, people: dict[str, list[Thing]]) -> Thing:
        """A session; *people*: whom each host noted."""
        thing = self._thing("session", name, by, by[0])
        thing.people = [person for noted in people.values() for person in noted]
        made = hold_session(
            self.session,
            self._account(by[0]),
            SessionDraft(
                title=f"Atelier {self.words.make('group_sessions.title', by[0], thing)}",
                done_on=ago(15),
                type_code="COL1",
                minutes=120,
                structure_id=self.ids[by[0]],
                work=self._work(by),
                note=f"Note {self.words.make('acts.note', by[0], thing)}.",
            ),
            request_key=uuid.uuid4(),
        )
        assert made.group_session
        made.group_session.reference = self.words.make("group_sessions.reference", by[0], thing)
        for code, noted in people.items():
            enrol(
                self.session, made, structure_id=self.ids[code],
                people=[self.record(person) for person in noted],
            )  # fmt: skip
            note_attendance(
                self.session, made, structure_id=self.ids[code],
                people=[self.record(person) for person in noted], anonymous_count=2,
            )  # fmt: skip
        thing.address = str(made.public_id)
        return thing

    def resource(self, code: str) -> None:
        """What a structure says of itself, and shares with the network, with a file."""
        self.session.add(Presentation(structure_id=self.ids[code], confirmed_on=today()))
        thing = self._thing("resource", f"of {code}", STRUCTURES, code)

        def word(column: str) -> str:
            return self.words.make(column, code, thing)

        made = record_resource(
            self.session,
            self._account(code),
            ResourceDraft(
                title=f"Guide {word('resources.title')}",
                kind_code="GUIDE",
                theme_code="ACC",
                structure_id=self.ids[code],
                description=f"Pour {word('resources.description')}.",
                phase_codes=["EME"],
                file=Attachment(
                    f"{word('resource_files.name')}.png", "image/png", b"\x89PNG\r\n\x1a\n"
                ),
            ),
        )
        thing.address = str(made.public_id)

    def orient(
        self,
        name: str,
        sender: str,
        to: str,
        answer: str = "",
        *,
        parcours: Thing | None = None,
        person: Thing | None = None,
    ) -> None:
        """The reason is of who sees the case, and of who is asked until it answers; what it answers
        is of both."""
        about = parcours or person
        assert about
        asked = frozenset({to} & set(STRUCTURES))
        thing = self._thing("orientation", name, [*about.concerned], sender)
        said = Thing("answer", name, about.concerned | asked, sender)
        thing.people = said.people = parcours.people if parcours else [about]
        if answer != "refused":
            thing.concerned |= asked
        made = propose_orientation(
            self.session,
            self._account(sender),
            OrientationDraft(
                from_structure_id=self.ids[sender],
                to_structure_id=self.ids.get(to),
                partner_code=None if to in self.ids else to,
                parcours=self.held(parcours) if parcours else None,
                person=self.record(person) if person else None,
                reason=f"Motif {self.words.make('orientations.reason', sender, thing)}.",
                consent_on=today(),
            ),
        )
        thing.address = str(made.public_id)
        if answer == "accepted":
            (offer,) = offers(self.session, self._account(to), made.public_id)
            answer_orientation(self.session, offer, answer)
        elif answer and asked:
            why = self.words.make("orientations.answer_note", to, said)
            (offer,) = offers(self.session, self._account(to), made.public_id)
            answer_orientation(self.session, offer, answer, f"Refus {why}.")
        elif answer:
            why = self.words.make("orientations.answer_note", sender, said)
            close_orientation(
                self.session, made, answer=answer, answered_on=today(), why=why, version=1
            )
        self.answers[name] = said

    def network_meeting(self, code: str) -> None:
        """What everybody in the network reads, but the note, which stays with its structure."""
        thing = self._thing("meeting", f"of {code}", (), code)
        own = Thing("session", thing.name, frozenset({code}), code)
        made = hold_meeting(
            self.session,
            self._account(code),
            SessionDraft(
                title=f"Rencontre {self.words.make('group_sessions.title', code, thing)}",
                done_on=ago(10),
                type_code="RES2",
                minutes=120,
                structure_id=self.ids[code],
                work=self._work([code]),
                note=f"Note {self.words.make('acts.note', code, own)}.",
            ),
            summary=f"Dit {self.words.make('meetings.summary', code, thing)}.",
            decisions=[DecisionDraft(f"Faire {self.words.make('decisions.text', code, thing)}.")],
        )
        thing.address = str(made.public_id)

    def post(self, *codes: str) -> None:
        """An adviser whose post these structures share."""
        thing = self._thing("post", f"of {' and '.join(codes)}", codes, codes[0])
        adviser = Adviser(email=f"poste-{codes[0].lower()}@demo.example", last_name="Fictive")
        adviser.assignments = [Assignment(structure_id=self.ids[code], share=50) for code in codes]
        self.session.add(adviser)
        self.session.flush()
        missions = self.words.make("job_sheets.missions", codes[0], thing)
        self.session.add(JobSheet(adviser_id=adviser.id, missions=f"Missions {missions}."))
        thing.address = str(adviser.public_id)

    def message(self, about: Thing | None, code: str) -> Thing:
        """What the adviser of *code* says about it; about nothing, to the network."""
        thing = self._thing(
            "message" if about else "agora",
            f"of {code} on {about.name if about else 'the network'}",
            tuple(about.concerned) if about else (),
            code,
        )
        thing.people = about.people if about else []
        made = write_message(
            self.session,
            self._account(code),
            About()
            if about is None
            else About(self.held(about))
            if about.kind == "parcours"
            else About(session=self.done(about)),
            f"Message {self.words.make('messages.text', code, thing)}.",
            request_key=uuid.uuid4(),
        )
        thing.address = str(made.public_id)
        return thing

    def saved_list(self, code: str) -> None:
        """A list that the adviser of *code* keeps for herself."""
        thing = self._thing("saved list", f"of {code}", (code,), code)
        thing.owner = f"adviser_{code}"
        made = keep_list(
            self.session,
            self._account(code),
            of="parcours",
            name=f"Mes {self.words.make('saved_lists.name', code, thing)}",
            filters={"phase": "FAI"},
        )
        thing.address = str(made.public_id)

    def _work(self, by: Sequence[str]) -> list[Work]:
        advisers = {code: self._account(code).adviser for code in by}
        return [Work(one.id, self.ids[code], 60) for code, one in advisers.items() if one]

    def done(self, act: Thing) -> Act:
        return self.session.scalars(
            select(Act).where(Act.public_id == uuid.UUID(act.address))
        ).one()

    def undo(self, thing: Thing) -> None:
        remove_act(self.session, self.done(thing))
        thing.there = False

    def keys(self, code: str, *things: Thing) -> None:
        """What a structure's workbook calls records."""
        sheets = {"person": "Bénéficiaires", "parcours": "Parcours", "act": "Actes",
                  "session": "Séances"}  # fmt: skip
        find = {"person": self.record, "parcours": self.held}
        for thing in things:
            row = Thing("key", thing.name, frozenset({code}), code)
            row.people = [thing, *thing.people] if thing.kind == "person" else thing.people
            self.session.add(
                ExchangeKey(
                    structure_id=self.ids[code],
                    sheet=sheets[thing.kind],
                    local_id=self.words.make("exchange_keys.local_id", code, row),
                    record_id=find.get(thing.kind, self.done)(thing).id,
                )
            )

    def noted(self, person: Thing, code: str) -> None:
        """Somebody of a structure read the person's record, under a name of the structure's."""
        mark = self.words.make("audit_details.record", code, person)
        note(
            self.session, "read_person", person_id=self.record(person).id,
            structure_id=self.ids[code], record=mark, account_id=self._account(code).id,
        )  # fmt: skip

    def ask_erasure(self, person: Thing, code: str) -> None:
        asked = ask_erasure(
            self.session, self.accounts[f"manager_{code}"], self.record(person),
            structure_id=self.ids[code], reason_code="DEM",
        )  # fmt: skip
        self.things.append(Thing("request", person.name, person.concerned, address=str(asked.id)))

    def erase(self, person: Thing, *with_her: Thing) -> None:
        made = self.record(person)
        erase_person(self.session, made, ledger=self.ledger)
        person.there = False
        for thing in with_her:
            thing.there = False

    def put_away(self, person: Thing) -> None:
        made = self.record(person)
        put_away(self.session, made, day=today())
        person.address, person.put_away = str(made.public_id), True


def hand_in_something(net: Network, code: str) -> None:
    """An import of that structure, and how it reads its own spreadsheets."""
    made = Import(
        public_id=uuid.uuid4(), account_id=net.accounts[f"manager_{code}"].id,
        structures=[net.ids[code]], digest="0" * 64, state="refused",
        counts={"problems": 1, "notices": 0},
    )  # fmt: skip
    net.things.append(Thing("import", f"of {code}", frozenset({code}), code,
                            address=str(made.public_id)))  # fmt: skip
    thing = Thing("reading", f"of {code}", frozenset({code}), code)
    net.things.append(thing)

    def word(column: str) -> str:
        return net.words.make(f"mappings.{column}", code, thing)

    kept = Mapping(
        public_id=uuid.uuid4(), structure_id=net.ids[code], name=f"Liste {word('name')}",
        sheet="Actes", headings=[word("headings")],
        columns={"date": {"from": word("columns")}}, codes={"type": {word("codes"): "CSL1"}},
    )  # fmt: skip
    thing.address = str(kept.public_id)
    net.session.add_all([made, kept])


def populate(net: Network) -> None:
    """The same of everything in each structure; then what they share, shared, or undid."""
    for code, other in zip(STRUCTURES, (B, C, A), strict=True):
        own, received = net.person(f"own {code}", code), net.person(f"received {code}", code)
        mine = net.parcours(f"own {code}", code, own)
        act = net.act(f"own {code}", code, parcours=mine)
        net.work_together(mine)
        net.act(f"reception {code}", code, people=[received])
        held = net.meeting(f"own {code}", code, people={code: [own, received]})
        net.keys(code, own, mine, act, held)
        for about in (mine, held, None):
            net.message(about, code)
        net.network_meeting(code)
        hand_in_something(net, code)
        net.noted(own, code)
        net.resource(code)
        net.saved_list(code)
        net.ask_erasure(received, code)
        net.orient(f"refused {code}", code, other, "refused", parcours=mine)
        net.orient(f"waiting {code}", code, other, person=received)
        net.undo(net.act(f"undone {code}", code, people=[own]))
        erased = net.person(f"erased {code}", code)
        lost = net.parcours(f"erased {code}", code, erased)
        net.work_together(lost)
        net.act(f"erased {code}", code, parcours=lost)
        net.message(lost, code)
        net.act(f"of erased {code}", code, people=[erased])
        net.orient(f"erased {code}", code, "ADIE", "refused", parcours=lost)
        away = net.person(f"put away {code}", code)
        net.orient(f"put away {code}", code, other, person=away)
    for codes in ((A, B), (B, C), (C, A)):
        net.post(*codes)
    shared = net.person("shared", A, A, B)
    together = net.parcours("shared", A, shared, guest=B)
    net.work_together(together)
    net.act("of the lead", A, parcours=together)
    net.act("of the guest", B, parcours=together)
    for code in (A, B):
        net.message(together, code)
    net.act("of both", A, B, parcours=together)
    net.keys(B, together)
    net.noted(shared, B)
    net.parcours("share ended", B, net.person("share ended", B), guest=C, left=1, says=True)
    net.parcours("visited", C, net.person("visited", C), guest=A, left=1)
    taken = net.parcours("accepted", A, net.person("accepted", A, A, C))
    taken.concerned = frozenset({A, C})
    net.orient("accepted", A, C, "accepted", parcours=taken)
    net.orient("from a shared parcours", B, C, "refused", parcours=together)
    both = net.person("known to both", A, A, C)
    net.meet(both, C)
    net.parcours("of the first", A, both)
    net.parcours("of the second", C, both)
    net.keys(C, both)
    other = net.person("noted by a guest", B)
    net.meeting("together", A, B, people={A: [shared], B: [other]})
    guest = net.person("received together", B, B, C)
    net.act("received together", B, C, people=[guest])
    net.act("of the second", C, parcours=net.parcours("of the second alone", C, guest))


def let_go(net: Network) -> None:
    """Erase and put away, in each structure, people who had everything."""
    things = {(item.kind, item.name): item for item in net.things}
    for code in STRUCTURES:
        name = f"erased {code}"
        gone = [things["parcours", name], things["act", name], things["act", f"of {name}"]]
        gone += [net.answers[name], things["orientation", name],
                 things["orientation", f"put away {code}"],
                 things["message", f"of {code} on {name}"]]  # fmt: skip
        net.erase(things["person", name], *gone)
        net.put_away(things["person", f"put away {code}"])
