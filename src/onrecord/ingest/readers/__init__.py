"""The readers, one module a format. To add one: write the module, add it to the tuple, add its test."""

from __future__ import annotations

import msgspec

from onrecord.ingest.behind import archive_behind
from onrecord.ingest.kinds import disagreement, kind_of
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached, NeedsTool
from onrecord.ingest.readers import (
    archives,
    compressed,
    delimited,
    doc,
    docx,
    html,
    image,
    json_text,
    mail,
    mbox,
    metafile,
    msg,
    ods,
    odt,
    ole_object,
    pdf,
    ppt,
    pptx,
    rtf,
    sevenzip,
    sheets,
    text,
    warc,
    xlsx,
    xml,
)
from onrecord.ingest.readers.base import Reader
from onrecord.ingest.reading import Child, Finding, Outcome, Reading
from onrecord.ingest.source import Source

_PANIC = "PanicException"
"""How libraries in Rust end; they do not export its class."""

READERS: tuple[Reader, ...] = (
    pdf.READER,
    docx.READER,
    pptx.READER,
    odt.READER,
    odt.FLAT,
    ods.READER,
    ods.FLAT,
    xlsx.READER,
    sheets.READER,
    doc.READER,
    ppt.READER,
    ole_object.READER,
    rtf.READER,
    mail.READER,
    mbox.READER,
    msg.READER,
    html.READER,
    xml.READER,
    json_text.READER,
    delimited.READER,
    text.READER,
    image.READER,
    image.HEIC,
    metafile.WMF,
    metafile.EMF,
    archives.ZIP,
    archives.TAR,
    sevenzip.READER,
    compressed.GZIP,
    compressed.BZIP2,
    compressed.XZ,
    warc.READER,
)

_BY_KIND = {kind: reader for reader in READERS for kind in reader.kinds}

NO_READER = Reader("none", "1", (), lambda source: Finding())


def reader_for(kind: str) -> Reader:
    """The reader of a kind, or :data:`NO_READER`."""
    return _BY_KIND.get(kind, NO_READER)


def read(source: Source, kind: str | None = None, reader: Reader | None = None) -> Reading:
    """What the file's reader finds, and always one outcome: what a reader raises becomes one.

    Args:
        kind: what :func:`kind_of` said, where that was asked before.
        reader: who reads it, if not the reader of its kind.
    """
    kind = kind or kind_of(source.file, source.name)
    reader = reader or reader_for(kind)
    finding = _with_fewer_tables(_named(source, kind, reader), source.options.tables)
    odd = disagreement(kind, source.name)
    behind = _behind(source, kind)
    warnings = (
        *finding.warnings,
        *([odd] if odd else []),
        *(["a ZIP archive stands behind it in the same bytes"] if behind else []),
    )
    return Reading(
        outcome=finding.outcome,
        reason=finding.reason,
        pieces=finding.pieces,
        tables=finding.tables,
        children=(*finding.children, *behind),
        claims=finding.claims,
        warnings=warnings,
        kind=kind,
        reader=reader.name,
        version=reader.version,
    )


def _with_fewer_tables(finding: Finding, most: int) -> Finding:
    """The finding with as many tables as one file may have: each becomes a file of its own in the record."""
    if len(finding.tables) <= most:
        return finding
    lacking = f"tables of the sheets after the first {most}, whose text was read"
    return msgspec.structs.replace(
        finding,
        outcome=Outcome.IN_PART,
        reason=f"{finding.reason}; {lacking}" if finding.reason else f"missing: {lacking}",
        tables=finding.tables[:most],
    )


def _behind(source: Source, kind: str) -> tuple[Child, ...]:
    try:
        behind = archive_behind(source, kind)
    except LimitReached:
        return ()  # the file's own members have met it, and its outcome says so
    return (behind,) if behind else ()


def _named(source: Source, kind: str, reader: Reader) -> Finding:
    if kind == "empty":
        return Finding(warnings=("the file has no bytes",))
    if kind == "encrypted office":
        return Finding(outcome=Outcome.ENCRYPTED, reason="the document opens only with a password")
    if reader is NO_READER:
        return Finding(outcome=Outcome.UNSUPPORTED, reason=f"there is no reader for {kind} files")
    try:
        return reader.read(source)
    except LimitReached as limit:
        return Finding(outcome=Outcome.REFUSED, reason=str(limit))
    except MemoryError:
        return Finding(outcome=Outcome.REFUSED, reason=f"limit memory ({source.options.memory_bytes} bytes)")
    except RecursionError:
        return Finding(outcome=Outcome.REFUSED, reason="limit nesting (the reader's stack)")
    except Encrypted as lock:
        return Finding(outcome=Outcome.ENCRYPTED, reason=str(lock))
    except NeedsTool as tool:
        return Finding(outcome=Outcome.UNSUPPORTED, reason=str(tool))
    except Damaged as damage:
        return Finding(outcome=Outcome.FAILED, reason=str(damage))
    except Exception as error:  # noqa: BLE001 - hostile bytes can make a library raise anything; each is named here
        return _gave_up(reader, error)
    except BaseException as panic:
        if type(panic).__name__ != _PANIC:
            raise
        return _gave_up(reader, panic)


def _gave_up(reader: Reader, error: BaseException) -> Finding:
    """What the library says is kept for whoever mends the reader: it means nothing to who wants to read the file."""
    reason = f"the {reader.name} reader met what it was not made for and stopped"
    return Finding(
        outcome=Outcome.FAILED,
        reason=reason,
        warnings=(f"the reader's own words: {type(error).__name__}: {error}",),
    )
