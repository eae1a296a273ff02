"""Signed notes and checkpoints, against published examples and as laws."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from onrecord.record import notes
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.notes import COSIGNER, LOG, SignedNote, VerifierKey

# The example in the documentation of Go's golang.org/x/mod/sumdb/note.
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = PRIVATE.public_key().public_bytes_raw()

names = st.text(st.characters(exclude_characters="+", exclude_categories=["Z", "C"]), min_size=1)
checkpoints = st.builds(
    Checkpoint, origin=names, size=st.integers(0, 2**62), root=st.binary(min_size=32, max_size=32)
)


def test_a_published_note_verifies_under_its_published_key() -> None:
    key = VerifierKey.parse(KEY)
    assert SignedNote.parse(NOTE).signed_by(key)
    assert str(key) == KEY


def test_a_published_note_with_one_letter_changed_does_not_verify() -> None:
    assert not SignedNote.parse(NOTE.replace("answer", "Answer")).signed_by(VerifierKey.parse(KEY))


@given(checkpoints)
def test_a_checkpoint_reads_back_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert Checkpoint.parse(checkpoint.text) == checkpoint


@given(checkpoints)
def test_a_signed_checkpoint_reads_back_and_verifies_under_its_key_alone(checkpoint: Checkpoint) -> None:
    name = checkpoint.origin
    note = SignedNote(checkpoint.text, (notes.sign(PRIVATE, name, checkpoint.text),))
    again = SignedNote.parse(str(note))
    assert again == note
    assert again.signed_by(VerifierKey(name, LOG, PUBLIC))
    assert not again.signed_by(VerifierKey(name, LOG, bytes(31) + b"\1"))
    assert not again.signed_by(VerifierKey(name + "x", LOG, PUBLIC))


@given(checkpoints, st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)))
def test_a_witness_signs_the_time_with_the_checkpoint(checkpoint: Checkpoint, when: datetime) -> None:
    seen = when.replace(tzinfo=UTC, microsecond=0)
    signature = notes.cosign(PRIVATE, "w", checkpoint.text, seen)
    key = VerifierKey("w", COSIGNER, PUBLIC)
    assert SignedNote(checkpoint.text, (signature,)).cosigned_by(key) == seen
    later = (int(seen.timestamp()) + 1).to_bytes(8)
    forged = notes.Signature("w", signature.blob[:4] + later + signature.blob[12:])
    assert SignedNote(checkpoint.text, (forged,)).cosigned_by(key) is None


def test_a_log_signature_is_no_cosignature_though_the_key_is_the_same() -> None:
    text = Checkpoint("w", 1, bytes(32)).text
    note = SignedNote(text, (notes.sign(PRIVATE, "w", text),))
    assert note.cosigned_by(VerifierKey("w", COSIGNER, PUBLIC)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no signature\n",
        "text\n\nno dash\n",
        "text\n\n— name not*base64\n",
        "text\n\n— name aGVsbG8=",
    ],
)
def test_what_is_not_a_signed_note_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        SignedNote.parse(text)


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n01\nAA==\n", "a\n-1\nAA==\n", "a\nx\n" + "A" * 43 + "=\n"]
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AAAA", KEY.replace("c74f20a3", "c74f20a4"), KEY[:-4]]
)
def test_what_is_not_a_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not|is c74f20a3"):
        VerifierKey.parse(text)
