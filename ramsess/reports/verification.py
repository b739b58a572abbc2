"""Is this file one that was sealed? Said from seals and public keys alone: no figure is read.

A file is genuine when its SHA-256 stands in a manifest that one of our keys signed. It is altered
when it bears the address or the digest of one of our seals and is none of its files, or when what
was kept of the seal is not what was signed. Of any other nothing is known.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import text
from sqlalchemy.orm import Session

from ramsess.reports.canonical import as_bytes, digest_of
from ramsess.reports.period import Period

#: Without the letters and figures that are taken for one another.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE = re.compile(rb"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
_DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
# The parts of a workbook in which ours say whose they are, and how much of each is read.
_PARTS = ("docProps/core.xml", "docProps/custom.xml", "xl/worksheets/sheet1.xml",
          "xl/sharedStrings.xml")  # fmt: skip
_MOST = 1 << 20
# A workbook of ours has some hundred parts, stored or deflated; of another archive nothing is read.
_ENTRY, _MOST_ENTRIES = b"PK\x01\x02", 2000
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PROOF_FORMAT = 1
_LONGEST = 66  # a digest, and what stands on either side
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError,
            NotImplementedError)  # fmt: skip


class Outcome(StrEnum):
    """What is said of a file."""

    GENUINE = "authentique"
    ALTERED = "altéré"
    UNKNOWN = "inconnu"


@dataclass(frozen=True)
class Proof:
    """What was kept of a seal, and the public key (32 bytes) that it is to be verified with."""

    manifest: bytes
    signature: bytes
    public_key: bytes

    @cached_property
    def holds(self) -> bool:
        """True when the key signed this manifest, and the manifest says so."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(
                self.signature, self.manifest
            )
            return bool(self.said["key"] == fingerprint(self.public_key))
        except (InvalidSignature, ValueError, KeyError, TypeError):
            return False

    @cached_property
    def said(self) -> dict[str, Any]:
        """What the manifest says; nothing when it is not one of ours any more."""
        try:
            found = json.loads(self.manifest)
            editions = found["editions"]
            listed = isinstance(editions, dict) and all(
                isinstance(files, dict) for files in editions.values()
            )
            return found if listed else {}
        except (ValueError, KeyError, TypeError, RecursionError):
            return {}

    @property
    def code(self) -> str:
        """The short code of its address: ``7KQ2-M9XD``."""
        return str(self.said.get("address", ""))

    @property
    def period(self) -> Period:
        """The days that were sealed."""
        said = self.said["period"]
        return Period(dt.date.fromisoformat(said["first"]), dt.date.fromisoformat(said["last"]))

    @property
    def sealed_at(self) -> dt.datetime:
        """The moment of sealing."""
        return dt.datetime.fromisoformat(self.said["sealed_at"])

    @property
    def digests(self) -> Iterator[tuple[str, str, str]]:
        """Edition, suffix and SHA-256 of each file."""
        for edition, files in self.said.get("editions", {}).items():
            for suffix, digest in files.items():
                yield edition, suffix, digest

    @cached_property
    def marks(self) -> set[str]:
        """What a file that comes from this seal bears: its address, or a digest."""
        return {self.code, *(digest for _, _, digest in self.digests)}


@dataclass(frozen=True)
class Verdict:
    """What is said of a file or a digest; of what is genuine, which file of which seal it is."""

    outcome: Outcome
    proof: Proof | None = None
    edition: str = ""
    suffix: str = ""


def fingerprint(public_key: bytes) -> str:
    """The name of a public key: the beginning of its SHA-256."""
    return digest_of(public_key)[:16]


def proof_bytes(proof: Proof) -> bytes:
    """A proof as a file, with which anybody verifies without us."""
    return as_bytes(
        {
            "format": PROOF_FORMAT,
            "manifest": proof.manifest.decode(),
            "signature": proof.signature.hex(),
            "public_key": proof.public_key.hex(),
        }
    )


def read_proof(content: bytes) -> Proof:
    """The proof that was written as *content*. Raises ValueError in French."""
    try:
        said = json.loads(content)
        if said["format"] == PROOF_FORMAT:
            return Proof(
                said["manifest"].encode(),
                bytes.fromhex(said["signature"]),
                bytes.fromhex(said["public_key"]),
            )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise ValueError("Ce fichier n’est pas la preuve d’un sceau.")


def read_proofs(session: Session) -> list[Proof]:
    """Every seal of the database, the latest first."""
    rows = session.execute(text("SELECT manifest, signature, public_key FROM sight.seals()"))
    return [Proof(bytes(row[0]), bytes(row[1]), bytes(row[2])) for row in rows]


def verify_digest(digest: str, proofs: Iterable[Proof]) -> Verdict:
    """What is known of a SHA-256: which file has it."""
    for proof in proofs:
        for edition, suffix, known in proof.digests:
            if known == digest:
                outcome = Outcome.GENUINE if proof.holds else Outcome.ALTERED
                return Verdict(outcome, proof, edition, suffix)
    return Verdict(Outcome.UNKNOWN)


def verify(file: BinaryIO, proofs: Sequence[Proof]) -> Verdict:
    """What is known of a file, open for reading; a large one is never whole in memory."""
    found = verify_digest(_digest(file), proofs)
    if found.proof is not None:
        return found
    ours = {mark for proof in proofs for mark in proof.marks}
    borne = ours.intersection(_marks(file))
    for proof in proofs:
        if borne & proof.marks:
            return Verdict(Outcome.ALTERED, proof)
    return found


def _digest(file: BinaryIO) -> str:
    made = hashlib.sha256()
    while piece := file.read(_MOST):
        made.update(piece)
    return made.hexdigest()


def _marks(file: BinaryIO) -> Iterator[str]:
    """The codes and digests that a file bears."""
    for part in chain(_chunks(file), _parts_of_workbook(file)):
        for pattern in (_CODE, _DIGEST):
            yield from (mark.decode() for mark in pattern.findall(part))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """The file, by pieces that begin with the end of the one before."""
    file.seek(0)
    end = b""
    while piece := file.read(_MOST):
        # Beside words outside Latin-1 a PDF writes its own in UTF-16.
        piece = end + piece.replace(b"\0", b"")
        yield piece
        end = piece[-_LONGEST:]


def _parts_of_workbook(file: BinaryIO) -> Iterator[bytes]:
    """The beginning of each part that may say whose the workbook is; nothing of another file."""
    if sum(piece.count(_ENTRY) for piece in _chunks(file)) > _MOST_ENTRIES:
        return
    try:
        archive = zipfile.ZipFile(file)
    except _BAD_ZIP:
        return
    for name in _PARTS:
        try:
            if archive.getinfo(name).compress_type in _PLAIN:
                with archive.open(name) as part:
                    yield part.read(_MOST)
        except _BAD_ZIP:
            continue
