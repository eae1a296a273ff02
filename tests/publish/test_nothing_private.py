"""No private byte leaves: random records, with a token in every field, through both ways to the public."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.publish.site import publish_site
from onrecord.record import PUBLIC, Record
from onrecord.serve.app import make_app

from ..browsing import asking
from ..record.planted import Planted, everything, planted, readable

TODAY = date(2026, 11, 22)


def tokens(words: str) -> set[str]:
    return set(re.findall(r"q\d{5}q", words))


def words_of(path: str, data: bytes) -> str:
    """A file as words, a Parquet file decoded: all its cells, its columns and what it says of itself."""
    if not path.endswith(".parquet"):
        return data.decode()
    frame = pl.read_parquet(io.BytesIO(data))
    return repr(frame.to_dicts()) + repr(pl.read_parquet_metadata(io.BytesIO(data)))


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "assets" not in file.parts:
            yield file.relative_to(folder).as_posix(), file.read_bytes()


def answers(made: Planted, published: list[str]) -> Iterator[tuple[str, str]]:
    """Every live answer: where a public page or file is, and wherever a hidden entry could be asked for."""
    asked_for = [path.removesuffix("index.html") for path in published if path != "search/index.json"]
    guessed = [
        f"{room}/{entry}/" for entry in made.first for room in ("entries", "people", "sources", "states")
    ]
    with asking(make_app(made.record, today=lambda: TODAY)) as client:
        for path in dict.fromkeys([*asked_for, *guessed, *(f"{path}entry.json" for path in guessed)]):
            answer = client.get(path)
            yield path, echoed(path, answer)
        for word in sorted(everything(made)):
            answer = client.get("search/", params={"q": word})
            yield f"search {word}", echoed(word, answer)


def echoed(asked: str, answer: httpx.Response) -> str:
    """The words of an answer. Where it finds nothing it says what was asked for, which the asker knew already."""
    nothing = answer.status_code == 404 or "0 entries have all of these words" in answer.text
    words = words_of(asked, answer.content)
    for known in tokens(asked) if nothing else ():
        words = words.replace(known, "")
    return words


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_nothing_but_what_the_public_may_read_is_published_or_served(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("site")
    made: Planted = data.draw(planted(Record.create(folder / "record", title="A record")))
    ids, allowed = readable(made, "public")
    publish_site(made.record, folder / "out", when=TODAY)
    frozen = dict(files(folder / "out"))
    left: dict[str, set[str]] = {path: tokens(path + words_of(path, body)) for path, body in frozen.items()}
    for path, words in answers(made, list(frozen)):
        left[f"live {path}"] = tokens(words)
    assert {path: found - allowed for path, found in left.items() if found - allowed} == {}
    assert made.record.as_seen_by(PUBLIC).ids == ids
    current = {word for entry in ids for word in tokens(entry)}
    assert current <= set().union(*left.values()), "what the public may see is there"
