"""Web addresses that people type."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST = 300
# What no address holds unless it is written with %: spaces, quotes, control characters.
_PLAIN = re.compile(r"[!#-;=?-\[\]_a-z~]+|[\u00a1-\ud7ff\ue000-\uffef]")
WRONG = "Écrivez une adresse complète, par exemple https://www.exemple.fr/page."


def is_web_address(said: str) -> bool:
    """True for an http or https address with a host's name, and without user's name."""
    if len(said) > LONGEST or not all(_PLAIN.fullmatch(letter) for letter in said):
        return False
    try:
        parts = urlsplit(said)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    named = "." in host.strip(".") and ".." not in host
    return parts.scheme in ("http", "https") and named and "@" not in parts.netloc and port != 0
