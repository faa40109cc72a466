"""What the numbers say, in a sentence that claims no more than its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reasongap.analysis import GapRow
from reasongap.analysis.attribution import CAUSES, Attribution, Cause
from reasongap.analysis.controls import Contrast, Distraction, LaterHop
from reasongap.analysis.cost import Cost
from reasongap.analysis.items import COMPOSED
from reasongap.analysis.pairs import ModelPair
from reasongap.analysis.sample import Estimate
from reasongap.analysis.skipped import Skipped
from reasongap.analysis.stability import Consistency, Sensitivity
from reasongap.analysis.strategies import StrategyPair
from reasongap.analysis.trajectory import Trajectory
from reasongap.analysis.trend import Trend
from reasongap.domain import Gap, Interval
from reasongap.report.grids import interval, p_value, short, signed

SAME = "not distinguishable from none"


def told(value: float, ci: Interval) -> str:
    """A difference with its interval."""
    return f"{signed(value)} {interval(ci)}"


def clear(ci: Interval) -> bool:
    """Whether an interval of differences leaves out 0."""
    return ci[0] > 0 or ci[1] < 0


def level(gap: Gap) -> str:
    """What is reached: accuracy on the chain, and the gap."""
    low, high = gap.s_comp_ci
    return (
        f"S_comp = {gap.s_comp:.2f} [{low:.2f}, {high:.2f}] with "
        f"Δ = {told(gap.delta, gap.delta_ci)}"
    )


def gap_sentence(row: GapRow, among: Iterable[str] = ()) -> str:
    """What one model of several reaches on the chain under one strategy, and what it loses."""
    gap = row.gap
    verdict = (
        f"a gap {SAME}"
        if not clear(gap.delta_ci)
        else "the chain does worse than its parts promise"
        if gap.delta < 0
        else "the chain does better than its parts promise"
    )
    return f"{short(row.model, among)} under {row.strategy}: {level(gap)}: {verdict}."


def gaps_sentence(rows: Sequence[GapRow]) -> str:
    """How many gaps are clear, then the largest and the smallest loss."""
    ordered = sorted(rows, key=lambda row: row.gap.delta)
    below = sum(row.gap.delta_ci[1] < 0 for row in rows)
    models = {row.model for row in rows}
    ends = dict.fromkeys(gap_sentence(row, models) for row in (ordered[0], ordered[-1]))
    return f"{below} of {len(rows)} gaps are clearly below 0. {' '.join(ends)}"


def product_sentence(rows: Sequence[GapRow]) -> str:
    """How many lie below the line of no gap."""
    below = sum(row.gap.delta_ci[1] < 0 for row in rows)
    return f"{below} of {len(rows)} lie clearly below the line of no gap."


def trend_sentence(rows: Sequence[Trend]) -> str:
    """How Δ goes with size, under each strategy that has a line."""
    found = []
    for row in rows:
        if row.quantity in ("delta", "delta_change") and row.line is not None:
            what = "Δ" if row.quantity == "delta" else "the change of Δ"
            slope = told(row.line.slope, row.line.slope_ci)
            verdict = "" if clear(row.line.slope_ci) else f", {SAME}"
            found.append(f"{what} under {row.strategy}: {slope} per tenfold size{verdict}")
    if found:
        return f"{'; '.join(found)}."
    return f"{rows[0].reason or ''}: points and lines only.".capitalize()


def pair_sentence(rows: Sequence[ModelPair]) -> str:
    """How many of the pairs differ in Δ, and by what at most."""
    apart = [row for row in rows if row.delta.clear]
    if not apart:
        return f"In none of {_pairs(len(rows))} is the difference of Δ distinguishable from 0."
    most = max(apart, key=lambda row: abs(row.delta.value))
    models = {model for row in rows for model in (row.first, row.second)}
    first, second = (short(model, models) for model in (most.first, most.second))
    return (
        f"Δ differs clearly in {len(apart)} of {_pairs(len(rows))}, most between "
        f"{first} and {second} under {most.strategy}: "
        f"{_of(most.delta)}, where the first problem alone differs by {_of(most.single)}."
    )


def trajectory_sentence(rows: Sequence[Trajectory]) -> str:
    """Where each series peaks, and whether it falls for good."""
    parts = []
    for row in rows:
        where = f"{row.series} under {row.strategy} is best on the chain at step {row.peak}"
        if row.fall is None or row.p_value is None:
            parts.append(f"{where} ({row.reason})")
            continue
        noise = "a fall beyond noise" if row.fall.clear else "no more than noise"
        parts.append(
            f"{where}; from there to the last step it changes by {_of(row.fall)}, {noise} "
            f"(p {p_value(row.p_value)})"
        )
    return f"{'; '.join(parts)}."


def leakage_sentence(rows: Sequence[Contrast]) -> str:
    """Whether the second problem is easier as published."""
    changes = [(row.model, row.strategy, row.change) for row in rows]
    found = _directions(changes, "is easier as published", "is harder as published")
    return f"The second problem {found}"


def distraction_sentence(rows: Sequence[Distraction], steps: Sequence[Skipped]) -> str:
    """Whether the first problem suffers inside the composition, and whether by skipped steps."""
    worst = min(row.coverage for row in rows)
    sure = [row for row in rows if row.change_at_most.ci[1] < 0]
    text = _directions(
        [(r.model, r.strategy, r.change) for r in rows], "is better inside", "suffers inside"
    )
    skipped = f" {skipped_sentence(steps)}" if steps else ""
    return (
        f"The first problem {text} At least {worst:.0%} of the replies tell how it went; "
        f"in {len(sure)} of {len(rows)} the fall stands even if all others were right.{skipped}"
    )


def later_sentence(rows: Sequence[LaterHop]) -> str:
    """Whether later hops suffer after right ones, and behind unrelated ones."""
    given = [(r.model, r.strategy, r.given.change) for r in rows if r.given]
    behind = [(r.model, r.strategy, r.distracted.change) for r in rows if r.distracted]
    parts = []
    if given:
        found = _directions(given, "gains", "loses")
        parts.append(f"After right hops inside, the later problem {found}")
    if behind:
        found = _directions(behind, "gains", "loses")
        parts.append(f"Behind an unrelated one, it {found}")
    return " ".join(parts) or "No reply states its earlier hops and has them right."


def skipped_sentence(rows: Sequence[Skipped]) -> str:
    """Whether products are skipped inside more than alone, and on how many replies that rests."""
    changes = [(row.model, row.strategy, row.change) for row in rows]
    found = _directions(changes, "skips more inside", "skips fewer inside")
    least = min(row.coverage for row in rows)
    return f"Of the steps asked for it {found} At least {least:.0%} of the replies can be aligned."


def attribution_sentence(rows: Sequence[Attribution]) -> str:
    """The commonest cause under each strategy, which need not be that of most failures."""
    failures: dict[str, Counter[Cause]] = {}
    for row in rows:
        failures.setdefault(row.strategy, Counter()).update(row.counts)
    parts = []
    for strategy, counts in failures.items():
        if counts:
            cause, count = counts.most_common(1)[0]
            total = counts.total()
            parts.append(f"under {strategy}: {CAUSES[cause]} ({count / total:.0%} of {total})")
    commonest = f"The commonest cause of failures {'; '.join(parts)}."
    return commonest if parts else "No composition failed."


def strategies_sentence(rows: Sequence[StrategyPair]) -> str:
    """What a perfect chooser would gain over the better strategy."""
    most = max(rows, key=lambda row: row.oracle_gain.value)
    model = short(most.model, {row.model for row in rows})
    return (
        f"A perfect chooser between {most.baseline} and {most.strategy} would gain up to "
        f"{_of(most.oracle_gain)} over {most.better} ({model})."
    )


def cost_sentence(rows: Sequence[Cost]) -> str:
    """Who is beaten by nobody at its price: in dollars, or in tokens where all is free."""
    paid = any(row.dollars for row in rows)
    fronts = [row for row in rows if (row.front_dollars if paid else row.front_tokens)]
    if not fronts:
        return "Neither a price nor a count of tokens is known."
    models = {row.model for row in rows}
    names = ", ".join(f"{short(row.model, models)} under {row.strategy}" for row in fronts)
    return f"Nobody is as accurate for fewer {'dollars' if paid else 'tokens'} as: {names}."


def consistency_sentence(rows: Sequence[Consistency]) -> str:
    """How often two repeats agree on the chain, from the least to the most."""
    chains = sorted(
        (row for row in rows if row.setting == COMPOSED), key=lambda row: row.agreement.value
    )
    if not chains:
        return "No chain was repeated."
    ways = [f"{short(r.model, {c.model for c in chains})} under {r.strategy}" for r in chains]
    ends = [f"{way} {r.agreement.value:.0%}" for way, r in zip(ways, chains, strict=True)]
    told_of = ends[0] if len(ends) == 1 else f"from {ends[0]} to {ends[-1]}"
    return f"Two repeats of a chain give the same answer: {told_of}."


def sensitivity_sentence(rows: Sequence[Sensitivity]) -> str:
    """How far wordings move Δ, beside what chance alone would."""
    models, parts = {row.model for row in rows}, []
    for row in rows:
        spread = row.delta_spread
        beyond = "more than" if spread.p_value < 0.05 else "no more than"
        parts.append(
            f"{short(row.model, models)} under {row.strategy}: Δ spans {spread.width:.2f} over "
            f"{len(row.variants)} wordings, {beyond} chance (up to {spread.by_chance:.2f})"
        )
    return f"{'; '.join(parts)}."


def _directions(rows: Sequence[tuple[str, str, Estimate]], more: str, less: str) -> str:
    parts = list(_groups(rows, more, less))
    return f"{'; '.join(parts)}."


def _groups(rows: Sequence[tuple[str, str, Estimate]], more: str, less: str) -> Iterator[str]:
    """How many go which way, who most, and for how many nothing can be told."""
    for words, sign in ((less, -1), (more, 1)):
        clearly = [row for row in rows if row[2].clear and row[2].value * sign > 0]
        if clearly:
            model, strategy, change = max(clearly, key=lambda row: abs(row[2].value))
            name = short(model, {row[0] for row in rows})
            most = f"{name} under {strategy}, {_of(change)}"
            yield f"{words} in {len(clearly)} of {len(rows)} (most: {most})"
    vague = sum(not row[2].clear for row in rows)
    if vague:
        yield f"shows no distinguishable change in {vague} of {len(rows)}"


def _of(estimate: Estimate) -> str:
    return told(estimate.value, estimate.ci)


def _pairs(count: int) -> str:
    return f"{count} pair{'s' if count != 1 else ''}"
