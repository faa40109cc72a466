"""`reasongap report`: every analysis of runs, as tables, figures and a page."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from reasongap.cli.failing import FailIf, judge, read_rules
from reasongap.cli.options import PLACES, Format, Output


def report(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN", help="Folders of runs; several are merged.")
    ],
    figures: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write every figure there, as SVG, PDF and PNG.",
            rich_help_panel=PLACES,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the page there: every analysis, every answer.",
            rich_help_panel=PLACES,
        ),
    ] = None,
    save: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write the gaps there, in the form of its ending: json, csv, md, tex, txt or "
            "parquet. Repeatable.",
            rich_help_panel=PLACES,
        ),
    ] = None,
    items: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write a row a record there, in the form of its ending: csv, json or parquet.",
            rich_help_panel=PLACES,
        ),
    ] = None,
    fail_if: FailIf = None,
    format: Output = Format.TABLE,  # noqa: A002 (the option's name)
) -> None:
    """Say what runs show: gaps, sizes, families, where chains break, cost, and what is unsure.

    Runs are merged by question: the same compositions asked of more models, or under more
    strategies.
    """
    from reasongap.analysis.merging import read_runs
    from reasongap.report.analyses import report_of, save_figures
    from reasongap.report.flat import item_rows
    from reasongap.report.page import write_page
    from reasongap.report.tables import save as save_tables
    from reasongap.report.tables import save_rows
    from reasongap.report.terminal import warn
    from reasongap.report.text import render_report
    from reasongap.report.thresholds import check

    rules, evidence = read_rules(fail_if), read_runs(runs)
    hops = max((len(item.hops) for item in evidence.compositions.values()), default=0)
    check(rules, list(evidence.specs), evidence.strategies, hops)
    made = report_of(evidence, shlex.join(["reasongap", *sys.argv[1:]]))
    print(render_report(made, format.value), end="")
    if format is Format.CSV:
        warn(made.notes)
    for path in save or ():
        save_tables(made.findings.estimates, path)
    if items is not None:
        save_rows(item_rows(made.evidence.records), items)
    if figures is not None:
        written = save_figures(made, figures)
        print(f"{len(written)} files in {figures}", file=sys.stderr)
    if html is not None:
        _, *beside = write_page(made, html)
        more = f", and {len(beside)} files in {beside[0].parent} beside it" if beside else ""
        print(f"page in {html}{more}", file=sys.stderr)
    judge(rules, made.findings.estimates, evidence.records)
