"""An estimate as ArviZ and xarray read it."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from onrecord.errors import StorageError, UsageError
from onrecord.votes import ideal_points
from onrecord.votes.inference_data import approximated, to_xarray, write_netcdf


@pytest.fixture(scope="module")
def estimate(roll_calls):
    votes, calls, _ = roll_calls(states=12, sessions=3, items=12)
    return ideal_points(votes.filter(~((votes["iso3"] == "S00") & (votes["rcid"] < 2000))), calls)


def test_the_tree_holds_the_points_where_they_are_and_nothing_where_there_are_none(estimate):
    pytest.importorskip("xarray", reason="xarray is not installed")
    constant = to_xarray(estimate)["constant_data"]
    for row in estimate.points.to_dicts():
        place = {"actor": row["actor"], "session": row["session"], "dimension": 1}
        assert float(constant["mean"].sel(place)) == row["mean"]
        assert float(constant["q05"].sel(place)) == row["q05"]
        assert int(constant["votes"].sel(actor=row["actor"], session=row["session"])) == row["votes"]
    assert np.isnan(constant["mean"].sel(actor="S00", session=1, dimension=1))
    assert int(constant["votes"].sel(actor="S00", session=1)) == 0


def test_draws_spread_as_the_intervals_say(estimate):
    pytest.importorskip("xarray", reason="xarray is not installed")
    tree = to_xarray(estimate, draws=4000)
    drawn, told = tree["posterior"]["position"], tree["constant_data"]
    inside = ((drawn > told["q05"]) & (drawn < told["q95"])).mean(("chain", "draw"))
    known = inside.values[~np.isnan(told["mean"].values)]
    assert np.abs(known - 0.9).max() < 0.03


def test_draws_of_neighbouring_sessions_move_together(estimate):
    pytest.importorskip("xarray", reason="xarray is not installed")
    drawn = to_xarray(estimate, draws=4000)["posterior"]["position"].sel(actor="USA", dimension=1)[0].values
    assert np.corrcoef(drawn.T)[0, 1] > 0.2


@pytest.mark.parametrize("gauge", ["published", "free"])
def test_draws_of_several_axes_have_the_covariance_of_the_fit(roll_calls, gauge):
    pytest.importorskip("xarray", reason="xarray is not installed")
    votes, calls, _ = roll_calls(states=12, sessions=3, items=20)
    told = ideal_points(votes, calls, gauge=gauge, dimensions=2)
    drawn = approximated(told, 4000, 0)
    spread = np.sqrt(
        np.diagonal(told.fit.covariance, axis1=1, axis2=2)
        + (0 if told.fit.pull is None else told.fit.pull**2)
    )
    assert np.abs(drawn.std(axis=0) / spread - 1).max() < 0.1


def test_the_sampler_hands_over_its_own_draws(roll_calls, tmp_path):
    arviz = pytest.importorskip("arviz", reason="ArviZ is not installed")
    votes, calls, _ = roll_calls(states=12, sessions=3, items=12)
    told = ideal_points(votes, calls, method="gibbs", sweeps=160)
    write_netcdf(told, tmp_path / "sampled.nc", draws=50)
    opened = arviz.from_netcdf(tmp_path / "sampled.nc").posterior["position"]
    assert opened.sizes["chain"] == 1
    assert opened.sizes["draw"] == 50
    every = to_xarray(told)["posterior"]["position"].mean(("chain", "draw"))
    for row in told.points.head(9).to_dicts():
        place = {"actor": row["actor"], "session": row["session"], "dimension": 1}
        assert float(every.sel(place)) == pytest.approx(row["mean"], abs=1e-5)


def test_the_same_seed_draws_the_same(estimate):
    pytest.importorskip("xarray", reason="xarray is not installed")
    first, second, third = (to_xarray(estimate, draws=5, seed=seed)["posterior"] for seed in (1, 1, 2))
    assert first.equals(second)
    assert not first.equals(third)


def test_items_stand_beside_the_points(estimate):
    pytest.importorskip("xarray", reason="xarray is not installed")
    constant = to_xarray(estimate)["constant_data"]
    assert constant["cut_1"].shape == (estimate.items.height,)
    assert float(constant["slope"][0, 0]) == estimate.items["slope_1"][0]


def test_arviz_opens_the_file_and_summarises_it(estimate, tmp_path):
    arviz = pytest.importorskip("arviz", reason="ArviZ is not installed")
    write_netcdf(estimate, tmp_path / "estimate.nc", draws=1000)
    opened = arviz.from_netcdf(tmp_path / "estimate.nc")
    assert set(opened.groups()) >= {"posterior", "constant_data"}
    one = opened.posterior["position"].sel(actor="USA", session=2, dimension=1)
    row = estimate.points.filter(actor="USA", session=2).row(0, named=True)
    assert float(one.mean()) == pytest.approx(row["mean"], abs=4 * row["sd"] / 1000**0.5)
    summary = arviz.summary(opened.posterior.sel(session=2, actor=["USA", "RUS"]), kind="stats")
    assert len(summary) == 2


def test_two_axes_are_two_dimensions(roll_calls):
    pytest.importorskip("xarray", reason="xarray is not installed")
    votes, calls, _ = roll_calls(states=12, sessions=2, items=15)
    tree = to_xarray(ideal_points(votes, calls, dimensions=2), draws=3)
    assert tree["posterior"]["position"].sizes["dimension"] == 2


def test_without_xarray_it_says_how_to_get_it(estimate, monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(UsageError, match=r"pip install 'onrecord\[arviz\]'"):
        to_xarray(estimate)


def test_an_estimate_without_intervals_has_no_posterior(roll_calls):
    pytest.importorskip("xarray", reason="xarray is not installed")
    votes, calls, _ = roll_calls(states=12, sessions=2, items=12)
    with pytest.raises(UsageError, match="intervals=True"):
        to_xarray(ideal_points(votes, calls, intervals=False))


def test_a_file_that_cannot_be_written_is_named(estimate, tmp_path):
    pytest.importorskip("h5netcdf", reason="h5netcdf is not installed")
    with pytest.raises(StorageError, match=r"nowhere"):
        write_netcdf(estimate, tmp_path / "nowhere" / "estimate.nc", draws=2)
