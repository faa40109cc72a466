"""The tables of a comparison: for the terminal, and as Markdown, LaTeX, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from reasongap.analysis import Estimates
from reasongap.errors import BadFile
from reasongap.report.flat import Value, frame, gap_rows
from reasongap.report.grids import Grid, grids, plain

FORMATS = ("table", "json", "csv", "markdown", "latex")


def render(estimates: Estimates, form: str) -> str:
    """A comparison in one of `FORMATS`, ending with a line end.

    The form "table" looks as this terminal allows, and takes 80 plain columns elsewhere.
    """
    if form == "json":
        return json.dumps(estimates.as_json(), indent=2) + "\n"
    if form == "csv":
        return render_csv(gap_rows(estimates))
    parts = [render_grid(grid, form) for grid in grids(estimates)]
    mark = {"markdown": "- ", "latex": "% "}.get(form, "! ")
    return "\n".join(parts) + "".join(f"\n{mark}{note}" for note in estimates.notes) + "\n"


def render_grid(grid: Grid, form: str) -> str:
    """One table in one of `FORMATS` but JSON."""
    if form == "csv":
        return render_csv([dict(zip(grid.columns, plain(row), strict=True)) for row in grid.rows])
    if form == "markdown":
        return _markdown(grid)
    if form == "latex":
        return _tabular(grid)
    console = Console()
    with console.capture() as captured:
        console.print(_rich(grid))
    return captured.get()


def tables(estimates: Estimates) -> Iterator[RenderableType]:
    """The comparison as rich renderables."""
    for grid in grids(estimates):
        yield _rich(grid)
        yield ""
    for note in estimates.notes:
        yield Text(f"! {note}", style="yellow")


def save(estimates: Estimates, path: Path) -> None:
    """Write the comparison in the form of the path's ending. Raises `BadFile`.

    Parquet holds the gaps, a row a model and strategy.
    """
    if path.suffix == ".parquet":
        save_rows(gap_rows(estimates), path)
        return
    forms = {
        ".json": "json",
        ".csv": "csv",
        ".md": "markdown",
        ".tex": "latex",
        ".txt": "table",
    }
    if path.suffix not in forms:
        why = f"no form of the tables ends in {path.suffix!r}"
        raise BadFile(str(path), why, "Use json, csv, md, tex, txt or parquet; --html for the page")
    _write(path, render(estimates, forms[path.suffix]).encode())


def save_rows(rows: Sequence[dict[str, Value]], path: Path) -> None:
    """Write flat rows as csv, json (a list of objects) or parquet. Raises `BadFile`."""
    if path.suffix == ".csv":
        content = render_csv(rows).encode()
    elif path.suffix == ".json":
        content = (json.dumps(rows, indent=1) + "\n").encode()
    elif path.suffix == ".parquet":
        content = frame(rows).to_parquet()
    else:
        why = f"no form ends in {path.suffix!r}"
        raise BadFile(str(path), why, "Use csv, json or parquet")
    _write(path, content)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadFile(str(path), f"cannot be written ({error.strerror})") from error


def _rich(grid: Grid) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for place, column in enumerate(grid.columns):
        table.add_column(
            column,
            justify="right" if place >= grid.words else "left",
            overflow="fold",
            no_wrap=column not in ("model", "models", "strategy"),
            min_width=len(column),
        )
    for row in grid.rows:
        table.add_row(*map(Text, row))
    return Group(Text(grid.title, style="bold cyan"), table, Text(grid.caption, style="dim"))


def _markdown(grid: Grid) -> str:
    rule = ["---" if place < grid.words else "---:" for place in range(len(grid.columns))]
    lines = (grid.columns, rule, *map(plain, grid.rows))
    body = "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )
    return f"**{grid.title}**\n\n{body}\n\n{grid.caption}\n"


_TEX = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
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
    """Flat rows as CSV, with a line of names; nothing for no rows."""
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()
