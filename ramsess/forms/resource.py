"""A resource for the others, and the filters of their list."""

from __future__ import annotations

import hashlib
import uuid

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import BooleanField, FileField, SelectField, SelectMultipleField, StringField
from wtforms import TextAreaField as TextArea
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from ramsess.actions.attachments import ENDINGS, Attachment, read_attachment
from ramsess.actions.refusals import Checks
from ramsess.actions.resources import ResourceDraft
from ramsess.forms.base import RecordForm, codes
from ramsess.forms.choices import structure_choices
from ramsess.models import Resource


class ResourceForm(RecordForm):
    """What is said of a resource; with *resource*, its correction."""

    title = StringField("Titre", [InputRequired("Donnez un titre."), Length(max=200)])
    kind = SelectField("Genre")
    theme = SelectField("Thème")
    phases = SelectMultipleField(
        "Phases",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="Aucune cochée : elle sert à toutes.",
    )
    description = TextArea(
        "Description",
        [Length(max=2000)],
        description="À quoi elle sert, pour qui. Aucun nom de bénéficiaire.",
        render_kw={"rows": 4},
    )
    link = StringField(
        "Lien",
        [Length(max=300)],
        description="Par exemple https://www.exemple.fr/guide.",
        render_kw={"inputmode": "url"},
    )
    file = FileField(
        "Ou fichier",
        description="PDF, document, tableur, présentation ou image ; 4 Mo au plus.",
        render_kw={"accept": ",".join(ENDINGS)},
    )
    remove_file = BooleanField("Retirer ce fichier")
    structure = SelectField("Apportée par", coerce=int)

    def __init__(self, session: Session, resource: Resource | None = None) -> None:
        super().__init__()
        self.resource = resource
        self.kind.choices = codes(session, "resource_kinds")
        self.theme.choices = codes(session, "specialities")
        self.phases.choices = codes(session, "phases")
        offered = structure_choices(current_user)
        if resource:
            offered = [one for one in offered if one[0] == resource.structure_id]
        self.structure.choices = offered
        given = getattr(self.file.data, "stream", None)
        self.content: bytes = given.read() if given and self.file.data.filename else b""

    @property
    def key(self) -> uuid.UUID | None:
        """As for any record; another file makes another resource."""
        said = super().key
        return said and uuid.uuid5(said, hashlib.sha256(self.content).hexdigest())

    def show(self, resource: Resource) -> None:
        """Fill in what is recorded."""
        self.title.data = resource.title
        self.kind.data = resource.kind_code
        self.theme.data = resource.theme_code
        self.phases.data = list(resource.phase_codes)
        self.description.data = resource.description
        self.link.data = resource.link
        self.structure.data = resource.structure_id

    def draft(self) -> ResourceDraft:
        """What the form says. Raises RefusedError for a file that is not accepted."""
        checks = Checks()
        file = self._file(checks)
        checks.conclude()
        return ResourceDraft(
            title=self.title.data.strip(),
            kind_code=self.kind.data,
            theme_code=self.theme.data,
            structure_id=self.structure.data,
            description=(self.description.data or "").strip(),
            phase_codes=self.phases.data or [],
            link=(self.link.data or "").strip(),
            file=file,
            keeps_file=not self.remove_file.data and file is None,
        )

    def _file(self, checks: Checks) -> Attachment | None:
        name = getattr(self.file.data, "filename", "")
        return read_attachment(checks, "file", name, self.content) if name else None
