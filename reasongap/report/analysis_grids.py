"""The tables of the analyses of models, strategies and prompts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from reasongap.analysis.cost import Cost
from reasongap.analysis.pairs import ModelPair
from reasongap.analysis.published import Published
from reasongap.analysis.sample import Estimate
from reasongap.analysis.stability import Consistency, Sensitivity
from reasongap.analysis.strategies import StrategyPair
from reasongap.analysis.trajectory import Trajectory
from reasongap.analysis.trend import Trend
from reasongap.report.grids import NONE, Cell, Grid, interval, p_value, short, signed

WHO = ("model", "strategy")

_KINDS = {"tier": "low-cost → high-cost", "tuned": "base → instruct", "math": "general → math"}
_QUANTITIES = {
    "delta": "Δ",
    "s_comp": "S_comp",
    "delta_change": "change of Δ",
    "s_comp_change": "change of S_comp",
}


def change(estimate: Estimate | None) -> Cell:
    """A difference with its interval below."""
    return NONE if estimate is None else f"{signed(estimate.value)}\n{interval(estimate.ci)}"


def share(estimate: Estimate | None) -> Cell:
    """An accuracy or a share with the ends of its interval below."""
    if estimate is None:
        return NONE
    return f"{estimate.value:.2f}\n{estimate.ci[0]:.2f}–{estimate.ci[1]:.2f}"


def told_of(lines: Iterable[tuple[str, str, str]]) -> list[str]:
    """What is told of each model and strategy; a lone model is left to the title.

    The lines are a model, a strategy and what follows them.
    """
    told = list(lines)
    models = {model for model, _, _ in told}
    if len(models) < 2:
        return [f"{way}{text}" for _, way, text in told]
    return [f"{short(model, models)} {way}{text}" for model, way, text in told]


def trend_grid(rows: Sequence[Trend]) -> Grid:
    """The line of every quantity that has one."""
    return Grid(
        "Trend over model size",
        ("quantity", "strategy", "models", "per tenfold size", "between models"),
        tuple(
            (
                *(_QUANTITIES[row.quantity], row.strategy, str(len(row.points))),
                f"{signed(row.line.slope)}\n{interval(row.line.slope_ci)}",
                f"{row.line.between:.2f}",
            )
            for row in rows
            if row.line is not None
        ),
        "Random-effects regression on log10 of the parameters, models as the unit; between "
        "models: their standard deviation about the line.",
    )


def pairs_grid(rows: Sequence[ModelPair]) -> Grid:
    """Two models of a family on the same compositions."""
    models = {model for row in rows for model in (row.first, row.second)}
    return Grid(
        "Models of one family",
        ("models", "strategy", "S1", "S_comp", "Δ", "ratio"),
        tuple(
            (
                f"{short(row.first, models)}\n→ {short(row.second, models)}",
                row.strategy,
                change(row.single),
                change(row.composed),
                change(row.delta),
                _ratio(row),
            )
            for row in rows
        ),
        f"{', '.join(dict.fromkeys(_KINDS[row.kind] for row in rows))}. Changes from the first "
        "to the second, over the compositions that both answered; ratio: Δ of the first over Δ "
        "of the second (Fieller)."
        + "".join(dict.fromkeys(f" No ratio: {row.reason}." for row in rows if row.reason)),
    )


def _ratio(row: ModelPair) -> Cell:
    if row.ratio is None or row.ratio_ci is None:
        return NONE
    low, high = row.ratio_ci
    return f"{row.ratio:.1f}\n{low:.1f} to {high:.1f}".replace("-", "−")


def trajectory_grid(rows: Sequence[Trajectory]) -> Grid:
    """Every step of every series."""
    hops = len(rows[0].checkpoints[0].s)
    return Grid(
        "Training trajectory",
        ("series", "strategy", "step", *(f"S{i}" for i in range(1, hops + 1)), "S_comp", "Δ"),
        tuple(
            (
                *(row.series, row.strategy),
                f"{point.step}{' *' if point.step == row.peak else ''}",
                *map(share, point.s),
                share(point.s_comp),
                change(point.delta),
            )
            for row in rows
            for point in row.checkpoints
        ),
        "The best step on the chain has a *. "
        + " ".join(
            f"{row.series} {row.strategy}: last − best {signed(row.fall.value)} "
            f"{interval(row.fall.ci)}, p {p_value(row.p_value or 0.0)} (max-T over the steps)."
            for row in rows
            if row.fall is not None
        ),
    )


def strategies_grid(rows: Sequence[StrategyPair]) -> Grid:
    """Two strategies side by side."""
    return Grid(
        f"Strategies beside {rows[0].baseline}",
        (*WHO, "agree", "right if so", "either", "over the better"),
        tuple(
            (
                *(r.model, r.strategy, share(r.agreement), share(r.trust)),
                *(share(r.oracle), change(r.oracle_gain)),
            )
            for r in rows
        ),
        "On the chain. Agree: the same number under both; right if so: how often such a number "
        "is right; either: one of the two is right.",
    )


def cost_grid(rows: Sequence[Cost]) -> Grid:
    """Accuracy and price of every model and strategy."""
    return Grid(
        "Accuracy at its price",
        (*WHO, "S_comp", "$ each", "tokens", "$ per right", "tokens per right"),
        tuple(
            (
                *(r.model, r.strategy, share(r.s_comp)),
                "unknown" if r.dollars is None else f"${r.dollars:.2g}{_star(r.front_dollars)}",
                NONE if r.tokens is None else f"{r.tokens:,.0f}{_star(r.front_tokens)}",
                *(_priced(r.dollars_per_right), _priced(r.tokens_per_right)),
            )
            for r in rows
        ),
        "A composition's mean price (prompt and reply), and that of a right one. * no other row "
        "is as accurate for less.",
    )


def _star(marked: bool) -> Cell:
    return " *" if marked else ""


def _priced(estimate: Estimate | None) -> Cell:
    if estimate is None:
        return NONE
    low, high = estimate.ci
    ends = f"{_price(low)}–{_price(high)}" if math.isfinite(high) else f"{_price(low)} or more"
    return f"{_price(estimate.value)}\n{ends}"


def _price(value: float) -> Cell:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def consistency_grid(rows: Sequence[Consistency]) -> Grid:
    """Repeats of every setting."""
    return Grid(
        "Consistency over repeats",
        (*WHO, "setting", "repeats", "same answer", "always right", "ever right"),
        tuple(
            (
                *(r.model, r.strategy, r.setting, str(r.repeats)),
                *(share(r.agreement), share(r.always), share(r.ever)),
            )
            for r in rows
        ),
        "Same answer: two repeats of a question agree.",
        words=3,
    )


def sensitivity_grid(rows: Sequence[Sensitivity]) -> Grid:
    """Every wording, and how far they lie apart."""
    spreads = " ".join(
        told_of(
            (
                *(r.model, r.strategy),
                f": mean Δ {signed(r.delta_spread.mean)}, worst {r.delta_spread.worst}, best "
                f"{r.delta_spread.best}, apart {r.delta_spread.width:.2f} (by chance up to "
                f"{r.delta_spread.by_chance:.2f}, p {p_value(r.delta_spread.p_value)}).",
            )
            for r in rows
        )
    )
    return Grid(
        "Sensitivity to the wording of the prompt",
        (*WHO, "S_comp", "Δ"),
        tuple(
            (r.model, name, share(s_comp), change(delta))
            for r in rows
            for name, s_comp, delta in zip(r.variants, r.s_comp, r.delta, strict=True)
        ),
        f"The same compositions under every wording. {spreads}",
    )


def published_grid(rows: Sequence[Published]) -> Grid:
    """Gaps that others published."""
    return Grid(
        "Published gaps",
        ("model", "Δ"),
        tuple((row.model, f"{row.delta:+.3f}".replace("-", "−")) for row in rows),
        f"Chain of thought, without intervals. {rows[0].source}.",
        words=1,
    )
