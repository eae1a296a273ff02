"""What a table is called in SQL: from the file's and the sheet's name, with enough of the hash to be unique."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePath

from onrecord.ingest.catalogue import TableRow
from onrecord.ingest.stream import Sheet


def table_rows(digest: str, name: str, sheets: tuple[Sheet, ...]) -> Iterator[TableRow]:
    """The catalogue's rows for a file's tables, e.g. ``list_2018_sheet1_3fa2b1c4``."""
    for number, sheet in enumerate(sheets, start=1):
        table = sheet.table
        if sheet.rows:
            words = re.sub(r"\W+", "_", f"{PurePath(name).stem}_{table.name or number}".lower()).strip("_")
            slug = f"t_{words}" if words[:1].isdigit() else words or "t"
            yield TableRow(
                name=f"{slug[:60]}_{digest[:8]}" + (f"_{number}" if len(sheets) > 1 else ""),
                sha256=digest,
                number=number,
                sheet=table.name,
                rows=sheet.rows,
                columns=json.dumps(table.columns),
            )
