"""Which columns of a table hold names, and what the other cells of a row say about the person named in it.

Column heads are read in several languages from ``headers.csv``, which is data: a head nobody listed makes no
column of names. Rows with facts ``=male`` and ``=female`` in it are words for a sex, not heads.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from onrecord.model.dates import PartialDate
from onrecord.search.named.mention import About

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_DAY = re.compile(
    r"(?<!\d)(1[89]\d\d|20\d\d)\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2}))?|(?<!\d)(1[89]\d\d|20\d\d)(\d\d)(\d\d)(?!\d)"
)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](1[89]\d\d|20\d\d)(?!\d)")
_NUMBER = re.compile(r"(?<!\d)(\d{6})((?:18|19|20)\d{6})(\d{3})[\dXx](?!\d)")
"""A Chinese identity number, GB 11643-1999: county, date of birth, order (odd for men), check character."""

HEAD_ROWS = 10
"""How many rows from the top may hold the heads: lists often begin with a title."""


@cache
def _words() -> dict[str, str]:
    text = files("onrecord.search.named").joinpath("headers.csv").read_text(encoding="utf-8")
    return {_key(row["word"]): row["fact"] for row in csv.DictReader(text.splitlines())}


def _key(head: str) -> str:
    """A head in lower case with nothing but letters and single spaces; what stands in brackets goes."""
    folded = re.sub(r"\(.*?\)", " ", unicodedata.normalize("NFKC", head).casefold())
    return " ".join("".join(c if c.isalpha() or c == "'" else " " for c in folded).split())


def fact_of(head: str | None) -> str | None:
    """What a column head says its cells are: name, given, family, father, born, sex, place, number; else None.

    A head in two languages (``姓名 Name``) counts if either half is known.
    """
    key = _key(head or "")
    if not key or len(key) > 60:
        return None
    words = key.split()
    tries = [key, key.replace(" ", "")]
    tries += [" ".join(words[:at]) for at in range(1, len(words)) if _scripts_meet(words, at)]
    tries += [" ".join(words[at:]) for at in range(1, len(words)) if _scripts_meet(words, at)]
    found = (_words().get(text) for text in tries)
    return next((fact for fact in found if fact and not fact.startswith("=")), None)


def _scripts_meet(words: Sequence[str], at: int) -> bool:
    """True where one language ends and another begins: on one side Latin letters, on the other none."""
    return words[at - 1].isascii() != words[at].isascii()


def heads_in(rows: Sequence[Sequence[str | None]]) -> tuple[int, dict[int, str]] | None:
    """The first row that names a column of names: its position and what each column holds; None if there is none."""
    for at, row in enumerate(rows[:HEAD_ROWS]):
        facts = {column: fact for column, cell in enumerate(row) if (fact := fact_of(cell))}
        if {"name", "given", "family"} & set(facts.values()) and sum(map(bool, row)) > (len(row) > 1):
            return at, facts
    return None


def about_in(cells: dict[str, list[str]]) -> About:
    """What a row says besides the name.

    Args:
        cells: the texts under each fact, in the order of the columns.
    """
    number = next((found for text in cells.get("number", ()) if (found := _NUMBER.search(text))), None)
    born = next((b for text in cells.get("born", ()) if (b := born_in(text))), None)
    sex = next((s for text in cells.get("sex", ()) if (s := sex_in(text))), None)
    return About(
        born=born or (born_in(number[2]) if number else None),
        sex=sex or (("male" if int(number[3]) % 2 else "female") if number else None),
        place=", ".join(cells.get("place", ())) or None,
        id_prefix=number[1] + number[2] if number else None,
        father=next(iter(cells.get("father", ())), None),
    )


def born_in(text: str) -> str | None:
    """A date of birth as ``1985``, ``1985-03`` or ``1985-03-01``; None where no year can be read."""
    if found := _DAY.search(text):
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
    elif found := _DAY_FIRST.search(text):
        day, month, year = found[1], found[2], found[3]
    elif found := _YEAR.search(text):
        return found[1]
    else:
        return None
    tries = [f"{year}-{int(month):02}-{int(day):02}"] if day else []
    return next(filter(_exists, (*tries, f"{year}-{int(month):02}")), str(year))


def _exists(date: str) -> bool:
    try:
        PartialDate.parse(date)
    except ValueError:
        return False
    return True


def sex_in(text: str) -> str | None:
    """``male`` or ``female``, from a word for it in one of the languages of the table."""
    fact = _words().get(_key(text), "")
    return fact[1:] if fact.startswith("=") else None
