"""What templates need to write French: dates, durations, plurals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache

from flask import Flask
from flask_login import current_user

from ramsess import policy
from ramsess.database import db
from ramsess.duplicates.comparing import REASONS, likelihood
from ramsess.exchange.typography import french
from ramsess.forms.choices import structure_choices
from ramsess.models import CODE_LISTS, SessionSlot
from ramsess.models.calendar import PARIS, today
from ramsess.models.orientation import ANSWERS
from ramsess.reports.numbers import figure
from ramsess.reports.period import MONTHS_FR, french_date
from ramsess.reports.table import Unit

NAVIGATION = (
    ("Accueil", "home.index", "see_home"),
    ("Ma semaine", "week.index", "record_acts"),
    ("Parcours", "parcours.index", "see_parcours"),
    ("Personnes", "beneficiaries.index", "see_people"),
    ("Actes", "acts.index", "see_acts"),
    ("Séances", "sessions.index", "see_sessions"),
    ("Échanges", "messages.index", "exchange_in_network"),
    ("Bilan", "reports.show", "see_report"),
    ("Journal", "journal.index", "see_journal"),
    ("Demandes", "protection.index", "protect_data"),
    ("Structures", "structures.index", "manage_structures"),
)
# What one opens less often stands under one word.
IN_NETWORK = (
    ("Orientations", "orientations.index", "see_orientations"),
    ("Échéances des plans", "plans.calendar", "see_plans"),
    ("Réunions du réseau", "meetings.index", "see_meetings"),
    ("Périodes", "periods.index", "see_periods"),
    ("Ce qui manque", "quality.index", "see_quality"),
    ("Postes mutualisés", "posts.index", "see_posts"),
    ("Corrections", "corrections.index", "see_corrections"),
    ("Ressources", "resources.index", "see_resources"),
    ("Édition de la Région", "region.index", "see_region"),
    ("Doublons possibles", "duplicates.network", "oversee_duplicates"),
    ("Vos listes", "saved_lists.index", "keep_lists"),
    ("Classeurs", "exchange.index", "see_imports"),
    ("Correspondance avec le DLA", "interface.dla", "see_code_lists"),
    ("Qui fait quoi", "network.index", "see_network"),
)

# Of who is here for the Région alone, the whole menu.
OF_THE_REGION = (("Bilans scellés", "region.index", "see_region"),)


def duration(minutes: int) -> str:
    """``45 min``, ``1 h``, ``1 h 30``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h\u00a0{rest:02d}" if rest else f"{hours}\u00a0h"


def day(value: dt.date | None) -> str:
    """``12 mars 2009``, with spaces that do not break."""
    return french_date(value).replace(" ", "\u00a0") if value else ""


def month(value: dt.date) -> str:
    """``mars 2009``."""
    return f"{MONTHS_FR[value.month - 1]}\u00a0{value.year}"


def moment(value: dt.datetime) -> str:
    """``le 12 mars 2009 à 9 h 05``, in Paris."""
    here = value.astimezone(PARIS)
    return f"le\u00a0{day(here.date())} à\u00a0{here.hour}\u00a0h\u00a0{here.minute:02d}"


def paris_day(value: dt.datetime) -> str:
    """The civil day in Paris of a moment: ``12 mars 2009``."""
    return day(value.astimezone(PARIS).date())


def weight(size: int) -> str:
    """The size of a file in bytes, in the unit that one reads: ``12 ko``, ``1,4 Mo``."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}\u00a0ko"
    return f"{size / 1_000_000:.1f}\u00a0Mo".replace(".", ",")


def slot(value: SessionSlot) -> str:
    """``9 h – 12 h 30``."""
    return "\u00a0– ".join(
        f"{time.hour}\u00a0h" + (f"\u00a0{time.minute:02d}" if time.minute else "")
        for time in (value.starts_at, value.ends_at)
    )


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 acte``, ``3 actes``; in French zero is singular."""
    return f"{whole(count)}\u00a0{one if count < 2 else many or one + 's'}"


def since(value: dt.date) -> str:
    """``20 jours``: the time gone by since a day."""
    return plural((today() - value).days, "jour")


def reasons(codes: Sequence[str]) -> str:
    """Why two records are alike: « même nom ; même téléphone »."""
    return "\u202f; ".join(REASONS[code] for code in codes)


def percent(value: float | None) -> str:
    """``57 %``; a dash for what is unknown."""
    return "—" if value is None else figure(round(value), Unit.PERCENT)


def jobs(value: Decimal) -> str:
    """Full-time equivalents: ``1,50``."""
    return figure(float(value), Unit.FTE)


def whole(value: int) -> str:
    """``1 234``."""
    return figure(value, Unit.COUNT)


def euros(cents: int) -> str:
    """``1 500,00 €``."""
    return figure(cents / 100, Unit.EUROS)


def label(code_list: str, code: str | None) -> str:
    """What *code* means in a code list; a missing one says so."""
    item = db.session.get(CODE_LISTS[code_list], code) if code else None
    return item.label if item else "Non renseigné"


def my_structures() -> list[tuple[int, str]]:
    """The structures for which the person works, the chosen one first, when there are several."""
    found = structure_choices(current_user) if current_user.is_authenticated else []
    return found if len(found) > 1 else []


def _rights() -> Callable[[str], bool]:
    """Whether who asks may do something: her roles are worked out once a page, when asked."""
    roles = cache(lambda: policy.roles_of(current_user))
    return lambda action: policy.allowed(roles(), action)


def _menu() -> dict[str, tuple[tuple[str, str, str], ...]]:
    # Nobody asks for a mail.
    if current_user and policy.roles_of(current_user) == {"funder"}:
        return {"navigation": OF_THE_REGION, "in_network": ()}
    return {"navigation": NAVIGATION, "in_network": IN_NETWORK}


def init_typography(app: Flask) -> None:
    """Give the templates their filters and what the page frame shows."""
    app.jinja_env.filters.update(
        duration=duration,
        day=day,
        month=month,
        moment=moment,
        paris_day=paris_day,
        weight=weight,
        plural=plural,
        since=since,
        answer=ANSWERS.__getitem__,
        likelihood=likelihood,
        reasons=reasons,
        slot=slot,
        jobs=jobs,
        euros=euros,
        integer=whole,
        french=french,
    )
    app.context_processor(
        lambda: {
            **_menu(),
            "label": label,
            "percent": percent,
            "may": _rights(),
            "my_structures": my_structures,
        }
    )
