"""Is this file one that was sealed? A file, or its digest."""

from __future__ import annotations

from wtforms import FileField, StringField, ValidationError
from wtforms.validators import Length

from ramsess.forms.base import Form

#: Bytes of a file that is verified on the page; a larger one is by ``ramsess verify``.
MOST = 32 * 1024 * 1024


class VerifyForm(Form):
    """The file itself, or the SHA-256 that one has worked out or reads on paper."""

    file = FileField(
        "Le fichier à vérifier",
        description="Classeur, PDF ou JSON, 32 Mio au plus. Il n’est pas gardé.",
        render_kw={"accept": ".xlsx,.pdf,.json"},
    )
    digest = StringField(
        "ou son empreinte",
        validators=[Length(max=200)],
        description="Les 64 signes de l’empreinte SHA-256, imprimés dans le document ou calculés.",
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 200},
    )

    @property
    def said(self) -> str:
        """The digest, as it is written in manifests."""
        return "".join((self.digest.data or "").split()).lower()

    def validate_file(self, field: FileField) -> None:
        """Refuse to answer when nothing is asked."""
        if not getattr(field.data, "filename", "") and not self.said:
            raise ValidationError("Choisissez un fichier, ou donnez une empreinte.")

    def validate_digest(self, _field: StringField) -> None:
        """Refuse what is no SHA-256."""
        said = self.said
        if said and (len(said) != 64 or set(said) - set("0123456789abcdef")):
            raise ValidationError(
                "Une empreinte a 64 signes, de 0 à 9 et de a à f : recopiez-la toute entière."
            )
