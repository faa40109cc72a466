"""pydantic-monty: an interpreter of its own, in a worker process that is kept or new each time."""
# pyright: reportMissingImports=false
# It lies in its own environment.

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from benchmarks.peers.driving import Blocking, drive, each_its_own


@contextmanager
def monty(uses: int | None, lane: int) -> Iterator[Blocking]:
    """A pool of one worker; after so many programs it is replaced."""
    from pydantic_monty import Monty

    with Monty(max_processes=1, max_checkouts_per_worker=uses) as pool:

        def run(program: str) -> str:
            with pool.checkout() as session:
                return str(session.feed_run(f"{program}\nsolution()"))

        yield run


if __name__ == "__main__":
    ways = {"kept": None, "new": 1}
    drive({name: each_its_own(partial(monty, uses)) for name, uses in ways.items()})
