"""A series of checkpoints: where the composition peaks, and whether it falls for good.

Hosseini et al. 2024 (arXiv 2410.01748), section 4: finetuning lifts single problems on and
on, and compositions only up to a point. The peak is picked after looking at all steps, so
the fall from it is judged by max-T over the steps (max_t.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reasongap.analysis.evidence import Evidence, Measure
from reasongap.analysis.gap import delta_of
from reasongap.analysis.max_t import simultaneous
from reasongap.analysis.sample import Estimate, Sample, accuracy
from reasongap.models.seam import ModelSpec


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One step of a series: each hop alone, the chain, and Δ."""

    model: str
    step: int
    s: tuple[Estimate, ...]
    s_comp: Estimate
    delta: Estimate


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A series under one strategy, over the compositions that every step answered.

    `peak` is the step of the best composition. `fall` = S_comp at the last step − S_comp
    at the peak, `single` the same of the first hop alone; the interval and `p_value` of
    the fall account for having picked the peak. None where the peak is the last step or
    there is only one, and `reason` says so.
    """

    series: str
    strategy: str
    checkpoints: tuple[Checkpoint, ...]
    peak: int
    fall: Estimate | None
    p_value: float | None
    single: Estimate | None
    reason: str | None


def trajectories(evidence: Evidence) -> tuple[Trajectory, ...]:
    """Every series of checkpoints under every strategy."""
    return tuple(
        row
        for series, specs in _series(evidence)
        for strategy in evidence.strategies
        if (row := _trajectory(evidence, series, specs, strategy))
    )


def _series(evidence: Evidence) -> Iterator[tuple[str, list[ModelSpec]]]:
    names = dict.fromkeys(spec.series for spec in evidence.specs.values() if spec.series)
    for name in names:
        of_it = [s for s in evidence.specs.values() if _is_step_of(s, name)]
        yield name, sorted(of_it, key=lambda spec: spec.step or 0)


def _is_step_of(spec: ModelSpec, series: str) -> bool:
    """Whether it is a step of the series; one without a series is a step of all."""
    return spec.step is not None and spec.series in (series, None)


def _trajectory(
    evidence: Evidence, series: str, specs: list[ModelSpec], strategy: str
) -> Trajectory | None:
    specs = [spec for spec in specs if (spec.name, strategy) in evidence.asked]
    settings = evidence.settings
    if not specs:
        return None
    grades = evidence.grades(
        [Measure(spec.name, strategy, setting) for spec in specs for setting in settings]
    )
    if not grades.compositions:
        return None
    sample, width = grades.sample(), len(settings)
    points = tuple(_checkpoint(sample, spec, i * width, width) for i, spec in enumerate(specs))
    best = max(range(len(points)), key=lambda i: (points[i].s_comp.value, -i))
    fall = p_value = single = reason = None
    last = len(points) - 1
    if last == 0:
        reason = "a trajectory needs two steps"
    elif best == last:
        reason = "the composition is best at the last step"
    else:
        end = accuracy(last * width + width - 1)
        falls = [end - accuracy(i * width + width - 1) for i in range(last)]
        estimates, p_values = simultaneous(sample.joint, falls)
        fall, p_value = estimates[best], p_values[best]
        single = sample.estimate(accuracy(last * width) - accuracy(best * width))
    return Trajectory(series, strategy, points, points[best].step, fall, p_value, single, reason)


def _checkpoint(sample: Sample, spec: ModelSpec, start: int, width: int) -> Checkpoint:
    chain = start + width - 1
    return Checkpoint(
        spec.name,
        spec.step or 0,
        tuple(sample.mean(column) for column in range(start, chain)),
        sample.mean(chain),
        sample.estimate(delta_of(slice(start, chain + 1))),
    )
