"""A run against a server that fails in every way, held against an undisturbed one."""

from __future__ import annotations

from pathlib import Path

import anyio

from benchmarks.soak import soak
from reasongap.testing import ODD, PASSING


def test_every_question_is_finished_or_typed_and_none_is_scored_from_a_fault(
    tmp_path: Path,
) -> None:
    report = anyio.run(soak, 600, 0.2, tmp_path)
    assert set(report.faults) == {*PASSING, *ODD}
    assert report.outcomes.total() == 600
    assert report.outcomes["correct"] > 300
    assert report.outcomes["wrong"] > 50
    assert min(report.outcomes[name] for name in ("refused", "context_too_long", "no_answer")) > 0
    assert max(report.memory[2:]) - report.memory[2] < 30
