"""Settings, read once from the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SecondFactor = Literal["required", "optional"]

# Where a server that nobody but this machine reaches may be asked for.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
NETWORK_NAME = (
    "le réseau des structures d’accompagnement de l’économie sociale et solidaire "
    "en Provence-Alpes-Côte d’Azur"
)
NETWORK_CONTACT = "la structure qui vous accompagne, qui transmet à la coordination du réseau"


class SettingsError(ValueError):
    """A setting that cannot be followed; the French message is for who set it."""


@dataclass(frozen=True)
class Settings:
    """What a deployment can choose.

    *instance* is the folder of local data; *database_url* is None for the embedded database
    under it. *hosts* are the only names under which the pages answer. *proxies* is how many
    proxies stand in front and add to ``X-Forwarded-For`` and ``X-Forwarded-Proto``. *json_logs*
    writes logs for machines. *network_name* and *network_contact* say to people who holds their
    data and where to write. After *archive_after* years without contact a person's identity is
    put away, and after *erase_after* years more it is erased. Mails go to *smtp_url*, or to files
    under the folder. *url* is where people find the pages; without it a mailed link takes the
    address that the request was sent to. *seal_key* is the file of the key that seals periods.
    """

    instance: Path
    database_url: str | None
    secure_cookies: bool
    hosts: tuple[str, ...] = LOOPBACK
    proxies: int = 0
    json_logs: bool = False
    network_name: str = NETWORK_NAME
    network_contact: str = NETWORK_CONTACT
    archive_after: int = 2
    erase_after: int = 3
    second_factor: SecondFactor = "required"
    smtp_url: str | None = None
    mail_from: str = "RAMSESS <ramsess@localhost>"
    url: str | None = None
    seal_key: Path | None = None

    @classmethod
    def from_environment(cls, default_instance: Path) -> Settings:
        """Read the variables RAMSESS_…; SettingsError when one makes no sense."""
        instance = Path(os.environ.get("RAMSESS_INSTANCE") or default_instance)
        hosts = os.environ.get("RAMSESS_HOSTS", "").lower().split(",")
        proxies = os.environ.get("RAMSESS_PROXIES") or "0"
        if not (proxies.isascii() and proxies.isdigit() and int(proxies) < 10):
            raise SettingsError("RAMSESS_PROXIES doit être un nombre de mandataires, de 0 à 9.")
        log = os.environ.get("RAMSESS_LOG") or "console"
        if log not in ("console", "json"):
            raise SettingsError("RAMSESS_LOG doit être « console » ou « json ».")
        second_factor = os.environ.get("RAMSESS_SECOND_FACTOR") or "required"
        if second_factor not in ("required", "optional"):
            raise SettingsError("RAMSESS_SECOND_FACTOR vaut required (obligatoire) ou optional.")
        return cls(
            instance=instance.expanduser().resolve(),
            database_url=os.environ.get("RAMSESS_DATABASE_URL") or None,
            secure_cookies=os.environ.get("RAMSESS_SECURE_COOKIES", "") == "1",
            hosts=tuple(host.strip() for host in hosts if host.strip()) or LOOPBACK,
            proxies=int(proxies),
            json_logs=log == "json",
            network_name=os.environ.get("RAMSESS_NETWORK_NAME") or NETWORK_NAME,
            network_contact=os.environ.get("RAMSESS_NETWORK_CONTACT") or NETWORK_CONTACT,
            archive_after=_years("RAMSESS_ARCHIVE_AFTER_YEARS", 2),
            erase_after=_years("RAMSESS_ERASE_AFTER_YEARS", 3),
            second_factor="required" if second_factor == "required" else "optional",
            smtp_url=os.environ.get("RAMSESS_SMTP_URL") or None,
            mail_from=os.environ.get("RAMSESS_MAIL_FROM") or cls.mail_from,
            url=(os.environ.get("RAMSESS_URL") or "").rstrip("/") or None,
            seal_key=_file("RAMSESS_SEAL_KEY"),
        )

    @property
    def seal_key_file(self) -> Path:
        """The file of the private key that seals; under the folder when nothing else is said."""
        return self.seal_key or self.instance / "seal.key"

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


def _file(name: str) -> Path | None:
    said = os.environ.get(name)
    return Path(said).expanduser().resolve() if said else None


def _years(name: str, default: int) -> int:
    said = os.environ.get(name) or str(default)
    if not (said.isascii() and said.isdigit()) or not 1 <= int(said) <= 50:
        raise ValueError(f"{name} doit être un nombre d’années, de 1 à 50.")
    return int(said)
