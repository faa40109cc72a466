"""What a plan looks like: what a study takes, and what it can show."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from reasongap.analysis.detectable import LEAST_BLOCKS, Showing, Wish
from reasongap.analysis.power import WITHIN
from reasongap.report.flat import Value
from reasongap.report.grids import NONE, Grid, lean
from reasongap.report.tables import marked, render_csv, render_grid
from reasongap.runs.approval import dollars
from reasongap.runs.lengths import ASSUMED, OTHERWISE, THINKING
from reasongap.runs.plan import Forecast, Plan


def render_plan(plan: Plan, showing: Sequence[Showing], wish: Wish, form: str) -> str:
    """The plan of a study, in one of `tables.FORMATS`; as CSV what it takes alone."""
    told = list(plan_notes(plan, showing, wish))
    if form == "json":
        whole = {
            "schema": 1,
            "n": wish.n,
            "calls": plan.calls,
            "dollars": plan.dollars,
            "most_dollars": plan.most_dollars,
            "unpriced": plan.unpriced,
            "forecasts": [asdict(row) for row in plan.forecasts],
            "shows": [_finite(asdict(row)) for row in showing],
            "notes": told,
        }
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    if form == "csv":
        return render_csv(list(map(_flat, plan.forecasts)))
    tables = "\n".join(
        render_grid(lean(grid), form)
        for grid in (costs_grid(plan), showing_grid(showing, wish))
        if grid.rows
    )
    return tables + "".join(f"\n{note}" for note in marked(told, form)) + "\n"


def _flat(row: Forecast) -> dict[str, Value]:
    """The row with its price (US dollars a million tokens) in two columns."""
    flat = asdict(row)
    flat["prompt_price"], flat["reply_price"] = flat.pop("price") or (None, None)
    return flat


def _finite(row: dict[str, object]) -> dict[str, object]:
    """The row with None for what is without bound: JSON has no infinity."""
    return {name: None if value == math.inf else value for name, value in row.items()}


def plan_notes(plan: Plan, showing: Sequence[Showing], wish: Wish) -> Iterator[str]:
    """What the numbers rest on."""
    if any(row.calls for row in plan.forecasts):
        yield (
            "prompts are counted with OpenAI's tokenizers, offline: near, not exact, for models "
            "of others"
        )
    if plan.listed:
        yield plan.listed
    if any(row.calls and not row.piloted for row in plan.forecasts):
        lengths = ", ".join(f"{name} {tokens}" for name, tokens in ASSUMED.items())
        yield (
            f"replies are taken to be so many tokens a hop: {lengths}, others {OTHERWISE}, "
            f"models that think first {THINKING}. --pilot RUN takes those of a run"
        )
    if any(row.tried < row.questions for row in plan.forecasts):
        tried, questions = (
            sum(getattr(row, name) for row in plan.forecasts) for name in ("tried", "questions")
        )
        yield f"{tried:,} of {questions:,} questions were looked at, the rest is in proportion"
    if any(row.sparse for row in showing):
        yield (
            "in some setting nearly all of the pilot's answers are right, or nearly all wrong: "
            "where a model is at its limits, so little scatter is no promise for other problems"
        )
    if any(row.source == "assumed" for row in showing):
        hops = ", ".join(f"{s:g}" for s in wish.s)
        yield (
            f"assumed: hops answered right at {hops}, all answers independent"
            + (f", a correlation of {WITHIN:g} within a block" if wish.blocks < 1 else "")
            + "; another strategy closes the gap. --pilot RUN takes the scatter of a run of "
            f"{LEAST_BLOCKS} blocks or more"
        )


def costs_grid(plan: Plan) -> Grid:
    """Calls, tokens and dollars, a row a model and strategy."""
    return Grid(
        "What it takes",
        ("model", "strategy", "calls", "cached", "prompt", "reply", "cost", "at most"),
        tuple(_cost_row(row) for row in plan.forecasts),
        "calls are paid, cached ones are not; prompt and reply: tokens of the paid calls; at "
        f"most: every reply as long as its limit allows. {_together(plan)}.",
    )


def _together(plan: Plan) -> str:
    """What all of it costs, as far as prices are known: an unknown one is not 0."""
    unpriced = " and ".join(plan.unpriced)
    if all(row.price is None for row in plan.forecasts if row.calls) and unpriced:
        return f"What it costs is unknown, for the price of {unpriced} is"
    total = f"Together {dollars(plan.dollars)}, at most {dollars(plan.most_dollars)}"
    return f"{total}, without {unpriced}, whose price is unknown" if unpriced else total


def _cost_row(row: Forecast) -> tuple[str, ...]:
    tokens = (f"{row.prompt_tokens:,}", f"{row.reply_tokens:,}")
    return (
        *(row.model, row.strategy),
        *(f"{row.calls:,}", f"{row.cached:,}", *tokens),
        *(dollars(row.dollars), dollars(row.most_dollars)),
    )


def showing_grid(rows: Sequence[Showing], wish: Wish) -> Grid:
    """The smallest effects that n compositions show, and how wide their intervals are."""
    return Grid(
        f"What {wish.n} compositions show",
        ("model", "strategy", "Δ shown", "Δ 95%", "S_comp shown", "S_comp 95%", "n needed"),
        tuple(_showing_row(row) for row in rows),
        "shown: the smallest effect that 80% of such studies find, at the 5% level; 95%: half "
        f"of the interval; n needed: compositions for Δ to ±{wish.precision:g}; –: no possible "
        "effect is found so often.",
    )


def _showing_row(row: Showing) -> tuple[str, ...]:
    name = row.strategy if row.baseline is None else f"{row.strategy} − {row.baseline}"
    return (
        *(row.model, name),
        *(_effect(row.delta_shown), f"±{row.delta_half_width:.2f}"),
        *(_effect(row.s_comp_shown), f"±{row.s_comp_half_width:.2f}"),
        NONE if row.needed is None else f"{row.needed:,}",
    )


def _effect(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"
