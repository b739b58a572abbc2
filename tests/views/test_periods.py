"""Periods on the pages: opened once, handed in, sent back, commented, consolidated."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from ramsess.actions.hand_ins import hand_in
from ramsess.actions.refusals import RefusedError
from ramsess.actions.standings import State, standings
from ramsess.cli.digest import send_digest
from ramsess.database import db
from ramsess.models import Account, HandIn, ReportingPeriod, Structure, TableComment
from ramsess.models.calendar import today
from ramsess.models.names import normalise
from ramsess.reports.consolidation import make_report
from ramsess.reports.handing_in import NOT_HANDED_IN, sheets
from ramsess.reports.period import Period
from tests.conftest import SignIn, administrator
from tests.counting.builder import Network
from tests.pages import form_of, send
from tests.security.audited import sign_in_more
from tests.views.test_messages import mails

FIRST = Period(dt.date(2009, 1, 1), dt.date(2009, 3, 31))
YEAR = Period.of_year(2009)
DUE = {"t1": "2009-04-21", "t2": "", "t3": "", "t4": "", "annee": "2010-01-31"}
OPEN = "/periodes/ouvrir?annee=2009"


@dataclass
class Scene:
    """APEAS followed two people in 2009; the first quarter and the year are open."""

    app: Flask
    manager: FlaskClient
    adviser: FlaskClient
    place: FlaskClient
    coordinator: FlaskClient
    quarter: str
    year: str

    def steps(self, code: str = "APEAS") -> list[HandIn]:
        """What was said of the first quarter, the latest first."""
        with self.app.app_context():
            return list(
                db.session.scalars(
                    select(HandIn)
                    .join(Structure, Structure.id == HandIn.structure_id)
                    .join(ReportingPeriod, ReportingPeriod.id == HandIn.period_id)
                    .where(Structure.code == code, ReportingPeriod.kind == "quarter")
                    .order_by(HandIn.number.desc())
                )
            )

    def states(self) -> dict[str, State]:
        """Of the first quarter, by structure."""
        with self.app.app_context():
            found = standings(db.session(), [_quarter()])
            return {one.structure.code: one.state for one in found.values()}

    def hand_in_all(self, *but: str, only: str = "") -> None:
        """As if every other member had handed in the first quarter, or *only* one."""
        with self.app.app_context():
            period = _quarter()
            account = db.session.scalar(text("SELECT min(id) FROM accounts"))
            db.session.add_all(
                HandIn(
                    period_id=period.id,
                    structure_id=one.structure.id,
                    number=one.number + 1,
                    step="handed_in",
                    account_id=account,
                )
                for one in standings(db.session(), [period]).values()
                if one.structure.code not in but
                and only in ("", one.structure.code)
                and not one.handed_in
            )
            db.session.commit()

    def seal(self) -> None:
        """A seal of the first quarter, whatever it holds."""
        with self.app.app_context(), administrator() as admin:
            admin.execute(text("INSERT INTO seal_keys VALUES ('essai', :key)"), {"key": bytes(32)})
            admin.execute(
                text("INSERT INTO seals (period_id, address, manifest, digest, signature, "
                     "key_name, account_id, sealed_at) SELECT id, '7KQ2-M9XD', '', "
                     "encode(sha256(''), 'hex'), :signature, 'essai', "
                     "(SELECT min(id) FROM accounts), now() FROM periods "
                     "WHERE kind = 'quarter'"),
                {"signature": bytes(64)},
            )  # fmt: skip
            admin.execute(
                text("INSERT INTO sealed_files (seal_id, edition, suffix, digest, content) "
                     "SELECT id, 'region', 'pdf', digest, '' FROM seals")
            )  # fmt: skip

    def consolidate(self, **said: str) -> TestResponse:
        page = self.coordinator.get(self.quarter)
        return send(self.coordinator, page, "/consolider", **said)

    def comment(self, page: TestResponse, **texts: str) -> TestResponse:
        """Send the comments as *page* shows them, but for *texts*."""
        fields = dict(form_of(page).fields)
        changed = {f"texte-{table}": said for table, said in texts.items()}
        assert changed.keys() <= fields.keys()
        return self.coordinator.post(
            page.request.path, data={**fields, **changed, "tableau": next(iter(texts), "")}
        )


def _quarter() -> ReportingPeriod:
    return db.session.scalars(
        select(ReportingPeriod).where(ReportingPeriod.kind == "quarter")
    ).one()


@pytest.fixture
def scene(app: Flask, sign_in: SignIn) -> Scene:
    manager, adviser = sign_in("manager", "APEAS"), sign_in("adviser", "APEAS")
    place, coordinator = sign_in("manager", "PLACE"), sign_in("coordinator")
    with app.app_context():
        network = Network(db.session())
        parcours = network.parcours(network.person(), network.person(), entered="2009-02-01")
        network.act("2009-02-03", parcours=parcours)
        network.parcours(network.person(), lead="PLACE", entered="2009-02-01")
        db.session.commit()
    assert send(coordinator, coordinator.get(OPEN), **DUE).status_code == 302
    with app.app_context():
        found = db.session.execute(select(ReportingPeriod.kind, ReportingPeriod.public_id)).all()
    addresses = {kind: f"/periodes/{public_id}" for kind, public_id in found}
    return Scene(app, manager, adviser, place, coordinator, addresses["quarter"], addresses["year"])


# Opening


def test_a_form_sent_twice_opens_once(scene: Scene) -> None:
    page = scene.coordinator.get(OPEN)
    first = send(scene.coordinator, page, t2="2009-07-21")
    again = send(scene.coordinator, page, t2="2009-07-21")
    assert first.status_code == again.status_code == 302
    with scene.app.app_context():
        assert db.session.query(ReportingPeriod).count() == 3
    assert "Rien n’a changé" in scene.coordinator.get("/periodes").text


def test_the_second_who_changes_a_due_date_is_told_and_shown_both(scene: Scene) -> None:
    page = scene.coordinator.get(OPEN)
    assert send(scene.coordinator, page, t1="2009-04-30").status_code == 302
    late = send(scene.coordinator, page, t1="2009-05-15")
    assert late.status_code == 409
    assert "30\u00a0avril\u00a02009" in late.text
    assert 'value="2009-05-15"' in late.text
    # Having seen both, she decides.
    assert send(scene.coordinator, late).status_code == 302
    with scene.app.app_context():
        assert _quarter().due_on == dt.date(2009, 5, 15)


def test_a_period_without_date_is_withdrawn_as_long_as_nobody_touched_it(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    refused = send(scene.coordinator, scene.coordinator.get(OPEN), t1="", annee="")
    assert refused.status_code == 422
    assert "gardez une échéance" in refused.text
    assert send(scene.coordinator, scene.coordinator.get(OPEN), annee="").status_code == 302
    with scene.app.app_context():
        assert [one.kind for one in db.session.query(ReportingPeriod)] == ["quarter"]


@pytest.mark.parametrize(
    ("said", "told"),
    [("2009-06-29", "précède la fin"), ("2012-01-01", "deux ans"), ("hier", "date")],
)
def test_a_due_date_that_cannot_be_is_refused_and_still_there(
    scene: Scene, said: str, told: str
) -> None:
    answer = send(scene.coordinator, scene.coordinator.get(OPEN), t2=said, t3="2009-10-21")
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{said}"' in answer.text
    assert 'value="2009-10-21"' in answer.text
    with scene.app.app_context():
        assert db.session.query(ReportingPeriod).count() == 2


def test_a_year_that_cannot_be_does_not_exist(scene: Scene) -> None:
    for year in ("1200", "9999", "an"):
        path = f"/periodes/ouvrir?annee={year}"
        assert scene.coordinator.get(path).status_code == (200 if year == "an" else 404)
    assert scene.coordinator.get("/periodes?annee=1999").status_code == 404


def test_nothing_open_says_what_to_do(sign_in: SignIn) -> None:
    manager, coordinator = sign_in("manager", "APEAS"), sign_in("coordinator")
    assert "ce qui manque à vos fiches" in manager.get("/periodes").text
    assert "Ouvrez les trimestres" in coordinator.get("/periodes").text
    # The usual dates of a year are proposed.
    assert 'value="2027-01-21"' in coordinator.get("/periodes/ouvrir?annee=2026").text


# Handing in


def test_a_structure_hands_in_with_its_figures_though_something_is_missing(scene: Scene) -> None:
    page = scene.manager.get(scene.quarter)
    assert "Vous pouvez rendre, mais sachez-le" in page.text
    assert "4\u00a0fiches sont incomplètes" in page.text
    assert "champ=birth_date" in page.text
    assert send(scene.manager, page, "/rendre", remark=" Voilà. ").status_code == 302
    (step,) = scene.steps()
    assert (step.step, step.number, step.remark) == ("handed_in", 1, "Voilà.")
    assert step.figures
    assert (step.figures["persons_accompanied"], step.figures["acts"]) == (2, 1)
    with scene.app.app_context():
        own = make_report(db.engines["report"], FIRST, structure="APEAS").table("B01")
    assert step.figures == {row.key: own.value(row.key, "current") for row in own.rows}
    assert "Rendu" in scene.manager.get(scene.quarter).text


def test_handing_in_twice_is_handing_in_once(scene: Scene) -> None:
    page = scene.manager.get(scene.quarter)
    for _ in range(2):
        assert send(scene.manager, page, "/rendre").status_code == 302
    assert len(scene.steps()) == 1


def test_two_who_hand_in_at_once_make_one_step(scene: Scene) -> None:
    """The database refuses the second: what its page does then finds the first."""
    with scene.app.app_context():
        session = db.session()
        session.add_all(
            HandIn(
                period_id=_quarter().id,
                structure_id=1,
                number=1,
                step="handed_in",
                account_id=session.scalar(text("SELECT min(id) FROM accounts")),
            )
            for _ in range(2)
        )
        with pytest.raises(Exception, match="uq_hand_ins"):
            session.commit()
        session.rollback()


def test_what_changes_after_the_hand_in_shows_to_both(scene: Scene) -> None:
    send(scene.manager, scene.manager.get(scene.quarter), "/rendre")
    told = "chiffres ont changé"
    for reader in (scene.manager, scene.coordinator):
        assert told not in reader.get(scene.quarter).text
    with scene.app.app_context():
        network = Network(db.session())
        network.act("2009-03-31", by={"eve/APEAS": 75})
        # A day later, and another structure's: neither is of what was handed in.
        network.act("2009-04-01", by={"eve/APEAS": 30})
        network.act("2009-03-30", by={"bob/PLACE": 30})
        db.session.commit()
    for reader in (scene.manager, scene.coordinator):
        page = reader.get(scene.quarter).text
        assert told in page
        assert "Actes : 1 au rendu, 2 aujourd’hui" in page
        changes = re.findall(r"<li>(Heures[^<]+)</li>", page)
        assert changes == ["Heures : 1\u202fh\u202f00 au rendu, 2\u202fh\u202f15 aujourd’hui"]


def test_a_structure_takes_back_and_hands_in_again(scene: Scene) -> None:
    send(scene.manager, scene.manager.get(scene.quarter), "/rendre")
    page = scene.manager.get(scene.quarter)
    for _ in range(2):
        assert send(scene.manager, page, "/reprendre").status_code == 302
    assert scene.states()["APEAS"] == State.LATE
    send(scene.manager, scene.manager.get(scene.quarter), "/rendre")
    assert [one.step for one in scene.steps()] == ["handed_in", "taken_back", "handed_in"]


def test_a_period_that_has_not_begun_is_not_handed_in(scene: Scene) -> None:
    ahead = today().year + 1
    path = f"/periodes/ouvrir?annee={ahead}"
    send(scene.coordinator, scene.coordinator.get(path), t1=f"{ahead}-04-21", t2="", t3="", t4="",
         annee="")  # fmt: skip
    listed = scene.manager.get(f"/periodes?annee={ahead}").text
    assert "à venir" in listed
    address = re.search(r"/periodes/[0-9a-f-]{36}", listed)
    assert address
    page = scene.manager.get(address[0])
    assert "rien à rendre encore" in page.text
    form = form_of(scene.manager.get(scene.quarter), "/rendre")
    sent = scene.manager.post(f"{address[0]}/rendre", data=dict(form.fields))
    assert sent.status_code == 422
    assert "n’a pas commencé" in sent.text


def test_a_period_under_way_says_that_its_figures_will_change(scene: Scene) -> None:
    year = today().year
    path = f"/periodes/ouvrir?annee={year}"
    send(scene.coordinator, scene.coordinator.get(path), t1="", t2="", t3="", t4="")
    listed = scene.manager.get(f"/periodes?annee={year}").text
    assert "en cours" in listed
    address = re.search(r"/periodes/[0-9a-f-]{36}", listed)
    assert address
    assert "changera vos chiffres" in scene.manager.get(address[0]).text
    settled = send(scene.coordinator, scene.coordinator.get(scene.quarter), "/consolider",
                   confirmed="y")  # fmt: skip
    assert settled.status_code == 302
    assert "se consolide après" in scene.coordinator.get(address[0]).text


def test_another_structure_and_an_adviser_hand_nothing_in(scene: Scene) -> None:
    assert "C’est" not in scene.adviser.get(scene.quarter).text
    assert "responsable de APEAS" in scene.adviser.get(scene.quarter).text
    fields = dict(form_of(scene.manager.get(scene.quarter), "/rendre").fields)
    for deed in ("rendre", "reprendre"):
        path = f"{scene.quarter}/{deed}"
        # APEAS is named: it is not hers.
        assert scene.place.post(path, data=fields).status_code in (401, 404)
        form = form_of(scene.place.get(scene.quarter), "/rendre")
        named = {**dict(form.fields), "structure": "APEAS"}
        assert scene.place.post(path, data=named).status_code == 404
    assert scene.place.get(f"{scene.quarter}?structure=APEAS").status_code == 404
    assert scene.steps() == []


def test_a_structure_that_was_not_a_member_has_nothing_to_hand_in(
    scene: Scene,
) -> None:
    with scene.app.app_context(), administrator() as admin:
        admin.execute(
            text("INSERT INTO memberships (structure_id, joined_on) SELECT id, '2015-01-01' "
                 "FROM structures WHERE code = 'KADO'")
        )  # fmt: skip
    kado = sign_in_more(scene.app, "manager", "KADO")
    assert "n’était pas membre" in kado.get("/periodes").text
    page = kado.get(scene.quarter)
    assert "n’a rien à rendre" in page.text
    token = dict(form_of(page, "/deconnexion").fields)["csrf_token"]
    assert kado.post(f"{scene.quarter}/rendre", data={"csrf_token": token}).status_code == 422
    with scene.app.app_context():
        account = db.session.scalars(select(Account).order_by(Account.id.desc())).first()
        structure = db.session.scalars(select(Structure).where(Structure.code == "KADO")).one()
        assert account
        with pytest.raises(RefusedError, match="pas membre"):
            hand_in(db.session(), account, _quarter(), structure, seen=0)


# Sending back


def test_a_structure_is_sent_back_and_reads_why(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    page = scene.coordinator.get(f"{scene.quarter}?structure=APEAS")
    bare = send(scene.coordinator, page, "/renvoyer", structure="APEAS", remark=" ")
    assert bare.status_code == 422
    assert "ce qu’elle doit revoir" in bare.text
    said = "Présences <de novembre> ?"
    for _ in range(2):
        sent = send(scene.coordinator, page, "/renvoyer", structure="APEAS", remark=said)
        assert sent.status_code == 302
    assert [one.step for one in scene.steps()] == ["sent_back", "handed_in"]
    assert scene.states()["APEAS"] == State.SENT_BACK
    for reader in (scene.manager, scene.adviser):
        for path in (scene.quarter, "/periodes"):
            assert "Présences &lt;de novembre&gt;\u202f?" in reader.get(path).text
    assert "novembre" not in scene.place.get(scene.quarter).text
    again = send(scene.manager, scene.manager.get(scene.quarter), "/rendre", remark="Complété.")
    assert again.status_code == 302
    assert "Complété." in scene.coordinator.get(scene.quarter).text


def test_who_hands_in_without_having_read_the_remark_is_told(scene: Scene) -> None:
    seen = scene.manager.get(scene.quarter)
    send(scene.manager, seen, "/rendre")
    send(scene.coordinator, scene.coordinator.get(scene.quarter), "/renvoyer",
         structure="APEAS", remark="À revoir.")  # fmt: skip
    answer = send(scene.manager, seen, "/rendre", remark="Mon mot.")
    assert answer.status_code == 409
    assert "À revoir." in answer.text
    assert "Mon mot." in answer.text
    assert scene.steps()[0].step == "sent_back"
    # Having read it, she may hand in.
    assert send(scene.manager, answer, "/rendre").status_code == 302


def test_what_was_taken_back_meanwhile_is_not_sent_back(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    scene.hand_in_all("APEAS")
    page = scene.coordinator.get(scene.quarter)
    send(scene.manager, scene.manager.get(scene.quarter), "/reprendre")
    answer = send(scene.coordinator, page, "/renvoyer", structure="APEAS", remark="À revoir.")
    assert answer.status_code == 409
    assert "À revoir." in answer.text
    fresh = {"structure": "APEAS", "remark": "À revoir.", "vu-APEAS": "2"}
    fields = dict(form_of(answer, "/renvoyer").fields)
    told = scene.coordinator.post(f"{scene.quarter}/renvoyer", data={**fields, **fresh})
    assert told.status_code == 422
    assert "n’a rien rendu" in told.text
    wrong = {**fields, "structure": "RIEN", "remark": "À revoir."}
    assert scene.coordinator.post(f"{scene.quarter}/renvoyer", data=wrong).status_code == 422


# Consolidating


def test_consolidating_needs_everybody_or_to_say_without_whom(scene: Scene) -> None:
    scene.hand_in_all("APEAS")
    refused = scene.consolidate()
    assert refused.status_code == 422
    assert "N’ont pas rendu : APEAS." in refused.text
    with scene.app.app_context():
        assert _quarter().consolidated_on is None
        assert {one.mention for one in make_report(db.engines["report"], FIRST).members} == {""}
    assert scene.consolidate(confirmed="y").status_code == 302
    with scene.app.app_context():
        assert _quarter().consolidated_on == today()
        report = make_report(db.engines["report"], FIRST)
        told = {one.code: one.mention for one in report.members if one.mention}
        assert told == {"APEAS": NOT_HANDED_IN}
        # It is said of these days, and of the whole network, alone.
        for other in (
            make_report(db.engines["report"], YEAR),
            make_report(db.engines["report"], FIRST, structure="APEAS"),
            make_report(db.engines["report"], FIRST, scheme="DRA"),
        ):
            assert not any(one.mention for one in other.members)
    shown = scene.coordinator.get("/bilan/?debut=2009-01-01&fin=2009-03-31").text
    assert f"APEAS ({NOT_HANDED_IN})" in shown
    assert "sans que votre structure ait rendu" in scene.manager.get(scene.quarter).text
    assert scene.states()["APEAS"] == State.LEFT_OUT


def test_once_consolidated_nobody_takes_a_step(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    before = scene.manager.get(scene.quarter)
    there = scene.coordinator.get(scene.quarter)
    scene.consolidate(confirmed="y")
    taken = send(scene.manager, before, "/reprendre")
    sent = send(scene.coordinator, there, "/renvoyer", structure="APEAS", remark="Non.")
    for answer in (taken, sent):
        assert answer.status_code == 422
        assert "est consolidée" in answer.text
    assert [one.step for one in scene.steps()] == ["handed_in"]
    assert scene.states()["APEAS"] == State.CONSOLIDATED
    # Asked twice, done once.
    assert send(scene.coordinator, there, "/consolider").status_code == 302
    assert "Consolidé par la coordination" in scene.manager.get(scene.quarter).text


def test_a_consolidation_is_gone_back_from_until_something_is_sealed(scene: Scene) -> None:
    scene.consolidate(confirmed="y")
    page = scene.coordinator.get(scene.quarter)
    for _ in range(2):
        assert send(scene.coordinator, page, "/rouvrir").status_code == 302
    assert scene.states()["APEAS"] == State.LATE
    scene.hand_in_all()
    scene.consolidate()
    page = scene.coordinator.get(scene.quarter)
    commenting = scene.coordinator.get(f"{scene.quarter}/commentaires")
    opening = scene.coordinator.get(OPEN)
    scene.seal()
    refused = send(scene.coordinator, page, "/rouvrir")
    assert refused.status_code == 422
    assert "scellée" in refused.text
    assert scene.comment(commenting, B08="Trop tard.").status_code == 422
    assert send(scene.coordinator, opening, t1="2009-12-31").status_code == 422
    assert scene.states()["APEAS"] == State.SEALED
    shown = scene.coordinator.get(scene.quarter).text
    assert "7KQ2-M9XD" in shown
    assert "Région" in shown
    assert "<textarea" not in scene.coordinator.get(f"{scene.quarter}/commentaires").text
    assert "plus rien ne change" in scene.manager.get(scene.quarter).text


def test_who_looks_at_an_older_consolidation_is_told(scene: Scene) -> None:
    page = scene.coordinator.get(scene.quarter)
    send(scene.coordinator, scene.coordinator.get(OPEN), t1="2009-05-01")
    assert send(scene.coordinator, page, "/consolider", confirmed="y").status_code == 409
    scene.consolidate(confirmed="y")
    fields = dict(form_of(scene.coordinator.get(scene.quarter), "/rouvrir").fields)
    old = {**fields, "version": "1"}
    assert scene.coordinator.post(f"{scene.quarter}/rouvrir", data=old).status_code == 409


def test_the_year_is_handed_in_by_the_same_gesture(scene: Scene) -> None:
    answer = send(scene.manager, scene.manager.get(scene.year), "/rendre")
    assert answer.status_code == 302
    page = scene.coordinator.get(scene.year).text
    assert "Ses trimestres" in page
    assert scene.steps() == []
    assert scene.states()["APEAS"] == State.LATE


def test_the_grid_says_where_everybody_is_without_colours(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    page = scene.coordinator.get("/periodes").text
    grid = page[page.index("period-grid") :]
    line = grid[grid.index(">APEAS<") : grid.index("</tr>", grid.index(">APEAS<"))]
    assert re.findall(r'aria-hidden="true">(.)</span> ([^<]+)<', line) == [
        ("✓", "rendu"),
        ("!", "en retard"),
    ]
    first = scene.coordinator.get(scene.quarter).text
    # Late ones first.
    assert first.index("<strong>Place</strong>") < first.index("<strong>APEAS</strong>")


def test_structures_stand_in_the_order_of_their_names_accents_apart(scene: Scene) -> None:
    grid = scene.coordinator.get("/periodes").text.partition("period-grid")[2]
    listed = [unescape(name) for name in re.findall(r'<th scope="row">([^<]+)</th>', grid)]
    names = [name for name in listed if name != "Échéance"]
    assert names.index("Énergie Alternative") < names.index("Essor 13")
    assert names == sorted(names, key=normalise)


def test_who_manages_and_coordinates_does_both(scene: Scene) -> None:
    with scene.app.app_context():
        email = db.session.scalars(
            select(Account.email).where(Account.grants.any(role_name="manager")).order_by(
                Account.id
            )
        ).first()  # fmt: skip
        assert email
        db.session.execute(
            text("INSERT INTO grants (account_id, role_name) SELECT id, 'coordinator' "
                 "FROM accounts WHERE email = :email"), {"email": email},
        )  # fmt: skip
        db.session.commit()
    assert "Qui en est où" in scene.manager.get(scene.quarter).text
    own = scene.manager.get(f"{scene.quarter}?structure=APEAS")
    answer = send(scene.manager, own, "/rendre")
    assert answer.location.endswith("?structure=APEAS")
    assert scene.states()["APEAS"] == State.HANDED_IN


# Comments


def test_comments_are_in_the_report_of_exactly_these_days(scene: Scene) -> None:
    page = scene.coordinator.get(f"{scene.quarter}/commentaires")
    answer = scene.comment(page, BILAN="Un trimestre\r\ncalme. ", B08="Peu d’actes.")
    assert answer.location.endswith("#BILAN")
    with scene.app.app_context():
        engine = db.engines["report"]
        assert make_report(engine, FIRST).comments == {
            "B08": "Peu d’actes.",
            "BILAN": "Un trimestre\ncalme.",
        }
        for other in (
            make_report(engine, YEAR),
            make_report(engine, FIRST, structure="APEAS"),
            make_report(engine, FIRST, scheme="DRA"),
        ):
            assert other.comments == {}
    page = scene.coordinator.get(f"{scene.quarter}/commentaires")
    assert scene.comment(page, B08="").status_code == 302
    with scene.app.app_context():
        assert [one.table_id for one in db.session.query(TableComment)] == ["BILAN"]
    # Nothing typed, nothing written.
    page = scene.coordinator.get(f"{scene.quarter}/commentaires")
    scene.comment(page)
    assert "Rien n’a changé" in scene.coordinator.get("/periodes").text


def test_the_second_who_comments_is_shown_both_and_loses_nothing(scene: Scene) -> None:
    path = f"{scene.quarter}/commentaires"
    seen = scene.coordinator.get(path)
    scene.comment(seen, B08="La première.", B05="Du sud.")
    late = scene.comment(seen, B08="La seconde.", B11="Des ateliers.")
    # What nobody else wrote is kept.
    assert late.status_code == 200
    assert "Vos autres commentaires sont enregistrés" in late.text
    told = late.text[late.text.index('id="B08"') :]
    assert "La première." in told[: told.index("<textarea")]
    assert "La seconde." in told[: told.index("</textarea>")]
    with scene.app.app_context():
        held = {one.table_id: one.text for one in db.session.query(TableComment)}
    # What she did not touch stays, what nobody else touched is kept.
    assert held == {"B08": "La première.", "B05": "Du sud.", "B11": "Des ateliers."}
    assert scene.comment(late, B08="Les deux.").status_code == 302
    with scene.app.app_context():
        rewritten = db.session.scalars(
            select(TableComment).where(TableComment.table_id == "B08")
        ).one()
        assert (rewritten.text, rewritten.version) == ("Les deux.", 2)


def test_a_comment_that_is_too_long_keeps_all_that_was_typed(scene: Scene) -> None:
    page = scene.coordinator.get(f"{scene.quarter}/commentaires")
    answer = scene.comment(page, B08="x" * 8001, B05="Du sud.")
    assert answer.status_code == 422
    assert "8\u202f000 caractères" in answer.text
    assert "Du sud.</textarea>" in answer.text
    with scene.app.app_context():
        assert db.session.query(TableComment).count() == 0


# Reminders


def test_what_is_due_is_said_on_the_home_page(scene: Scene) -> None:
    home = scene.manager.get("/").text
    assert "1er trimestre 2009 : en retard, attendu le 21\u00a0avril\u00a02009" in home
    assert "Année 2009 : en retard" in home
    assert "trimestre" not in scene.adviser.get("/").text
    assert "1er trimestre 2009 : à consolider" in scene.coordinator.get("/").text
    scene.hand_in_all(only="APEAS")
    assert "1er trimestre 2009 :" not in scene.manager.get("/").text
    send(scene.coordinator, scene.coordinator.get(scene.quarter), "/renvoyer",
         structure="APEAS", remark="Secret de la remarque.")  # fmt: skip
    home = scene.manager.get("/").text
    assert "1er trimestre 2009 : renvoyé par la coordination" in home
    scene.consolidate(confirmed="y")
    assert "1er trimestre 2009 :" not in scene.manager.get("/").text
    assert "1er trimestre 2009 :" not in scene.coordinator.get("/").text


def test_the_daily_mail_mentions_what_is_due_and_not_what_was_said(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    send(scene.coordinator, scene.coordinator.get(scene.quarter), "/renvoyer",
         structure="APEAS", remark="Secret de la remarque.")  # fmt: skip
    send(scene.coordinator, scene.coordinator.get("/echanges"), text="Bonjour à tous.")
    with scene.app.app_context():
        send_digest(scene.app)
    told = [str(one) for one in mails(scene.app)]
    owing = [one for one in told if "1er trimestre 2009, APEAS : renvoyé" in one]
    assert len(owing) == 1
    assert "/periodes" in owing[0]
    assert not any("Secret" in one for one in told)


def test_the_sheet_of_a_structure_is_its_own_report(scene: Scene) -> None:
    with scene.app.app_context():
        engine = db.engines["report"]
        found = sheets(engine, FIRST, ["APEAS", "PLACE"], with_previous=True)
        for code, sheet in found.items():
            own = make_report(engine, FIRST, structure=code)
            assert sheet.table.as_json() == own.table("B01").as_json()
            assert sheet.figures == {
                row.key: sheet.table.value(row.key, "current") for row in sheet.table.rows
            }
            b19 = own.table("B19")
            assert sum(line.count for line in sheet.to_complete) == sum(
                int(b19.value(row.key, code)) for row in b19.rows if row.key.endswith("_missing")
            )
