"""Files as tables, each row with the place it came from. Text cells stay text; the formats decide what they mean."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from onrecord.errors import InvalidInput, Problem


@dataclass(frozen=True)
class Table:
    """One file's rows with ``file`` and ``row``, and the file's own column names."""

    name: str
    frame: pl.DataFrame
    columns: frozenset[str]


def read_tables(files: Mapping[str, bytes]) -> list[Table]:
    """Read every file.

    Raises:
        InvalidInput: naming each file that cannot be read and why.
    """
    tables, problems = [], []
    for name, content in files.items():
        try:
            tables.extend(read_r(name, content) if is_r(name) else [read_table(name, content)])
        except InvalidInput as error:
            problems.extend(error.problems)
    if problems:
        raise InvalidInput(problems)
    return tables


def read_table(name: str, content: bytes) -> Table:
    """Read one .csv, .tsv, .tab or .parquet file; text in UTF-8, with or without a byte order mark.

    Raises:
        InvalidInput: the name says none of these, or the bytes are not what the name says.
    """
    ending = name.lower().rpartition(".")[2]
    try:
        if ending == "parquet":
            frame = pl.read_parquet(io.BytesIO(content))
            first_row = 1
        elif ending in {"csv", "tsv", "tab"}:
            separator = "," if ending == "csv" else "\t"
            text = content.removeprefix(b"\xef\xbb\xbf")
            frame = pl.read_csv(io.BytesIO(text), separator=separator, infer_schema=False)
            first_row = 2
        else:
            raise InvalidInput(
                [Problem("is not .csv, .tsv, .parquet or .rda.", "Save it as one of these.", file=name)]
            )
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        problem = Problem(f"cannot be read as {ending}: {reason}.", "Open it and save it again.", file=name)
        raise InvalidInput([problem]) from error
    return placed(name, frame, first_row)


def placed(name: str, frame: pl.DataFrame, first_row: int) -> Table:
    """A file's rows, each with the place it came from."""
    rows = frame.with_row_index("row", offset=first_row).with_columns(
        pl.col("row").cast(pl.Int64), file=pl.lit(name, pl.String)
    )
    return Table(name, rows, frozenset(frame.columns))


def is_r(name: str) -> bool:
    """Whether a file's name says that R saved it."""
    return name.lower().endswith((".rda", ".rdata"))


def read_r(name: str, content: bytes) -> list[Table]:
    """Read every data frame of a file saved by R; rows count from 1.

    Raises:
        InvalidInput: pyreadr is not installed, or the bytes are no such file.
    """
    try:
        import pyreadr  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        remedy = "Install it with `pip install 'onrecord[r]'`, or save the tables as CSV."
        raise InvalidInput([Problem("needs pyreadr, which is not installed.", remedy, file=name)]) from error
    try:
        found = pyreadr.read_r(io.BytesIO(content), output_format="polars")
    except (pyreadr.PyreadrError, pyreadr.LibrdataError, UnicodeDecodeError) as error:
        problem = Problem(f"cannot be read as R data: {error}.", "Save it again in R.", file=name)
        raise InvalidInput([problem]) from error
    frames = {part: frame for part, frame in found.items() if isinstance(frame, pl.DataFrame)}
    return [
        placed(name if len(frames) == 1 else f"{name}:{part}", frame, 1) for part, frame in frames.items()
    ]
