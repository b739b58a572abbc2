"""The conditions of a piece of SQL, each of them taken away in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(r"'(?:[^']|'')*'|IS DISTINCT FROM|[A-Za-z_]\w*|[();,]")
# What stands before a condition, and after it, beside the parentheses that hold it.
BEFORE = {"WHERE", "ON", "IF", "SELECT", "WHEN"}
AFTER = {"GROUP", "ORDER", "UNION", "LIMIT", "THEN", "FROM", "WHERE", "JOIN", "LEFT", "CROSS",
         "FOR", "RETURNING", "ON"}  # fmt: skip


@dataclass
class _Group:
    """A chain of conditions under way: where each begins, and what joins it to the one before."""

    where: bool
    starts: list[int]
    joints: list[str]
    ends: list[int]


def without_each(text: str) -> Iterator[tuple[str, str]]:
    """Each condition, and the text without it: every WHERE as a whole, then each AND, each OR.

    What is joined by AND becomes true, what is joined by OR false.
    """
    for start, end, value in _places(text):
        gone = " ".join(text[start:end].split())
        yield gone, f"{text[:start]} {value} {text[end:]}"


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    found: set[tuple[int, int, str]] = set()
    for group in _groups(text):
        if group.where:
            found.add((group.starts[0], group.ends[-1], "true"))
        runs = _runs(group)
        for run in runs:
            if len(runs) > 1:
                found.add((run[0][0], run[-1][1], "false"))
            if len(run) > 1:
                found |= {(start, end, "true") for start, end in run}
    yield from sorted(found)


def _runs(group: _Group) -> list[list[tuple[int, int]]]:
    """The alternatives of a group, each with what must hold together."""
    runs: list[list[tuple[int, int]]] = [[]]
    for place, span in enumerate(zip(group.starts, group.ends, strict=True)):
        if place and group.joints[place - 1] == "OR":
            runs.append([])
        runs[-1].append(span)
    return runs


def _groups(text: str) -> Iterator[_Group]:
    """Every chain of conditions, outer and inner ones."""
    open_: list[_Group | None] = [_Group(False, [0], [], [])]
    for token in TOKEN.finditer(text):
        word, current = token.group().upper(), open_[-1]
        if word == "(":
            open_.append(_Group(False, [token.end()], [], []))
        elif word in (")", ";", ",") or word in AFTER | BEFORE:
            if current:
                current.ends.append(token.start())
                yield current
            if word == ")":
                open_.pop()
            else:
                starts = word in BEFORE or word in (",", ";")
                begun = _Group(word == "WHERE", [token.end()], [], [])
                open_[-1] = begun if starts else None
        elif word in ("AND", "OR") and current:
            current.ends.append(token.start())
            current.joints.append(word)
            current.starts.append(token.end())
    if open_[-1]:
        open_[-1].ends.append(len(text))
        yield open_[-1]
