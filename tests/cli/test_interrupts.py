"""Ctrl-C and SIGTERM keep what was answered, say how to go on, and leave no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reasongap.testing import FaultyServer, Latency
from tests.processes import alive, descendants
from tests.runs.studies import compositions_file

PATIENCE = 60.0


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until it holds; fail where it does not within a minute."""
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.02)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], FaultyServer]]:
    """A run of a slow model, once some of its answers are written."""
    with FaultyServer(latency=Latency(0.4)) as server:
        chains = compositions_file(tmp_path, 60)
        arguments = ["-m", "openai/tiny-1b", "--api-base", server.url, "-p", str(chains)]
        process = subprocess.Popen(
            [sys.executable, "-m", "reasongap", "compare", *arguments, "--out", "run"],
            cwd=tmp_path,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            wait_for(lambda: lines(tmp_path) > 4 or process.poll() is not None)
            assert process.poll() is None, process.communicate()
            yield process, server
        finally:
            process.kill()
            process.communicate()


def lines(folder: Path) -> int:
    journal = folder / "run" / "records.jsonl"
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_lets_calls_in_flight_end_and_prints_what_there_is(
    running: tuple[subprocess.Popen[str], FaultyServer], tmp_path: Path, number: signal.Signals
) -> None:
    process, server = running
    workers = descendants(process.pid)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert "Reasoning gap" in out
    assert "Unfinished. To go on: reasongap resume run" in err
    assert workers, "programs run in processes of their own"
    wait_for(lambda: not any(map(alive, workers)))
    assert lines(tmp_path) == len(server.seen), "every call that was sent has its record"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_second_signal_ends_it_at_once(
    running: tuple[subprocess.Popen[str], FaultyServer],
) -> None:
    process, server = running
    workers = descendants(process.pid)
    sent = len(server.seen)
    server.latency = Latency(3600.0)
    wait_for(lambda: len(server.seen) > sent)
    process.send_signal(signal.SIGINT)  # ends no call that will not be answered
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert out == ""
    wait_for(lambda: not any(map(alive, workers)))
