"""Pairs of records: judged by who sees both, told to each side of its own record alone."""

from __future__ import annotations

from collections.abc import Iterator

from tests.security.database.world import Scene, World, secret_of

A_IN, B_IN, C_IN = ({"sign_in": secret_of(account)} for account in (1, 2, 3))
JUDGE = (
    "UPDATE duplicate_pairs SET verdict = {0}, ended_on = current_date, account_id = {1} "
    "WHERE id = {2}"
)
# What is done to pair 1, of two records that A sees, 2 that B sees, 6 that is merged: (pair, who
# judges, verdict, in whose name) → rows, None refused.
JUDGED = (
    (1, A_IN, "'distinct'", 1, 1),
    (1, A_IN, "'distinct'", 2, None),
    (1, A_IN, "'refused'", 1, None),
    (1, B_IN, "'distinct'", 2, 0),
    (2, B_IN, "'distinct'", 2, 1),
    (2, A_IN, "'distinct'", 1, 0),
    (5, A_IN, "'distinct'", 1, 0),
    (5, B_IN, "'distinct'", 2, 0),
)
ADD = (
    "INSERT INTO duplicate_pairs (first_id, second_id, score, reasons, evidence, found_on, "
    "version, verdict, ended_on, account_id, {}) SELECT 1, 2, 80, '{{}}', '', current_date, 1, "
    "'distinct', current_date, 1, {}"
)
# What one may not say of a pair that one adds: column, value.
NOT_SAID = (
    ("told_on", "current_date"),
    ("first_structure_id, first_consent_on", "1, current_date"),
    ("second_structure_id, second_consent_on", "1, current_date"),
    ("operation", "gen_random_uuid()"),
)
OPENED = b"UPDATE duplicate_pairs SET verdict = NULL, ended_on = NULL WHERE id IN (1, 2)"
MATCHES = "SELECT person, reasons, told_on, confirmed_by FROM sight.matches()"
ANSWER = "SELECT sight.answer_match((SELECT public_id FROM duplicate_pairs WHERE id = {}), {})"
TOLD = ["birth", "commune", "contact", "names"]
# What ends what both are told.
ENDS = (
    "UPDATE duplicate_pairs SET told_on = NULL WHERE id = 5",
    "UPDATE duplicate_pairs SET verdict = 'refused', ended_on = current_date WHERE id = 5",
    "UPDATE acquaintances SET sharing_agreed = false WHERE beneficiary_id = 1",
    "UPDATE acquaintances SET sharing_agreed = false WHERE beneficiary_id = 3",
    "UPDATE beneficiaries SET nameless_since = current_date WHERE id = 1",
    "UPDATE beneficiaries SET nameless_since = current_date WHERE id = 3",
)
STAYS = (
    "UPDATE acquaintances SET sharing_agreed = true",
    "UPDATE acquaintances SET sharing_agreed = false WHERE beneficiary_id IN (2, 4)",
    "UPDATE beneficiaries SET nameless_since = current_date WHERE id IN (2, 4)",
)
# The reasons of a pair, and what is told of them: never how the other record differs.
REASONS = (
    ("{first_near}", ["names"]),
    ("{last_part}", ["names"]),
    ("{swapped}", ["names"]),
    ("{birth_same}", ["birth"]),
    ("{birth_turned,birth_near,birth_year,birth_unknown}", None),
    ("{email}", ["contact"]),
    ("{phone}", ["contact"]),
    ("{commune}", ["commune"]),
)


def test_a_pair_is_judged_and_told_as_it_should(world: World) -> None:
    assert list(pairs_that_tell_more_or_less(world)) == []


def pairs_that_tell_more_or_less(world: World) -> Iterator[str]:
    """Who judges what she may not, is told more than her own, or not what she should be."""
    yield from _judged(world)
    yield from _told(world)
    yield from _answered(world)


def _judged(world: World) -> Iterator[str]:
    for pair, who, verdict, account, rows in JUDGED:
        with world.scene() as scene:
            scene.admin.execute(
                b"UPDATE duplicate_pairs SET verdict = NULL, ended_on = NULL, account_id = NULL "
                b"WHERE verdict = 'distinct'"
            )
            if scene.act("app", JUDGE.format(verdict, account, pair), **who) != rows:
                yield f"pair {pair} judged {verdict} for {account}"
    with world.scene() as scene:
        if scene.act("app", JUDGE.format("'distinct'", 1, 1), **A_IN) != 0:
            yield "judged again"
    for column, value in NOT_SAID:
        with world.scene() as scene:
            scene.admin.execute(b"DELETE FROM duplicate_pairs")
            if scene.act("app", ADD.format(column, value), **A_IN) is not None:
                yield f"added with {column}"
    with world.scene() as scene:
        scene.admin.execute(b"DELETE FROM duplicate_pairs")
        if scene.act("app", ADD.format("told_on", "NULL"), **A_IN) != 1:
            yield "not added"
    # Of two records, one of which is not hers to see: the second, then the first.
    for people, account, who in (("1, 3", 1, A_IN), ("1, 2", 2, B_IN)):
        with world.scene() as scene:
            scene.admin.execute(b"DELETE FROM duplicate_pairs")
            added = ADD.format("told_on", "NULL").replace("SELECT 1, 2,", f"SELECT {people},")
            added = added.replace("current_date, 1, NULL", f"current_date, {account}, NULL")
            if scene.act("app", added, **who) is not None:
                yield f"added {people} for {account}"


def _told(world: World) -> Iterator[str]:
    today = world.ask("SELECT current_date")[0][0]
    for who, expected in (
        (A_IN, [(1, TOLD, today, None)]),
        (B_IN, [(3, TOLD, today, None)]),
        (C_IN, []),
    ):
        with world.scene() as scene:
            if scene.rows("app", MATCHES, **who) != expected:
                yield f"matches of {who}"
        for change in (*ENDS, *STAYS):
            with world.scene() as scene:
                scene.admin.execute(change.encode())
                if (scene.rows("app", MATCHES, **who) != []) != (
                    change in STAYS and expected != []
                ):
                    yield f"after {change}, {who}"
    # Once she sees both records there is nothing to match.
    with world.scene() as scene:
        scene.admin.execute(b"INSERT INTO acquaintances VALUES (3, 1, current_date)")
        if scene.rows("app", MATCHES, **A_IN) or not scene.rows("app", MATCHES, **B_IN):
            yield "told of what she sees"
    for reasons, told in REASONS:
        with world.scene() as scene:
            scene.admin.execute(f"UPDATE duplicate_pairs SET reasons = '{reasons}'".encode())
            if [row[1] for row in scene.rows("app", MATCHES, **A_IN)] != [told]:
                yield f"of {reasons}"
    with world.scene() as scene:
        if scene.rows("batch", "SELECT sight.shareable(1, 3)") != [(True,)]:
            yield "a command"


def _answered(world: World) -> Iterator[str]:
    def said(scene: Scene, who: dict[str, str], words: str, pair: int = 5) -> object:
        reference = scene.rows("batch", f"SELECT public_id FROM duplicate_pairs WHERE id = {pair}")
        asked = f"SELECT sight.answer_match('{reference[0][0]}', {words})"
        return scene.rows("app", asked, **who)[0][0]

    yes_a, yes_b = "'confirmed', 1, current_date", "'confirmed', 2, current_date"
    for who, words, answer in (
        (A_IN, yes_a, "waits"),
        (B_IN, yes_b, "waits"),
        (A_IN, yes_b, None),
        (C_IN, "'confirmed', 3, current_date", None),
        (A_IN, "'confirmed', 1, NULL", None),
        (A_IN, "'confirmed', 1, current_date + 1", None),
        (A_IN, "'merged', 1, current_date", None),
        (A_IN, "'refused', 1, NULL", "refused"),
        (B_IN, "'refused', 2, NULL", "refused"),
    ):
        with world.scene() as scene:
            if said(scene, who, words) != answer:
                yield f"{words}: not {answer}"
            verdicts = scene.rows(
                "batch", "SELECT id, verdict FROM duplicate_pairs WHERE verdict = 'refused'"
            )
            if verdicts != ([(5, "refused")] if answer == "refused" else []):
                yield f"{words}: {verdicts}"
    for steps, side in (
        ([(A_IN, yes_a, "waits"), (A_IN, yes_a, "confirmed"), (B_IN, yes_b, "both")], "first"),
        ([(B_IN, yes_b, "waits"), (B_IN, yes_b, "confirmed"), (A_IN, yes_a, "both")], "second"),
        ([(A_IN, "'refused', 1, NULL", "refused"), (B_IN, yes_b, None)], ""),
    ):
        with world.scene() as scene:
            scene.admin.execute(OPENED)
            for number, (who, words, answer) in enumerate(steps):
                if said(scene, who, words) != answer:
                    yield f"{words}, the {number}th: not {answer}"
                if number == 0 and side:
                    kept = scene.rows(
                        "batch",
                        "SELECT id, first_structure_id, second_structure_id FROM duplicate_pairs "
                        "WHERE num_nonnulls(first_structure_id, second_structure_id) > 0",
                    )
                    if kept != [(5, 1, None) if side == "first" else (5, None, 2)]:
                        yield f"{words}: {kept}"
            if side:
                held = scene.rows(
                    "batch",
                    "SELECT first_structure_id, second_structure_id, first_consent_on = "
                    "current_date AND second_consent_on = current_date FROM duplicate_pairs "
                    "WHERE id = 5",
                )
                if held != [(1, 2, True)]:
                    yield f"confirmed by both: {held}"
    with world.scene() as scene:
        # A pair that one sees whole, or that is over, is not to be matched.
        scene.admin.execute(OPENED)
        if said(scene, A_IN, yes_a, 1) is not None:
            yield "answered what one sees"
