"""The advisers of a random network: faithful, passing, moving, or shared by two structures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tests.counting.choosers import Chooser, maybe, some
from tests.counting.samples import EARLIEST
from tests.counting.workbooks import Workbook

MOVING_DAYS = (dt.date(2008, 12, 31), dt.date(2009, 6, 30))
JOINING_DAYS = (dt.date(2009, 4, 1),)


@dataclass(frozen=True)
class Assignment:
    mail: str
    structure: str
    since: dt.date | None
    until: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


class Staff:
    """Fills the sheets Conseillers, and knows who may be named how in whose workbook."""

    def __init__(self, choose: Chooser, books: dict[str, Workbook], *, shared: bool) -> None:
        """*shared*: some advisers work for several structures."""
        self.choose = choose
        self.books = books
        self.shared = shared
        self.assignments: list[Assignment] = []

    def hire(self, code: str, number: int) -> None:
        """The first of each structure is always there; the others come, go, or are mutualised."""
        mail = f"conseil{number + 1}@{code.lower()}.example.org"
        others = [other for other in self.books if other != code]
        if number and self.choose.chance(25):
            # Moves from this structure to another one, at the turn of a period.
            last_day = self.choose.pick(MOVING_DAYS)
            self._assign(code, mail, None, last_day)
            if others and self.shared:
                self._assign(self.choose.pick(others), mail, last_day + dt.timedelta(days=1), None)
            return
        self._assign(code, mail, maybe(self.choose, 30, [EARLIEST]) if number else None, None)
        if self.shared and self.choose.chance(25):
            for other in some(self.choose, others, 1, 2):
                self._assign(other, mail, maybe(self.choose, 30, JOINING_DAYS), None)

    def _assign(self, code: str, mail: str, since: dt.date | None, until: dt.date | None) -> None:
        self.assignments.append(Assignment(mail, code, since, until))
        self.books[code].add(
            "Conseillers",
            courriel=mail,
            nom=f"Conseil {mail.split('@')[1].split('.', maxsplit=1)[0]}",
            prénom=f"N{mail[7]}",
            quotité=maybe(self.choose, 70, (100, 80, 50, 20)),
            depuis=since,
            **{"jusqu'à": until},
        )

    def present(self, day: dt.date) -> list[str]:
        """Who works somewhere that day."""
        mails = dict.fromkeys(one.mail for one in self.assignments)
        return [mail for mail in mails if self.employers(mail, day)]

    def employers(self, mail: str, day: dt.date) -> list[str]:
        return [one.structure for one in self.assignments if one.mail == mail and one.holds_on(day)]

    def own(self, code: str, day: dt.date) -> list[str]:
        return [mail for mail in self.present(day) if code in self.employers(mail, day)]

    def anybody(self, code: str, day: dt.date) -> str:
        """Mostly an adviser of the structure; sometimes another's, who works for that one."""
        own = self.own(code, day)
        others = [mail for mail in self.present(day) if mail not in own]
        if others and self.shared and self.choose.chance(10):
            return self.choose.pick(others)
        return self.choose.pick(own)

    def named(self, mail: str, code: str, day: dt.date) -> tuple[str, str]:
        """How a workbook of *code* names that adviser, and for whom she then works.

        The structure is said (`e-mail/CODE`) where it must be, and sometimes where it need not.
        """
        employers = self.employers(mail, day)
        is_plain = code in employers or len(employers) == 1
        if not is_plain or (self.shared and self.choose.chance(20)):
            employer = self.choose.pick(employers)
            return f"{mail}/{employer}", employer
        return mail, code if code in employers else employers[0]
