"""Series: several parcours, several days, one undoing."""

from __future__ import annotations

from flask import Flask

from ramsess.database import db
from ramsess.models import Act
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count, days_ago, enter_person, open_parcours


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
    assert "6\u00a0actes annulés" in client.get(gone.location).text
    assert count(Act) == 0
