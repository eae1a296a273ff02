"""Read votes, roll calls and links from a folder, fit them once, and print the largest memory of this process."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl
from common import peak_mb

from onrecord.votes import ideal_points


def main() -> None:
    """Print JSON: peak_mb, state_sessions."""
    folder = Path(sys.argv[1])
    votes, calls, links = (
        pl.read_parquet(folder / f"{name}.parquet") for name in ("votes", "calls", "links")
    )
    points = ideal_points(votes, calls, links=links).points
    sys.stdout.write(json.dumps({"peak_mb": peak_mb(), "state_sessions": points.height}))


if __name__ == "__main__":
    main()
