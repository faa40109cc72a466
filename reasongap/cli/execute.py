"""`reasongap exec`: run one program in the sandbox, or a stream of them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from reasongap.cli.options import PROGRAMS, AllowImport, RequireIsolation
from reasongap.cli.ranges import between

if TYPE_CHECKING:
    from reasongap.domain import Execution
    from reasongap.sandbox import Limits, Sandbox

    Opening = Callable[[], AbstractAsyncContextManager[Sandbox]]

FAILED = 1


def execute(
    program: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A Python file, or - for stdin.")
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            metavar="IN", help="A stream instead: one JSON object a line, with id and code."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="The file of the stream's results; stdout if left out."),
    ] = None,
    sandbox: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Where to run; see `reasongap list sandboxes`.",
            rich_help_panel=PROGRAMS,
        ),
    ] = "restricted",
    timeout: Annotated[
        float,
        typer.Option(
            metavar="S",
            help="Seconds a program may take.",
            callback=between(0.01),
            rich_help_panel=PROGRAMS,
        ),
    ] = 5.0,
    memory: Annotated[
        int,
        typer.Option(
            metavar="MB",
            help="Memory a program may take.",
            callback=between(32),
            rich_help_panel=PROGRAMS,
        ),
    ] = 256,
    allow_import: AllowImport = None,
    require_isolation: RequireIsolation = None,
    json: Annotated[bool, typer.Option("--json", help="Print the execution as JSON.")] = False,
) -> None:
    """Run generated code in the sandbox and show its value.

    The value is that of `solution()`, else of `ans` or `answer`. A single program that
    does not end well makes the exit code 1.
    """
    import anyio

    from reasongap.errors import UsageError
    from reasongap.sandbox import Limits

    limits = Limits(seconds=timeout, cpu_seconds=timeout, memory=memory * 2**20)
    if (program is None) == (jsonl is None):
        raise UsageError("name one program (a file, or - for stdin), or a stream with --jsonl")
    if jsonl is None and out is not None:
        raise UsageError(f"--out {out} is for the results of a stream. Name one with --jsonl")
    opening = partial(_opened, sandbox, tuple(allow_import or ()), bool(require_isolation))
    if jsonl is not None:
        anyio.run(_stream, jsonl, out, opening, limits)
        return
    assert program is not None
    execution = anyio.run(_single, _read(program), opening, limits)
    _print(program, execution, json)
    if execution.status != "ok":
        raise typer.Exit(FAILED)


def _read(program: str) -> str:
    from reasongap.errors import BadFile

    if program == "-":
        return sys.stdin.read()
    try:
        return Path(program).read_text(encoding="utf-8")
    except OSError as error:
        raise BadFile(program, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadFile(program, f"is no UTF-8 text ({error.reason})") from error


@asynccontextmanager
async def _opened(
    name: str, packages: tuple[str, ...], require_isolation: bool
) -> AsyncIterator[Sandbox]:
    from reasongap.sandbox import demand_layers, open_sandbox

    settings = {"allow_import": packages} if packages else {}
    async with open_sandbox(name, **settings) as sandbox:
        if require_isolation:
            demand_layers(sandbox)
        yield sandbox


async def _single(source: str, opening: Opening, limits: Limits) -> Execution:
    from reasongap.domain import Program

    async with opening() as sandbox:
        return await sandbox.run(Program(source), limits)


async def _stream(jsonl: Path, out: Path | None, opening: Opening, limits: Limits) -> None:
    from json import dumps

    from reasongap.cli.places import keep_apart, lines_to
    from reasongap.runs.programs import read_programs
    from reasongap.sandbox import as_json, run_all

    keep_apart(jsonl, out)
    with lines_to(out) as write:

        def take(identity: str, execution: Execution) -> None:
            write(dumps(as_json(identity, execution), ensure_ascii=False))

        async with opening() as sandbox:
            await run_all(read_programs(jsonl), sandbox, take, limits)


def _print(program: str, execution: Execution, json: bool) -> None:
    if json:
        from json import dumps

        from reasongap.sandbox import as_json

        print(dumps(as_json(program, execution), ensure_ascii=False))
        return
    if execution.stdout:
        end = "" if execution.stdout.endswith("\n") else "\n"
        print(shown(execution.stdout, sys.stdout), end=end)
    value = "–" if execution.value is None else execution.value
    print(shown(f"value  {value}", sys.stdout))
    took = f"{execution.seconds * 1000:.0f} ms, {execution.peak_memory / 2**20:.0f} MB"
    print(f"status {execution.status} ({took})", file=sys.stderr)
    if execution.error:
        print(shown(execution.error, sys.stderr), file=sys.stderr)
    if execution.truncated:
        print(f"cut off: {', '.join(execution.truncated)}", file=sys.stderr)


def shown(text: str, stream: TextIO) -> str:
    """The text as `report.terminal` shows it, without loading that room where nothing changes."""
    if not stream.isatty() or all(map(str.isprintable, text.split("\n"))):
        return text
    from reasongap.report import terminal

    return terminal.shown(text, stream)
