"""A message, and the colleagues whom it calls."""

from __future__ import annotations

from sqlalchemy.orm import Session
from wtforms import SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length

from ramsess.actions.messages import About, audience
from ramsess.forms.base import RecordForm
from ramsess.models import Account


class MessageForm(RecordForm):
    """What is said; colleagues are chosen among those who may read it."""

    text = TextAreaField(
        "Message",
        [InputRequired("Écrivez votre message."), Length(max=5000)],
        render_kw={"rows": 4},
    )
    mentions = SelectMultipleField("Mentionner des collègues", coerce=int)

    def __init__(self, session: Session, account: Account, about: About) -> None:
        super().__init__()
        self.mentions.choices = [
            (colleague, name)
            for colleague, name in audience(session, about)
            if colleague != account.id
        ]
