"""Sends the cases of one principal and keeps what should not be."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection

from werkzeug.test import TestResponse

from tests.security.matrix.cases import Case, cases
from tests.security.matrix.expected import (
    ONLY_HALF_WAY,
    OPEN,
    SAYS_NOTHING,
    SET_UP,
    SIGN_IN,
    Principal,
    by_token,
)
from tests.security.matrix.world import World

MARK = re.compile(r"zq\d{5}z|p-\d{4}-\d{4}")
# Shorter addresses, a request's number, are also words of any page.
LONG_ENOUGH = 5


class Matrix:
    """What *principal* met: how many requests of each kind, and the faults, in words."""

    def __init__(self, world: World, principal: Principal) -> None:
        self.world, self.principal = world, principal
        self.browser = world.browsers[principal.name]
        self.met: Counter[str] = Counter()
        self.faults: list[str] = []

    def run(self, endpoints: Collection[str] | None = None, *, first: bool = False) -> None:
        """Send all, or what is for *endpoints*; with *first* stop at the first fault.

        Of a route the refusals come first: they may change nothing. Then the database is put back.
        """
        before = self.world.digest_if_written()
        for group in cases(self.world, self.principal, endpoints):
            self.absences: dict[str, tuple[int, str, str]] = {}
            refused = [case for case in group if case.due != OPEN or not case.with_token]
            opened = [case for case in group if case.due == OPEN and case.with_token]
            self._send_all(refused, first)
            if self.world.digest_if_written() != before:
                self.faults.append(f"{group[0].rule.rule} : un refus a changé la base")
            self._send_all(opened, first)
            before = self.world.restore(before)
            if first and self.faults:
                return

    def _send_all(self, group: list[Case], first: bool) -> None:
        if any(by_token(case.rule.endpoint) for case in group):
            # What is shown in vain is counted: so many would be told to wait.
            self.world.forget_attempts()
        for case in group:
            if not (first and self.faults):
                self.send(case)

    def send(self, case: Case) -> None:
        """Send one case and note what is wrong with the answer."""
        answer = self.browser.ask(
            case.path,
            case.method,
            case.data,
            case.with_token,
            program=by_token(case.rule.endpoint),
        )
        self.met[case.due if case.with_token else "sans jeton"] += 1
        fault = self.fault(case, answer)
        if fault:
            self.faults.append(f"{case} ; {fault}")

    def fault(self, case: Case, answer: TestResponse) -> str:
        """What is wrong with the answer; nothing when it is as due."""
        code, target = answer.status_code, answer.location or ""
        if code >= 500:
            return f"{code}"
        if self.principal.gate == "out" and f"Ana {self.principal.name}" in answer.text:
            return "son nom, à qui n’est plus là"
        if not case.with_token:
            return "" if code == 401 else f"{code} sans jeton"
        if case.due == OPEN:
            return _not_open(case, code, target)
        if case.due == SET_UP:
            right = (code, target) == (302, "/second-facteur/application")
            return "" if right else f"{code} {target}"
        page = anonymous(case, answer.text)
        if set(MARK.findall(page.lower())) & self.world.canaries.keys():
            return "un canari dans un refus"
        if case.due == SIGN_IN and by_token(case.rule.endpoint):
            return "" if code == 401 and "WWW-Authenticate" in answer.headers else f"{code}"
        if case.due == SIGN_IN:
            asked = code == 302 and target.startswith("/connexion?next=")
            return "" if (code == 401 if case.method == "POST" else asked) else f"{code} {target}"
        return self._not_absent(case, code, anonymous(case, target), page)

    def _not_absent(self, case: Case, code: int, target: str, page: str) -> str:
        """What may not be seen answers 404, and in every letter as what is not there."""
        wanted = SAYS_NOTHING.get(case.rule.endpoint, 404) if case.action else 404
        if code not in (wanted, 404):
            return f"{code} {target}".strip()
        if not case.action or not case.thing:
            return ""
        seen = (code, "" if case.method == "HEAD" else page, target)
        if case.thing.name == "absent":
            self.absences[case.form] = seen
        # An absent thing comes first.
        return "" if seen == self.absences.get(case.form, seen) else "autre chose qu’une absence"


def _not_open(case: Case, code: int, target: str) -> str:
    if code in (404, 401) and case.rule.endpoint not in ONLY_HALF_WAY:
        return f"{code}"
    # What lets in leads to the door, once done; nothing else does.
    asked = target.startswith("/connexion?next=")
    if asked or (target.startswith("/connexion") and case.action != "sign_in"):
        return f"{code} {target}"
    return ""


def anonymous(case: Case, text: str) -> str:
    """*text* without what each request draws, and without the address asked for."""
    text = re.sub(r'(name="csrf_token"[^>]* value=")[^"]+', r"\1", text)
    # The frame names the structures that one works for, whatever is asked.
    text = re.sub(r'<form class="site-structure".*?</form>', "", text, flags=re.DOTALL)
    for asked in (html.escape(case.path), case.path):
        text = text.replace(asked, "@")
    if case.thing and len(case.thing.address) >= LONG_ENOUGH:
        text = text.replace(case.thing.address, "@")
    return text
