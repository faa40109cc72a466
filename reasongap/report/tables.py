"""The tables of a comparison: for the terminal, and as Markdown, LaTeX, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import IO

from rich.console import Console, RenderableType
from rich.text import Text

from reasongap.analysis import Estimates
from reasongap.errors import BadFile
from reasongap.report.fitting import Fitted
from reasongap.report.flat import Value, frame, gap_rows
from reasongap.report.grids import Grid, grids, plain
from reasongap.report.terminal import shown, visible

FORMATS = ("table", "json", "csv", "markdown", "latex")
WIDTH = 80
"""Columns of a table in a file."""
ENDINGS = {
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".tex": "latex",
    ".txt": "table",
    ".parquet": "parquet",
}
"""The form that each ending of a saved comparison stands for."""


def render(estimates: Estimates, form: str, console: Console | None = None) -> str:
    """A comparison in one of `FORMATS`, ending with a line end.

    The form "table" is what a console shows: this terminal's if none is given, which takes 80
    plain columns where there is no terminal.
    """
    if form == "json":
        return json.dumps(estimates.as_json(), indent=2) + "\n"
    if form == "csv":
        return render_csv(gap_rows(estimates))
    console = console or Console()
    parts = [render_grid(grid, form, console) for grid in grids(estimates)]
    notes = marked(estimates.notes, form, console.file)
    return "\n".join(parts) + "".join(f"\n{note}" for note in notes) + "\n"


def marked(notes: Iterable[str], form: str, stream: IO[str] | None = None) -> list[str]:
    """Notes as they stand below a table in one of `FORMATS` but JSON and CSV, for a stream.

    A terminal gets lines of its width, anything else a line a note.
    """
    if form != "table":
        return [f"{MARKS[form]}{note}" for note in notes]
    told = (shown(f"! {note}", stream) for note in notes)
    return list(map(filled, told) if (stream or sys.stdout).isatty() else told)


def filled(text: str, most: int | None = None, indent: str = "  ") -> str:
    """The text in lines of the terminal's width, or of `most` where that is less."""
    width = Console().width
    return fill(
        text, min(width, most or width), subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def render_grid(grid: Grid, form: str, console: Console | None = None) -> str:
    """One table in one of `FORMATS` for people; as "table" it is what the console shows."""
    if form == "markdown":
        return _markdown(grid)
    if form == "latex":
        return _tabular(grid)
    console = console or Console()
    with console.capture() as captured:
        print_grid(grid, console)
    return "\n".join(map(str.rstrip, captured.get().split("\n")))


def print_grid(grid: Grid, console: Console) -> None:
    """Show one table on the console: lines that cannot be narrower are longer than it is wide."""
    console.print(Fitted(grid, console.file), crop=False, overflow="ignore")


def tables(estimates: Estimates, stream: IO[str] | None = None) -> Iterator[RenderableType]:
    """The comparison as rich renderables, to be printed to this stream."""
    for grid in grids(estimates):
        yield Fitted(grid, stream)
        yield ""
    for note in marked(estimates.notes, "table", stream):
        yield Text(note, style="yellow")


def as_text(estimates: Estimates) -> str:
    """Tables and notes as plain text, without a line end; "" where there are none.

    80 columns, no colours, no escapes, wherever it is printed.
    """
    return visible(render(estimates, "table", _plain())).strip("\n")


def save(estimates: Estimates, path: Path, others: Sequence[str] = ()) -> None:
    """Write the comparison in the form of the path's ending, whatever its case. Raises `BadFile`.

    Parquet holds the gaps, a row a model and strategy. `others` are endings that the caller
    sees to, and that an error names too.
    """
    form = ENDINGS.get(path.suffix.lower())
    if form is None:
        raise _no_form(path, (*ENDINGS, *others))
    if form == "parquet":
        save_rows(gap_rows(estimates), path)
        return
    _write(path, render(estimates, form, _plain()).encode())


def save_rows(rows: Sequence[dict[str, Value]], path: Path) -> None:
    """Write flat rows as csv, json (a list of objects) or parquet. Raises `BadFile`."""
    match path.suffix.lower():
        case ".csv":
            content = render_csv(rows).encode()
        case ".json":
            content = (json.dumps(rows, indent=1) + "\n").encode()
        case ".parquet":
            content = frame(rows).to_parquet()
        case _:
            raise _no_form(path, (".csv", ".json", ".parquet"))
    _write(path, content)


def _plain() -> Console:
    """A console of fixed width, whatever there is around it."""
    return Console(
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=False,
        force_jupyter=False,
        color_system=None,
    )


def _no_form(path: Path, known: Sequence[str]) -> BadFile:
    *most, last = (ending.removeprefix(".") for ending in known)
    why = f"no form ends in {path.suffix!r}" if path.suffix else "has no ending that says the form"
    return BadFile(str(path), why, f"Use {', '.join(most)} or {last}")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadFile(str(path), f"cannot be written ({error.strerror})") from error


def _markdown(grid: Grid) -> str:
    rule = ["---" if place < grid.words else "---:" for place in range(len(grid.columns))]
    lines = (grid.columns, rule, *map(plain, grid.rows))
    body = "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )
    return f"**{grid.title}**\n\n{body}\n\n{grid.caption}\n"


MARKS = {"markdown": "- ", "latex": "% "}
_TEX = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "|": r"\textbar{}",
        "±": r"$\pm$",
        "Δ": r"$\Delta$",
        "−": "$-$",
        "×": r"$\times$",
        "–": "--",
        "…": r"\dots{}",
        "<": "$<$",
        ">": "$>$",
        "→": r"$\rightarrow$",
        "·": r"$\cdot$",
    }
)


def latex(text: str) -> str:
    """The text with what LaTeX would read as its own escaped."""
    return text.translate(_TEX)


def _tabular(grid: Grid) -> str:
    """A tabular in a table; needs no package."""
    form = "l" * grid.words + "r" * (len(grid.columns) - grid.words)
    rows = [" & ".join(map(latex, plain(row))) + r" \\" for row in grid.rows]
    head = " & ".join(map(latex, grid.columns)) + r" \\"
    lines = [
        r"\begin{table}",
        rf"\caption{{{latex(grid.title)}. {latex(grid.caption)}}}",
        rf"\begin{{tabular}}{{{form}}}",
        *(r"\hline", head, r"\hline", *rows, r"\hline"),
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def render_csv(rows: Sequence[Mapping[str, Value]]) -> str:
    """Flat rows as CSV, with a line of names; nothing for no rows, and nothing for no value."""
    out = io.StringIO()
    if names := dict.fromkeys(name for row in rows for name in row):
        writer = csv.DictWriter(out, list(names), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()
