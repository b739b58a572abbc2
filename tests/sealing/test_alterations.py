"""Whatever is changed in a sealed file, or in what is kept of its seal, is found."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest

from ramsess.reports.canonical import as_bytes
from ramsess.reports.seal import Files
from ramsess.reports.verification import Outcome, Proof, verify, verify_digest
from tests.sealing.made import CODE, KEY, made
from tests.sealing.tampering import at_random, of_the_seal, on_purpose
from tests.whole import WHOLE

Believes = Callable[[bytes, Proof], bool]
TRIES = 1000 if WHOLE else 60


def files() -> Files:
    """What the seal under test holds."""
    return made()[0]


def sealed() -> Proof:
    """What is kept of it."""
    return made()[1]


def outcome_of(content: bytes, *proofs: Proof) -> Outcome:
    return verify(io.BytesIO(content), proofs or (sealed(),)).outcome


def believed(content: bytes, proof: Proof) -> bool:
    """What ours says."""
    return outcome_of(content, proof) is Outcome.GENUINE


def undetected(believes: Believes, tries: int = TRIES) -> Iterator[str]:
    """What was changed and is believed all the same."""
    proof = sealed()
    random = Random(2009)
    for edition, contents in files().items():
        for suffix, content in contents.items():
            if not believes(content, proof):
                yield f"{edition}.{suffix} itself is not believed"
            for number in range(tries):
                if believes(at_random(content, random), proof):
                    yield f"{edition}.{suffix}, {number}"
    for name, changed in on_purpose(files()):
        if believes(changed, proof):
            yield name
    for name, other in of_the_seal(proof):
        if believes(files()["region"]["json"], other):
            yield name


def test_every_alteration_of_every_file_is_found() -> None:
    assert list(undetected(believed)) == []
    purposes = [name for name, _ in on_purpose(files())]
    print(f"{TRIES} alterations at random of each of 8 files, {len(purposes)} on purpose")
    assert len(purposes) > 300


def test_what_bears_our_marks_is_called_altered_and_not_unknown() -> None:
    told = Counter(outcome_of(changed) for _, changed in on_purpose(files()))
    assert told[Outcome.GENUINE] == 0
    # Written again by a library that drops what it does not know, a file bears no mark.
    assert told[Outcome.ALTERED] > 10 * told[Outcome.UNKNOWN]
    for edition in files():
        changed = files()[edition]["json"].replace(b"2009-12-31", b"2009-12-30")
        found = verify(io.BytesIO(changed), [sealed()])
        assert found.outcome is Outcome.ALTERED
        assert found.proof is sealed()


def test_what_is_not_ours_is_unknown_even_when_it_looks_like_a_workbook() -> None:
    for content in (
        b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.7", b"{}", b"2222-3333",
        files()["network"]["xlsx"][:500], b"a" * 64, b"7KQ2-M9X",
    ):  # fmt: skip
        assert outcome_of(content) is Outcome.UNKNOWN


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_is_packed_otherwise_is_unknown(method: int) -> None:
    """Whatever is wrong in it: a workbook is deflated, and nothing else is unpacked."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("docProps/core.xml", b"x" * 500)
    whole = target.getvalue()
    begin = zipfile.sizeFileHeader + len("docProps/core.xml")
    for place in range(begin, begin + 12):
        content = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        assert outcome_of(content) is Outcome.UNKNOWN


def test_an_archive_of_a_hundred_thousand_parts_is_not_gone_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its list alone would take the page half a minute, and hundreds of megabytes."""
    entry = struct.pack("<4s4B4H3L5H2L", b"PK\1\2", *[0] * 8, *[0] * 3, 1, *[0] * 6) + b"a"
    number = 100_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, len(entry) * number, 0, 0)
    opened = []
    archive = zipfile.ZipFile

    class Noted(archive):
        def __init__(self, file: io.BytesIO) -> None:
            super().__init__(file)
            opened.append(len(self.filelist))

    monkeypatch.setattr(zipfile, "ZipFile", Noted)
    assert outcome_of(entry * number + end) is Outcome.UNKNOWN
    assert outcome_of(entry * 2 + end[:12] + struct.pack("<2LH", 94, 0, 0)) is Outcome.UNKNOWN
    assert opened == [2]


def test_a_mark_is_found_wherever_a_large_file_is_cut() -> None:
    for before in ((1 << 20) - 4, (1 << 20) - 9, 1 << 20, (1 << 20) + 5):
        content = b"x" * before + CODE.encode() + b"y" * 10
        assert outcome_of(content) is Outcome.ALTERED
        assert outcome_of("".join("x" * before + CODE).encode("utf-16-be")) is Outcome.ALTERED


def test_the_file_of_one_seal_is_that_seals_and_no_others() -> None:
    others, other = made("2222-3333")
    proofs = [other, sealed()]
    for mine, proof in ((files(), sealed()), (others, other)):
        for edition, contents in mine.items():
            for suffix, content in contents.items():
                found = verify(io.BytesIO(content), proofs)
                assert found.outcome is Outcome.GENUINE
                assert (found.proof, found.edition, found.suffix) == (proof, edition, suffix)


def test_a_seal_that_is_not_what_was_signed_makes_its_files_altered() -> None:
    for name, proof in of_the_seal(sealed()):
        if name == "manifest cut":
            # Nothing can be read of it any more.
            assert outcome_of(files()["network"]["json"], proof) is Outcome.UNKNOWN
        else:
            assert outcome_of(files()["network"]["json"], proof) is Outcome.ALTERED, name
    broken = replace(sealed(), manifest=b"\xff", public_key=b"")
    assert not broken.holds
    assert broken.code == ""
    assert outcome_of(files()["network"]["json"], broken) is Outcome.UNKNOWN
    for manifest in (b'{"editions": []}', b'{"editions": {"network": []}}', b"[" * 100_000):
        odd = replace(sealed(), manifest=manifest)
        assert not odd.holds
        assert outcome_of(files()["network"]["json"], odd) is Outcome.UNKNOWN


def test_a_digest_is_that_of_a_file_or_of_nothing() -> None:
    for edition, suffix, digest in sealed().digests:
        found = verify_digest(digest, [sealed()])
        assert (found.outcome, found.edition, found.suffix) == (Outcome.GENUINE, edition, suffix)
    assert verify_digest("0" * 64, [sealed()]).outcome is Outcome.UNKNOWN


def by_marks(content: bytes, _proof: Proof) -> bool:
    """A verifier that believes whatever bears the address of a seal."""
    return outcome_of(content, sealed()) is not Outcome.UNKNOWN


def without_signature(content: bytes, proof: Proof) -> bool:
    """A verifier that forgets that the manifest is signed."""
    return verify(io.BytesIO(content), [proof]).proof is not None and any(
        True for _ in proof.digests
    )


def files_alone(content: bytes, proof: Proof) -> bool:
    """A verifier for which the list of files alone was signed: not the log of what is hidden."""
    said = json.loads(proof.manifest) if proof.manifest.endswith(b"}") else {}
    kept = {**json.loads(sealed().manifest), "editions": said.get("editions")}
    manifest = as_bytes(kept)
    return believed(content, replace(proof, manifest=manifest)) and bool(said)


def without_last_bytes(content: bytes, proof: Proof) -> bool:
    """A verifier that does not read to the end."""
    known = {file[:2000] for contents in files().values() for file in contents.values()}
    return content[:2000] in known and proof.holds


@pytest.mark.parametrize(
    ("verifier", "missed"),
    [
        (by_marks, "edition"),
        (without_signature, "manifest: disclosure"),
        (files_alone, "manifest: disclosure"),
        (without_last_bytes, "network.xlsx"),
    ],
)
def test_a_verifier_that_forgets_something_is_found(verifier: Believes, missed: str) -> None:
    assert any(missed in name for name in undetected(verifier, tries=10))


def test_who_signs_with_another_key_is_not_believed() -> None:
    """The key's fingerprint stands in what is signed: it cannot be exchanged for another."""
    said = json.loads(sealed().manifest)
    forged = as_bytes({**said, "key": "0" * 16})
    proof = Proof(forged, KEY.sign(forged), KEY.public)
    assert not proof.holds
    assert outcome_of(files()["network"]["json"], proof) is Outcome.ALTERED
