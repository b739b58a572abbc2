"""How a name sounds to a French ear, for names that come from all around the Mediterranean.

Ours in a few lines: Soundex and Metaphone, which libraries offer, hear English; the French ones
(Phonex, Soundex FR) stop at names from France, and would be one more dependency for a table.
"""

from __future__ import annotations

import re
from functools import lru_cache

# In this order; what is on the left is read on a normalised name without spaces.
_RULES = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"sch|sh", "ch"),
        (r"tch|tsch|tc(?=h)", "ch"),
        (r"ph", "f"),
        (r"dj|dg(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "gh"),
        (r"g(?=[eiy])", "j"),
        (r"qu|q|ck|kh", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c(?!h)", "k"),
        (r"gn", "ni"),
        (r"(?<!c)h", ""),
        (r"y", "i"),
        (r"eau|au", "o"),
        (r"ou|oo|w", "u"),
        (r"eu|oe|ae", "e"),
        (r"(?:ai|ei)(?=[nm])", "i"),
        (r"ai|ei|ee", "e"),
        (r"[ae]n(?=[^aeiou]|$)|[ae]m(?=[bp])", "an"),
        (r"[iu]m(?=[bp])", "in"),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
    )
)
# What is written at the end and not heard, as long as three letters stay.
_SILENT = re.compile(r"(?<=...)(?:es|[estxd])$")
_VOWELS = re.compile(r"(?<=.)[aeiou]+")


@lru_cache(maxsize=100_000)
def sound(name: str) -> str:
    """The sound of a normalised *name*: « mohammed » and « mohamed » are one, so are « dupond »
    and « dupont »."""
    heard = name.replace(" ", "")
    for pattern, said in _RULES:
        heard = pattern.sub(said, heard)
    return _SILENT.sub("", _SILENT.sub("", heard))


@lru_cache(maxsize=100_000)
def bones(name: str) -> str:
    """The consonants of its sound, behind the first letter: « youssef » and « yusuf » are one."""
    heard = sound(name)
    return re.sub(r"^[eiou]", "a", heard[:1]) + _VOWELS.sub("", heard)[1:]
