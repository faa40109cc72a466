"""The items of a run on the terminal: a line a record, or everything about one composition."""

from __future__ import annotations

import json
import shlex
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import get_args

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from reasongap.answers import format_number
from reasongap.domain import MACHINERY, Execution, Outcome, Program, Record
from reasongap.errors import UnknownName, UsageError
from reasongap.report.flat import item_rows
from reasongap.report.grids import NONE, Grid, lean
from reasongap.report.tables import print_grid, render_csv, render_grid
from reasongap.report.terminal import shown, warn
from reasongap.runs.folder import RunFolder
from reasongap.runs.rows import SCHEMA, to_line

Safe = Callable[[str], str]
"""Gives a text as the console may have it."""


@dataclass(frozen=True)
class Filter:
    """Which records are wanted; None wants all.

    `flip` wants questions that one strategy of a model got right and another did not; a
    failure of the machinery is neither.
    """

    item: str | None = None
    outcome: str | None = None
    flip: bool = False
    setting: str | None = None
    model: str | None = None
    strategy: str | None = None

    def matches(self, record: Record) -> bool:
        """Whether a record is wanted, flips aside."""
        key = record.key
        wanted = (self.item, self.outcome, self.setting, self.model, self.strategy)
        have = (key.composition, record.outcome, key.setting, key.model, key.strategy)
        return all(w is None or w == h for w, h in zip(wanted, have, strict=True))


def select(folder: RunFolder, wanted: Filter) -> list[Record]:
    """The records that are wanted, in the order of the file.

    Raises `UnknownName` for an outcome that there is not, and for a composition, setting, …
    that the run does not have.
    """
    records, manifest = folder.records, folder.manifest
    if not records:
        return []
    wanted = replace(wanted, item=_composition(folder, wanted.item))
    for kind, name, known in (
        ("outcome", wanted.outcome, get_args(Outcome)),
        ("setting", wanted.setting, sorted({r.key.setting for r in records})),
        ("model", wanted.model, sorted(manifest.models)),
        ("strategy", wanted.strategy, sorted(manifest.strategies)),
    ):
        if name is not None and name not in known:
            raise UnknownName(f"{kind} in {folder.path}", name, known)
    flips = _flips(records) if wanted.flip else None
    return [r for r in records if wanted.matches(r) and (flips is None or _question(r) in flips)]


def _composition(folder: RunFolder, item: str | None) -> str | None:
    """The id of a composition that is named by its id or by its number in the run."""
    ids = [composition.id for composition in folder.compositions]
    if item is None or item in ids:
        return item
    if item.isdecimal() and 1 <= int(item) <= len(ids):
        return ids[int(item) - 1]
    raise UsageError(
        f"{folder.path} holds no composition {item!r}: give an id, or a number up to {len(ids)}"
    )


def _question(record: Record) -> tuple[str, str, str, int]:
    key = record.key
    return key.model, key.composition, key.setting, key.repeat


def _flips(records: Sequence[Record]) -> set[tuple[str, str, str, int]]:
    grades = defaultdict(set)
    for record in records:
        if record.outcome not in MACHINERY:
            grades[_question(record)].add(record.outcome == "correct")
    return {question for question, grade in grades.items() if len(grade) > 1}


def show_items(
    folder: RunFolder, wanted: Filter, most: int, console: Console | None = None
) -> None:
    """Print the wanted records: in full where one composition is named, else a line each.

    Where there are none, it says what there is.
    """
    console = console or Console()
    safe = partial(shown, stream=console.file)
    records = select(folder, wanted)
    if not records:
        console.print(Text(safe(_none(folder, wanted))))
    elif wanted.item is not None:
        for record in records:
            console.print(_whole(record, safe))
    else:
        print_grid(_lines(folder, records, most), console)


def render_items(folder: RunFolder, wanted: Filter, most: int, form: str) -> str:
    """The wanted records in one of `FORMATS` but "table", all of one composition if it is named.

    JSON holds all about each, as records.jsonl does, and how many there are in `total`; CSV is a
    row a record.
    """
    records = select(folder, wanted)
    most = len(records) if wanted.item is not None else most
    if not records:
        warn([_none(folder, wanted)])
    places = _places(folder)
    chosen = [(places[record.key.composition], record) for record in records[:most]]
    if form == "json":
        rows = [{"number": place, **json.loads(to_line(record))} for place, record in chosen]
        whole = {"schema": SCHEMA, "total": len(records), "records": rows}
        return json.dumps(whole, indent=2) + "\n"
    if form == "csv":
        if len(records) > most:
            warn([_more(folder, len(records), most)])
        flat = item_rows(record for _, record in chosen)
        return render_csv(
            [{"number": place, **row} for (place, _), row in zip(chosen, flat, strict=True)]
        )
    return render_grid(_lines(folder, records, most), form) if records else ""


def _none(folder: RunFolder, wanted: Filter) -> str:
    """Why there is nothing to show."""
    if not folder.records:
        path = shlex.quote(str(folder.path))
        return f"{folder.path} holds no answer yet. To ask: reasongap resume {path}"
    counts = Counter(record.outcome for record in folder.records)
    if wanted.outcome is not None and wanted.outcome not in counts:
        there = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
        return f"No answer in {folder.path} ended as {wanted.outcome}. There are: {there}."
    return f"No answer in {folder.path} fits all of these options at once."


def _places(folder: RunFolder) -> dict[str, int]:
    """The number of each composition: its place in the run."""
    return {item.id: place for place, item in enumerate(folder.compositions, 1)}


def _more(folder: RunFolder, there: int, most: int) -> str:
    more = f"{there - most:,} more with -n {there}. " if there > most else ""
    return f"{more}One in full: reasongap show {shlex.quote(str(folder.path))} NUMBER"


def _lines(folder: RunFolder, records: Sequence[Record], most: int) -> Grid:
    """A line a record."""
    places = _places(folder)
    columns = ("model", "number", "strategy", "setting", "outcome", "rule", "gold", "answer")
    rows = tuple(
        (
            *(record.key.model, str(places[record.key.composition]), record.key.strategy),
            *(record.key.setting, record.outcome, record.solution.rule or NONE),
            *(format_number(record.question.gold), _number(record.solution.answer)),
        )
        for record in records[:most]
    )
    caption = _more(folder, len(records), most)
    return lean(Grid("Answers", columns, rows, caption, words=len(columns)))


def _number(answer: Fraction | None) -> str:
    return "–" if answer is None else format_number(answer)


def _whole(record: Record, safe: Safe) -> RenderableType:
    key, question, solution = record.key, record.question, record.solution
    place = f"{key.setting} · {key.strategy} · {key.model}"
    parts: list[RenderableType] = [
        *(Text(safe(place), style="bold cyan"), Text(safe(key.composition), style="dim"), Text()),
        *(Text(safe(question.text)), Text()),
    ]
    for completion in solution.completions:
        reply = Text(safe(completion.text.strip()))
        parts += [Text("Reply", style="bold"), Padding(reply, (0, 2))]
        if completion.finish_reason != "stop":
            parts.append(Text(f"ended by: {completion.finish_reason}", style="yellow"))
    for program, execution in zip(solution.programs, solution.executions, strict=True):
        parts += _ran(program, execution, safe)
    parts += [Text(), _verdict(record, safe)]
    return Panel(Group(*parts))


def _ran(program: Program, execution: Execution, safe: Safe) -> list[RenderableType]:
    source = safe(program.source.strip("\n"))
    code = Syntax(source, "python", theme="ansi_dark", background_color="default")
    facts = [f"status {execution.status}", f"value {execution.value or '–'}"]
    if execution.hop_values:
        facts.append(f"hops {', '.join(value or '–' for value in execution.hop_values)}")
    facts.append(f"{execution.seconds * 1000:.0f} ms")
    parts: list[RenderableType] = [Text("Program", style="bold"), Padding(code, (0, 2))]
    parts += [Text("Execution", style="bold"), Padding(Text(safe(" · ".join(facts))), (0, 2))]
    if execution.error:
        parts.append(Padding(Text(safe(execution.error), style="red"), (0, 2)))
    if execution.stdout:
        parts.append(Padding(Text(safe(execution.stdout.rstrip())), (0, 2)))
    return parts


def _verdict(record: Record, safe: Safe) -> Text:
    solution, question = record.solution, record.question
    right = record.outcome == "correct"
    text = Text(record.outcome, style="bold green" if right else "bold red")
    rule = safe(solution.rule or "–")
    text.append(
        f"   gold {format_number(question.gold)}   answer {_number(solution.answer)}"
        f"   rule {rule}   strict {'right' if record.strict else 'not right'}",
        style="not bold default",
    )
    if question.chained:
        golds = ", ".join(map(format_number, question.hop_golds[:-1]))
        given = ", ".join(map(_number, solution.hop_answers)) or "–"
        text.append(f"\nhops before: gold {golds}, answered {given}", style="not bold default")
    if solution.findings:
        text.append(safe(f"\nfound: {', '.join(solution.findings)}"), style="not bold default")
    if record.error:
        text.append(safe(f"\n{record.error}"), style="not bold red")
    return text
