"""Nothing was lost on the way from the compiled tables into the shipped record."""

from __future__ import annotations

from onrecord.model.kinds import Entry, Event, Figure, Instrument, Membership, Position, Promise, Quote

Rows = dict[str, list[dict[str, str]]]


def ids(rows: list[dict[str, str]]) -> set[str]:
    """The ids of compiled rows."""
    return {row["id"] for row in rows}


def test_every_compiled_row_is_an_entry_of_the_same_id(entries: dict[str, Entry], compiled: Rows) -> None:
    for name in ("events", "promises", "cases", "figures", "quotes"):
        assert ids(compiled[f"process/{name}.csv"]) <= set(entries), name
    assert ids(compiled["positions/instruments.csv"]) <= set(entries)
    assert {row["source_id"] for row in compiled["process/sources.csv"]} <= set(entries)


def test_positions_are_the_compiled_acts_and_no_others(
    by_kind: dict[str, list[Entry]], compiled: Rows
) -> None:
    rows = {(r["instrument_id"], r["iso3"], r["position"]) for r in compiled["positions/positions.csv"]}
    found = {(e.instrument, e.actor, e.act) for e in by_kind["position"] if isinstance(e, Position)}
    assert len(rows) == 828
    assert found == rows


def test_terms_and_groups_are_the_compiled_ones(by_kind: dict[str, list[Entry]], compiled: Rows) -> None:
    seats = [e for e in by_kind["membership"] if isinstance(e, Membership)]
    terms = {(r["iso3"], r["start"], r["end"]) for r in compiled["hrc/membership.csv"]}
    assert {(e.actor, e.start, e.end) for e in seats if e.of == "hrc"} == terms
    group = {e.actor: e.of for e in seats if e.of.startswith("group-")}
    words = {
        r["iso3"]: "group-" + r["group"].lower().replace("_", "-")
        for r in compiled["hrc/regional_groups.csv"]
    }
    assert group == words
    assert sum(e.of == "oic" for e in seats) == 57


def test_instruments_and_kinds_are_counted_as_compiled(
    by_kind: dict[str, list[Entry]], compiled: Rows
) -> None:
    for kind, name in {
        "instrument": "positions/instruments.csv",
        "promise": "process/promises.csv",
        "person": "process/cases.csv",
        "quote": "process/quotes.csv",
    }.items():
        assert len(by_kind[kind]) == len(compiled[name]), kind


def test_instruments_say_what_the_compiled_rows_say(entries: dict[str, Entry], compiled: Rows) -> None:
    with_list = {row["instrument_id"] for row in compiled["positions/positions.csv"]}
    for row in compiled["positions/instruments.csv"]:
        text = entries[row["id"]]
        assert isinstance(text, Instrument)
        assert (text.title, text.side, text.topic, text.body, text.instrument_kind) == (
            row["title"],
            row["side"],
            row["topic"],
            row["body"],
            row["kind"],
        )
        assert (text.symbol or "", str(text.stated_count or ""), ";".join(text.lead)) == (
            row["symbol"],
            row["stated_count"],
            row["lead"],
        )
        known = row["status"] if row["id"] in with_list or row["status"] != "complete" else "partial"
        assert text.list_status == known, f"{text.id}: a list that is not carried is not complete"


def test_what_a_row_says_and_where_it_stands_came_over(entries: dict[str, Entry], compiled: Rows) -> None:
    for row in compiled["process/events.csv"]:
        event = entries[row["id"]]
        assert isinstance(event, Event)
        assert (event.title, event.detail or "") == (row["title"], row["detail"])
        assert row["date"].startswith(event.date)
    for row in compiled["process/figures.csv"]:
        figure = entries[row["id"]]
        assert isinstance(figure, Figure)
        assert (figure.value, figure.numerator or "", figure.denominator or "") == (
            row["value"],
            row["numerator"],
            row["denominator"],
        )
    for row in compiled["process/promises.csv"]:
        promise = entries[row["id"]]
        assert isinstance(promise, Promise)
        assert row["note"].startswith(f"class={promise.promise_class}.")
        assert promise.what == row["what"]


def test_quotations_are_phrases_of_the_words_on_file_and_never_longer(
    entries: dict[str, Entry], compiled: Rows
) -> None:
    for row in compiled["process/quotes.csv"]:
        quote = entries[row["id"]]
        assert isinstance(quote, Quote)
        assert quote.text in row["text"]
        assert quote.text != row["text"] or len(row["text"].split()) <= 4, f"{quote.id} is the whole sentence"


def test_every_citation_on_file_is_kept(entries: dict[str, Entry], compiled: Rows) -> None:
    cited = {(i, c.source) for i, entry in entries.items() for c in entry.citations}
    assert {(r["row_id"], r["source_id"]) for r in compiled["process/sources.csv"]} <= cited
    instruments = {r["instrument_id"] for r in compiled["positions/sources.csv"]}
    for instrument in instruments:
        on_file = sum(r["instrument_id"] == instrument for r in compiled["positions/sources.csv"])
        assert sum(entry == instrument for entry, _ in cited) >= on_file, instrument
