from __future__ import annotations

import itertools

import numpy as np
import pytest
import statsmodels.api as sm  # type: ignore[import-untyped]
from scipy import stats

from reasongap.analysis.items import FloatArray, IntArray
from reasongap.analysis.joint import Joint, Statistic, joint_of
from reasongap.analysis.sample import accuracy
from reasongap.errors import UsageError


def sample(seed: int = 0, n: int = 120, block: int = 6) -> tuple[FloatArray, IntArray]:
    """Grades in three columns that share a block effect, in blocks of unequal size."""
    rng = np.random.default_rng(seed)
    blocks = np.sort(rng.integers(0, n // block, n))
    shared = rng.normal(size=n)[blocks, None]
    return np.asarray(rng.normal(size=(n, 3)) + shared < 0.3, dtype=float), blocks


def product(s: FloatArray) -> FloatArray:
    return np.asarray(s[..., 2] - s[..., 0] * s[..., 1])


GAP = Statistic(product, lambda s: np.array([-s[1], -s[0], 1.0]))
CHANGE = accuracy(1) - accuracy(0)
FIRST = Statistic(lambda s: np.asarray(s[..., 0]), lambda s: np.eye(len(s))[0], (0.0, 1.0))


def test_answers_are_summed_by_block() -> None:
    joint = joint_of(np.array([[1.0, 0], [0, 0.5], [1, 1]]), np.array([7, 3, 7]))
    assert joint.sums.tolist() == [[0, 0.5], [2, 1]]
    assert joint.sizes.tolist() == [1, 2]
    assert joint.means == pytest.approx([2 / 3, 0.5])


def test_without_clusters_the_covariance_is_that_of_means() -> None:
    correct, _ = sample()
    means, covariance = joint_of(correct, np.arange(len(correct))).smoothed(0)
    assert means == pytest.approx(correct.mean(axis=0))
    assert covariance == pytest.approx(np.cov(correct.T) / len(correct))


def test_with_clusters_the_variance_is_the_cluster_robust_one_of_statsmodels() -> None:
    correct, blocks = sample()
    _, covariance = joint_of(correct, blocks).smoothed(0)
    for column in range(3):
        model = sm.OLS(correct[:, column], np.ones(len(correct)))
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": blocks})
        assert covariance[column, column] == pytest.approx(fit.bse[0] ** 2)


def test_smoothing_adds_items_that_answer_at_random() -> None:
    correct, _ = sample(n=40, block=1)
    cells = np.array(list(itertools.product((0.0, 1.0), repeat=3)))
    weights = np.concatenate([np.ones(len(correct)), np.full(8, 2 / 8)])
    rows = np.concatenate([correct, cells])
    expected = weights @ rows / 42
    scale = np.concatenate([np.full(len(correct), 40 / 39), np.ones(8)]) * weights
    residuals = rows - expected
    means, covariance = joint_of(correct, np.arange(40)).smoothed(2)
    assert means == pytest.approx(expected)
    assert covariance == pytest.approx((residuals.T * scale) @ residuals / 42**2)


@pytest.mark.parametrize("clustered", [True, False])
def test_resampling_agrees_with_drawing_blocks_one_by_one(clustered: bool) -> None:
    correct, blocks = sample()
    blocks = blocks if clustered else np.arange(len(correct))
    names = np.unique(blocks)
    rng = np.random.default_rng(5)
    brute = []
    for _ in range(4000):
        drawn = rng.choice(names, len(names))
        rows = np.concatenate([np.flatnonzero(blocks == name) for name in drawn])
        brute.append(product(correct[rows].mean(axis=0)))
    fast = product(joint_of(correct, blocks).draws(20_000, seed=0))
    levels = (0.025, 0.25, 0.5, 0.75, 0.975)
    assert np.quantile(fast, levels) == pytest.approx(np.quantile(brute, levels), abs=0.008)
    assert fast.std() == pytest.approx(np.std(brute), rel=0.05)


def test_many_resamples_come_in_parts_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    joint = joint_of(*sample())
    monkeypatch.setattr("reasongap.analysis.joint._CHUNK", 70)
    assert joint.draws(25, seed=0).shape == (25, 3)


def test_the_same_seed_gives_the_same_draws() -> None:
    joint = joint_of(*sample())
    assert np.array_equal(joint.draws(50, seed=3), joint.draws(50, seed=3))
    assert not np.array_equal(joint.draws(50, seed=3), joint.draws(50, seed=4))


def test_the_percentiles_widen_as_blocks_get_fewer() -> None:
    draws = np.random.default_rng(0).normal(size=(200_000, 1))
    for blocks in (12, 20, 2000):
        low, high = Joint(np.ones((blocks, 1)), np.ones(blocks)).interval(FIRST, draws)
        half = stats.t.ppf(0.975, blocks - 1) * (blocks / (blocks - 1)) ** 0.5
        assert (low, high) == pytest.approx((-half, half), abs=0.02)


@pytest.mark.parametrize(
    ("right", "dense"),
    [
        ([0] * 10 + [3] * 10, True),
        ([0] * 9 + [3] * 11, False),
        ([0] * 11 + [3] * 9, False),
        ([1] * 10, True),
        ([1] * 9, False),
        ([3] * 50, False),
    ],
)
def test_cells_are_dense_where_ten_blocks_have_a_right_and_ten_a_wrong_answer(
    right: list[int], dense: bool
) -> None:
    joint = Joint(np.array(right, dtype=float)[:, None], np.full(len(right), 3.0))
    assert joint.dense is dense
    assert (joint.resampled(5, seed=0) is not None) is dense


def paired(gained: int, lost: int, n: int = 100) -> Joint:
    """Half of n items right before, then so many gained and lost."""
    before = np.repeat([0.0, 1.0], n // 2)
    after = before.copy()
    after[:gained], after[n - lost :] = 1, 0
    return joint_of(np.column_stack([before, after]), np.arange(n))


@pytest.mark.parametrize(("gained", "lost", "enough"), [(0, 0, False), (9, 0, False), (5, 5, True)])
def test_a_difference_is_resampled_where_ten_blocks_differ(
    gained: int, lost: int, enough: bool
) -> None:
    joint = paired(gained, lost)
    assert joint.dense
    assert joint.differs(CHANGE) is enough
    draws = joint.resampled(500, seed=0)
    assert (joint.interval(CHANGE, draws) != joint.interval(CHANGE, None)) is enough


def test_repeats_that_differ_by_rounding_alone_do_not_differ() -> None:
    thirds = np.full((20, 1), 0.1) * 3
    joint = Joint(np.column_stack([thirds, np.full(20, 0.3)]), np.ones(20))
    assert not joint.differs(CHANGE)


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (5, 0), (3, 2)])
def test_a_smoothed_difference_of_accuracies_adds_four_items_at_random(
    gained: int, lost: int
) -> None:
    change, shift = (gained - lost) / 100, (gained - lost) / 104
    squares = gained * (1 - shift) ** 2 + lost * (1 + shift) ** 2
    squares += (100 - gained - lost) * shift**2
    imagined = 4 * (0.5 + shift**2)
    half = stats.t.ppf(0.975, 99) * (squares * 100 / 99 + imagined) ** 0.5 / 104
    joint = paired(gained, lost)
    assert joint.interval(CHANGE, joint.resampled(50, 0)) == pytest.approx(
        (change - half, change + half)
    )


@pytest.mark.parametrize(("gained", "clear"), [(3, False), (4, False), (6, True), (9, True)])
def test_few_gains_are_clear_where_the_exact_test_says_so(gained: int, clear: bool) -> None:
    joint = paired(gained, 0)
    low, _ = joint.interval(CHANGE, joint.resampled(500, seed=0))
    assert (low > 0) is clear
    assert (2 * 0.5**gained < 0.05) is clear


def test_the_error_is_that_of_the_delta_method() -> None:
    correct, _ = sample(n=60)
    blocks = np.arange(60)
    _, covariance = joint_of(correct, blocks).smoothed(2)
    s1, s2, _ = (60 * correct.mean(axis=0) + 1) / 62
    v = covariance
    expected = (
        s2**2 * v[0, 0]
        + s1**2 * v[1, 1]
        + v[2, 2]
        + 2 * s1 * s2 * v[0, 1]
        - 2 * s2 * v[0, 2]
        - 2 * s1 * v[1, 2]
    )
    assert joint_of(correct, blocks).error(GAP) == pytest.approx(expected**0.5)


def test_without_draws_the_interval_is_wald_around_the_estimate() -> None:
    joint = joint_of(*sample())
    low, high = joint.interval(GAP, None)
    assert (low + high) / 2 == pytest.approx(float(product(joint.means)))
    t = stats.t.ppf(0.975, joint.blocks - 1)
    assert high - low == pytest.approx(2 * t * joint.error(GAP))


def test_the_p_value_is_below_5_percent_where_the_wald_interval_excludes_0() -> None:
    for seed in range(30):
        joint = joint_of(*sample(seed, n=300))
        low, high = joint.interval(GAP, None)
        assert (joint.p_value(GAP) < 0.05) == (low > 0 or high < 0)


def test_one_block_says_nothing_about_chance() -> None:
    joint = joint_of(np.array([[1.0, 1, 0], [1, 0, 0]]), np.array([0, 0]))
    assert joint.interval(GAP, joint.resampled(100, 0)) == (-1.0, 1.0)
    assert joint.accuracy_intervals() == ((0.0, 1.0),) * 3
    assert joint.p_value(GAP) == 1.0


def test_accuracy_intervals_are_those_of_agresti_and_coull_where_items_are_independent() -> None:
    right, n = 37, 50
    correct = np.array([[1.0]] * right + [[0.0]] * (n - right))
    ((low, high),) = joint_of(correct, np.arange(n)).accuracy_intervals()
    share = (right + 2) / (n + 4)
    half = stats.t.ppf(0.975, n - 1) * (share * (1 - share) / (n + 4)) ** 0.5
    assert (low, high) == pytest.approx((share - half, share + half), abs=0.002)


def test_accuracy_intervals_stay_open_at_the_ceiling() -> None:
    ((low, high),) = joint_of(np.ones((20, 1)), np.arange(20)).accuracy_intervals()
    assert 0.75 < low < 0.9
    assert high == 1.0


def test_shared_blocks_widen_the_accuracy_interval() -> None:
    correct = np.repeat([[1.0], [0.0]], 50, axis=0)
    ((low, high),) = joint_of(correct, np.arange(100)).accuracy_intervals()
    ((lower, higher),) = joint_of(correct, np.arange(100) // 10).accuracy_intervals()
    assert higher - lower > 2.5 * (high - low)


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UsageError, match=r"\(2, 3\) and blocks of shape \(3,\)"):
        joint_of(np.ones((2, 3)), np.arange(3))
    with pytest.raises(UsageError, match="n of 1 or more"):
        joint_of(np.ones((0, 3)), np.arange(0))
    for bad in (1.5, -0.1, np.nan):
        with pytest.raises(UsageError, match="0 … 1"):
            joint_of(np.array([[bad]]), np.arange(1))
