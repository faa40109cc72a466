"""A run in which every call failed, and rules that end a command: both say why."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from reasongap.runs.throttle import ThrottledModel
from reasongap.testing import FaultyServer, chat, error
from tests.cli.conftest import Command
from tests.runs.studies import compositions_file

NOT_KNOWN = "delta is not known (no composition was answered in full)"


@pytest.fixture
def asking(
    server: FaultyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[object, ...]:
    """The arguments that ask a server which fails at once, whatever it is asked."""
    once = functools.partial(ThrottledModel, tries=1)
    monkeypatch.setattr("reasongap.runs.calling.ThrottledModel", once)
    server.answers = [error(500, "the disk is full")]
    chains = compositions_file(tmp_path, 4)
    return ("-m", "openai/tiny-1b", "--api-base", server.url, "-p", chains, "--out", "run")


def test_it_says_what_most_calls_failed_of(reasongap: Command, asking: tuple[object, ...]) -> None:
    ended = reasongap("compare", *asking)
    assert ended.code == 4
    told = " ".join(ended.out.split())
    assert "! openai/tiny-1b: 4 of 4 compositions left out" in told
    assert "! openai/tiny-1b: 24 of 24 failures:" in told
    assert "the disk is full" in told


def test_a_server_that_is_not_there_stops_the_run_which_goes_on_once_it_is(
    reasongap: Command, asking: tuple[object, ...]
) -> None:
    with FaultyServer() as gone:
        asked = [gone.url if word == asking[3] else word for word in asking]
    ended = reasongap("compare", *asked)
    assert ended.code == 5
    assert f"nobody answers: Cannot connect to host {gone.url[7:-3]}" in ended.err
    assert "1 tries. Start the server, name the right address with --api-base" in ended.err
    assert "Unfinished. To go on: reasongap resume run" in ended.err
    assert Path("run/records.jsonl").read_text() == ""
    with FaultyServer() as server:
        assert reasongap("resume", "run", "--api-base", server.url).code == 0


def test_it_can_be_reported_in_every_way(
    reasongap: Command, asking: tuple[object, ...], tmp_path: Path
) -> None:
    reasongap("compare", *asking)
    ended = reasongap("report", "run", "--html", "x.html", "--figures", "figs", "--save", "x.txt")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("No composition was answered in full, so there is no gap to show.")
    assert "No composition failed" not in ended.out
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "No composition was answered in full" in page
    assert "the disk is full" in page
    assert "the disk is full" in (tmp_path / "x.txt").read_text(encoding="utf-8")


def test_a_rule_on_what_was_not_measured_ends_with_one(
    reasongap: Command, asking: tuple[object, ...]
) -> None:
    ended = reasongap("compare", *asking, "--fail-if", "delta(cot) < -0.1")
    assert ended.code == 1
    assert f"! openai/tiny-1b, cot: {NOT_KNOWN}" in ended.err
    ended = reasongap("report", "run", "--fail-if", "delta(pot, openai/tiny-1b) < -0.1")
    assert ended.code == 1
    assert f"! openai/tiny-1b, pot: {NOT_KNOWN}" in ended.err


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("delta(foo) < 0", "unknown strategy 'foo'. Known: cot."),
        ("foo(cot) < 0", "unknown quantity 'foo'"),
        ("s3(cot) < 0", "unknown quantity 's3'"),
        ("delta(cot, openai/x) < 0", "unknown model 'openai/x'"),
    ],
)
@pytest.mark.parametrize("command", ["compare", "run"])
def test_a_name_that_the_study_lacks_is_refused_before_anything_is_asked(
    reasongap: Command,
    asking: tuple[object, ...],
    server: FaultyServer,
    tmp_path: Path,
    command: str,
    rule: str,
    why: str,
) -> None:
    ended = reasongap(command, *asking, "-s", "cot", "--fail-if", rule)
    assert (ended.code, why in ended.err) == (2, True), ended.err
    assert server.seen == []
    assert not (tmp_path / "run").exists()


def test_run_takes_rules_too(
    reasongap: Command, asking: tuple[object, ...], server: FaultyServer
) -> None:
    server.answers = [chat("Final answer: 5")]
    asking = ("run", *asking, "-s", "cot", "--fail-if")
    ended = reasongap(*asking, "s_comp(cot) < 1e-1")
    assert ended.code == 1
    assert "s_comp is 0.000" in ended.err
    assert reasongap(*asking, "s_comp(cot) > 1e-1").code == 0
