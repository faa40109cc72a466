"""What became of composing, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from reasongap.problems import Summary


def render_summary(summary: Summary) -> str:
    """The summary that `reasongap compose` prints: counts, refusals, blocks, answers."""
    s = summary
    offered = s.problems - sum(s.refused_problems.values())
    lines = [
        f"problems            {s.problems:,}, of which {offered:,} can be trusted to change",
        f"numbers to replace  {s.slots:,}",
        f"candidates          {s.candidates:,} pairings",
        f"dropped             {s.dropped:,} that a program contradicts",
        f"compositions        {s.compositions:,} in {s.blocks:,} blocks "
        f"(of {_span(s.block_sizes)} compositions)",
        f"confirmed           {s.confirmed:,} by a program as well ({s.confirmed_share:.0%})",
        f"answers, source     {_quantiles(s.source_answers)}",
        f"answers, composed   {_quantiles(s.composed_answers)}",
        f"distance            {s.distance:.3f} (two-sample Kolmogorov-Smirnov; 0 is alike)",
        *_reasons("problems refused", s.refused_problems),
        *_reasons("numbers refused", s.refused_slots),
    ]
    return "\n".join(lines) + "\n"


def _span(quantiles: tuple[float, ...]) -> str:
    low, high = quantiles[0], quantiles[-1]
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _quantiles(quantiles: tuple[float, ...]) -> str:
    return " | ".join(f"{value:,.0f}" for value in quantiles) + "  (least, quartiles, most)"


def _reasons(title: str, counts: Mapping[str, int]) -> list[str]:
    if not counts:
        return []
    return ["", f"{title}:", *(f"  {count:>6,}  {reason}" for reason, count in counts.items())]
