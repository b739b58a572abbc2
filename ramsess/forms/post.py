"""The job sheet of a mutualised post."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from ramsess.forms.base import Form


class MissionsForm(Form):
    """What the post is for."""

    missions = TextAreaField(
        "Missions",
        [Length(max=20000)],
        description="Ce que chaque structure attend du poste, jours et lieux, qui encadre.",
        render_kw={"rows": 8},
    )
