"""Checkpoints are notes of https://c2sp.org/tlog-checkpoint, with a signature of SEAL_KEY."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evidence import checks
from evidence.seal import note

KEY = base64.b64encode(bytes(range(32))).decode()
ROOT = hashlib.sha256(b"root").digest()


@pytest.fixture(autouse=True)
def our_key(settings) -> None:
    settings.SEAL_KEY, settings.SITE_ORIGIN = KEY, "https://voipstudio.pl"


def test_a_checkpoint_is_a_name_a_number_and_a_root() -> None:
    lines = note.write(4711, ROOT).split("\n")

    assert lines[:4] == ["voipstudio.pl/seal", "4711", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith("— voipstudio.pl/seal ")
    assert lines[5:] == [""]
    assert note.read("\n".join(lines)) == note.Body("voipstudio.pl/seal", 4711, ROOT)


def test_anybody_can_check_the_signature_with_the_public_key() -> None:
    """By the rules of https://c2sp.org/signed-note, without our code."""
    text = note.write(4711, ROOT)
    name, key_hash, encoded = note.public_key().split("+", 2)
    key = base64.b64decode(encoded)
    body, signature_line = text.split("\n\n")
    signature = base64.b64decode(signature_line.rsplit(" ", 1)[1])

    assert name == "voipstudio.pl/seal"
    assert key[:1] == b"\x01"
    assert key_hash == hashlib.sha256(f"{name}\n".encode() + key).hexdigest()[:8]
    assert signature[:4].hex() == key_hash
    Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], f"{body}\n".encode())


def test_our_own_signature_is_known_and_no_other(settings) -> None:
    """Red when: the body is not what is signed, or another key passes."""
    text = note.write(4711, ROOT)
    note.check_signature(text)

    with pytest.raises(note.BadNote, match="is wrong"):
        note.check_signature(text.replace("4711", "4712"))
    settings.SEAL_KEY = base64.b64encode(bytes(32)).decode()
    with pytest.raises(note.BadNote, match="no signature of our key"):
        note.check_signature(text)
    settings.SEAL_KEY = ""
    with pytest.raises(note.BadNote, match="SEAL_KEY is not set"):
        note.check_signature(text)


def test_a_signature_without_its_name_is_none() -> None:
    """Red when: any line of base64 counts, which no other reader of the format would take."""
    body, signature_line = note.write(4711, ROOT).split("\n\n")
    bare = signature_line.rsplit(" ", 1)[1]

    with pytest.raises(note.BadNote, match="no signature of our key"):
        note.check_signature(f"{body}\n\n{bare}")


def test_without_a_key_a_checkpoint_has_no_signature(settings) -> None:
    settings.SEAL_KEY = ""

    text = note.write(1, ROOT)

    assert text == f"voipstudio.pl/seal\n1\n{base64.b64encode(ROOT).decode()}\n"
    assert not note.has_signature(text)
    assert note.public_key() == ""


@pytest.mark.parametrize("key", ["x", "AAAA", KEY[:-4], "ą", KEY + "!"])
def test_a_malformed_key_is_named_by_the_system_check(key: str, settings) -> None:
    """Red when: the worker is the first to find it, every second."""
    settings.SEAL_KEY = key

    [problem] = checks.seal_settings(None)

    assert problem.id == "evidence.E003"
    assert "openssl rand -base64 32" in str(problem.hint)


def test_each_malformed_address_of_a_witness_is_named(settings) -> None:
    settings.SEAL_WITNESSES = ["anna@kancelaria.example", "anna", ""]

    assert [each.id for each in checks.seal_settings(None)] == ["evidence.E004"] * 2


def test_lines_may_end_as_on_windows() -> None:
    text = note.write(4711, ROOT).replace("\n", "\r\n")

    assert note.read(text).size == 4711
    note.check_signature(text)
