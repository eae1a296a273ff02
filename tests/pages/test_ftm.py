"""What goes out as FollowTheMoney is read whole by the library itself."""

from __future__ import annotations

import json

from followthemoney import model
from followthemoney.proxy import EntityProxy

from onrecord.pages.ftm import as_ftm
from onrecord.record import PUBLIC, Record

KINDS = (
    "actor",
    "person",
    "event",
    "instrument",
    "position",
    "membership",
    "promise",
    "figure",
    "quote",
    "source",
)


def entities(record: Record) -> list[dict[str, object]]:
    view = record.as_seen_by(PUBLIC)
    ids = [entry_id for kind in KINDS for entry_id in view.table(kind)["id"]]
    return [json.loads(line) for line in as_ftm(view, ids).splitlines()]


def test_the_library_reads_every_entity_and_drops_nothing(xinjiang: Record) -> None:
    lost = []
    for entity in entities(xinjiang):
        proxy = EntityProxy.from_dict({**entity, "properties": {}})
        given = entity["properties"]
        assert isinstance(given, dict)
        for name, values in given.items():
            proxy.add(name, values)
            if len(proxy.get(name)) < len(values):
                lost.append((entity["id"], name, values))
    assert lost == []


def test_every_entry_of_these_kinds_goes_over_once(xinjiang: Record) -> None:
    view = xinjiang.as_seen_by(PUBLIC)
    ids = [str(entity["id"]) for entity in entities(xinjiang)]
    assert len(ids) == len(set(ids)) == sum(view.table(kind).height for kind in KINDS)


def test_schemata_are_the_librarys(xinjiang: Record) -> None:
    assert all(model.get(str(entity["schema"])) for entity in entities(xinjiang))
