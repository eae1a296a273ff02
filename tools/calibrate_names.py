"""Fit the weights that turn the evidence of parts into a probability, and say how true the probabilities are.

    python tools/calibrate_names.py ../shared/data/names/pairs.csv

Each half of the entities is scored with a channel trained on the other half (GPL rows left out), so that no
name is judged by a model that saw it. True pairs are two spellings of one entity in any two scripts, a third
of them changed: one careless letter, parts in another order, or a part left out. As many false pairs are the
closest wrong candidates a search finds, others are drawn at random; names of two parts put together from
single ones are added on both sides, the false ones sharing one part. Both sides weigh half. Logistic regression, the weights
of ``constant`` aside shrunk a little (ridge 1). Writes ``tables/calibration.csv`` and
``docs/names-calibration.csv``: predicted against observed per tenth, each half judged by weights fitted on the
other.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

sys.path.append(str(Path(__file__).parents[1] / "bench/names"))

from task import changed, folds
from train_names import LETTER_COLUMNS, TABLES, Row, read_pairs, train, usable, write

from onrecord.names.channel import Channel
from onrecord.names.compare import judged
from onrecord.names.errors import UnreadableName
from onrecord.names.index import Index
from onrecord.names.judge import FEATURES
from onrecord.names.parts import parse

COLUMNS = (*LETTER_COLUMNS, "hanzi", "pinyin")
RELIABILITY = Path(__file__).parents[1] / "docs/names-calibration.csv"
# Better evidence never lowers and a missing or displaced part never raises a probability, whatever the few
# full names among the entities would suggest; the last two bounds keep ranks sane where a fit is uncertain.
BOUNDS = [(None, None), (0.5, None), (0.5, None), (0.0, None), (None, 0.0), (-3.0, -0.5), (-1.0, -0.3)]
Sample = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def true_pairs(rows: Sequence[Row], draw: random.Random) -> Iterator[tuple[str, str]]:
    """At most three pairs of spellings an entity."""
    for row in rows:
        texts = [(c, s) for c in COLUMNS for s in row[c].split("|")[:2] if s]
        pairs = [(a, b) for (c, a), (d, b) in combinations(texts, 2) if c != d]
        for a, b in draw.sample(pairs, min(3, len(pairs))):
            change = draw.choice(("", "", "", "", "letter", "letter", "order", "missing"))
            yield (changed(a, change, draw) or a), b


def false_pairs(rows: Sequence[Row], channel: Channel, draw: random.Random) -> Iterator[tuple[str, str]]:
    """For each entity the closest wrong candidate among the others, and two at random."""
    places = [(at, s) for at, row in enumerate(rows) for c in COLUMNS for s in row[c].split("|")[:1] if s]
    index = Index.build([text for _, text in places], channel)
    for at, row in enumerate(rows):
        query = draw.choice([row[c].split("|")[0] for c in COLUMNS if row[c]])
        same = set(row["latin"].lower().split("|"))
        wrong = [
            position
            for position, _ in index.search(query, 40)
            if places[position][0] != at
            and not same & set(rows[places[position][0]]["latin"].lower().split("|"))
        ]
        chosen = [*wrong[:1], *draw.sample(wrong[1:], min(1, len(wrong[1:]))), draw.randrange(len(places))]
        yield from ((query, places[p][1]) for p in chosen if places[p][0] != at)


def made_pairs(
    rows: Sequence[Row], draw: random.Random, count: int = 700
) -> Iterator[tuple[str, str, float]]:
    """Names of two parts put together from single ones: (spelling, spelling, 1 for one name and 0 for two).

    There are few full names in the table. A false pair shares one part, as father and son or neighbours do; a
    true one is changed as in :func:`true_pairs`.
    """
    single = [row for row in rows if row["subset"] in ("part", "part-cn")]
    for at in range(2 * count):
        one, other, third = draw.sample(single, 3)
        columns = [c for c in COLUMNS if one[c] and other[c] and third[c]]
        if len(columns) < 2:
            continue
        a, b = draw.sample(columns, 2)
        query = _joined(a, (one, other))
        change = draw.choice(("", "", "", "", "letter", "letter", "order", "missing"))
        if at % 2:
            yield changed(query, change, draw) or query, _joined(b, (one, other)), 1.0
        else:
            shared = draw.choice(((one, third), (third, other), (other, third)))
            yield query, _joined(b, shared), 0.0


def _joined(column: str, rows: Sequence[Row]) -> str:
    return ("·" if column == "hanzi" else " ").join(row[column].split("|")[0] for row in rows)


def sample(rows: Sequence[Row], channel: Channel, draw: random.Random) -> Sample:
    """Features, 1 for true pairs, and weights that give both sides half the weight."""
    pairs = [(a, b, 1.0) for a, b in true_pairs(rows, draw)]
    pairs += [(a, b, 0.0) for a, b in false_pairs(rows, channel, draw)]
    pairs += made_pairs(rows, draw)
    found: list[tuple[tuple[float, ...], float]] = []
    for a, b, truth in pairs:
        try:
            found.append((judged(parse(a), parse(b), channel).features, truth))
        except UnreadableName:
            continue
    x = np.array([features for features, _ in found])
    y = np.array([truth for _, truth in found])
    return x, y, np.where(y > 0, 0.5 / y.sum(), 0.5 / (1 - y).sum()) * len(y)


def fit(x: NDArray[np.float64], y: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of the features by penalised maximum likelihood."""

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = x @ w
        ridge = np.append(0.0, w[1:])
        value = (weight * (np.logaddexp(0, z) - y * z)).sum() + 0.5 * (ridge**2).sum()
        return float(value), x.T @ (weight * (1 / (1 + np.exp(-z)) - y)) + ridge

    found: NDArray[np.float64] = minimize(
        loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=BOUNDS
    ).x
    return found


def reliability(
    predicted: NDArray[np.float64], y: NDArray[np.float64], weight: NDArray[np.float64]
) -> list[Row]:
    """Predicted and observed share of true pairs per tenth of the predictions."""
    rows = []
    for low in np.arange(0, 1, 0.1):
        inside = (predicted >= low) & (predicted < low + 0.1 + (low > 0.85))
        total = weight[inside].sum()
        rows.append(
            {
                "predicted from": f"{low:.1f}",
                "pairs": str(int(inside.sum())),
                "mean predicted": f"{(weight * predicted)[inside].sum() / max(total, 1e-9):.3f}",
                "observed": f"{(weight * y)[inside].sum() / max(total, 1e-9):.3f}",
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    args = parser.parse_args()
    samples = []
    for training, tested in folds(read_pairs(args.pairs)):
        tables = train(usable(training))
        channel = Channel(*(tables[name] for name in ("units.csv", "channel.csv", "sounds.csv")))
        # Rows under the GPL shape nothing that is shipped, the weights included.
        samples.append(sample(usable(tested), channel, random.Random(0)))
    crossed = [1 / (1 + np.exp(-samples[side][0] @ fit(*samples[1 - side]))) for side in (0, 1)]
    x, y, weight = (np.concatenate([s[k] for s in samples]) for k in range(3))
    rows = reliability(np.concatenate(crossed), y, weight)
    values = fit(x, y, weight)
    write(
        {
            "calibration.csv": [
                {"feature": f, "weight": f"{v:.4f}"} for f, v in zip(FEATURES, values, strict=True)
            ]
        },
        TABLES,
    )
    with RELIABILITY.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(RELIABILITY.read_text(), (TABLES / "calibration.csv").read_text())
    p = np.clip(np.concatenate(crossed), 1e-12, 1 - 1e-12)
    error = sum(
        float(r["pairs"]) * abs(float(r["observed"]) - float(r["mean predicted"])) for r in rows
    ) / len(y)
    print(
        f"{len(y)} pairs; log loss {-(weight * (y * np.log(p) + (1 - y) * np.log(1 - p))).mean():.3f} nats;"
    )
    print(f"mean distance of observed from predicted {error:.3f}")


if __name__ == "__main__":
    main()
