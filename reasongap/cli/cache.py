"""`reasongap cache`: the replies that are known, so that nothing is paid for twice."""

from __future__ import annotations

from typing import Annotated

import typer

from reasongap.cli.ranges import between

app = typer.Typer(help="Look after the cache of known replies.", no_args_is_help=True)


@app.command("stats")
def stats() -> None:
    """Say what it holds: replies, bytes and dates by model, and calls that were cut off."""
    from contextlib import closing

    from reasongap.api import reply_cache
    from reasongap.runs.cache import ReplyCache
    from reasongap.runs.cache_upkeep import holdings

    with closing(ReplyCache(reply_cache())) as cache:
        held, cut_off = holdings(cache), cache.calls_cut_off(every_run=True)
    for row in held:
        dates = f"{_date(row.first)} to {_date(row.last)}"
        print(f"{row.model:<40} {row.replies:>9,} replies {row.bytes / 1e6:>9,.1f} MB  {dates}")
    print(f"{cache.path}: {sum(row.replies for row in held):,} replies")
    if cut_off:
        print(f"calls cut off: {len(cut_off)}, possibly paid for, and twice if sent again")


@app.command("prune")
def prune(
    older_than: Annotated[
        float | None,
        typer.Option(
            metavar="DAYS", help="Only replies that arrived longer ago.", callback=between(0)
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("-m", "--model", metavar="MODEL", help="Only this model's.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All replies of all models.")] = False,
) -> None:
    """Throw replies away. Run folders keep theirs: only asking anew costs again."""
    import time
    from contextlib import closing

    from reasongap.api import reply_cache
    from reasongap.errors import UsageError
    from reasongap.runs.cache import ReplyCache
    from reasongap.runs.cache_upkeep import prune as remove

    if older_than is None and model is None and not everything:
        raise UsageError("say which replies: --older-than DAYS, --model MODEL, or --all")
    before = None if older_than is None else time.time() - older_than * 86_400
    with closing(ReplyCache(reply_cache())) as cache:
        print(f"removed {remove(cache, before, model):,} replies")


@app.command("mend")
def mend() -> None:
    """Keep what can be read of a damaged cache, while no run uses it."""
    from reasongap.api import reply_cache
    from reasongap.runs.cache_upkeep import mend as rescue

    kept, lost, old = rescue(reply_cache())
    print(f"kept {kept:,} replies; {lost:,} could not be read. The old file: {old}")


def _date(when: float) -> str:
    import time

    return time.strftime("%Y-%m-%d", time.localtime(when))
