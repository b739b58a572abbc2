"""The key that seals: private in a file of its own, public in the database.

The private key (Ed25519, PEM) never enters the database nor a log. A new one does not replace what
the old one signed: public keys stay, and old seals verify.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import SealKey
from ramsess.reports.verification import fingerprint


class KeyUnavailableError(RuntimeError):
    """No seal can be made with this key; the message is a French sentence."""


@dataclass(frozen=True)
class SigningKey:
    """A private key; *name* is the fingerprint of its public one."""

    _private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._private.public_key().public_bytes_raw()

    @property
    def name(self) -> str:
        return fingerprint(self.public)

    def sign(self, content: bytes) -> bytes:
        """The signature of *content*, 64 bytes: always the same."""
        return self._private.sign(content)


def read_key(path: Path) -> SigningKey:
    """The key kept in the file *path*. Raises KeyUnavailableError."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(10_000)
    except FileNotFoundError:
        raise KeyUnavailableError(
            f"La clé de scellement {path} n’existe pas : « ramsess seal-key » la crée, "
            "ou reprenez-en une copie."
        ) from None
    except OSError as error:
        raise KeyUnavailableError(
            f"La clé de scellement {path} ne peut pas être lue ({error.strerror})."
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise KeyUnavailableError(
            f"D’autres que RAMSESS peuvent lire la clé de scellement {path} : "
            "donnez-lui le mode 0600."
        )
    try:
        private = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnavailableError(f"Le fichier {path} n’est pas une clé de scellement.")
    return SigningKey(private)


def make_key(path: Path) -> SigningKey:
    """Make a key in the file *path*, on the disk before it signs. Raises FileExistsError."""
    private = Ed25519PrivateKey.generate()
    content = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return SigningKey(private)


def put_aside(path: Path) -> Path:
    """Rename the key *path* after its fingerprint, to make room for a new one."""
    kept = path.with_name(f"{path.stem}-{read_key(path).name}{path.suffix}")
    path.rename(kept)
    return kept


def register_key(session: Session, key: SigningKey) -> bool:
    """Add the public key to those that verify; False when it is known."""
    if session.get(SealKey, key.name) is not None:
        return False
    session.add(SealKey(name=key.name, public_key=key.public))
    session.flush()
    return True


def known_keys(session: Session) -> list[SealKey]:
    """Every public key, the latest first."""
    return list(session.scalars(select(SealKey).order_by(SealKey.since.desc())))


def public_pem(public_key: bytes) -> str:
    """A public key as others' tools read it."""
    return (
        Ed25519PublicKey.from_public_bytes(public_key)
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
