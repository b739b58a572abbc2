"""What an adviser does usually, from the last acts: what the quick line proposes."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.acts import latest_acts
from ramsess.models import Act, ActAdviser, Parcours
from ramsess.quick.context import Habits

# Acts looked at; each counts a little less than the one after it.
LAST, FADING = 80, 0.95
# A duration of one's own needs so many acts; fewer may be chance.
FEWEST = 3


def read_habits(session: Session, adviser_id: int) -> Habits:
    """The types and parcours of the adviser's last acts, recent and frequent ones first.

    Durations are the median of the acts of each type, in minutes.
    """
    rows = session.execute(
        select(Act.type_code, Parcours.reference, ActAdviser.minutes)
        .join(ActAdviser, ActAdviser.act_id == Act.id)
        .outerjoin(Parcours, Parcours.id == Act.parcours_id)
        .where(ActAdviser.adviser_id == adviser_id, Act.id.in_(latest_acts(adviser_id, LAST)))
        .order_by(Act.id.desc())
    ).all()
    types: Counter[str] = Counter()
    parcours: Counter[str] = Counter()
    last_types: dict[str, str] = {}
    spent: dict[str, list[int]] = defaultdict(list)
    for rank, (kind, reference, minutes) in enumerate(rows):
        types[kind] += FADING**rank  # type: ignore[assignment]  # weights, not counts
        spent[kind].append(minutes)
        if reference:
            parcours[reference] += FADING**rank  # type: ignore[assignment]  # weights, not counts
            last_types.setdefault(reference, kind)
    return Habits(
        types=[kind for kind, _ in types.most_common()],
        parcours=[reference for reference, _ in parcours.most_common()],
        last_types=last_types,
        minutes={kind: round(median(all_)) for kind, all_ in spent.items() if len(all_) >= FEWEST},
    )
