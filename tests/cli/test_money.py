"""What a run costs is foreseen, agreed to, and never more than the user allowed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reasongap.testing import FaultyServer, chat
from tests.cli.conftest import Command
from tests.runs.studies import compositions_file


@pytest.fixture
def study(server: FaultyServer, tmp_path: Path) -> list[object]:
    """A study file with a price: 15 tokens a call are 0.000020 dollars; a reply's most 0.0002."""
    server.answers = [chat("Final answer: 5")]
    file = tmp_path / "study.toml"
    file.write_text(
        f'problems = "{compositions_file(tmp_path, 4)}"\nstrategies = ["cot"]\nconnections = 2\n'
        f'[model."openai/tiny-1b"]\napi_base = "{server.url}"\nmax_tokens = 100\n'
        "price = [1.0, 2.0]\n"
    )
    return [file]


def test_plan_asks_nobody_and_foresees_what_the_run_then_asks(
    reasongap: Command, study: list[object], server: FaultyServer
) -> None:
    ended = reasongap("plan", *study, "--format", "json")
    assert ended.code == 0, ended.err
    (row,) = json.loads(ended.out)["forecasts"]
    assert server.seen == []
    reasongap("compare", *study, "--out", "run")
    assert row["calls"] == len(server.seen) == 12
    assert row["dollars"] > 0
    known = json.loads(reasongap("plan", *study, "--format", "json").out)
    assert (known["calls"], known["forecasts"][0]["cached"]) == (0, 12)
    lacking = json.loads(reasongap("plan", *study, "--out", "run", "--format", "json").out)
    assert lacking["forecasts"][0]["answered"] == 12


@pytest.mark.parametrize(
    "words",
    [
        ("-m", "openai/x", "-s", "cot", "-s", "cot"),
        ("-m", "openai/x", "-m", "openai/x"),
        ("-m", "openai/x", "--control", "hop2-distracted", "-n", "1"),
        ("-m", "openai/no-such-1b", "--budget", "1"),
        ("-m", "no-such-provider"),
        ("-m", "local/smolm2-135m"),
        ("-m", "openai/x", "--out", "file"),
        ("-m", "openai/x", "--out", "run", "--seed", "1"),
        ("-m", "openai/x", "--out", "run", "--temperature", "1"),
        ("-m", "openai/x", "--out", "run", "--no-preamble"),
        ("-m", "openai/x", "--out", "run", "-p", "other.jsonl"),
    ],
    ids=lambda words: " ".join(words[2:] or words),
)
def test_plan_refuses_what_compare_refuses_in_the_same_words(
    reasongap: Command, server: FaultyServer, tmp_path: Path, words: tuple[str, ...]
) -> None:
    chains = compositions_file(tmp_path, 4)
    (tmp_path / "other.jsonl").write_text("".join(chains.read_text().splitlines(True)[1:]))
    Path("file").write_text("")
    server.answers = [chat("Final answer: 5")]
    served: tuple[str, ...] = ("-p", "chains.jsonl", "--api-base", server.url)
    if "run" in words:
        assert reasongap("compare", *served, "-m", "openai/x", "--out", "run").code == 0
    if "local/" in words[1]:
        served = served[:2]
    planned = reasongap("plan", *served, *words)
    assert planned.code == 2, planned
    assert reasongap("compare", *served, *words).err == planned.err


def test_plan_takes_a_pilot_s_lengths(reasongap: Command, study: list[object]) -> None:
    reasongap("compare", *study, "--out", "run")
    ended = reasongap("plan", *study, "--seed", 1, "--pilot", "run", "--format", "json")
    (row,) = json.loads(ended.out)["forecasts"]
    assert row["piloted"]
    assert reasongap("plan", *study, "--pilot", "nowhere").code == 2


def test_a_dear_run_needs_a_yes_where_nobody_can_be_asked(
    reasongap: Command, study: list[object], server: FaultyServer
) -> None:
    refused = reasongap("compare", *study, "--out", "run", "--confirm-above", 0.0001)
    assert refused.code == 2
    assert "12 calls to pay" in refused.err
    assert "--yes" in refused.err
    assert server.seen == []
    assert reasongap("compare", *study, "--out", "run", "--confirm-above", 0.0001, "-y").code == 0


def test_a_server_of_one_s_own_under_a_provider_s_name_is_estimated_at_the_list_price(
    reasongap: Command, server: FaultyServer, tmp_path: Path
) -> None:
    server.answers = [chat("Final answer: 5")]
    table = f'[model."openai/gpt-4o-mini"]\napi_base = "{server.url}"\n'
    study = tmp_path / "study.toml"
    study.write_text(f'problems = "{compositions_file(tmp_path, 2)}"\n{table}')
    asked = ("compare", study, "--confirm-above", 0)
    refused = reasongap(*asked)
    assert refused.code == 2
    assert "openai/gpt-4o-mini: the provider's list price" in refused.err
    assert not server.seen
    study.write_text(f"{study.read_text()}price = [0, 0]\n")
    assert reasongap(*asked).code == 0


def test_a_budget_stops_the_run_and_resume_goes_on(
    reasongap: Command, study: list[object], server: FaultyServer
) -> None:
    stopped = reasongap("compare", *study, "--out", "run", "--budget", 0.0008)
    assert stopped.code == 3, stopped.err
    assert 0 < len(server.seen) < 12
    assert "Unfinished. To go on: reasongap resume run --budget MORE" in stopped.err
    assert "--budget 0.0008 allows no further call" in stopped.err
    records = Path("run/records.jsonl").read_text().splitlines()
    assert len(records) == len(server.seen), "what was paid is kept"
    spent = json.loads(Path("run/spending.json").read_text())
    assert 0 < spent["paid"]["dollars"] <= 0.0008
    assert reasongap("resume", "run").code == 3
    assert reasongap("resume", "run", "--budget", 1).code == 0
    assert len(server.seen) == 12


def test_tokens_of_replies_have_a_limit(
    reasongap: Command, study: list[object], server: FaultyServer
) -> None:
    stopped = reasongap("compare", *study, "--out", "run", "--max-output-tokens-total", 150)
    assert stopped.code == 3
    assert "resume run --max-output-tokens-total MORE" in stopped.err
    assert 0 < len(server.seen) < 12


def test_a_budget_without_a_price_names_the_remedy(
    reasongap: Command, study: list[object], server: FaultyServer, tmp_path: Path
) -> None:
    chains = tmp_path / "chains.jsonl"
    asked = ["-m", "openai/no-such-1b", "--api-base", server.url, "-p", chains, "-s", "cot"]
    refused = reasongap("compare", *asked, "--budget", 1, "--out", "other")
    assert refused.code == 2
    assert "the price of openai/no-such-1b is unknown" in refused.err
    assert "price = [" in refused.err
    accepted = reasongap(
        "compare", *asked, "--budget", 1, "--accept-unknown-prices", "--out", "other"
    )
    assert accepted.code == 0
