"""What finding costs when the base grows: ``python -m benchmarks.finding``.

S is a year's start (10,000 acts, 1,250 parcours), L ten years (1,000,000 acts, 125,000 parcours),
a twelfth of them one structure's. Each figure is the median of a few, asked by somebody of hers.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import Connection, create_engine, select, text

from benchmarks.network import fill
from ramsess import create_app, prepare_database
from ramsess.actions.accounts import Post, add_account
from ramsess.actions.reference_data import load_reference_data
from ramsess.actions.search import search
from ramsess.actions.sign_ins import hash_of, open_sign_in
from ramsess.config import Settings
from ramsess.database import Acting, acting, close_connections, db
from ramsess.lists import LISTS
from ramsess.lists.listing import Asked, read_page
from ramsess.models import Account

RUNS = 5
SIZES = {"S": (10_000, 1), "L": (1_000_000, 10)}
TYPED = ("mar", "helene", "bertonau", "epicerie marseile", "P-2016-000012", "csl4")
SHOWN = 4
# Names of three syllables: some thousands, as many near one another as in a telephone book.
_NAMES = """
    WITH s AS (SELECT
      array['mar','ben','du','le','pas','rou','ber','gar','mo','fer','la','cha','del','san','vi'] a,
      array['ti','a','pon','ro','cal','se','nar','ci','re','ran','mi','va','ma','to','lo'] b,
      array['nez','li','t','ux','ier','tte','d','a','au','di','ni','rd','n','is','y'] c,
      array['helene','martin','karim','lea','jean','amine','sofia','paul','nadia','luc'] f)
    UPDATE beneficiaries p SET search_key =
      a[1 + id % 15] || b[1 + id / 15 % 15] || c[1 + id / 225 % 15] || ' ' ||
      f[1 + id * 7 / 11 % 10]
    FROM s
"""
_TITLES = """
    UPDATE projects SET search_key =
      (array['epicerie','recyclerie','cafe','atelier','ferme','jardin'])[1 + id % 6] || ' ' ||
      (array['solidaire','associative','de quartier','du pays','partagee'])[1 + id % 5] || ' ' ||
      (array['marseille','aix','toulon','gap','nice','arles','digne'])[1 + id % 7]
"""


def build(app: Flask, acts: int, years: int) -> tuple[int, str]:
    """Fill the base; the account that asks, and the secret of its sign-in."""
    prepare_database(app)
    load_reference_data(db.session())
    db.session.commit()
    with create_engine(current_app.config["DATABASE_ADDRESS"]).begin() as owner:
        fill(owner, acts, years)
        rename(owner)
    post, email = Post.parse("APEAS"), "mesure@demo.example"
    add_account(db.session(), email=email, name="Mesure", role="adviser", posts=[post],
                password_hash="!")  # fmt: skip  # noqa: S106  # nobody signs in
    account = db.session.scalars(select(Account).where(Account.email == email)).one()
    token = open_sign_in(db.session(), account, "")
    number = account.id
    db.session.commit()
    db.session.remove()
    return number, token


def rename(owner: Connection) -> None:
    owner.execute(text(_NAMES))
    owner.execute(text(_TITLES))
    owner.execute(text("ANALYZE"))


def measured(account: Account) -> dict[str, float]:
    """Milliseconds of each thing asked."""
    session = db.session()

    def timed(work: Callable[[], object]) -> float:
        spent = []
        for _ in range(RUNS):
            start = time.perf_counter()
            work()
            spent.append(time.perf_counter() - start)
        return 1000 * statistics.median(spent)

    found = {
        f"« {typed} »": timed(lambda typed=typed: search(session, account, typed, SHOWN))
        for typed in TYPED
    }
    for name, listing in LISTS.items():
        found[f"list {name}"] = timed(
            lambda listing=listing: read_page(session, listing, account, Asked(), 1)
        )
    return found


def main() -> None:
    results: dict[str, dict[str, float]] = {}
    for size, (acts, years) in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(Settings(Path(folder), database_url=None, secure_cookies=False))
            acting.set(Acting(role="batch"))
            with app.app_context(), app.test_request_context():
                number, token = build(app, acts, years)
                acting.set(Acting(number, hash_of(token)))
                account = db.session.get(Account, number)
                assert account
                results[size] = measured(account)
                db.session.rollback()
                close_connections()
    for name, small in results["S"].items():
        large = results["L"][name]
        print(f"{name:24} S {small:7.1f} ms   L {large:7.1f} ms   ratio {large / small:5.1f}")


if __name__ == "__main__":
    main()
