"""The power that planning claims is the power that simulated studies have."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest

from benchmarks.worlds import World
from reasongap.analysis.gap import delta_of
from reasongap.analysis.items import Cells, FloatArray, IntArray
from reasongap.analysis.joint import Statistic, joint_of
from reasongap.analysis.power import Scatter, assumed, least_assumed, of_pilot

STUDIES = 1500
HOPS = slice(0, 3)
GAP = delta_of(slice(None))
CHANGE = delta_of(slice(3, None)) - delta_of(HOPS)


def found(studies: Iterable[FloatArray], statistic: Statistic, blocks: IntArray) -> float:
    """The share of studies in which Wald's test at 5% finds an effect."""
    p_values = [joint_of(grades, blocks).p_value(statistic) for grades in studies]
    return float(np.mean(np.array(p_values) < 0.05))


def independent(accuracies: list[float], n: int) -> Iterable[FloatArray]:
    rng = np.random.default_rng(n)
    return ((rng.random((n, len(accuracies))) < accuracies).astype(float) for _ in range(STUDIES))


@pytest.mark.parametrize("s", [(0.7, 0.7), (0.9, 0.9), (0.5, 0.6)])
@pytest.mark.parametrize("n", [60, 400])
def test_the_smallest_gap_is_found_as_often_as_claimed(s: tuple[float, float], n: int) -> None:
    gap = least_assumed(s, n, "delta")
    assert gap is not None
    studies = independent([*s, math.prod(s) - gap], n)
    assert found(studies, GAP, np.arange(n)) == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("change", [False, True])
@pytest.mark.parametrize("s", [0.3, 0.5, 0.7, 0.95, 0.99])
@pytest.mark.parametrize("hops", [2, 3, 4])
@pytest.mark.parametrize(("n", "blocks"), [(5, 1.0), (20, 0.1), (50, 1.0), (100, 1.0), (200, 0.2)])
def test_the_smallest_gap_is_the_one_that_it_makes_detectable(
    s: float, hops: int, n: int, blocks: float, change: bool
) -> None:
    def excess(gap: float) -> float:
        found = assumed([s] * hops, -gap, change=change, blocks=blocks)
        return found.delta.detectable(n) - gap

    gap = least_assumed([s] * hops, n, "delta", change=change, blocks=blocks)
    if gap is None:
        assert all(excess(g) >= 0 for g in np.linspace(0, 0.9999 * s**hops, 200))
    else:
        assert excess(gap) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("s", "hops", "n", "blocks", "gap"),
    [
        (0.7, 2, 200, 1.0, 0.131422),
        (0.3, 3, 100, 1.0, 0.024562),
        (0.5, 4, 50, 1.0, 0.057718),
        (0.7, 2, 10, 1.0, 0.471122),
        (0.95, 2, 5, 1.0, 0.759166),
        (0.99, 2, 20, 0.1, 0.936603),
    ],
)
def test_the_smallest_gap_is_found_where_it_nears_the_widest(
    s: float, hops: int, n: int, blocks: float, gap: float
) -> None:
    found = least_assumed([s] * hops, n, "delta", blocks=blocks)
    assert found == pytest.approx(gap, abs=1e-6)


def test_the_smallest_change_is_found_as_often_as_claimed() -> None:
    s, n = (0.8, 0.7), 200
    gap = least_assumed(s, n, "delta", change=True)
    assert gap is not None
    studies = independent([*s, math.prod(s) - gap, *s, math.prod(s)], n)
    assert found(studies, CHANGE, np.arange(n)) == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("block", [1, 10])
def test_the_n_that_a_pilot_calls_for_finds_its_gap_as_often_as_claimed(block: int) -> None:
    truth = (0.85, 0.85, -0.15)
    pilot = World((truth,), n=20_000, block=block, coupled=True)
    correct = next(iter(pilot.studies(1)))[0]
    cells = Cells("m", ("hop1", "hop2", "composed"), {"cot": correct}, {}, pilot.blocks)
    needed = of_pilot(cells, "cot").delta.needed_to_show(0.15)
    assert needed is not None
    world = World((truth,), n=-(-needed // block) * block, block=block, coupled=True)
    studies = (grades[0] for grades in world.studies(STUDIES, seed=5))
    assert found(studies, GAP, world.blocks) == pytest.approx(0.8, abs=0.035)


def test_a_pilot_s_pairing_narrows_the_change() -> None:
    world = World(((0.7, 0.7, -0.1), (0.7, 0.7, -0.1)), n=4000, block=1, coupled=True, own=0.0)
    before, after = next(iter(world.studies(1)))
    cells = Cells("m", ("hop1", "hop2", "composed"), {"a": before, "b": after}, {}, world.blocks)
    paired = of_pilot(cells, "b", "a")
    alone = [of_pilot(cells, name).delta.sd for name in "ab"]
    assert paired.delta.sd < math.hypot(*alone)
    swapped = of_pilot(cells, "a", "b")
    assert paired.delta.sd == pytest.approx(swapped.delta.sd)


def test_the_n_for_a_precision_is_the_fewest() -> None:
    scatter = Scatter(0.6)
    n = scatter.needed(0.05)
    assert n is not None
    assert scatter.half_width(n) <= 0.05 < scatter.half_width(n - 1)
    shows = scatter.needed_to_show(0.1)
    assert shows is not None
    assert scatter.detectable(shows) <= 0.1 < scatter.detectable(shows - 1)
    assert scatter.needed(1e-9) is None


def test_fewer_blocks_show_less() -> None:
    s = (0.7, 0.7)
    assert assumed(s, blocks=0.1).delta.detectable(100) > assumed(s).delta.detectable(100)
    assert least_assumed(s, 4, "delta") is None, "four compositions show no gap at all"
    assert Scatter(0.6, blocks=0.1).detectable(10) == math.inf
