"""Understand a phrase: each kind of thing in turn takes its words; the rest is the note."""

from __future__ import annotations

import re
from dataclasses import replace

from ramsess.quick.codes import (
    absorb_weak,
    read_code,
    read_structure,
    read_type,
    read_type_again,
)
from ramsess.quick.context import Context
from ramsess.quick.days import read_day
from ramsess.quick.durations import read_bare_number, read_minutes
from ramsess.quick.numbers import NUMBER, number
from ramsess.quick.people import read_people, read_reference, read_whole_names
from ramsess.quick.phrase import Phrase
from ramsess.quick.understood import ASK, LIKELY, SAID, Found, Understood

_HEADS = re.compile(
    rf"(?<![\w/.,-])(?P<n>{NUMBER})\s*(?:personnes?|pers\.?|gens|anonymes?|visiteurs?|visiteuses?"
    rf"|porteurs?(?:\s+de\s+projets?)?|participants?)(?!\w)(?:\s+anonymes?(?!\w))?"
)
MANY = 60
# What a note that follows a colon may still say of the act.
FROM_NOTES = ("minutes", "done_on", "parcours", "type")
MOST_PROPOSED = 6


def understand(text: str, context: Context) -> Understood:
    """What *text* says of an act.

    After a colon, once something is understood before it, everything is the note's: what is found
    there alone is only likely, and stays in the note too.
    """
    phrase = Phrase(text)
    tail = phrase.tail()
    if tail:
        head = _read(Phrase(text[:tail]), context)
        if len(head.fields) >= 2:
            return _settle(_with_tail(head, text[tail:], context), context)
    return _settle(_read(phrase, context), context)


def _read(phrase: Phrase, context: Context) -> Understood:
    fields: dict[str, Found | None] = {}
    fields["parcours"] = read_reference(phrase, context)
    heads = _heads(phrase)
    fields["done_on"] = read_day(phrase, context.today)
    fields["minutes"] = read_minutes(phrase)
    names = phrase.words()
    read_whole_names(phrase, context)
    fields["structure"] = read_structure(phrase, context)
    fields["modality"] = read_code(phrase, context, "modalities")
    fields["scheme"] = read_code(phrase, context, "schemes")
    fields["type"] = read_type(phrase, context)
    names = [word for word in names if not phrase.is_taken(word.start, word.end)]
    named = read_people(phrase, names, context)
    fields["parcours"] = _agreed(fields["parcours"], named)
    fields["type"] = fields["type"] or read_type_again(phrase, context)
    absorb_weak(phrase, context)
    fields["anonymous_count"] = heads
    fields["minutes"] = fields["minutes"] or read_bare_number(phrase)
    return Understood({name: found for name, found in fields.items() if found}, phrase.note())


def _with_tail(head: Understood, text: str, context: Context) -> Understood:
    after = _read(Phrase(text), context).fields
    more = {
        name: replace(found, how=LIKELY, why="lu dans la note")
        for name, found in after.items()
        if found.how == SAID and name in FROM_NOTES and name not in head.fields
    }
    note = " ".join(filter(None, (head.note, text.strip())))
    return Understood({**head.fields, **more}, note)


def _heads(phrase: Phrase) -> Found | None:
    found = list(phrase.find(_HEADS))
    if not found:
        return None
    counts = [number(said["n"]) for said in found]
    text = " ".join(phrase.take(*said.span()) for said in found)
    if len(found) > 1:
        return Found(None, text, ASK, tuple(counts), "plusieurs nombres de personnes")
    how = SAID if counts[0] <= MANY else LIKELY
    return Found(counts[0], text, how, (), "beaucoup de monde" if how == LIKELY else "")


def _agreed(reference: Found | None, named: Found | None) -> Found | None:
    """A reference decides; a name that says otherwise is shown."""
    if reference is None or named is None:
        return reference or named
    if reference.value in (named.value, *named.choices):
        return reference
    meant = (reference.value, named.value, *named.choices)
    choices = tuple(value for value in meant if value is not None)
    why = "la référence et le nom ne disent pas le même parcours"
    return Found(None, f"{reference.text} {named.text}", ASK, choices, why)


def _settle(read: Understood, context: Context) -> Understood:
    """Propose what is missing from habit, and doubt what does not go together."""
    fields = dict(read.fields)
    habits = context.habits
    parcours = read.value("parcours")
    if "type" not in fields:
        usual = habits.last_types.get(str(parcours)) if parcours else None
        choices = tuple(dict.fromkeys(filter(None, (usual, *habits.types))))[:MOST_PROPOSED]
        first = next((code for code in choices if context.type(code)), None)
        why = "d’après vos derniers actes" if first else "quel type d’acte ?"
        fields["type"] = Found(first, "", LIKELY if first else ASK, choices, why)
    kind = context.type(str(fields["type"].value)) if fields["type"].value else None
    if "parcours" not in fields and (kind is None or kind.wants_parcours):
        likely = tuple(habits.parcours)[:MOST_PROPOSED]
        fields["parcours"] = Found(None, "", ASK, likely, "aucun parcours reconnu")
    heads = fields.get("anonymous_count")
    if heads and heads.how == SAID and (kind is None or kind.family != "ACC"):
        why = "personnes anonymes : pour un accueil ?"
        fields["anonymous_count"] = replace(heads, how=LIKELY, why=why)
    return Understood(fields, read.note)
