"""A small, seeded version of benchmarks/statistics.py: what is claimed must hold."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.worlds import World, accuracies, change_tally, covers, gap_tally
from reasongap.analysis.gap import delta_of
from reasongap.analysis.joint import joint_of
from reasongap.analysis.sample import accuracy

STUDIES = 400


def test_a_world_has_the_accuracies_that_it_names() -> None:
    world = World(((0.8, 0.6, -0.1), (0.9, 0.7, 0.0)), n=2000, coupled=True)
    found = sum(grades.mean(axis=1) for grades in world.studies(20)) / 20
    wanted = np.array([accuracies(truth) for truth in world.truths])
    assert found == pytest.approx(wanted, abs=0.015)


@pytest.mark.parametrize("coupled", [False, True])
@pytest.mark.parametrize("truth", [(0.85, 0.85, -0.3), (0.6, 0.7, -0.1), (0.35, 0.6, 0.0)])
def test_intervals_of_the_gap_cover_with_twenty_blocks(
    truth: tuple[float, float, float], coupled: bool
) -> None:
    tally = gap_tally(World((truth,), coupled=coupled), STUDIES, resamples=500)
    assert 0.92 <= tally["Δ"] / STUDIES <= 0.98
    assert 0.92 <= tally["S_comp"] / STUDIES <= 0.98


def test_intervals_of_twenty_items_cover() -> None:
    tally = gap_tally(World(((0.6, 0.7, -0.1),), n=20, block=1), STUDIES, resamples=500)
    assert tally["Δ"] / STUDIES >= 0.92


def test_in_sparse_cells_the_smoothed_interval_covers_where_percentiles_do_not() -> None:
    tally = gap_tally(World(((0.1, 0.1, 0.0),), n=100, block=1), STUDIES, resamples=500)
    assert tally["Δ"] / STUDIES >= 0.95
    assert tally["plain percentile"] / STUDIES < 0.8


@pytest.mark.parametrize(
    ("gain", "loss"), [(0.005, 0.0), (0.02, 0.0), (0.05, 0.01), (0.02, 0.02), (0.05, 0.05)]
)
def test_intervals_of_changes_cover_where_strategies_seldom_differ(
    gain: float, loss: float
) -> None:
    rng, truth = np.random.default_rng(0), gain - loss
    rise, gap_change = accuracy(5) - accuracy(2), delta_of(slice(3, 6)) - delta_of(slice(3))
    tally = np.zeros(2)
    for _ in range(STUDIES):
        before = (rng.random((100, 3)) < (0.75, 0.75, 0.5)).astype(float)
        flips = rng.random(100) < np.where(before[:, 2] == 1, 2 * loss, 2 * gain)
        after = np.column_stack([before[:, :2], np.abs(before[:, 2] - flips)])
        joint = joint_of(np.hstack([before, after]), np.arange(100))
        draws = joint.resampled(500, seed=0)
        tally += [covers(joint.interval(s, draws), truth) for s in (rise, gap_change)]
    assert (tally / STUDIES >= 0.93).all()


@pytest.mark.parametrize("block", [1, 10])
def test_tests_reject_a_true_null_no_more_often_than_they_say(block: int) -> None:
    truth = (0.6, 0.7, -0.1)
    tally = change_tally(World((truth, truth), block=block), STUDIES, resamples=200)
    assert 0.02 <= tally["Wald rejects"] / STUDIES <= 0.08
    assert tally["McNemar rejects composed"] / STUDIES <= 0.07
