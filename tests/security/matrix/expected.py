"""What must happen, from the table of the policy and from what the network agreed on sight.

Nothing here asks the application's own rules nor its database: only the words of ``policy.TABLE``.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

from flask import Flask

from ramsess.policy import ACTIONS

# As the table was when the tests began: what is done to it meanwhile changes nothing here.
WORDS = deepcopy(ACTIONS)

STRUCTURES = ("APEAS", "PLACE", "INTERMADE")

# What an address names, by the first word of its route and the name of its variable. A route or a
# variable that is not here fails the test: somebody must say what it names.
KINDS = {
    ("account", "sign_in"): "sign-in",
    ("api", "name"): "code list",
    ("api", "period"): "sealed year",
    ("acts", "public_id"): "act",
    ("agreement", "token"): "agreement link",
    ("beneficiaries", "public_id"): "person",
    ("completion", "reference"): "parcours",
    ("corrections", "act_id"): "act",
    ("corrections", "reference"): "parcours",
    ("corrections", "session_id"): "session",
    ("bootstrap", "filename"): "library file",
    ("diagnostics", "public_id"): "diagnostic",
    ("diagnostics", "reference"): "parcours",
    ("duplicates", "public_id"): "pair",
    ("history", "act_id"): "act",
    ("history", "person_id"): "person",
    ("history", "reference"): "parcours",
    ("history", "session_id"): "session",
    ("exchange", "public_id"): "import",
    ("invitation", "token"): "invitation",
    ("journal", "public_id"): "person",
    ("offers", "public_id"): "offer",
    ("orientations", "person_id"): "person",
    ("orientations", "public_id"): "orientation",
    ("orientations", "reference"): "parcours",
    ("parcours", "reference"): "parcours",
    ("periods", "public_id"): "period",
    ("positioning", "code"): "structure",
    ("plans", "action_id"): "plan action",
    ("plans", "public_id"): "plan",
    ("plans", "reference"): "parcours",
    ("matches", "public_id"): "match",
    ("meetings", "public_id"): "meeting",
    ("messages", "public_id"): "message",
    ("messages", "reference"): "parcours",
    ("messages", "diagnostic_id"): "diagnostic",
    ("messages", "session_id"): "session",
    ("posts", "public_id"): "post",
    ("recipes", "mapping_id"): "reading",
    ("recipes", "public_id"): "import",
    ("preparation", "public_id"): "session",
    ("protection", "identifier"): "request",
    ("protection", "public_id"): "person",
    ("region", "period"): "sealed year",
    ("resources", "public_id"): "resource",
    ("rights", "public_id"): "person",
    ("saved_lists", "public_id"): "saved list",
    ("sealing", "public_id"): "sealed period",
    ("security", "token"): "library token",
    ("sessions", "public_id"): "session",
    ("sheets", "public_id"): "sheet",
    ("sheets", "session_id"): "session",
    ("static", "filename"): "file",
    ("structures", "code"): "structure",
    ("tokens", "token"): "access token",
    ("verification", "address"): "seal",
}

# What the library's routes are; None: closed to all.
ENTERING, OWN = "sign_in", "manage_own_account"
LIBRARY: dict[str, str | None] = {
    "login": ENTERING,
    "logout": ENTERING,
    "forgot_password": ENTERING,
    "reset_password": ENTERING,
    "tf_select": ENTERING,
    "two_factor_setup": ENTERING,
    "two_factor_token_validation": ENTERING,
    "two_factor_rescue": None,
    "mf_recovery": ENTERING,
    "wan_signin": ENTERING,
    "wan_signin_response": ENTERING,
    "verify": OWN,
    "change_password": OWN,
    "two_factor_setup_validate": OWN,
    "mf_recovery_codes": OWN,
    "wan_register": OWN,
    "wan_register_response": OWN,
    "wan_delete": OWN,
}
# What stays open to whoever must first set a second factor up.
SETTING_UP = {
    "logout", "verify", "two_factor_setup", "two_factor_setup_validate",
    "two_factor_token_validation", "wan_register", "wan_register_response",
}  # fmt: skip
FILES = ("static", "bootstrap.static")

# How a route says that there is nothing, when it is not by « Page introuvable ».
SAYS_NOTHING = {"reports.show": 422, "reports.download": 422, "api.report": 422}

# What the library shows to nobody but who gave her password and has a key.
ONLY_HALF_WAY = ("security.wan_signin", "security.wan_signin_response")

OPEN, ABSENT, SIGN_IN, SET_UP = "ouvert", "introuvable", "se connecter", "second facteur"


@dataclass
class Thing:
    """What an address names, and what was done with it.

    An orientation is of who recorded it, of whom it is known to (who accepted), and of who sees the
    parcours that it is on; an offer, of whom it is known to (who is asked).

    *stays*: structure, days ago that it joined, days ago that it left (None: not yet). *known_to*:
    structures that entered the person, noted her at a session, or hold her in their workbooks.
    """

    kind: str
    name: str
    address: str
    there: bool = True
    stays: list[tuple[str, int, int | None]] = field(default_factory=list)
    recorded_by: str = ""
    performed_by: set[str] = field(default_factory=set)
    known_to: set[str] = field(default_factory=set)
    on: list[Thing] = field(default_factory=list)
    named_by: list[Thing] = field(default_factory=list)
    put_away: bool = False
    owner: str = ""


@dataclass
class Principal:
    """Somebody: her roles and where; *gate*: what her cookie is worth."""

    name: str
    posts: tuple[tuple[str, str], ...] = ()
    gate: str = "in"

    def structures(self, *roles: str) -> set[str]:
        return {code for role, code in self.posts if code and (not roles or role in roles)}

    @property
    def bears(self) -> str:
        """The role of her program's token, the first that has one; none when she has no such role,
        or when it is over with what she was."""
        roles = [role for role, _ in self.posts if role in WORDS["manage_tokens"]]
        return roles[0] if roles and self.gate == "in" else ""


def by_token(endpoint: str) -> bool:
    """True for what a program asks, by a token: the description alone is open to all."""
    return endpoint.startswith("api.") and endpoint != "api.openapi"


def sees(structures: set[str], thing: Thing) -> bool:
    """Involvement gives sight of a parcours and its people from joining; leaving closes it."""
    if not thing.there or thing.put_away:
        return False
    if thing.kind == "parcours":
        return any(
            code in structures and joined >= 0 and (left is None or left <= 0)
            for code, joined, left in thing.stays
        )
    if thing.kind in ("act", "session"):
        return bool(structures & ({thing.recorded_by} | thing.performed_by))
    if thing.kind == "person":
        return bool(structures & thing.known_to) or any(
            sees(structures, other) for other in [*thing.on, *thing.named_by]
        )
    if thing.kind in ("orientation", "offer"):
        own = bool(structures & ({thing.recorded_by} | thing.known_to))
        return own or any(sees(structures, other) for other in thing.on)
    if thing.kind in ("diagnostic", "plan", "plan action"):
        return any(sees(structures, parcours) for parcours in thing.on)
    if thing.kind == "pair":
        # Of who sees both records.
        return all(sees(structures, person) for person in thing.on)
    if thing.kind == "match":
        # Of who sees one of them.
        return sum(sees(structures, person) for person in thing.on) == 1
    if thing.kind == "post":
        # Shared today by these structures, one of them at least is hers to manage.
        return bool(structures & thing.performed_by)
    return thing.kind == "structure" and thing.address in structures


def made(structures: set[str], principal: Principal, thing: Thing) -> bool:
    """Recorded by the structure, or the principal's own."""
    if thing.kind == "period":
        # Every structure has its part of it.
        return True
    if thing.kind == "import":
        # Of who made it, and of who works for every structure that it is about.
        about = thing.performed_by
        whole = bool(about) and about <= principal.structures("adviser", "manager")
        return whole or thing.owner == principal.name
    if thing.owner:
        # What one wrote about a thing that one no longer sees is closed with it.
        still = all(sees(structures, other) for other in thing.on)
        return thing.owner == principal.name and still
    return thing.recorded_by in structures


def actions_of(app: Flask) -> dict[str, str | None]:
    """Endpoint → the action that its route names; None: closed, or a file open to all."""
    named: dict[str, str | None] = {}
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith("security."):
            named[endpoint] = LIBRARY[endpoint.partition(".")[2]]
        else:
            named[endpoint] = getattr(view, "action", None)
    return named


def outcome(
    principal: Principal, endpoint: str, action: str | None, kind: str, thing: Thing | None
) -> str:
    """What the principal must meet at that address."""
    if endpoint in FILES:
        return OPEN if thing and thing.there else ABSENT
    if action is None:
        return ABSENT
    if endpoint == "api.openapi":
        # It looks at nobody.
        return OPEN
    visitor = principal.gate == "out"
    if by_token(endpoint):
        role = principal.bears
        if not role:
            return SIGN_IN
        if not WORDS[action].get(role):
            return ABSENT
        posts = {post: WORDS[action][role] for post in principal.posts if post[0] == role}
        return (
            OPEN
            if thing is None or any(_covers(principal, *item, thing) for item in posts.items())
            else ABSENT
        )
    words = (
        {("anonymous", ""): WORDS[action].get("anonymous", "")}
        if visitor
        else {post: WORDS[action].get(post[0], "") for post in principal.posts}
    )
    if not any(words.values()):
        if principal.gate == "set up" and not endpoint.startswith("security."):
            return SET_UP
        return SIGN_IN if visitor else ABSENT
    if principal.gate == "set up" and endpoint.removeprefix("security.") not in SETTING_UP:
        return SET_UP
    if thing is None or kind == "library token":
        return OPEN
    if thing.kind != kind:
        return ABSENT
    return OPEN if any(_covers(principal, *item, thing) for item in words.items()) else ABSENT


def _covers(principal: Principal, post: tuple[str, str], word: str, thing: Thing) -> bool:
    """The words of the table: oui, vus, siens, tous."""
    role, code = post
    if not word or not thing.there:
        return False
    if thing.kind == "structure":
        everywhere = word == "tous" or (word == "oui" and role in WORDS["see_any_structure_report"])
        return everywhere or thing.address == code
    if word == "vus" and thing.kind in ("pair", "match"):
        # Records that she sees, each by one of her structures.
        return sees(principal.structures("adviser", "manager"), thing)
    if word == "vus":
        return sees({code}, thing)
    if word == "siens" or thing.kind == "import":
        return made({code}, principal, thing)
    return True
