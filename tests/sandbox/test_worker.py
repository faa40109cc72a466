"""The fork server's own steps, in this process."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterator

import pytest

from reasongap.sandbox.passage import Passage
from reasongap.sandbox.worker import Child, Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of plain Python that has no jail around it and forks nothing by itself."""
    made = Server.__new__(Server)
    inlet, far_end = os.pipe()
    made.inlet, made._outlet = inlet, os.dup(inlet)
    made._namespace = made._own_memory = None
    made._descriptors = 0
    made._passage = Passage()
    yield made
    for descriptor in (inlet, far_end, made._outlet):
        os.close(descriptor)


class Hasty:
    """A poll that says of the first descriptor that there is something to read, always."""

    def __init__(self) -> None:
        self._descriptors: list[int] = []

    def register(self, descriptor: int, events: int) -> None:
        self._descriptors.append(descriptor)

    def poll(self, milliseconds: float) -> list[tuple[int, int]]:
        return [(self._descriptors[0], select.POLLIN)]


def test_a_program_that_takes_back_what_it_sent_does_not_stop_the_worker(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    child: Child = server._fork()
    try:
        assert not os.get_blocking(child.outlet)
        monkeypatch.setattr(select, "poll", Hasty)
        assert server._report(child, time.monotonic() + 0.1, 1000) == "timeout"
        assert len(server._passage) == 0
    finally:
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        os.close(child.inlet)
        child.slate.close()
