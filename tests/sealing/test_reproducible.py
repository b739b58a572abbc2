"""Sealing the same data twice, on machines that differ in everything: identical bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ramsess.reports.verification import proof_bytes
from tests.sealing.made import KEY, made
from tests.whole import one_in

# Time zone, locale, seed of hashes, mask, later by so many seconds.
MACHINES = (
    ("Pacific/Kiritimati", "C", "1", "077", 0),
    ("America/St_Johns", "fr_FR.UTF-8", "2", "000", 400 * 86400.0),
    ("UTC", "C.UTF-8", "random", "022", 86400.0),
    ("Europe/Paris", "tr_TR.UTF-8", "3", "027", -3 * 365 * 86400.0),
    ("Asia/Kathmandu", "de_DE", "4", "002", 8 * 3600.0),
    ("Pacific/Pago_Pago", "en_US.UTF-8", "5", "077", 3600.0),
)


def sealed_on(machine: tuple[str, str, str, str, float], folder: Path) -> dict[str, bytes]:
    """The bytes that another process makes, with these settings."""
    zone, language, seed, mask, later = machine
    env = {
        **os.environ, "TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONHASHSEED": seed,
        "SHIFT": str(later), "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.sealing.sealing_elsewhere", str(folder), mask]
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_sealed_twice_on_two_machines_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    files, proof = made()
    here = {
        f"{edition}.{suffix}": content
        for edition, contents in files.items()
        for suffix, content in contents.items()
    }
    here |= {"manifest": proof.manifest, "signature": proof.signature}
    for number, machine in enumerate(one_in(3, MACHINES)):
        there = sealed_on(machine, tmp_path / str(number))
        assert {name for name in here if here[name] != there.get(name)} == set(), machine


def test_another_moment_or_another_address_is_another_seal() -> None:
    files, proof = made()
    for other, _ in (made("2222-3333"), made(at=proof.sealed_at.replace(day=20))):
        for edition, contents in files.items():
            for suffix, content in contents.items():
                assert other[edition][suffix] != content, (edition, suffix)


def test_no_file_holds_the_private_key() -> None:
    files, proof = made()
    secret = KEY._private.private_bytes_raw()
    for contents in (*files.values(), {"proof": proof_bytes(proof)}):
        for content in contents.values():
            assert secret not in content
            assert secret.hex().encode() not in content
