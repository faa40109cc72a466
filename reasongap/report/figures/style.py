"""One look for all figures: fit for a paper's column, readable in grey and by everybody.

Every series has a colour (Okabe and Ito's palette, ordered so that neighbours differ in
lightness too), a marker, a line style and a hatch of its own. The only file that imports
matplotlib; figures are objects of their own, so nothing global changes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from reasongap.domain import Interval
from reasongap.errors import BadFile
from reasongap.report.fitting import wrapped
from reasongap.report.grids import short

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

    Axes: TypeAlias = matplotlib.axes.Axes
    Figure: TypeAlias = matplotlib.figure.Figure

COLUMN, PAGE = 3.3, 6.8
"""Widths in inches: one column of a paper, and both."""
Form = Literal["svg", "pdf", "png"]
FORMATS: tuple[Form, ...] = ("svg", "pdf", "png")
INK, FAINT = "#222222", "#9a9a9a"
Way: TypeAlias = tuple[str, str]
"""A model and a strategy."""
_NAME = 22
"""Letters of a model's name on a line."""
_MOST_NUMBERS = 10
_HANDLE, _LETTER = 0.5, 0.056
"""Inches in a legend."""

_SETTINGS: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 7.5,
    "axes.titlesize": 8,
    "axes.labelsize": 7.5,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.5,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "lines.linewidth": 1.1,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.5,
    "figure.dpi": 100,
    "savefig.dpi": 300,
    "svg.fonttype": "none",
    "svg.hashsalt": "reasongap",
    "pdf.fonttype": 42,
}
_COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#444444", "#F0E442")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)), (0, (3, 1, 1, 1)), (0, (6, 3)))
_HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "----", "++++", "oooo")


@dataclass(frozen=True, slots=True)
class Look:
    """How one series is told from the others."""

    color: str
    marker: str
    dash: Any
    hatch: str


def look(place: int) -> Look:
    """The look of the series at a place; from the ninth on a color comes in another form."""
    again, i = divmod(place, len(_COLORS))
    form = (i + again) % len(_MARKERS)
    return Look(_COLORS[i], _MARKERS[form], _DASHES[form], _HATCHES[form])


def drawn(plot: Callable[[Figure], None], width: float, height: float) -> Figure:
    """A figure of this size in inches, as `plot` fills it."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as NewFigure

    with mpl.rc_context(_SETTINGS):
        figure = NewFigure(figsize=(width, height), layout="constrained")
        plot(figure)
    return figure


def written(figure: Figure, form: Form, title: str, about: str) -> bytes:
    """The figure as a file; the same figure gives the same bytes in each form."""
    import matplotlib as mpl

    told = {
        "svg": {"Title": title, "Description": about, "Date": None},
        "pdf": {"Title": title, "Subject": about, "CreationDate": None},
        "png": {"Title": title, "Description": about},
    }
    out = io.BytesIO()
    with mpl.rc_context(_SETTINGS):
        figure.savefig(out, format=form, metadata=told[form])
    return out.getvalue()


def save(figure: Figure, stem: Path, title: str, about: str) -> list[Path]:
    """Write the figure as `stem` in every form, its folder made. Raises `BadFile`."""
    paths = []
    make_folder(stem.parent)
    for form in FORMATS:
        path = stem.with_name(f"{stem.name}.{form}")
        try:
            path.write_bytes(written(figure, form, title, about))
        except OSError as error:
            raise BadFile(str(path), f"cannot be written ({error.strerror})") from error
        paths.append(path)
    return paths


def make_folder(folder: Path) -> None:
    """Make the folder that figures go to, where it is not there. Raises `BadFile`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadFile(str(folder), f"cannot be made ({error.strerror})") from error


def whisker(
    axes: Axes,
    at: tuple[float, float],
    ci: Interval,
    style: Look,
    *,
    label: str | None = None,
    upright: bool = True,
    hollow: bool = False,
) -> None:
    """A marker at (x, y) with its interval, upright along y or lying along x."""
    x, y = at
    middle = y if upright else x
    ends = [[max(middle - ci[0], 0)], [max(ci[1] - middle, 0)]]
    axes.errorbar(
        [x],
        [y],
        yerr=ends if upright else None,
        xerr=None if upright else ends,
        color=style.color,
        marker=style.marker,
        markerfacecolor="white" if hollow else style.color,
        linestyle="none",
        elinewidth=0.9,
        capsize=2,
        label=label,
        zorder=3,
    )


def zero(axes: Axes, *, upright: bool) -> None:
    """The line of no difference: upright at x = 0, or lying at y = 0."""
    (axes.axvline if upright else axes.axhline)(0, color=INK, linewidth=0.7, zorder=1)


def names(models: Sequence[str]) -> list[str]:
    """Models by their short names, in lines that leave room for the plot."""
    return [wrapped(short(model, models), _NAME) for model in models]


def side_by_side(
    spots: Sequence[tuple[float, float]], reach: tuple[float, float] = (0.035, 0.05)
) -> list[float]:
    """How far along x to move each spot, so that none hides another within reach of it."""
    found: list[list[int]] = []
    for i, (x, y) in enumerate(spots):
        for group in found:
            first = spots[group[0]]
            if abs(x - first[0]) < reach[0] and abs(y - first[1]) < reach[1]:
                group.append(i)
                break
        else:
            found.append([i])
    moves = [0.0] * len(spots)
    for group in found:
        for place, i in enumerate(group):
            moves[i] = reach[0] * (place - (len(group) - 1) / 2)
    return moves


def numbered(axes: Axes, models: Sequence[str]) -> dict[str, str]:
    """A number for each of several models, if they are few enough, explained in the legend."""
    if not 1 < len(models) <= _MOST_NUMBERS:
        return {}
    numbers = {model: str(number) for number, model in enumerate(models, 1)}
    for model, number in numbers.items():
        axes.plot(
            [], [], marker=f"${number}$", markeredgewidth=0, color=INK, linestyle="none",
            label=short(model, models),
        )  # fmt: skip
    return numbers


def room(models: Sequence[str]) -> float:
    """Inches that the numbers' explanation takes."""
    return 0.14 * len(models) if 1 < len(models) <= _MOST_NUMBERS else 0.0


def number_at(axes: Axes, at: tuple[float, float], number: str | None) -> None:
    """A model's number beside its point, if it has one."""
    if number is not None:
        axes.annotate(
            number, at, (4, -7), textcoords="offset points", fontsize=6, color=INK, zorder=4
        )


def row_height(ways: Sequence[Way]) -> float:
    """Inches that a row takes, for what names it to have room."""
    return max(0.32, 0.1 + 0.11 * max(name.count("\n") + 1 for name in _row_names(ways)))


def rows(axes: Axes, ways: Sequence[Way]) -> None:
    """Name the rows of a lying plot from top to bottom, a lone model above all of them."""
    axes.set_yticks(range(len(ways)), _row_names(ways))
    axes.set_ylim(len(ways) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    if len(models := {model for model, _ in ways}) == 1:
        axes.set_title(short(models.pop()))


def _row_names(ways: Sequence[Way]) -> list[str]:
    if len({model for model, _ in ways}) == 1:
        return [strategy for _, strategy in ways]
    models = names([model for model, _ in ways])
    return [f"{model}\n{strategy}" for model, (_, strategy) in zip(models, ways, strict=True)]


def legend(figure: Figure, axes: Axes, columns: int) -> None:
    """The series' names above the plot, each once, in as many columns as have room."""
    handles, labels = axes.get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    while columns > 1 and _wide(list(once), columns) > figure.get_figwidth():
        columns -= 1
    if once:
        figure.legend(
            once.values(), once.keys(), loc="outside upper center", ncols=min(columns, len(once))
        )


def _wide(labels: Sequence[str], columns: int) -> float:
    """About how many inches a legend of so many columns takes."""
    each, more = divmod(len(labels), columns)
    ends = [place * each + min(place, more) for place in range(columns + 1)]
    parts = [labels[start:end] for start, end in pairwise(ends)]
    return sum(_HANDLE + _LETTER * max(map(len, part)) for part in parts if part)
