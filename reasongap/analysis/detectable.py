"""What the compositions of a planned study can show, by a pilot's scatter or an assumed one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from reasongap.analysis.items import Cells, complete_cases
from reasongap.analysis.power import assumed, least_assumed, of_pilot
from reasongap.domain import Record

ANY = "any model"
LEAST_BLOCKS = 10
"""A pilot of fewer blocks hardly knows its own scatter."""


@dataclass(frozen=True)
class Showing:
    """What n compositions show of one strategy, or of its change where `baseline` is set.

    `delta_shown` and `s_comp_shown` are the effects that 80% of such studies find at the 5%
    level, None where there is none; half widths are of 95% intervals. `needed` compositions
    bring Δ's half width down to the precision asked for. `source` says where the scatter is
    from; `sparse` that a pilot's answers are nearly all right, or wrong, in some setting.
    """

    model: str
    strategy: str
    baseline: str | None
    delta_shown: float | None
    delta_half_width: float
    s_comp_shown: float | None
    s_comp_half_width: float
    needed: int | None
    source: Literal["pilot", "assumed"]
    sparse: bool = False


@dataclass(frozen=True)
class Wish:
    """A study of `n` compositions, and the half width that Δ's interval should have.

    `blocks` is the number of blocks a composition; `s` are the accuracies of the hops that
    are assumed where no pilot says more. Each question is asked `repeats` times.
    """

    n: int
    blocks: float
    precision: float
    s: tuple[float, ...]
    repeats: int = 1


def showings(
    wish: Wish, models: Sequence[str], strategies: Sequence[str], pilot: Iterable[Record]
) -> list[Showing]:
    """A row a strategy and a row a change against the first, for each model of the pilot.

    Where the pilot lacks something, what is assumed of any model and strategy follows. Of its
    repeats as many count as the study has: the mean of more of them scatters less.
    """
    records = [record for record in pilot if record.key.repeat < wish.repeats]
    rows, lacking = [], False
    for model in models:
        own = [record for record in records if record.key.model == model]
        asked = [name for name in strategies if any(r.key.strategy == name for r in own)]
        cells = complete_cases(model, own, asked) if asked else None
        if cells is None or len(set(cells.blocks.tolist())) < LEAST_BLOCKS:
            lacking = True
            continue
        lacking |= len(asked) < len(strategies)
        rows += [_piloted(wish, cells, name) for name in asked]
        if asked[0] == strategies[0]:
            rows += [_piloted(wish, cells, name, asked[0]) for name in asked[1:]]
    return rows + ([_assumed(wish), _assumed(wish, change=True)] if lacking else [])


def _piloted(wish: Wish, cells: Cells, strategy: str, baseline: str | None = None) -> Showing:
    found = of_pilot(cells, strategy, baseline)
    return Showing(
        cells.model,
        strategy,
        baseline,
        delta_shown=_possible(found.delta.detectable(wish.n), 2.0 if baseline else 1.0),
        delta_half_width=found.delta.half_width(wish.n),
        s_comp_shown=_possible(found.s_comp.detectable(wish.n), 1.0) if baseline else None,
        s_comp_half_width=found.s_comp.half_width(wish.n),
        needed=found.delta.needed(wish.precision),
        source="pilot",
        sparse=found.sparse,
    )


def _possible(effect: float, widest: float) -> float | None:
    """The effect, None where it is wider than any: Δ and accuracies differ from 0 by 1 at most."""
    return effect if effect <= widest else None


def _assumed(wish: Wish, *, change: bool = False) -> Showing:
    found = assumed(wish.s, change=change, blocks=wish.blocks)
    delta, s_comp = (
        least_assumed(wish.s, wish.n, part, change=change, blocks=wish.blocks)
        for part in ("delta", "s_comp")
    )
    return Showing(
        ANY,
        "another" if change else "one strategy",
        "one" if change else None,
        delta_shown=delta,
        delta_half_width=found.delta.half_width(wish.n),
        s_comp_shown=s_comp if change else None,
        s_comp_half_width=found.s_comp.half_width(wish.n),
        needed=found.delta.needed(wish.precision),
        source="assumed",
    )
