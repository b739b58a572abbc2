"""Settings, read once from the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SecondFactor = Literal["required", "optional"]


@dataclass(frozen=True)
class Settings:
    """What a deployment can choose.

    *instance* is the folder of local data; *database_url* is None for the embedded database
    under it. Mails go to *smtp_url*, or to files under the folder. *url* is where people find the
    pages; without it a mailed link takes the address that the request was sent to.
    """

    instance: Path
    database_url: str | None
    secure_cookies: bool
    second_factor: SecondFactor = "required"
    smtp_url: str | None = None
    mail_from: str = "RAMSESS <ramsess@localhost>"
    url: str | None = None

    @classmethod
    def from_environment(cls, default_instance: Path) -> Settings:
        """Read the variables RAMSESS_…; raise ValueError, in French, for a value without sense."""
        instance = Path(os.environ.get("RAMSESS_INSTANCE") or default_instance)
        second_factor = os.environ.get("RAMSESS_SECOND_FACTOR") or "required"
        if second_factor not in ("required", "optional"):
            raise ValueError("RAMSESS_SECOND_FACTOR vaut required (obligatoire) ou optional.")
        return cls(
            instance=instance.expanduser().resolve(),
            database_url=os.environ.get("RAMSESS_DATABASE_URL") or None,
            secure_cookies=os.environ.get("RAMSESS_SECURE_COOKIES", "") == "1",
            second_factor="required" if second_factor == "required" else "optional",
            smtp_url=os.environ.get("RAMSESS_SMTP_URL") or None,
            mail_from=os.environ.get("RAMSESS_MAIL_FROM") or cls.mail_from,
            url=(os.environ.get("RAMSESS_URL") or "").rstrip("/") or None,
        )

    def secret(self, name: str) -> str:
        """Return a secret kept in the instance folder, made at random the first time."""
        path = self.instance / f"{name}.secret"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii")
        value = secrets.token_urlsafe(48)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(value)
        return value
