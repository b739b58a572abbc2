"""Which passwords are refused, and why, in French. Long ones, no rule of composition."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable

from zxcvbn import zxcvbn

from ramsess.models.names import normalise

SHORTEST, LONGEST = 15, 128
# zxcvbn's time grows with the cube of the length; what follows can only make it harder to guess.
READ = 64
ENOUGH = 3
LEAST_OWN = 5

TOO_SHORT = f"Le mot de passe doit compter au moins {SHORTEST} caractères."
TOO_LONG = f"Le mot de passe doit compter au plus {LONGEST} caractères."
COMMON = (
    "Ce mot de passe se devine trop vite : mots courants, suites, répétitions, votre nom ou celui "
    "de votre structure. Une phrase de cinq ou six mots sans rapport convient."
)

# zxcvbn knows English words and leaked passwords; these are the common ones here.
COMMON_WORDS = (
    "ramsess", "paca", "provence", "alpes", "azur", "cotedazur", "region", "marseille", "aix",
    "toulon", "nice", "avignon", "gap", "digne", "mediterranee", "accompagnement", "solidaire",
    "economie", "sociale", "structure", "parcours", "beneficiaire", "conseiller", "conseillere",
    "motdepasse", "mot", "passe", "azerty", "azertyuiop", "qsdfghjklm", "wxcvbn", "bonjour",
    "soleil", "doudou", "loulou", "chouchou", "amour", "jetaime", "bienvenue", "secret", "vive",
    "france", "papillon", "chocolat", "printemps", "ete", "automne", "hiver", "janvier", "juillet",
    "connexion", "admin", "administrateur", "responsable", "coordination",
)  # fmt: skip

# The library keeps the words of the last call in a global: one caller at a time.
_one_at_a_time = threading.Lock()


def password_faults(password: str, words: Iterable[str] = ()) -> list[str]:
    """Why *password* is refused for somebody whom *words* describe; empty when it stands."""
    if len(password) < SHORTEST:
        return [TOO_SHORT]
    if len(password) > LONGEST:
        return [TOO_LONG]
    known = {part.lower() for word in words for part in (word, *re.split(r"\W+", word)) if part}
    with _one_at_a_time:
        verdict = zxcvbn(password[:READ], user_inputs=sorted(known | set(COMMON_WORDS)))
    stands = verdict["score"] >= ENOUGH and _own_part(password, known) >= LEAST_OWN
    return [] if stands else [COMMON]


def _own_part(password: str, known: Iterable[str]) -> int:
    """How many characters are left once known words, separators and a year are taken away."""
    left = normalise(password).replace(" ", "")
    words = {normalise(word).replace(" ", "") for word in (*known, *COMMON_WORDS)}
    for word in sorted((word for word in words if len(word) > 2), key=len, reverse=True):
        left = left.replace(word, "")
    letters = sum(char.isalpha() for char in left)
    return letters + max(0, sum(char.isdigit() for char in left) - len("2009"))
