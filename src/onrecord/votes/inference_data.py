"""An estimate in the form that ArviZ and xarray read, so that the tools of political scientists work on it.

The tree has the groups of ArviZ's InferenceData schema: ``posterior`` with draws (dimensions chain, draw, actor, session,
dimension), ``constant_data`` with what was estimated. xarray is an optional extra.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from onrecord.errors import StorageError, UsageError
from onrecord.votes.estimate import Estimate
from onrecord.votes.scaling.likelihood import Floats

if TYPE_CHECKING:
    import xarray

DRAWS = 500

APPROXIMATION = (
    "Draws are from the normal approximation to each position's own posterior, independent of one another: intervals and "
    "summaries of single positions hold, differences of neighbouring sessions look less certain than they are."
)


def to_xarray(estimate: Estimate, *, draws: int = DRAWS, seed: int = 0) -> xarray.DataTree:
    """The estimate as a tree of data sets.

    Args:
        draws: of each position, in one chain. seed: of the draws.

    Returns:
        ``posterior``: position (chain, draw, actor, session, dimension), missing where a state did not vote.
        ``constant_data``: mean, sd, q05, q95 (actor, session, dimension), votes (actor, session), slope (item, dimension),
        cut_1, cut_2, item_votes (item). Attributes of the tree say gauge, method of the draws and convergence.

    Raises:
        UsageError: xarray is not installed, or the estimate has no intervals.
    """
    xr = _xarray()
    if estimate.fit.covariance is None:
        raise UsageError("An estimate without intervals has no posterior. Estimate with intervals=True.")
    points = estimate.points
    coords: dict[str, Any] = {
        "actor": points["actor"].unique().sort().to_list(),
        "session": points["session"].unique().sort().to_numpy(),
        "dimension": np.arange(1, estimate.dimensions + 1),
    }
    filled = {name: _cube(points, coords, name) for name in ("mean", "sd", "q05", "q95", "votes")}
    noise = np.random.default_rng(seed).standard_normal((1, draws, *filled["mean"].shape), dtype=np.float32)
    position = (filled["mean"] + filled["sd"] * noise).astype(np.float32)
    axes = tuple(coords)
    posterior = xr.Dataset(
        {"position": (("chain", "draw", *axes), position)},
        coords={"chain": [0], "draw": np.arange(draws), **coords},
        attrs={"method": APPROXIMATION},
    )
    tree = xr.DataTree.from_dict(
        {"posterior": posterior, "constant_data": _constant(xr, estimate, coords, filled)}
    )
    plain = {
        key: int(value) if isinstance(value, bool) else value for key, value in estimate.diagnostics.items()
    }
    tree.attrs = {**plain, "inference_library": "onrecord"}
    return tree


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
    places = [
        points[axis].replace_strict(list(labels), list(range(len(labels)))).to_numpy()
        for axis, labels in coords.items()
    ]
    cube = np.full([len(labels) for labels in coords.values()], np.nan)
    cube[tuple(places)] = points[column].to_numpy()
    return cube


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
