"""Who and what there is: every kind of record in every relation to the structures."""

from __future__ import annotations

import uuid

from tests.security.matrix.alike import pair_people
from tests.security.matrix.expected import Thing
from tests.security.matrix.network import Network
from tests.security.matrix.periods import open_periods
from tests.security.matrix.principals import A, B, C
from tests.security.matrix.seals import seal_a_period


def populate(net: Network) -> None:
    """Own, shared, other, share ended, not begun, erased, put away, undone, of every kind."""
    own = net.person("own", A)
    shared = net.person("shared", A)
    ended = net.person("share ended", A)
    awaited = net.person("share not begun", A)
    guest = net.person("received share ended", C)
    other = net.person("other", B)
    third = net.person("third", C)
    both = net.person("two parcours", A)
    received = net.person("received together", A)
    noted = net.person("noted at a session", A)
    handed = net.person("in two workbooks", C)
    erased = net.person("erased", A)
    archived = net.person("put away", A)
    net.in_workbook_of(B, handed)
    net.in_workbook_of(C, third)
    net.in_workbook_of(A, own)
    mine = net.parcours("own", A, own, both, others={})
    together = net.parcours("shared", A, shared, others={B: (40, None)})
    left = net.parcours("share ended", A, ended, others={B: (40, 1)})
    begun = net.parcours("share not begun", A, awaited, others={B: (-1, None)})
    visited = net.parcours("received share ended", C, guest, others={A: (40, 1)})
    theirs = net.parcours("other", B, other, others={})
    net.parcours("third", C, third, others={})
    net.parcours("second of a person", B, other, others={C: (30, None)})
    net.parcours("of an erased person", A, erased, others={})
    for parcours in (mine, together, left, begun, visited, theirs):
        net.work_together(parcours)
    net.link(together, "open")
    net.link(mine, "over", over=True)
    net.act("own", A, parcours=mine)
    net.act("of the lead, shared", A, parcours=together)
    net.act("of the guest, shared", B, parcours=together)
    net.act("together, shared", A, B, parcours=together)
    net.act("of who left", B, parcours=left)
    net.act("of who visited", A, parcours=visited)
    net.act("other", B, parcours=theirs)
    net.act("third", C, people=(third,))
    net.act("received together", A, B, people=(received,))
    net.act("received an erased person", A, people=(erased,))
    net.undo(net.act("undone", A, people=(own,)))
    held = net.meeting("own", A, people={A: [own, noted]})
    joint = net.meeting("together", A, B, people={A: [shared, noted], B: [other]})
    for owner, about in (
        ("adviser", mine),
        ("manager", together),
        ("adviser_of_another", together),
        ("adviser_of_another", left),
        ("mutualised", theirs),
        ("adviser", held),
        ("adviser_of_another", joint),
        ("adviser", None),
        ("manager_of_another", None),
        ("coordinator", None),
    ):
        on = f"{about.kind} {about.name}" if about else "network"
        net.message(f"of {owner} on {on}", owner, about)
    for owner in ("adviser", "manager", "adviser_of_another", "coordinator", "mutualised"):
        net.saved_list(owner)
    for meeting, by in ((held, A), (joint, A), (joint, B)):
        net.sheet(meeting, by)
    for by in (A, B):
        net.network_meeting(f"of {by}", by)
    for codes in ((A, B), (B, C), (A,)):
        net.post(f"of {' and '.join(codes)}", *codes)
    net.meeting("other", B, people={B: [other]})
    net.meeting("third", C, people={C: [third]})
    net.undo(net.meeting("undone", A, people={A: []}))
    net.resource("own", A)
    net.resource("other", B)
    net.resource("third", C)
    net.resource("withdrawn", A, withdrawn=True)
    oriented, met = net.person("oriented", A), net.person("met", B)
    both_sides = net.parcours("oriented", A, oriented, others={})
    net.orientation("accepted", A, C, "accepted", parcours=both_sides)
    net.orientation("refused", A, C, "refused", parcours=mine)
    net.orientation("waiting", A, C, parcours=mine)
    net.orientation("given up", B, C, "closed", parcours=together)
    net.orientation("to a partner", B, "ADIE", parcours=theirs)
    net.orientation("of a person, waiting", B, A, person=met)
    net.orientation("of a person, accepted", B, A, "accepted", person=net.person("met more", B))
    pair_people(net)
    seal_a_period(net)
    open_periods(net)
    net.request("waiting", own, refused=False)
    net.request("refused", shared, refused=True)
    net.erase(erased)
    net.archive(archived)
    for kind, address in (
        ("person", str(uuid.UUID(int=1))),
        ("act", str(uuid.UUID(int=2))),
        ("session", str(uuid.UUID(int=3))),
        ("message", str(uuid.UUID(int=4))),
        ("sheet", str(uuid.UUID(int=5))),
        ("meeting", str(uuid.UUID(int=6))),
        ("post", str(uuid.UUID(int=7))),
        ("parcours", "P-2009-9999"),
        ("diagnostic", str(uuid.UUID(int=4))),
        ("plan", str(uuid.UUID(int=5))),
        ("plan action", str(uuid.UUID(int=6))),
        ("agreement link", "0" * 43),
        ("request", "999999"),
        ("resource", str(uuid.UUID(int=4))),
        ("orientation", str(uuid.UUID(int=6))),
        ("offer", str(uuid.UUID(int=5))),
        ("saved list", str(uuid.UUID(int=8))),
    ):
        net.things.append(Thing(kind, "absent", address, there=False))
