"""An OpenAI-compatible server on the loopback interface that fails as it is told.

In a thread of a test's own process:

    with FaultyServer(faults=Faults(even(0.2)), rate=50) as server:
        run_strategy("openai/any", "cot", options=Options(api_base=server.url))
        assert max(server.calls.values()) < 10

In a process of its own, which outlives its client (`ServerProcess` starts one from Python):

    python -m reasongap.testing.server --latency 0.2 --faults 0.2 --rate 50
"""

from __future__ import annotations

import argparse
import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future

from reasongap.testing.arithmetic import arithmetic
from reasongap.testing.faults import FATAL, ODD, PASSING, Faults, Latency, even
from reasongap.testing.protocol import Connection
from reasongap.testing.provider import Provider, Replies


class FaultyServer(Provider):
    """A `Provider` that listens: in a thread, from `with` on until its end.

    `url` is the address to give as `api_base`.
    """

    url = ""

    def __init__(
        self,
        replies: Replies = arithmetic,
        *,
        faults: Faults | None = None,
        latency: Latency | None = None,
        rate: float | None = None,
    ) -> None:
        super().__init__(replies, faults or Faults(), latency or Latency(), rate)

    def __enter__(self) -> FaultyServer:
        started: Future[str] = Future()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        serving = listen(self, 0, started.set_result, self._stop)
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(serving,))
        self._thread.start()
        self.url = started.result()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()


async def listen(
    provider: Provider, port: int, started: Callable[[str], None], stop: asyncio.Event
) -> None:
    """Serve on 127.0.0.1 until `stop`; `started` is called with the address. Port 0: any free."""
    lines: set[Connection] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(provider.serve, lines), "127.0.0.1", port)
    started(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
    await stop.wait()
    server.close()
    for line in list(lines):
        line.close()
    await asyncio.sleep(0)  # the lines close in the loop's next round


def _arguments() -> argparse.Namespace:
    names = ", ".join(PASSING + ODD + FATAL)
    parser = argparse.ArgumentParser(
        prog="python -m reasongap.testing.server",
        description="Serve an OpenAI-compatible provider on the loopback interface that fails "
        "as it is told. Prints its address; /counts beside it tells what was asked.",
    )
    add = parser.add_argument
    add("--port", type=int, default=0, help="0: any that is free")
    add("--latency", type=float, default=0.0, metavar="SECONDS", help="median wait")
    add("--spread", type=float, default=0.0, metavar="SIGMA", help="of its logarithm")
    add("--rate", type=float, metavar="N", help="answer 429 above N requests a second")
    add("--faults", type=float, default=0.0, metavar="P", help="share of spoiled answers")
    add("--fault", action="append", default=[], type=_odds, metavar="NAME=P", help=f"of: {names}")
    add("--retry-after", type=float, default=0.1, metavar="SECONDS", help="that a 429 names")
    add("--hang", type=float, default=2.0, metavar="SECONDS", help="that one hangs")
    add("--seed", type=int, default=0, help="of faults and waits")
    return parser.parse_args()


def _odds(stated: str) -> tuple[str, float]:
    name, _, share = stated.partition("=")
    if name not in PASSING + ODD + FATAL:
        raise argparse.ArgumentTypeError(f"{name!r} is no fault")
    return name, float(share)


def main() -> None:
    """Serve until killed."""
    given = _arguments()
    odds = even(given.faults) if given.faults else {}
    provider = Provider(
        faults=Faults(odds | dict(given.fault), (), given.retry_after, given.hang, given.seed),
        latency=Latency(given.latency, given.spread, given.seed),
        rate=given.rate,
        keep=0,
    )

    async def serve() -> None:
        await listen(provider, given.port, lambda url: print(url, flush=True), asyncio.Event())

    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
