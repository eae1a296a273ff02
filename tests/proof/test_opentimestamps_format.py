"""The .ots form, held against the reference library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation, UnknownAttestation
from opentimestamps.core.serialize import BytesDeserializationContext, BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile

from onrecord.proof.opentimestamps.format import (
    APPEND,
    MAGIC,
    PREPEND,
    SHA256,
    Attestation,
    Proof,
    Step,
    Way,
    walked,
)

arguments = st.binary(min_size=1, max_size=40)
steps = st.one_of(
    st.just(Step(SHA256)),
    st.builds(Step, st.just(APPEND), arguments),
    st.builds(Step, st.just(PREPEND), arguments),
)
addresses = st.text("abcdefghijklmnopqrstuvwxyz0123456789./:-_", min_size=1, max_size=50)
attestations = st.one_of(
    st.builds(Attestation.pending, addresses),
    st.builds(Attestation.bitcoin, st.integers(0, 2**40)),
    st.builds(lambda tag, payload: Attestation.read(b"other" + tag, payload), st.binary(min_size=3, max_size=3),
              st.binary(max_size=50)),
)  # fmt: skip
ways = st.lists(
    st.builds(Way, st.lists(steps, max_size=8).map(tuple), attestations), min_size=1, max_size=6, unique=True
)
proofs = st.builds(Proof, st.binary(min_size=32, max_size=32), ways.map(tuple))


def library_reads(data: bytes) -> DetachedTimestampFile:
    return DetachedTimestampFile.deserialize(BytesDeserializationContext(data))


def in_library_terms(attestation: Attestation) -> object:
    if attestation.calendar is not None:
        return PendingAttestation(attestation.calendar)
    if attestation.height is not None:
        return BitcoinBlockHeaderAttestation(attestation.height)
    return UnknownAttestation(attestation.tag, attestation.payload)


def said(proof: Proof) -> list[str]:
    """Where each way ends and who attests it, in the library's words."""
    return sorted(
        repr((walked(proof.digest, way.steps), in_library_terms(way.attestation))) for way in proof.ways
    )


@given(proofs)
def test_the_library_reads_what_is_written_here_as_it_was_meant(proof: Proof) -> None:
    read = library_reads(bytes(proof))
    assert read.file_digest == proof.digest
    assert sorted(map(repr, read.timestamp.all_attestations())) == said(proof)


@given(proofs)
def test_what_the_library_writes_is_read_here_as_it_was_meant(proof: Proof) -> None:
    out = BytesSerializationContext()
    library_reads(bytes(proof)).serialize(out)
    again = Proof.parse(bytes(out.getbytes()))
    assert (again.digest, said(again)) == (proof.digest, said(proof))


@given(proofs)
def test_a_proof_written_and_read_says_the_same(proof: Proof) -> None:
    again = Proof.parse(bytes(proof))
    assert again.digest == proof.digest
    assert set(again.ways) == set(proof.ways)
    assert bytes(again) == bytes(Proof.parse(bytes(again)))


@given(proofs, st.data())
def test_a_proof_that_is_cut_off_or_goes_on_is_refused(proof: Proof, data: st.DataObject) -> None:
    whole = bytes(proof)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(ValueError, match=r"cut off|does not begin|another version"):
        Proof.parse(cut)
    with pytest.raises(ValueError, match="something follows"):
        Proof.parse(whole + b"\0")


@given(st.binary(max_size=300))
def test_bytes_of_any_sort_are_read_or_refused_and_nothing_else(noise: bytes) -> None:
    try:
        Proof.parse(MAGIC + b"\x01\x08" + b"\0" * 32 + noise)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (b"\x09", "not known here"),
        (b"\x08" * 257, "too long"),
        (b"\xf0\x81\x20" + b"a" * 4097, "bytes where"),
        (b"\x00" + bytes.fromhex("83dfe30d2ef90c8e") + b"\x04\x03a b", "no address"),
        (b"\x00" + bytes.fromhex("0588960d73d71901") + b"\x0b" + b"\xff" * 11, "too large"),
        (b"\xf0\x01a" * 30_000, "more than"),
    ],
)
def test_what_the_form_does_not_allow_is_refused(after: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Proof.parse(MAGIC + b"\x01\x08" + b"\0" * 32 + after)


def test_a_way_that_grows_beyond_the_forms_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="grows beyond"):
        walked(b"", [Step(APPEND, b"a" * 3000)] * 2)
