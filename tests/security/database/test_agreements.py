"""A diagnostic settles as its contributions and agreements say; a link opens it once."""

from __future__ import annotations

from collections.abc import Iterator

from tests.security.database.world import Scene, World, secret_of

A_SIGNED_IN, B_SIGNED_IN = {"sign_in": secret_of(1)}, {"sign_in": secret_of(2)}
HAND_IN = "UPDATE contributions SET handed_in_on = current_date WHERE diagnostic_id = 2"
AGREE = "UPDATE contributions SET agreed_on = current_date, agreed_wording = {}"
HEARD = (
    "UPDATE diagnostics SET beneficiary_agreed_on = current_date, beneficiary_manner_code = 'ENT' "
    "WHERE id = 2"
)
DRAFT, CONTRIBUTED, VALIDATED = (False, False), (True, False), (True, True)
# What is done, then the state of diagnostic 2; the last is what settles it.
STEPS: tuple[tuple[str, tuple[bool, bool]], ...] = (
    ("SELECT 1", DRAFT),
    (f"{HEARD}; {AGREE.format(1)} WHERE diagnostic_id = 2", DRAFT),
    (f"{HAND_IN} AND structure_id = 1", DRAFT),
    (f"{HAND_IN}; {AGREE.format(1)} WHERE diagnostic_id = 2 AND structure_id = 1", CONTRIBUTED),
    (f"{HAND_IN}; {AGREE.format(1)} WHERE diagnostic_id = 2", CONTRIBUTED),
    (f"{HAND_IN}; {HEARD}", CONTRIBUTED),
    (f"{HAND_IN}; {HEARD}; {AGREE.format(1)} WHERE diagnostic_id = 2 AND structure_id = 1",
     CONTRIBUTED),
    (f"{HAND_IN}; {HEARD}; {AGREE.format(0)} WHERE diagnostic_id = 2", CONTRIBUTED),
    (f"{HAND_IN}; {HEARD}; {AGREE.format(1)} WHERE diagnostic_id = 2", VALIDATED),
    # Who has not come yet is not waited for; who leaves today is.
    (f"{HAND_IN} AND structure_id = 2; "
     "UPDATE involvements SET joined_on = current_date + 2 WHERE id = 5", CONTRIBUTED),
    (f"{HAND_IN} AND structure_id = 2; UPDATE involvements SET left_on = current_date WHERE id = 5",
     DRAFT),
    (f"{HAND_IN} AND structure_id = 2; "
     "UPDATE involvements SET left_on = current_date - 1 WHERE id = 5", CONTRIBUTED),
)  # fmt: skip
STATE = "SELECT contributed_on IS NOT NULL, validated_on IS NOT NULL FROM diagnostics WHERE id = {}"


def say(scene: Scene, statements: str) -> None:
    for statement in statements.split("; "):
        scene.admin.execute(statement.encode())


def test_a_diagnostic_settles_as_it_should(world: World) -> None:
    assert list(diagnostics_that_settle_wrongly(world)) == []


def diagnostics_that_settle_wrongly(world: World) -> Iterator[str]:
    """States that do not follow from what was handed in and agreed with."""
    for change, state in STEPS:
        with world.scene() as scene:
            # Diagnostic 3 could be contributed: nobody asked.
            say(scene, "UPDATE contributions SET handed_in_on = current_date WHERE parcours_id = 3")
            say(scene, change)
            scene.act("app", "SELECT sight.settle_diagnostic(2)", **B_SIGNED_IN)
            if scene.rows("batch", STATE.format(2)) != [state]:
                yield f"after {change}"
            if scene.rows("batch", "SELECT wording FROM diagnostics WHERE id = 2") != [(1,)]:
                yield f"another wording after {change}"
            if scene.rows("batch", STATE.format(3)) != [DRAFT]:
                yield "another diagnostic settles"
    with world.scene() as scene:
        say(scene, f"{HAND_IN}; {HEARD}")
        scene.act("app", "SELECT sight.settle_diagnostic(2)", **A_SIGNED_IN)
        say(scene, "UPDATE diagnostics SET contributed_on = '2020-03-05' WHERE id = 2")
        scene.act("app", "SELECT sight.settle_diagnostic(2)", **A_SIGNED_IN)
        kept = "SELECT contributed_on = '2020-03-05', wording FROM diagnostics WHERE id = 2"
        if scene.rows("batch", kept) != [(True, 1)]:
            yield "the day on which it was contributed moves"
        say(scene, "UPDATE contributions SET handed_in_on = NULL WHERE diagnostic_id = 2")
        scene.act("app", "SELECT sight.settle_diagnostic(2)", **A_SIGNED_IN)
        after = (
            "SELECT contributed_on, wording, beneficiary_agreed_on FROM diagnostics WHERE id = 2"
        )
        if scene.rows("batch", after) != [(None, 2, None)]:
            yield "what is taken back is still agreed with"
    with world.scene() as scene:
        # A left case 4: only B is waited for.
        say(scene, "UPDATE contributions SET handed_in_on = NULL WHERE diagnostic_id = 4")
        say(scene, "UPDATE contributions SET handed_in_on = current_date "
                   "WHERE diagnostic_id = 4 AND structure_id = 2")  # fmt: skip
        scene.act("app", "SELECT sight.settle_diagnostic(4)", **B_SIGNED_IN)
        if scene.rows("batch", STATE.format(4)) != [CONTRIBUTED]:
            yield "who left is waited for"
    with world.scene() as scene:
        scene.act("app", "SELECT sight.settle_diagnostic(12)", **B_SIGNED_IN)
        when = "SELECT validated_on = '2020-02-03' FROM diagnostics WHERE id = 12"
        if scene.rows("batch", when) != [(True,)]:
            yield "what is validated settles again"


def test_a_link_opens_one_diagnostic_once_while_it_waits(world: World) -> None:
    assert list(links_that_open_more_or_less(world)) == []


READ = "SELECT title, number, synthesis, wording FROM sight.diagnostic_by_link()"
READY = "UPDATE diagnostics SET contributed_on = current_date WHERE id = 2"
SHUT = (
    "SELECT 1",
    f"{READY}; UPDATE diagnostics SET link_until = now() - interval '1 s'",
    f"{READY}; UPDATE diagnostics SET validated_on = current_date, beneficiary_agreed_on = "
    "current_date, beneficiary_manner_code = 'ENT' WHERE id = 2",
    f"{READY}; UPDATE diagnostics SET link_hash = NULL, link_until = NULL WHERE id = 2",
)


def links_that_open_more_or_less(world: World) -> Iterator[str]:
    """What a link shows or agrees with too much, or does not."""
    for change in SHUT:
        with world.scene() as scene:
            say(scene, change)
            if scene.rows("door", READ, door="lien-2"):
                yield f"shown after {change}"
            if scene.rows("door", "SELECT sight.agree_by_link(1)", door="lien-2") != [(0,)]:
                yield f"agreed after {change}"
    with world.scene() as scene:
        say(scene, "UPDATE diagnostics SET contributed_on = current_date WHERE id IN (2, 3)")
        say(scene, "UPDATE contributions SET handed_in_on = current_date WHERE diagnostic_id < 10")
        if scene.rows("door", READ, door="lien-9"):
            yield "any secret opens"
        if scene.rows("door", READ, door="lien-2") != [("Épicerie", 2, "synthèse", 1)]:
            yield "the link shows nothing, or something else"
        lead = scene.rows("door", "SELECT lead FROM sight.diagnostic_by_link()", door="lien-2")
        if lead != scene.rows("batch", "SELECT name FROM structures WHERE id = 2"):
            yield "another structure leads"
        for door, wording, agreed in (
            ("lien-9", 1, 0), ("lien-2", 2, 0), ("lien-2", 1, 1), ("lien-2", 1, 0),
        ):  # fmt: skip
            asked = f"SELECT sight.agree_by_link({wording})"
            if scene.rows("door", asked, door=door) != [(agreed,)]:
                yield f"{door}, wording {wording}"
        gone = (
            "SELECT id, beneficiary_manner_code, beneficiary_agreed_on = sight.today() "
            "FROM diagnostics WHERE beneficiary_agreed_on IS NOT NULL AND validated_on IS NULL "
            "OR link_hash IS NULL"
        )
        if scene.rows("batch", gone) != [(2, "LIEN", True)]:
            yield "what is agreed with is not written, or not there alone"
        noted = (
            "SELECT d.account_id, d.structure_id, d.person_id, d.record FROM audit_events e "
            "JOIN audit_details d ON d.event_id = e.id WHERE e.action = 'agree_by_link'"
        )
        if scene.rows("batch", noted) != [(None, 2, 2, "P-2020-0002")]:
            yield "the journal says something else"
    with world.scene() as scene:
        say(scene, f"{READY}; {HAND_IN}; {AGREE.format(1)} WHERE diagnostic_id = 2")
        scene.rows("door", "SELECT sight.agree_by_link(1)", door="lien-2")
        if scene.rows("batch", STATE.format(2)) != [VALIDATED]:
            yield "the last agreement does not validate"


def test_a_revision_starts_from_what_each_said_before(world: World) -> None:
    assert list(revisions_that_start_elsewhere(world)) == []


INVITE = (
    "INSERT INTO contributions (diagnostic_id, structure_id, parcours_id, invited_on) "
    "VALUES ({0}, {1}, {0}, current_date)"
)


def revisions_that_start_elsewhere(world: World) -> Iterator[str]:
    """What a new contribution holds that its structure did not say in the version before."""
    with world.scene() as scene:
        # A later version says something else, and so does another structure.
        say(scene, "INSERT INTO diagnostics (id, parcours_id, number, opened_on, contributed_on, "
                   "validated_on, beneficiary_agreed_on, beneficiary_manner_code, synthesis, "
                   "wording, version) VALUES (30, 3, 3, '2020-04-01', '2020-04-01', '2020-04-01', "
                   "'2020-04-01', 'ENT', '', 1, 1)")  # fmt: skip
        say(scene, INVITE.format(3, 2).replace("(3, 2", "(30, 2"))
        say(scene, "INSERT INTO appraisals (diagnostic_id, structure_id, axis_code, parcours_id, "
                   "strengths, weaknesses, needs, version) "
                   "VALUES (30, 2, 'JUR', 3, '', '', '', 1)")  # fmt: skip
        for case, structure, carried in ((3, 2, [("ECO", 2, "besoin")]), (2, 1, [])):
            scene.act(
                "app",
                f"DELETE FROM contributions WHERE diagnostic_id = {case} "
                f"AND structure_id = {structure}",
                **B_SIGNED_IN,
            )
            if scene.act("app", INVITE.format(case, structure), **B_SIGNED_IN) != 1:
                yield f"nobody is invited to {case}"
            said = (
                "SELECT axis_code, level, needs FROM appraisals "
                f"WHERE diagnostic_id = {case} AND structure_id = {structure}"
            )
            if scene.rows("batch", said) != carried:
                yield f"{case} starts elsewhere"
