"""Codes of publishers as the codes of seats that this house uses: withdrawn codes, the Chinese seat, Yugoslavia's two."""

from __future__ import annotations

from datetime import date

import polars as pl

WITHDRAWN = {
    "BUR": "MMR",
    "BYS": "BLR",
    "DHY": "BEN",
    "FRG": "DEU",
    "GDR": "DDR",
    "GER": "DEU",
    "HVO": "BFA",
    "KHR": "KHM",
    "ROM": "ROU",
    "SCG": "SRB",
    "SUN": "RUS",
    "TMP": "TLS",
    "USR": "RUS",
    "YAR": "YEM",
    "YDE": "YMD",
    "YMN": "YEM",
    "ZAR": "COD",
}
"""Codes that are no longer, or never were, in ISO 3166-1, and the seat that each stands for."""

CHINESE_SEAT_CHANGED = date(1971, 10, 25)
YUGOSLAVIA_ADMITTED_AGAIN = date(2000, 11, 1)


def seat(code: str, day: str) -> pl.Expr:
    """The seat that a state code stands for on a day (a Date column).

    The Chinese seat is TWN until 25 October 1971 (A/RES/2758(XXVI)) and CHN after; Yugoslavia's is YUG until the Federal
    Republic was admitted as a new member on 1 November 2000, and SRB after.
    """
    named = pl.col(code).str.strip_chars().str.to_uppercase()
    kept = named.replace(WITHDRAWN)
    return (
        pl.when((kept == "CHN") & (pl.col(day) < CHINESE_SEAT_CHANGED))
        .then(pl.lit("TWN"))
        .when((kept == "YUG") & (pl.col(day) >= YUGOSLAVIA_ADMITTED_AGAIN))
        .then(pl.lit("SRB"))
        .otherwise(kept)
    )
