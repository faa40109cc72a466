"""kill −9 at any moment, any number of times: nothing is lost, and nothing hidden is paid twice."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from reasongap.domain import Completion, Key, Record
from reasongap.runs.cache import cache_key
from reasongap.runs.folder import read_run
from reasongap.testing import ServerProcess, prompt_key
from tests.runs.sittings import COMPOSITIONS, CONNECTIONS, body_of

KILLS = 60
FAULTS = ("rate_limit", "error_500", "reset", "half_body", "invalid_json", "empty_choices")


def play(folder: Path, kills: int) -> tuple[int, dict[str, int]]:
    """The kills that hit, and how many good replies the server sent, by prompt."""
    folder.parent.mkdir()
    odds = [word for name in FAULTS for word in ("--fault", f"{name}=0.01")]
    with ServerProcess("--latency", 0.03, "--spread", 0.5, "--retry-after", 0.01, *odds) as server:
        command = [sys.executable, "-m", "tests.runs.sittings", server.url, folder, kills, 0]
        done = subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
        assert done.returncode == 0, done.stderr
        counts = server.counts()
    good = {key: n - len(counts.faults.get(key, ())) for key, n in counts.calls.items()}
    return int(done.stdout), good


def bare(folder: Path) -> dict[Key, Record]:
    """The records without times and costs."""

    def timeless(reply: Completion) -> Completion:
        return replace(reply, seconds=0.0, cost=None)

    return {
        record.key: replace(
            record,
            started=0.0,
            seconds=0.0,
            solution=replace(
                record.solution, completions=tuple(map(timeless, record.solution.completions))
            ),
        )
        for record in read_run(folder).records
    }


def test_a_run_that_is_killed_many_times_ends_like_one_left_in_peace(tmp_path: Path) -> None:
    peace, war = tmp_path / "peace" / "run", tmp_path / "war" / "run"
    play(peace, 0)
    hits, good = play(war, KILLS)
    assert hits == KILLS
    records = bare(war)
    assert len(records) == COMPOSITIONS * 3 * 2
    assert records == bare(peace)
    assert set(good.values()) > {1}, "no call was cut off: this proves nothing"
    assert sum(good.values()) - len(good) <= hits * CONNECTIONS

    manifest = read_run(war).manifest
    listed = {call.key for call in manifest.possibly_paid_twice}
    spec = manifest.models["test/served"]
    for record in records.values():
        (reply,) = record.solution.completions
        if good[prompt_key(body_of(reply.request))] > 1:
            assert cache_key(spec, reply.request, 0) in listed
