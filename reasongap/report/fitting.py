"""A table on a console of any width: no number is ever cut.

Words wrap first. A table that is still too wide becomes several of the same rows, one below the
other, each beginning with the columns that tell the rows apart. Where not even these and one
more column have room, the lines are longer than the console is wide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from reasongap.report.grids import Grid
from reasongap.report.terminal import shown

GAP = 2
"""Blanks between two columns."""
WORD = 20
"""The longest word that words never break inside of, where the table can be split instead."""
NARROW = 8
"""What a column of words may shrink to before lines grow longer than the console."""
_NAMES = ("model", "models", "strategy")
_BREAK = re.compile(r"(?<=/)|(?<=\w\()|(?<==)(?!\d)|(?<=[^\d\s]\s)|(?<=,)(?!\d)|(?<=\w-)")
"""Where words may break; a number stays with what it counts."""


@dataclass(frozen=True)
class Column:
    """One column of a grid: `words` may wrap, `names` tell the rows apart."""

    head: str
    cells: tuple[str, ...]
    words: bool
    names: bool

    @property
    def widest(self) -> int:
        """Its width when nothing wraps."""
        return max(_width(text) for text in (self.head, *self.cells))

    def least(self, word: int) -> int:
        """Its width when words wrap, and break inside only where longer than `word`."""
        if not self.words:
            return self.widest
        pieces = (cell_len(p.rstrip()) for cell in self.cells for p in _BREAK.split(cell))
        return max(cell_len(self.head), min(word, max(pieces, default=0)))


def _width(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def _columns(grid: Grid, stream: IO[str] | None) -> list[Column]:
    names = _naming(grid)
    return [
        Column(
            head,
            tuple(Text(shown(row[place], stream)).plain.expandtabs() for row in grid.rows),
            place < grid.words,
            place < names,
        )
        for place, head in enumerate(grid.columns)
    ]


def _naming(grid: Grid) -> int:
    """How many columns say which row this is: up to the strategy, one more if rows are alike."""
    places = [i for i, head in enumerate(grid.columns[: grid.words]) if head in _NAMES]
    count = max(places, default=0) + 1
    alike = len({row[:count] for row in grid.rows}) < len(grid.rows)
    return min(count + alike, len(grid.columns))


def parts(columns: Sequence[Column], room: int) -> list[list[Column]]:
    """The columns of each table, in their order, so that every table has `room` if any can.

    One table where all fit, else those that tell the rows apart are repeated.
    """
    names = [column for column in columns if column.names]
    made = [names]
    for column in columns[len(names) :]:
        wider = [*made[-1], column]
        if len(made[-1]) > len(names) and _sum([c.least(WORD) for c in wider]) > room:
            wider = [*names, column]
            made.append(wider)
        made[-1] = wider
    return made


def widths(columns: Sequence[Column], room: int) -> list[int]:
    """How wide the columns of one table are: the widest one of words gives way first."""
    least = [column.least(WORD) for column in columns]
    if _sum(least) > room:
        narrow = [column.least(NARROW) for column in columns]
        if _sum(narrow) > room:
            return least
        least = narrow
    found = [column.widest for column in columns]
    while _sum(found) > room:
        place = max(range(len(found)), key=lambda i: found[i] if found[i] > least[i] else 0)
        found[place] -= 1
    return found


def _sum(found: Sequence[int]) -> int:
    return sum(found) + GAP * (len(found) - 1)


def wrapped(text: str, width: int) -> str:
    """Words in lines of a width, broken inside only where one alone is longer."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines.append("")
        for piece in _BREAK.split(line):
            if cell_len((lines[-1] + piece).rstrip()) <= width:
                lines[-1] += piece
            else:
                lines[-1:] = [*filter(None, lines[-1:]), *chop_cells(piece, width)]
    return "\n".join(line.rstrip() for line in lines)


@dataclass(frozen=True)
class Fitted:
    """A grid for any console, with its title above and its caption below."""

    grid: Grid
    stream: IO[str] | None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width
        yield Text(shown(self.grid.title, self.stream), style="bold cyan", overflow="fold")
        for place, columns in enumerate(parts(_columns(self.grid, self.stream), room)):
            if place:
                yield ""
            yield from _drawn(columns, console, options)
        if self.grid.caption:
            yield Text(shown(self.grid.caption, self.stream), style="dim", overflow="fold")


def _drawn(columns: Sequence[Column], console: Console, options: ConsoleOptions) -> RenderResult:
    """One table, never cropped: lines too long are folded unless overflow is to be ignored."""
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    found = widths(columns, options.max_width)
    cells: list[list[str]] = []
    for column, width in zip(columns, found, strict=True):
        table.add_column(
            Text(column.head),
            justify="left" if column.words else "right",
            no_wrap=True,
            min_width=width,
        )
        cells.append([wrapped(c, width) if column.words else c for c in column.cells])
    for row in zip(*cells, strict=True):
        table.add_row(*map(Text, row))
    wide = options.update_width(max(_sum(found), options.max_width))
    if wide.max_width == options.max_width or options.overflow == "ignore":
        yield from console.render(table, wide)
        return
    for line in console.render_lines(table, wide, pad=False):
        yield from _folded(line, options.max_width)


def _folded(line: list[Segment], width: int) -> Iterator[Segment]:
    """A line as a terminal shows it that is too narrow."""
    cuts = range(width, max(Segment.get_line_length(line), 1) + width, width)
    for piece in Segment.divide(line, cuts):
        yield from piece
        yield Segment.line()
