"""Settings, read once from the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What a deployment can choose.

    *instance* is the folder of local data; *database_url* is None for the embedded database
    under it.
    """

    instance: Path
    database_url: str | None
    secure_cookies: bool

    @classmethod
    def from_environment(cls, default_instance: Path) -> Settings:
        """Read RAMSESS_INSTANCE, RAMSESS_DATABASE_URL and RAMSESS_SECURE_COOKIES."""
        instance = Path(os.environ.get("RAMSESS_INSTANCE") or default_instance)
        return cls(
            instance=instance.expanduser().resolve(),
            database_url=os.environ.get("RAMSESS_DATABASE_URL") or None,
            secure_cookies=os.environ.get("RAMSESS_SECURE_COOKIES", "") == "1",
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
