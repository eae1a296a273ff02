"""CSV and TSV: a table with its cell addresses, every value as text, exactly as it stands."""

from __future__ import annotations

import csv
import io

from onrecord.ingest.cells import row_pieces, table_of
from onrecord.ingest.charset import decode
from onrecord.ingest.limits import LimitReached
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.text import encoding_claims, quality
from onrecord.ingest.reading import Finding, Outcome
from onrecord.ingest.source import Options, Source

_DELIMITERS = (",", "\t", ";", "|")
_ROW = 150  # bytes of a row's place in the answer; its text is sent twice, as a piece and in the table


def read(source: Source) -> Finding:
    """One table. Rows are counted as records, as RFC 7111 does: a line break in quotes starts no row.

    A table that is longer than a file's may be is refused, with the rows that fit.
    """
    most = source.options.characters
    decoded = decode(source.whole(), source.options.encoding)
    text, is_longer = decoded.text[:most], len(decoded.text) > most
    (outcome, reason), claims = quality(decoded), encoding_claims(decoded)
    del decoded  # half a gigabyte, where the limit cuts it
    delimiter = delimiter_of(text)
    rows, limit = _rows(text, delimiter, source.options)
    if is_longer and limit is None:
        limit = LimitReached("characters", most)
        rows = rows[:-1]  # the cut goes through the last
    if limit:
        outcome, reason = Outcome.REFUSED, f"{limit}; the first {len(rows)} rows were read"
    table = table_of("", rows)
    pieces = tuple(row_pieces(table, source.options, sheet=None))
    claims = (*claims, ("delimiter", delimiter))
    return Finding(outcome=outcome, reason=reason, pieces=pieces, tables=(table,), claims=claims)


def delimiter_of(text: str) -> str:
    """The mark that parts the fields of a text's first lines most evenly; a comma where none does."""
    first_lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    return max(_DELIMITERS, key=lambda mark: (min((line.count(mark) for line in first_lines), default=0),
                                              sum(line.count(mark) for line in first_lines)))  # fmt: skip


def _rows(text: str, delimiter: str, options: Options) -> tuple[list[list[str | None]], LimitReached | None]:
    """The rows up to a limit, and that limit if it was met."""
    csv.field_size_limit(64 * 1024 * 1024)
    wide = len(text.encode("utf-8", "surrogatepass")) / max(len(text), 1)
    rows: list[list[str | None]] = []
    cells = widest = room = 0
    for fields in csv.reader(io.StringIO(text.replace("\0", "\ufffd"), newline=""), delimiter=delimiter):
        cells += len(fields)
        widest = max(widest, len(fields))
        room += _ROW + int(2 * wide * sum(map(len, fields)))
        if len(fields) > options.columns:
            raise LimitReached("columns", options.columns)
        if max(cells, widest * (len(rows) + 1)) > options.cells:
            return rows, LimitReached("cells", options.cells)
        if room > options.answer_bytes:
            return rows, LimitReached("answer bytes", options.answer_bytes)
        rows.append([field or None for field in fields])
    return rows, None


READER = Reader("delimited text", package_version(3, "charset-normalizer"), ("csv", "tsv"), read)
