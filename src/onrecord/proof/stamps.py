"""Time stamps of an authority (RFC 3161) over a checkpoint, kept in the ledger and checked without a network.

Nothing here asks an authority for anything: the user does that, with any tool, and hands over the answer.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.x509.oid import NameOID
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from onrecord.errors import DamageFound, StorageError
from onrecord.proof import TOOL
from onrecord.proof.own import put_on_record
from onrecord.proof.states import public_key
from onrecord.record import Record
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.handling import Handling
from onrecord.record.notes import SignedNote
from onrecord.record.verify import Damage


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority says: that the first ``size`` lines were there at ``time`` (RFC 3339, UTC)."""

    authority: str
    size: int
    time: str


def read_stamp(note: SignedNote, answer: bytes, roots: bytes) -> Stamp:
    """What an answer says of a checkpoint, if it is about exactly that and leads to one of the certificates.

    Args:
        answer: the TimeStampResp, DER, with the authority's certificate in it.
        roots: the certificates that are trusted, PEM.

    Raises:
        ValueError: it does not hold, or is of no form known here.
    """
    try:
        response = decode_timestamp_response(answer)
        verifier = VerifierBuilder(roots=x509.load_pem_x509_certificates(roots)).build()
        verifier.verify_message(response, str(note).encode())
    except VerificationError as cause:
        raise ValueError(f"the stamp does not hold: {cause}") from cause
    time = response.tst_info.gen_time.astimezone(UTC)
    return Stamp(
        _signer(response.signed_data.certificates),
        Checkpoint.parse(note.text).size,
        time.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def keep_stamp(
    record: Record, note: SignedNote, answer: bytes, roots: bytes, now: datetime, *, by: str | None = None
) -> Stamp:
    """Put on record what an authority answered about a checkpoint of this record, with the certificates.

    Raises:
        DamageFound: the answer does not hold, or the checkpoint is not one of this record.
    """
    try:
        stamp = read_stamp(note, answer, roots)
    except ValueError as cause:
        raise DamageFound(
            f"Nothing was kept: {cause}. Ask the authority again, for this very file."
        ) from cause
    kept = Handling(
        action="stamped",
        checkpoint=str(note),
        key=str(public_key(record)),
        answer=base64.b64encode(answer).decode(),
        roots=roots.decode(),
        tool=TOOL,
    )
    put_on_record(record, [kept], now, by)
    return stamp


def kept_stamps(record: Record) -> tuple[list[Stamp], list[Damage]]:
    """The stamps on record that hold, and those that do not."""
    stamps, broken = [], []
    with record.ledger.reading() as reader:
        for leaf in reader.handlings("stamped"):
            try:
                kept = leaf.handling()
                answer = base64.b64decode(kept.answer or "", validate=True)
                note = SignedNote.parse(kept.checkpoint)
                stamps.append(read_stamp(note, answer, (kept.roots or "").encode()))
            except (ValueError, StorageError) as cause:
                broken.append(Damage("handling", f"leaf {leaf.seq}", str(cause)))
    return stamps, broken


def _signer(certificates: set[bytes]) -> str:
    """The name of the authority: of the certificate that may stamp, as it calls itself."""
    for der in sorted(certificates):
        certificate = x509.load_der_x509_certificate(der)
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        try:
            usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            continue
        if x509.oid.ExtendedKeyUsageOID.TIME_STAMPING in usage and names:
            return str(names[0].value)
    return "An authority without a name"
