"""Entries and originals for tests that care about bytes, not about what they say."""

from __future__ import annotations

import io
from collections.abc import Iterator

from onrecord.model.citation import Citation
from onrecord.model.kinds import Correction, Entry, Event, Source
from onrecord.record import Record

SOURCE = Source(id="source/paper", title="A paper", visibility="public")


def events(start: int, stop: int) -> Iterator[Event]:
    """Events numbered from ``start`` up to but without ``stop``, all citing :data:`SOURCE`."""
    cited = (Citation(source=SOURCE.id),)
    for number in range(start, stop):
        yield Event(
            id=f"event/{number}",
            date="2018-05",
            event_kind="detention",
            title=f"Something happened, Ürümchi №{number}",
            citations=cited,
            visibility="public",
        )


def fill(record: Record, batches: int = 3, each: int = 10) -> None:
    """Put several batches, a correction and two originals on record."""
    first: list[Entry] = [SOURCE]
    for batch in range(batches):
        record.enter([*first, *events(batch * each, (batch + 1) * each)])
        first = []
    record.enter(
        [Correction(id="correction/1", replaces="event/1", reason="A misprint.", changes={"date": "2019"})]
    )
    for content in (b"first original", b"second original" * 1000):
        kept = record.keep(io.BytesIO(content), tool="test", path="paper.pdf")
        title = f"Original {kept.sha256[:8]}"
        source = Source(id=f"source/{kept.sha256[:8]}", title=title, sha256=kept.sha256)
        cited = Event(
            id=f"event/of-{kept.sha256[:8]}",
            date="2020",
            event_kind="detention",
            title="Cited",
            citations=(Citation(source=source.id),),
        )
        record.enter([source, cited])
