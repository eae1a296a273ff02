"""An estimate in the form that ArviZ and xarray read, so that the tools of political scientists work on it.

The tree has the groups of ArviZ's InferenceData schema: ``posterior`` with draws (dimensions chain, draw, actor, session,
dimension), ``constant_data`` with what was estimated. xarray is an optional extra.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.errors import StorageError, UsageError
from onrecord.votes.estimate import Estimate
from onrecord.votes.scaling.gauge import GAUGES
from onrecord.votes.scaling.likelihood import Floats, Singles
from onrecord.votes.scaling.newton import factor_of

if TYPE_CHECKING:
    import xarray

DRAWS = 500

SAMPLED = "Draws of the published sampler, thinned evenly after its burn-in."
APPROXIMATION = (
    "Joint draws from the normal approximation at the mode: positions of all states in all sessions together, without what "
    "repeated texts tie between sessions far apart."
)


def to_xarray(estimate: Estimate, *, draws: int = DRAWS, seed: int = 0) -> xarray.DataTree:
    """The estimate as a tree of data sets.

    Args:
        draws: of all positions together, in one chain; at most as many as the sampler kept where it made the estimate.
        seed: of the draws, where no sampler made them.

    Returns:
        ``posterior``: position (chain, draw, actor, session, dimension), missing where a state did not vote.
        ``constant_data``: mean, sd, q05, q95 (actor, session, dimension), votes (actor, session), slope (item, dimension),
        cut_1, cut_2, item_votes (item). Attributes of the tree say gauge, method of the draws and convergence.

    Raises:
        UsageError: xarray is not installed, or the estimate has no intervals.
    """
    xr = _xarray()
    drawn = (
        sampled(estimate, draws) if estimate.fit.draws is not None else approximated(estimate, draws, seed)
    )
    points = estimate.points
    coords: dict[str, Any] = {
        "actor": points["actor"].unique().sort().to_list(),
        "session": points["session"].unique().sort().to_numpy(),
        "dimension": np.arange(1, estimate.dimensions + 1),
    }
    filled = {name: _cube(points, coords, name) for name in ("mean", "sd", "q05", "q95", "votes")}
    position = np.full((1, len(drawn), *filled["mean"].shape), np.nan, dtype=np.float32)
    seen = _seen(estimate)
    actor, session = _places(seen, coords, "actor"), _places(seen, coords, "session")
    position[0][:, actor, session] = drawn[:, seen["node"].to_numpy()]
    axes = tuple(coords)
    posterior = xr.Dataset(
        {"position": (("chain", "draw", *axes), position)},
        coords={"chain": [0], "draw": np.arange(len(drawn)), **coords},
        attrs={"method": APPROXIMATION if estimate.fit.draws is None else SAMPLED},
    )
    tree = xr.DataTree.from_dict(
        {"posterior": posterior, "constant_data": _constant(xr, estimate, coords, filled)}
    )
    plain = {
        key: int(value) if isinstance(value, bool) else value for key, value in estimate.diagnostics.items()
    }
    tree.attrs = {**plain, "inference_library": "onrecord"}
    return tree


def sampled(estimate: Estimate, draws: int) -> Singles:
    """At most so many of the sampler's own draws (draws, N, D), evenly thinned."""
    kept = estimate.fit.draws
    if kept is None:
        raise UsageError("No sampler made this estimate. Estimate with method='gibbs'.")
    return np.asarray(kept[np.unique(np.linspace(0, len(kept) - 1, min(draws, len(kept))).astype(int))])


def approximated(estimate: Estimate, draws: int, seed: int) -> Singles:
    """Joint draws (draws, N, D) around the mode, as wide as the intervals say."""
    fit, dims = estimate.fit, estimate.dimensions
    if fit.covariance is None:
        raise UsageError("An estimate without intervals has no posterior. Estimate with intervals=True.")
    spread = np.sqrt(np.diagonal(fit.covariance, axis1=1, axis2=2))
    wider = 1.0 if fit.pull is None else np.sqrt(1.0 + (fit.pull / spread) ** 2)
    factor = factor_of(estimate.design, GAUGES[estimate.gauge].shared_among(dims), dims, estimate.mode)
    noise = np.random.default_rng(seed).standard_normal((fit.theta.size, draws))
    away = factor.coloured(noise).T.reshape(draws, -1, dims) @ estimate.turn.matrix.T
    return np.asarray(fit.theta + wider * away, dtype=np.float32)


def write_netcdf(estimate: Estimate, path: Path, *, draws: int = DRAWS, seed: int = 0) -> None:
    """Write the tree as netCDF-4, which ``arviz.from_netcdf`` and ``xarray.open_datatree`` read.

    Raises:
        UsageError: xarray or h5netcdf is not installed, or the estimate has no intervals.
        StorageError: the file cannot be written.
    """
    tree = to_xarray(estimate, draws=draws, seed=seed)
    packed = {"position": {"zlib": True, "complevel": 1}}
    try:
        tree.to_netcdf(path, engine="h5netcdf", encoding={"/posterior": packed})
    except OSError as cause:
        raise StorageError(f"{path} could not be written: {cause.strerror or cause}.") from cause
    except (ImportError, ValueError) as cause:
        raise _lacking("h5netcdf") from cause


def _xarray() -> Any:
    try:
        import xarray  # noqa: PLC0415 - an optional extra
    except ImportError as cause:
        raise _lacking("xarray") from cause
    return xarray


def _lacking(library: str) -> UsageError:
    return UsageError(
        f"This needs {library}, which is not installed. Install it with `pip install 'onrecord[arviz]'`."
    )


def _cube(points: pl.DataFrame, coords: dict[str, Any], column: str) -> Floats:
    """One column of the points as an array (actor, session, dimension), nan where there is no point."""
    cube = np.full([len(labels) for labels in coords.values()], np.nan)
    cube[tuple(_places(points, coords, axis) for axis in coords)] = points[column].to_numpy()
    return cube


def _places(table: pl.DataFrame, coords: dict[str, Any], axis: str) -> NDArray[np.int64]:
    labels = list(coords[axis])
    return table[axis].replace_strict(labels, list(range(len(labels))), return_dtype=pl.Int64).to_numpy()


def _seen(estimate: Estimate) -> pl.DataFrame:
    """Actor, session and node of every state-session with a vote."""
    node = np.flatnonzero(estimate.design.voted > 0)
    return pl.DataFrame({**estimate.design.labels(node), "node": node})


def _constant(xr: Any, estimate: Estimate, coords: dict[str, Any], filled: dict[str, Floats]) -> Any:
    items = estimate.items
    slope = items.select(f"slope_{d + 1}" for d in range(estimate.dimensions)).to_numpy()
    told = {name: (tuple(coords), filled[name]) for name in ("mean", "sd", "q05", "q95")}
    votes = np.nan_to_num(filled["votes"][:, :, 0]).astype(np.int64)
    return xr.Dataset(
        {
            **told,
            "votes": (("actor", "session"), votes),
            "slope": (("item", "dimension"), slope),
            "cut_1": ("item", items["cut_1"].to_numpy()),
            "cut_2": ("item", items["cut_2"].to_numpy()),
            "item_votes": ("item", items["votes"].to_numpy()),
        },
        coords={**coords, "item": items["item"].cast(pl.String).to_list()},
    )
