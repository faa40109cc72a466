"""A process is known again by its id and its start, and never taken for another."""

from __future__ import annotations

import os
import subprocess
import sys

from reasongap.runs.processes import is_alive, this_process


def test_this_process_is_alive() -> None:
    assert is_alive(this_process())


def test_one_that_ended_is_not() -> None:
    code = "from reasongap.runs.processes import this_process; print(this_process())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().partition(":")[2]
    assert not is_alive(done.stdout.strip())


def test_another_of_the_same_id_is_not() -> None:
    assert not is_alive(f"{os.getpid()}:1")
    assert not is_alive("")
