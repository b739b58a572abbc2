"""My week on the page: read, type, correct, undo, move, copy; totals by hand."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.actions.batch import CHANGED
from ramsess.database import db
from ramsess.forms.week import parse_week, week_name
from ramsess.models import Act, Adviser, Assignment, AuditEvent, Structure
from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.counting.builder import Network
from tests.pages import form_of, send
from tests.views.conftest import Count, days_ago, enter_person, join_parcours, open_parcours

MONDAY = today() - dt.timedelta(days=today().weekday() + 7)
WEEK = f"/ma-semaine?semaine={week_name(MONDAY)}"


def write(client: FlaskClient, page: TestResponse | None = None, **said: str) -> TestResponse:
    """Send the grid, of *page* or as it is now; ``added_0_type`` is a cell's name."""
    names = {name.replace("_", "-"): value for name, value in said.items()}
    others = {key: names.pop(key.replace("_", "-")) for key in ("copy_from", "copy_to")
              if key in said}  # fmt: skip
    return send(client, page or client.get(WEEK), "/ma-semaine", **names, **others)


def plain(answer: TestResponse) -> str:
    """The page, with spaces that may break."""
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


def acts(app: Flask) -> list[tuple[int, str, int]]:
    """Day of the week, type and minutes of every act."""
    with app.app_context():
        found = db.session.query(Act).order_by(Act.done_on, Act.id)
        return [((act.done_on - MONDAY).days, act.type_code, act.minutes) for act in found]


def test_a_week_is_typed_corrected_moved_and_undone(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    assert "Rien n’est noté cette semaine" in client.get(WEEK).text
    first = client.get(WEEK)
    line = {"added_0_type": "CSL3", "added_0_parcours": reference}
    typed = {**line, "added_0_days_0_minutes": "1h30", "added_0_days_2_minutes": "45",
             "added_1_type": "PAR1", "added_1_days_4_minutes": "2 h"}  # fmt: skip
    done = write(client, first, **typed)
    assert done.status_code == 302, done.text
    assert acts(app) == [(0, "CSL3", 90), (2, "CSL3", 45), (4, "PAR1", 120)]
    page = client.get(done.location)
    assert "3\u00a0actes notés" in page.text
    assert "4\u00a0h\u00a015" in page.text
    # Sent twice it records once.
    assert write(client, first, **typed).status_code == 302
    assert len(acts(app)) == 3
    # One corrected, one moved by its place in the grid, one added on a line that is there.
    fields = dict(form_of(page, "/ma-semaine").fields)
    moved = {f"lines-1-days-{day}-{name}": value for name in ("act", "version", "was", "minutes")
             for day, value in ((4, ""), (3, fields[f"lines-1-days-4-{name}"]))}  # fmt: skip
    told = write(client, page, lines_0_days_0_minutes="1h45", lines_0_days_1_minutes="10", **moved)
    assert "1\u00a0acte noté, 2\u00a0actes corrigés" in client.get(told.location).text
    assert acts(app) == [(0, "CSL3", 105), (1, "CSL3", 10), (2, "CSL3", 45), (3, "PAR1", 120)]
    # Moved by the list beneath, as without a script.
    thursday = str(MONDAY + dt.timedelta(days=3))
    last = next(name for name, value in form_of(client.get(WEEK), "/ma-semaine").fields
                if name.endswith("-day") and value == thursday)  # fmt: skip
    write(client, **{last: str(MONDAY + dt.timedelta(days=5))})
    assert acts(app)[-1] == (5, "PAR1", 120)
    # Emptied, it asks before it undoes.
    asked = write(client, lines_0_days_1_minutes="", lines_0_days_2_minutes="50")
    assert asked.status_code == 422
    assert "1\u00a0acte sera annulé" in asked.text
    assert len(acts(app)) == 4
    assert write(client, asked, confirmed="y").status_code == 302
    assert acts(app) == [(0, "CSL3", 105), (2, "CSL3", 50), (5, "PAR1", 120)]
    assert "Rien n’avait changé" in client.get(write(client).location).text
    with app.app_context():
        noted = list(db.session.scalars(select(AuditEvent.action)))
    assert (noted.count("record_act"), noted.count("undo_act")) == (3, 1)
    assert noted.count("correct_act") == 2


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"added_0_days_1_minutes": "une heure"}, "Durée illisible"),
        ({"added_0_days_1_minutes": "25h"}, "24 heures"),
        ({"added_0_days_1_minutes": "0"}, "au moins une minute"),
        ({"added_0_days_1_minutes": "30", "added_0_type": ""}, "Choisissez un type."),
        ({"added_0_parcours": "inconnu", "added_0_days_1_minutes": "30"}, "Aucun de vos parcours"),
        ({}, "Tapez une durée sous un jour"),
    ],
)
def test_a_wrong_cell_says_why_and_nothing_typed_is_lost(
    sign_in: SignIn, count: Count, said: dict[str, str], message: str
) -> None:
    client = sign_in("adviser", "APEAS")
    fields = {"added_0_type": "CSL4", "added_1_type": "PAR1", "added_1_days_0_minutes": "1h07"}
    answer = write(client, **{**fields, **said})
    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="1h07"' in answer.text
    assert all(
        f'value="{text}"' in answer.text for text in said.values() if text != "CSL4" and text
    )
    assert count(Act) == 0


def test_days_to_come_and_before_one_joined_are_refused_all_or_nothing(
    sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"), entered_on=days_ago(0))
    before = write(client, added_0_type="CSL1", added_0_parcours=reference,
                   added_0_days_0_minutes="1h", added_1_type="PAR1",
                   added_1_days_1_minutes="2h")  # fmt: skip
    assert "ne prenait pas part à ce parcours" in before.text
    ahead = f"/ma-semaine?semaine={week_name(today() + dt.timedelta(days=7))}"
    answer = send(client, client.get(ahead), "/ma-semaine",
                  **{"added-0-type": "PAR1", "added-0-days-0-minutes": "1h"})  # fmt: skip
    assert "dans le futur" in answer.text
    assert count(Act) == 0


def test_the_second_of_two_who_write_a_cell_is_told(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    write(client, added_0_type="PAR1", added_0_days_0_minutes="1h", added_0_days_1_minutes="2h")
    mine = client.get(WEEK)
    write(client, lines_0_days_0_minutes="1h20")
    told = write(client, mine, lines_0_days_0_minutes="1h40", lines_0_days_2_minutes="30")
    assert told.status_code == 422
    assert CHANGED in plain(told)
    assert "Enregistré maintenant : 1h20" in plain(told)
    assert 'value="1h40"' in told.text
    assert acts(app) == [(0, "PAR1", 80), (1, "PAR1", 120)]
    # She has seen both: what she sends now stands.
    assert write(client, told).status_code == 302
    assert acts(app) == [(0, "PAR1", 100), (1, "PAR1", 120), (2, "PAR1", 30)]
    # What another one changed and she did not is left as it is.
    old = client.get(WEEK)
    write(client, lines_0_days_1_minutes="2h10")
    assert write(client, old, lines_0_days_3_minutes="5").status_code == 302
    assert (1, "PAR1", 130) in acts(app)
    # Undone meanwhile: told, then noted anew.
    old = client.get(WEEK)
    write(client, write(client, lines_0_days_3_minutes=""), confirmed="y")
    told = write(client, old, lines_0_days_3_minutes="15")
    assert CHANGED in plain(told)
    assert write(client, told).status_code == 302
    assert (3, "PAR1", 15) in acts(app)


def test_shared_acts_sessions_and_several_of_a_day_show_and_are_not_typed(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("adviser", "APEAS", email="ana@demo.example")
    with app.app_context():
        net = Network(db.session())
        net._advisers["ana"] = db.session.scalars(
            select(Adviser).where(Adviser.email == "ana@demo.example")
        ).one()
        shared = net.act(str(MONDAY), "CSL1", by={"ana/APEAS": 60, "bob/PLACE": 30})
        net.group_session(str(MONDAY), "COL1", by={"ana/APEAS": 120})
        for _ in range(2):
            net.act(str(MONDAY), "CSL2", by={"ana/APEAS": 25})
        # Somebody else's is not hers.
        net.act(str(MONDAY), "CSL5", by={"chloe/APEAS": 600})
        db.session.commit()
        public_id, version = str(shared.public_id), shared.version
    page = client.get(WEEK)
    # 60 of 90 minutes, the session, twice 25: 230 minutes.
    assert "3\u00a0h\u00a050" in page.text
    assert "à plusieurs" in page.text
    assert "Séance fictive" in page.text
    assert "2 actes" in page.text
    assert "10\u00a0h" not in page.text
    assert not re.search(r'name="lines-\d-days-0-minutes"', page.text)
    # A form that was tampered with changes none of them.
    forged = write(client, page, lines_0_days_0_act=public_id, lines_0_days_0_version=str(version),
                   lines_0_days_0_was="60")  # fmt: skip
    assert CHANGED in plain(forged)
    assert sorted(acts(app)) == [
        (0, "COL1", 120), (0, "CSL1", 90), (0, "CSL2", 25), (0, "CSL2", 25), (0, "CSL5", 600),
    ]  # fmt: skip


def test_a_day_is_copied_into_the_empty_cells_of_another_and_recorded_when_saved(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("adviser", "APEAS")
    write(client, added_0_type="PAR1", added_0_days_0_minutes="1h", added_1_type="CSL9",
          added_1_days_0_minutes="20", added_1_days_1_minutes="40")  # fmt: skip
    copied = write(client, geste="copier", copy_from=str(MONDAY),
                   copy_to=str(MONDAY + dt.timedelta(days=1)))  # fmt: skip
    assert "1\u00a0durée copiée" in copied.text
    assert len(acts(app)) == 3
    write(client, copied)
    assert sorted(acts(app)) == [(0, "CSL9", 20), (0, "PAR1", 60), (1, "CSL9", 40), (1, "PAR1", 60)]
    assert client.get(WEEK).text.count("new-line") == 2
    assert write(client, geste="ligne").text.count("new-line") == 3
    # The lines of the week before come empty, to be typed in.
    after = f"/ma-semaine?semaine={week_name(today())}&lignes=precedentes"
    assert "Coordination RAMSESS" in client.get(after).text


def test_working_time_follows_the_share_of_each_day(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS", email="ana@demo.example")
    write(client, added_0_type="PAR1", added_0_days_0_minutes="6h", added_0_days_5_minutes="1h")

    def share(percent: int | None, until: dt.date | None = None) -> str:
        with app.app_context():
            mine = db.session.scalars(
                select(Assignment).join(Adviser).where(Adviser.email == "ana@demo.example")
            ).one()
            mine.share, mine.to_on = percent, until
            db.session.commit()
        return plain(client.get(WEEK))

    assert "quotité n’est pas renseignée" in share(None)
    whole = share(100)
    assert "sur 35 h de temps de travail" in whole
    assert "Il manque 28 h." in whole
    assert "Aucune saisie : mardi, mercredi, jeudi, vendredi" in whole
    # 60 % of five times seven hours; of two days when the post ended on Tuesday.
    assert "sur 21 h de temps" in share(60)
    ended = share(60, MONDAY + dt.timedelta(days=1))
    assert "sur 8 h 24 de temps" in ended
    assert "Aucune saisie : mardi." in ended
    assert "aucune affectation" in share(60, MONDAY - dt.timedelta(days=1))


def test_what_was_noted_on_a_parcours_that_was_left_stays_to_correct(
    app: Flask, sign_in: SignIn
) -> None:
    lead = sign_in("adviser", "APEAS")
    client = sign_in("adviser", "PLACE")
    reference = open_parcours(lead, enter_person(lead, "Fictif"))
    join_parcours(client, lead, reference, joined_on=days_ago(25))
    write(client, added_0_type="CSL1", added_0_parcours=reference, added_0_days_0_minutes="1h")
    send(client, client.get(f"/parcours/{reference}"), "/depart", left_on=days_ago(0))
    page = client.get(WEEK)
    if reference in page.text:
        # It is over tomorrow.
        with app.app_context():
            net = Network(db.session())
            db.session.execute(
                Act.__table__.metadata.tables["involvements"]
                .update()
                .where(
                    Act.__table__.metadata.tables["involvements"].c.structure_id
                    == net.structure_id("PLACE")
                )
                .values(left_on=MONDAY)
            )
            db.session.commit()
        page = client.get(WEEK)
    assert "parcours quitté" in page.text
    assert reference not in page.text
    fields = dict(form_of(page, "/ma-semaine").fields)
    more = client.post(WEEK, data={**fields, "lines-0-days-1-minutes": "5"})
    assert "Votre structure a quitté ce parcours" in plain(more)
    forged = client.post(WEEK, data={**fields, "lines-0-days-0-version": "x"})
    assert "Ce formulaire a été modifié" in plain(forged)
    assert write(client, page, lines_0_days_0_minutes="1h10").status_code == 302
    assert acts(app) == [(0, "CSL1", 70)]


def test_who_has_no_minutes_of_her_own_reads_why(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager", "APEAS")
    with app.app_context():
        assert db.session.query(Structure).count()
    for address in ("/ma-semaine", "/ma-semaine/coller", "/ma-semaine/calendrier", "/actes/serie"):
        assert "Aucune minute n’est comptée à votre nom" in client.get(address).text
    wrong = sign_in("adviser", "APEAS").get("/ma-semaine?semaine=2009-S99")
    assert "Cette semaine n’existe pas" in wrong.text


def test_weeks_are_named_as_french_people_and_browsers_name_them() -> None:
    assert parse_week("2009-S14") == parse_week("2009-w14") == dt.date(2009, 3, 30)
    assert parse_week("2009-S01") == dt.date(2008, 12, 29)
    assert week_name(dt.date(2008, 12, 29)) == "2009-S01"
    for nothing in ("2009-S54", "2009-S00", "0001-S01", "9999-S01", "14", "", "2009-S1a"):
        assert parse_week(nothing) is None
