"""``ramsess seal-key`` and ``ramsess verify``, with the database and without it."""

from __future__ import annotations

import hashlib
import json
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask import Flask
from sqlalchemy.orm import Session

from ramsess.actions import seal_keys
from ramsess.cli import main, seals
from ramsess.config import Settings
from ramsess.database import Acting, acting, db
from ramsess.models import SealKey
from ramsess.reports.verification import proof_bytes
from tests.conftest import open_account
from tests.sealing.made import CODE, KEY, made, put_seal


@pytest.fixture
def command(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The command on the tests' own database; in a folder of its own."""
    db.session.remove()

    def prepared() -> Flask:
        acting.set(Acting(role="batch"))
        return app

    monkeypatch.setattr(seals, "prepared_app", prepared)
    path = app.config["SETTINGS"].seal_key_file

    def forget() -> None:
        for kept in path.parent.glob("seal*.key"):
            kept.unlink()

    def run(*words: str) -> Result:
        with chdir(tmp_path):
            return CliRunner().invoke(main, words)

    forget()
    yield run
    forget()


def test_the_key_is_made_once_for_its_owner_alone(app: Flask, command: Any) -> None:
    path = app.config["SETTINGS"].seal_key_file
    first = command("seal-key")
    assert first.exit_code == 0, first.output
    assert "gardez-en une copie" in first.stdout
    assert "BEGIN PUBLIC KEY" in first.stdout
    assert "PRIVATE" not in first.output
    assert path.stat().st_mode & 0o777 == 0o600
    key = seal_keys.read_key(path)
    with app.app_context():
        known = db.session.get(SealKey, key.name)
        assert known
        assert bytes(known.public_key) == key.public
    again = command("seal-key")
    assert again.exit_code == 0
    assert "créée" not in again.stdout
    assert seal_keys.read_key(path).name == key.name


def test_a_new_key_leaves_the_old_one_verifying(app: Flask, command: Any) -> None:
    path = app.config["SETTINGS"].seal_key_file
    command("seal-key")
    old = seal_keys.read_key(path)
    renewed = command("seal-key", "--renew")
    assert renewed.exit_code == 0, renewed.output
    assert seal_keys.read_key(path).name != old.name
    assert seal_keys.read_key(path.with_name(f"seal-{old.name}.key")).name == old.name
    with app.app_context():
        assert {key.name for key in seal_keys.known_keys(db.session())} == {
            old.name, seal_keys.read_key(path).name,
        }  # fmt: skip
    # Lost, it is not quietly replaced: a copy may exist.
    path.unlink()
    lost = command("seal-key")
    assert lost.exit_code == 1
    assert "reprenez-en une copie" in lost.stderr
    assert command("seal-key", "--renew").exit_code == 0


def test_a_key_that_cannot_be_used_says_why(app: Flask, command: Any, tmp_path: Path) -> None:
    path = app.config["SETTINGS"].seal_key_file
    command("seal-key")
    path.chmod(0o644)
    told = command("seal-key")
    assert told.exit_code == 1
    assert "0600" in told.stderr
    path.chmod(0o600)
    for content in (b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        path.write_bytes(content)
        assert "n’est pas une clé de scellement" in command("seal-key").stderr
    with pytest.raises(seal_keys.KeyUnavailableError, match="ne peut pas être lue"):
        seal_keys.read_key(tmp_path)


@pytest.fixture
def folder(tmp_path: Path, app: Flask, command: Any) -> Path:
    """The files of a seal of the database, its proof, the public key; an altered file, another."""
    with app.app_context():
        put_seal(db.session(), open_account(db.session(), "coordinator").id)
        db.session.commit()
        db.session.remove()
    files, proof = made()
    for suffix, content in files["network"].items():
        (tmp_path / f"bilan.{suffix}").write_bytes(content)
    (tmp_path / "altered.json").write_bytes(files["network"]["json"].replace(b"2009", b"2008"))
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7 autre")
    (tmp_path / "proof.json").write_bytes(proof_bytes(proof))
    (tmp_path / "key.pem").write_text(seal_keys.public_pem(KEY.public))
    other = seal_keys.make_key(tmp_path / "private.pem")
    (tmp_path / "other.pem").write_text(seal_keys.public_pem(other.public))
    (tmp_path / "later.json").write_text('{"format": 2}')
    return tmp_path


def test_a_file_is_genuine_altered_or_unknown(command: Any, folder: Path) -> None:
    for suffix in ("json", "xlsx", "pdf"):
        for trust in ((), ("--key", "key.pem")):
            answer = command("verify", f"bilan.{suffix}", *trust)
            assert answer.exit_code == 0, answer.output
            assert f"authentique. Édition du réseau ({suffix}), année 2009" in answer.stdout
            assert f"scellé le 1er février 2010 sous {CODE}" in answer.stdout
    altered = command("verify", "altered.json")
    assert (altered.exit_code, altered.stdout) == (1, "")
    assert f"altéré : il se donne pour un fichier du sceau {CODE}" in altered.stderr
    unknown = command("verify", "other.pdf")
    assert unknown.exit_code == 3
    assert "inconnu" in unknown.stderr
    # Nothing that another key signed is believed.
    assert command("verify", "bilan.pdf", "--key", "other.pem").exit_code == 3


def test_without_the_database_the_proof_and_the_public_key_are_enough(
    command: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = ("--proof", "proof.json", "--key", "key.pem")
    # Without --key, the keys are those that the database knows.
    assert command("verify", "bilan.xlsx", "--proof", "proof.json").exit_code == 0
    monkeypatch.setattr(seals, "prepared_app", lambda: pytest.fail("the database was asked"))
    assert command("verify", "bilan.xlsx", *alone).exit_code == 0
    assert command("verify", "altered.json", *alone).exit_code == 1
    assert command("verify", "other.pdf", *alone).exit_code == 3
    assert command("verify", "bilan.xlsx", *alone[:3], "other.pem").exit_code == 3
    for words in (
        ("bilan.xlsx", "--proof", "bilan.json", "--key", "key.pem"),
        ("bilan.xlsx", "--proof", "bilan.xlsx", "--key", "key.pem"),
        ("bilan.xlsx", "--proof", "later.json", "--key", "key.pem"),
        ("bilan.xlsx", "--key", "bilan.pdf"),
        ("absent.pdf",),
    ):
        wrong = command("verify", *words)
        assert wrong.exit_code == 2, wrong.output
        assert "Erreur" in wrong.stderr


def test_who_has_none_of_our_code_verifies_the_proof(folder: Path) -> None:
    """What the guide says to do without RAMSESS, with the same algorithms from elsewhere."""
    proof = json.loads((folder / "proof.json").read_bytes())
    key = load_pem_public_key((folder / "key.pem").read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    key.verify(bytes.fromhex(proof["signature"]), proof["manifest"].encode())
    summed = hashlib.sha256((folder / "bilan.pdf").read_bytes()).hexdigest()
    assert json.loads(proof["manifest"])["editions"]["network"]["pdf"] == summed


def test_the_file_of_the_key_is_where_the_settings_say(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RAMSESS_INSTANCE", str(tmp_path))
    assert Settings.from_environment(tmp_path).seal_key_file == tmp_path / "seal.key"
    monkeypatch.setenv("RAMSESS_SEAL_KEY", str(tmp_path / "ailleurs.pem"))
    assert Settings.from_environment(tmp_path).seal_key_file == tmp_path / "ailleurs.pem"
