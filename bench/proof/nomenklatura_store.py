"""The peer of appending.py: nomenklatura's SQL statement store. Run in an environment that has it installed.

    python nomenklatura_store.py DATABASE ENTRIES

Prints the figures as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version

from followthemoney import Dataset, StatementEntity
from nomenklatura.resolver import Linker
from nomenklatura.store.sql import SQLStore
from sqlalchemy import create_engine


def main(path: str, entries: int) -> None:
    dataset = Dataset({"name": "bench", "title": "Bench"})
    store = SQLStore(dataset, Linker({}), create_engine(f"sqlite:///{path}"))
    wall, cpu = time.perf_counter(), time.process_time()
    with store.writer() as writer:
        for number in range(entries):
            title = f"Something happened at place {number % 1000}, day {number % 365}"
            properties = {
                "name": [title],
                "date": ["2018-05"],
                "keywords": ["detention"],
                "sourceUrl": ["https://example.org/source"],
            }
            fields = {"id": f"event-{number}", "schema": "Event", "properties": properties}
            writer.add_entity(StatementEntity.from_data(dataset, fields))
    append = {
        "append_cpu_s": time.process_time() - cpu,
        "append_wall_s": time.perf_counter() - wall,
    }
    wall, cpu = time.perf_counter(), time.process_time()
    count = sum(1 for _ in store.default_view().entities())
    assert count == entries, count
    read = {"read_cpu_s": time.process_time() - cpu, "read_wall_s": time.perf_counter() - wall}
    print(json.dumps({**append, **read, "version": version("nomenklatura")}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
