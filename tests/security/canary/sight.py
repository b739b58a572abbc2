"""Who may read a word, and who must have met it: from the trade's rules and the columns' sight."""

from __future__ import annotations

from tests.security.canary.columns import PLANTED
from tests.security.canary.principals import Principal
from tests.security.canary.words import Thing, Word

NAMES = ("beneficiaries.last_name", "beneficiaries.first_name")
JOURNAL = "audit_details.record"


def may_see(principal: Principal, word: Word, exported: Thing | None = None) -> bool:
    """True when an answer to *principal* may hold *word*; *exported*: whose dossier it is."""
    sight, thing = PLANTED[word.column], word.thing
    if sight.to == "nobody" or not thing.there or _dropped(word):
        return False
    if exported is not None:
        return _in_dossier(principal, word, exported)
    if sight.to == "oneself":
        return thing.owner == principal.name
    if thing.kind in ("agora", "meeting"):
        # Said to the whole network.
        return principal.holds("adviser", "manager", "coordinator")
    if thing.kind == "post":
        return principal.holds("coordinator") or bool(
            principal.structures("manager") & thing.concerned
        )
    if sight.to == "network":
        return principal.works or thing.owner == principal.name
    if sight.to == "colleagues":
        return principal.holds("adviser", "manager", "coordinator")
    if principal.holds("dpo") and (word.column == JOURNAL or (thing.put_away and _named(word))):
        return True
    if thing.kind == "reading":
        return word.structure in principal.structures("adviser", "manager")
    if sight.to == "keeper" and principal.holds("coordinator"):
        # Whoever hands in a structure's workbook is told which of its lines are missing there.
        return True
    return not thing.put_away and bool(principal.structures() & _readers(word))


def must_see(principal: Principal, word: Word) -> bool:
    """True when a crawl of all that *principal* may open meets *word*."""
    sight, thing = PLANTED[word.column], word.thing
    if sight.shown == "nowhere" or not thing.there or _dropped(word):
        return False
    if sight.to == "oneself" or word.column == "accounts.name":
        # Without a role there is no account page either.
        return thing.owner == principal.name and bool(principal.posts)
    if sight.to in ("network", "colleagues"):
        return bool(principal.structures())
    dossiers = [person for person in [thing, *thing.people] if person.kind == "person"]
    if any(person.there and _in_dossier(principal, word, person) for person in dossiers):
        return True
    return sight.shown == "pages" and may_see(principal, word)


def _in_dossier(principal: Principal, word: Word, person: Thing) -> bool:
    """Everything held on her: for the officer in the network, else in the manager's structures."""
    if not word.thing.about(person) or PLANTED[word.column].to not in ("concerned", "keeper"):
        return False
    if principal.holds("dpo"):
        return True
    managed = principal.structures("manager")
    if word.column == JOURNAL and word.structure not in managed:
        return False
    return bool(managed & person.concerned & _readers(word)) and not person.put_away


def _readers(word: Word) -> set[str] | frozenset[str]:
    """The structures that read the word on their pages."""
    if PLANTED[word.column].to == "lead":
        return {word.thing.lead}
    if PLANTED[word.column].to == "keeper":
        return {word.structure}
    return word.thing.concerned


def _dropped(word: Word) -> bool:
    """The history of somebody goes when her identity is put away."""
    return word.thing.put_away and word.column.startswith("changes.")


def _named(word: Word) -> bool:
    return word.column in NAMES
