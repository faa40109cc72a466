"""A worker's header is believed, a program's report is checked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits, frames
from reasongap.sandbox.verdict import execution

PROGRAM = Program("ans = 1", hop_functions=("solve_q1",))
HEADER = {
    **{"cut": None, "exit": 0, "reported": True},
    **{"seconds": 0.5, "cpu_seconds": None, "peak_memory": None},
}
REPORT = {
    "status": "ok",
    "value": "18",
    "value_from": "ans",
    "hops": ["3"],
    "stdout": "hello",
    "error": None,
    "truncated": [],
    "cpu_seconds": 0.25,
    "peak_memory": 4096,
}


def verdict(header: dict[str, Any] | None = None, **report: object) -> Execution:
    payload = json.dumps(REPORT | report).encode()
    return execution(PROGRAM, Limits(), HEADER | (header or {}), payload)


def unreported(**header: object) -> Execution:
    return execution(PROGRAM, Limits(cpu_seconds=1), HEADER | {"reported": False} | header, b"")


def test_a_good_report_is_taken_over() -> None:
    assert verdict() == Execution(
        "ok", "18", "ans", ("3",), "hello", None, seconds=0.5, cpu_seconds=0.25, peak_memory=4096
    )


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"cut": "timeout", "exit": -9}, "timeout"),
        ({"cut": "flood", "exit": -9}, "crashed"),
        ({"exit": -27}, "timeout"),
        ({"exit": -24}, "timeout"),
        ({"exit": -9}, "memory"),
        ({"exit": -9, "cpu_seconds": 2.9}, "timeout"),
        ({"exit": -11}, "crashed"),
        ({"exit": -63}, "crashed"),
    ],
)
def test_of_a_program_that_did_not_report_its_end_tells(
    header: dict[str, Any], status: str
) -> None:
    outcome = unreported(**header)
    assert (outcome.status, outcome.value, outcome.hop_values) == (status, None, (None,))
    assert outcome.error


def test_a_whole_report_counts_though_the_hops_behind_it_were_cut() -> None:
    report = json.dumps(REPORT | {"hops": [None]}).encode()
    header = HEADER | {"cut": "timeout"}
    for rest in (b"", b"\n", b'\n{"hops": [', b"\n[]"):
        outcome = execution(PROGRAM, Limits(), header, report + rest)
        assert (outcome.status, outcome.value, outcome.hop_values) == ("ok", "18", (None,))
    outcome = execution(PROGRAM, Limits(), header, report + b'\n{"hops": ["4"]}')
    assert outcome.hop_values == ("4",)
    assert execution(PROGRAM, Limits(), header, report[:-1]).status == "timeout"
    assert execution(PROGRAM, Limits(), HEADER, report[:-1]).status == "crashed"


@pytest.mark.parametrize(
    "forged",
    [
        {"status": "great"},
        {"status": None},
        {"status": ["ok"]},
        {"value": 18},
        {"value": ["18"]},
        {"value": "9" * 20_000},
        {"value": "\ud800" * 16_000},
        {"value_from": "nowhere"},
        {"hops": ["1", "2"]},
        {"hops": [1]},
        {"hops": "3"},
        {"stdout": "x" * 70_000},
        {"stdout": 5},
        {"error": "x" * 5_000},
        {"truncated": ["everything"]},
        {"truncated": {}},
        {"truncated": ["stdout"] * 9},
        {"cpu_seconds": "0"},
        {"cpu_seconds": float("nan")},
        {"peak_memory": -1},
        {"peak_memory": True},
    ],
)
def test_a_report_that_no_program_of_ours_sends_is_a_crash(forged: dict[str, Any]) -> None:
    outcome = verdict(**forged)
    assert (outcome.status, outcome.value) == ("crashed", None)


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"5", b"\xff", b"[" * 100_000])
def test_bytes_that_are_no_report_are_a_crash(payload: bytes) -> None:
    assert execution(PROGRAM, Limits(), HEADER, payload).status == "crashed"


def test_text_that_could_not_be_printed_is_escaped() -> None:
    assert verdict(value="\ud800").value == "\\ud800"


@pytest.mark.parametrize("header", [b"\xff\xff\xff\xff", b"\x01\x00\x00\x01"])
def test_a_length_beyond_every_frame_is_refused(header: bytes) -> None:
    with pytest.raises(frames.BadFrame):
        frames.length(header)


def test_a_frame_beyond_every_length_is_not_sent() -> None:
    with pytest.raises(frames.BadFrame):
        frames.pack(bytes(frames.LARGEST + 1))


@pytest.mark.parametrize("header", [{"cut": "timeout", "exit": -9}, {"exit": -11}, {"exit": 0}])
def test_what_a_program_without_a_report_had_printed_is_kept(header: dict[str, Any]) -> None:
    printed = b"half \xff" + b"x" * Limits().output
    ended = execution(PROGRAM, Limits(), HEADER | header | {"reported": False}, printed)
    assert ended.stdout.startswith("half \ufffdx")
    assert len(ended.stdout) == Limits().output
    assert ended.truncated == ("stdout",)


def test_what_a_program_printed_is_no_report() -> None:
    forged = json.dumps(REPORT).encode()
    ended = execution(PROGRAM, Limits(), HEADER | {"reported": False}, forged)
    assert (ended.status, ended.value, ended.stdout) == ("crashed", None, forged.decode())
