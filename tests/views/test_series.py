"""Series: several parcours, several days, one undoing."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from ramsess.actions.series import days_until, shared_out
from ramsess.database import db
from ramsess.models import Act
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count, days_ago, enter_person, open_parcours
from tests.views.test_week import plain


def test_one_act_for_several_parcours_on_several_days_and_undone_as_one(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    one, two = (open_parcours(client, enter_person(client, name)) for name in ("Fictif", "Inventé"))
    page = client.get(f"/actes/serie?type=CSL1&parcours={one}")
    assert one in page.text
    seen = send(client, page, others_1=two, minutes="1h31", split="y", every="semaine",
                done_on=days_ago(21), until=days_ago(0), note="Point collectif")  # fmt: skip
    assert seen.status_code == 200, seen.text
    assert "8\u00a0actes seront notés" in seen.text
    assert count(Act) == 0
    kept = [days_ago(21), days_ago(7), days_ago(0)]
    done = send(client, seen, days=kept)
    assert "6\u00a0actes notés" in done.text
    with app.app_context():
        found = db.session.query(Act).order_by(Act.done_on, Act.id).all()
        assert [str(act.done_on) for act in found] == [day for day in kept for _ in range(2)]
        # An hour and thirty-one minutes are shared, none is lost (Rule 2).
        assert [act.minutes for act in found[:2]] == [46, 45]
        assert {act.parcours.reference for act in found} == {one, two}
        assert {act.note for act in found} == {"Point collectif"}
    assert "6\u00a0actes notés" in send(client, seen, days=kept).text
    assert count(Act) == 6
    gone = send(client, done, "/annuler")
    assert "L’enregistrement est annulé" in client.get(gone.location).text
    assert count(Act) == 0


def test_a_series_that_cannot_be_is_refused_whole(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"), entered_on=days_ago(3))
    page = client.get(f"/actes/serie?parcours={reference}&type=CSL1")

    def refused(**said: str) -> str:
        answer = send(client, page, **said)
        assert answer.status_code == 422
        return plain(answer)

    assert "plus de 60 actes" in refused(every="semaine", done_on=days_ago(700))
    assert "précède le premier" in refused(every="mois", done_on=days_ago(1), until=days_ago(2))
    assert "dans le futur" in refused(every="mois", until=days_ago(-9))
    assert "dans le futur" in refused(done_on=days_ago(-1))
    assert "Indiquez une date" in refused(done_on="")
    assert "Indiquez une date" in refused(every="mois", until="")
    assert "Aucun de vos parcours" in refused(others_2="inconnu")
    assert "Durée illisible" in refused(minutes="un peu")
    # Its parcours had not begun on the first day: told with the day, and nothing is recorded.
    seen = send(client, page, every="semaine", done_on=days_ago(14), note="Long texte")
    assert "3 actes seront notés" in plain(seen)
    told = send(client, seen, days=[days_ago(14), days_ago(0)])
    assert told.status_code == 422
    assert "ne prenait pas part" in plain(told)
    assert "Long texte" in told.text
    assert told.text.count('name="days"') == 3
    assert told.text.count(" checked> ") == 2
    assert "Gardez au moins un jour" in plain(send(client, seen, days=[]))
    assert count(Act) == 0
    # Without a parcours, once.
    plainest = send(client, send(client, page, others_0="", type="PAR1", minutes="30"))
    assert "1 acte noté" in plain(plainest)
    # Ticked among those of late.
    send(client, send(client, page, minutes="10"))
    late = client.get(f"/actes/serie?parcours={reference}")
    assert f'value="{reference}" checked' in late.text


def test_what_was_corrected_since_is_not_undone_with_the_rest(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    page = client.get("/actes/serie?type=PAR1")
    done = send(client, send(client, page, every="semaine", done_on=days_ago(7)))
    assert count(Act) == 2
    with app.app_context():
        address = f"/actes/{db.session.query(Act).first().public_id}"  # type: ignore[union-attr]
    send(client, client.get(f"{address}/corriger"), note="relu")
    refused = send(client, done, "/annuler")
    assert "quelqu’un a modifié" in plain(client.get(refused.location))
    assert count(Act) == 2


def test_a_duration_is_shared_out_to_the_minute() -> None:
    assert shared_out(91, 2) == [46, 45]
    assert shared_out(2, 3) == [1, 1, 0]
    assert days_until(dt.date(2009, 1, 31), "", dt.date(2010, 1, 1)) == [dt.date(2009, 1, 31)]
    assert days_until(dt.date(2009, 1, 31), "mois", dt.date(2009, 3, 31)) == [
        dt.date(2009, 1, 31), dt.date(2009, 2, 28), dt.date(2009, 3, 31),
    ]  # fmt: skip
