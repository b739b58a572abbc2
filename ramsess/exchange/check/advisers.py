"""The sheet Conseillers, and for which structure an adviser works on a day (Rule 2)."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable

from ramsess.exchange.check.batch import AdviserRow, Share, Span, Workbook, matched_spans
from ramsess.exchange.check.catalogue import Catalogue
from ramsess.exchange.check.cells import CellError, minutes
from ramsess.exchange.check.known import Known, day_text
from ramsess.exchange.check.lines import Line

_SHARE = re.compile(r"(?P<email>[^/:]+?)\s*(?:/\s*(?P<code>[^:]*?)\s*)?(?::\s*(?P<minutes>.*))?")


def read_advisers(lines: Iterable[Line], book: Workbook, _catalogue: Catalogue) -> None:
    """Add to *book* the assignments that its sheet Conseillers says."""
    stays: dict[str, list[Span]] = defaultdict(list)
    for line in lines:
        first, last = line["depuis"], line["jusqu'à"]
        if first and last and last < first:
            line.problem("jusqu'à", f"Cette date précède le début ({day_text(first)}).")
            first = None
        span = Span(first, last)
        email = line["courriel"] or ""
        if any(span.overlaps(other) for other in stays[email]) and line.sound(
            "courriel", "depuis", "jusqu'à"
        ):
            line.problem(
                "courriel",
                f"« {email} » a déjà une ligne pour ces dates : gardez-en une, ou séparez les "
                "périodes par « depuis » et « jusqu'à ».",
            )
        stays[email].append(span)
        book.advisers.append(
            AdviserRow(line, email, line["nom"] or "", line["prénom"] or "", line["quotité"], span)
        )


class Posts:
    """Who works where and when: the import's assignments over those of the database."""

    def __init__(self, books: Iterable[Workbook], known: Known, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._emails = set(known.advisers)
        self._posts: dict[str, dict[int, list[Span]]] = defaultdict(dict)
        wanted: dict[tuple[str, int], list[Span]] = defaultdict(list)
        rows: dict[tuple[str, int], AdviserRow] = {}
        for book in books:
            for row in book.advisers:
                self._emails.add(row.email)
                wanted[row.email, book.structure_id].append(row.span)
                rows[row.email, book.structure_id] = row
        for email, structure_id in {*known.stays, *wanted}:
            place = (email, structure_id)
            matched = matched_spans(known.stays.get(place, []), wanted.get(place, []))
            spans = [span for _, span in matched]
            self._posts[email][structure_id] = spans
            row_of = rows.get(place)
            if row_of and row_of.line.sound("courriel", "depuis", "jusqu'à") and _clash(spans):
                row_of.line.problem(
                    "depuis",
                    f"Les dates de « {email} » chevauchent une affectation déjà enregistrée dans "
                    "votre structure : corrigez « depuis » et « jusqu'à ».",
                )

    def structure_for(
        self, line: Line, column: str, *, email: str, code: str, book: Workbook, day: dt.date
    ) -> int | None:
        """The structure for which that adviser works that day; None, reported, when unsaid.

        The workbook's own where assigned to it, else the only one; *code* says which otherwise.
        When no assignment holds on *day*, those of other days answer, with a notice.
        """
        if email not in self._emails:
            line.problem(
                column,
                f"La personne « {email} » est inconnue : ajoutez-la à la feuille Conseillers, ou "
                "joignez le classeur de sa structure.",
            )
            return None
        posts = self._posts.get(email, {})
        if not posts:
            line.problem(column, f"« {email} » n’est affecté·e à aucune structure.")
            return None
        valid = {place for place, spans in posts.items() if any(s.covers(day) for s in spans)}
        if code:
            return self._named(line, column, email=email, code=code, valid=valid, day=day)
        if not valid:
            line.notice(
                column, f"« {email} » n’a pas d’affectation au {day_text(day)} : une autre sert."
            )
        choices = valid or set(posts)
        if book.structure_id in choices:
            return book.structure_id
        if len(choices) == 1:
            return next(iter(choices))
        codes = sorted(map(self._catalogue.code_of, choices))
        line.problem(
            column,
            f"« {email} » travaille pour plusieurs structures : écrivez « {email}/{codes[0]} » ou "
            + " ou ".join(f"« {email}/{code} »" for code in codes[1:])
            + ".",
        )
        return None

    def _named(
        self,
        line: Line,
        column: str,
        *,
        email: str,
        code: str,
        valid: set[int],
        day: dt.date,
    ) -> int | None:
        structure_id = self._catalogue.structures.get(code.upper())
        if structure_id is None:
            line.problem(column, f"La structure « {code} » est inconnue.")
            return None
        if structure_id not in self._posts[email]:
            line.problem(
                column, f"« {email} » n’est pas affecté·e à la structure « {code.upper()} »."
            )
            return None
        if structure_id not in valid:
            line.notice(
                column,
                f"« {email} » n’est pas affecté·e à « {code.upper()} » au {day_text(day)}.",
            )
        return structure_id

    def shares(
        self,
        line: Line,
        column: str,
        items: Iterable[str],
        *,
        book: Workbook,
        day: dt.date,
        default: int | None,
    ) -> list[Share]:
        """The shares that a list ``e-mail/CODE:minutes`` says; *default* minutes when unsaid.

        Reports what is wrong, minutes missing where *default* is None included.
        """
        shares: list[Share] = []
        for item in items:
            said = _SHARE.fullmatch(item)
            if said is None:
                line.problem(
                    column, f"« {item[:60]} » ne se lit pas : écrivez « adresse:minutes »."
                )
                continue
            email = said["email"].strip().lower()
            structure_id = self.structure_for(
                line, column, email=email, code=said["code"] or "", book=book, day=day
            )
            try:
                worked = minutes(said["minutes"]) if said["minutes"] else default
            except CellError as wrong:
                line.problem(column, f"« {email} » : {wrong}")
                continue
            if worked is None:
                line.problem(
                    column, f"Les minutes de « {email} » manquent : écrivez « {email}:minutes »."
                )
            elif structure_id is not None:
                shares.append(Share(email, structure_id, worked))
        return shares

    def refuse_twice(self, line: Line, column: str, shares: list[Share]) -> None:
        """Report an adviser named twice for the same structure in one act."""
        seen: set[tuple[str, int]] = set()
        for share in shares:
            place = (share.email, share.structure_id)
            if place in seen:
                line.problem(
                    column,
                    f"« {share.email} » est nommé·e deux fois pour la structure "
                    f"« {self._catalogue.code_of(share.structure_id)} » : gardez une seule durée.",
                )
            seen.add(place)


def _clash(spans: list[Span]) -> bool:
    return any(
        one.overlaps(other) for index, one in enumerate(spans) for other in spans[index + 1 :]
    )
