"""The same question with the place of every row in its answer, where its rows are rows of the tables it asks.

A SELECT of columns says nothing of where its rows stand unless it asks for that. Here the place of each row is put
behind what was asked for: ``_document``, ``_sheet`` and ``_row`` for a table found in a document, ``_entry`` for a kind
of entry. A query that counts, groups, unites or thins out rows makes new ones; these stand nowhere and get no place.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Set
from typing import Any

import duckdb

ROW = ("_document", "_sheet", "_row")
"""The columns that lead to a row of a table in a document."""
ENTRY = "_entry"
"""The column that leads to an entry."""


LISTING = "tables"
"""The list of the tables themselves: each row leads to a document, by its column of that name."""

NO_PLACES = (
    "No row of this answer stands in a document: the query counts, groups, unites or thins out rows. "
    "Ask for the rows themselves to be led to their places."
)
"""What to say of an answer whose rows have no place."""


def leads_back(columns: Collection[str]) -> bool:
    """Whether rows with these columns lead to where they are from: a row, an entry or, in the list of tables, a document."""
    return is_placed(columns) or "document" in columns


def is_placed(columns: Collection[str]) -> bool:
    """Whether an answer with these columns says where its rows stand."""
    return ENTRY in columns or {"_document", "_row"} <= set(columns)


def traced(engine: duckdb.DuckDBPyConnection, query: str, columns: Set[str], kinds: Set[str]) -> str | None:
    """The query with the places of its rows behind its columns, or None where its rows have none.

    Args:
        engine: parses the query; nothing is asked of it.
        query: one SELECT.
        columns: what the query asks for; of these none is added.
        kinds: the tables that hold entries; any other may be one of a document.
    """
    tree = json.loads(_told(engine, "select json_serialize_sql(?)", query))
    if tree["error"] or len(tree["statements"]) != 1 or not _keeps_rows(tree["statements"][0]["node"]):
        return None
    node = tree["statements"][0]["node"]
    tables = list(_tables(node["from_table"]))
    places = [place for number, table in enumerate(tables) for place in _places(table, number, kinds)]
    if not places or (len(tables) > 1 and not columns.isdisjoint(ROW)):
        return None
    node["select_list"] += [place for place in places if place["alias"] not in columns]
    return _told(engine, "select json_deserialize_sql(?)", json.dumps(tree))


def _told(engine: duckdb.DuckDBPyConnection, question: str, about: str) -> str:
    (answer,) = engine.execute(question, [about]).fetchall()
    return str(answer[0])


def _keeps_rows(node: dict[str, Any]) -> bool:
    """Whether each row of the answer is one row of each table; that it counts none the engine finds out itself."""
    return (
        node["type"] == "SELECT_NODE"
        and not node["group_sets"]
        and node["aggregate_handling"] == "STANDARD_HANDLING"
        and all(modifier["type"] != "DISTINCT_MODIFIER" for modifier in node["modifiers"])
    )


def _tables(source: dict[str, Any]) -> Iterator[dict[str, Any]]:
    match source["type"]:
        case "BASE_TABLE":
            yield source
        case "JOIN":
            yield from _tables(source["left"])
            if source["join_type"] not in ("SEMI", "ANTI"):
                yield from _tables(source["right"])


def _places(table: dict[str, Any], number: int, kinds: Set[str]) -> Iterator[dict[str, Any]]:
    """The columns that say where a row of the table stands, named as those of joined tables are told apart."""
    name, apart = table["alias"] or table["table_name"], f"_{number}" if number else ""
    if table["table_name"].lower() == LISTING:
        yield _column(name, "document", "document" + apart)
    elif table["table_name"].lower() in kinds:
        yield _column(name, "id", ENTRY + apart)
    else:
        for column in ROW:
            yield _column(name, column, column + apart)


def _column(table: str, name: str, alias: str) -> dict[str, Any]:
    return {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": alias, "column_names": [table, name]}
