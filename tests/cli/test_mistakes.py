"""A user's mistake ends in one line that names it and the remedy, with the contract's code."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from reasongap.testing import FaultyServer, chat, error
from tests.cli.conftest import Command, Ended
from tests.runs.studies import compositions_file


def says(ended: Ended, code: int, *words: str) -> None:
    assert ended.code == code, ended
    assert "Traceback" not in ended.err
    for word in words:
        assert word in ended.err


def test_an_unknown_strategy_gets_a_hint(reasongap: Command) -> None:
    says(reasongap("compare", "-m", "openai/x", "-s", "pto"), 2, "'pto'", "'pot'")


def test_an_unknown_provider_is_named(reasongap: Command, tmp_path: Path) -> None:
    chains = compositions_file(tmp_path)
    says(reasongap("compare", "-m", "no-such-model", "-p", chains), 2, "no-such-model")


def test_an_unknown_local_model_gets_a_hint(reasongap: Command) -> None:
    says(reasongap("compare", "-m", "local/smolm2-135m"), 2, "smollm2-135m")


def test_a_missing_key_names_its_variable(reasongap: Command, tmp_path: Path) -> None:
    chains = compositions_file(tmp_path)
    says(reasongap("compare", "-m", "openai/gpt-4o", "-p", chains), 5, "OPENAI_API_KEY")
    assert not (tmp_path / "reasongap-runs").exists()


def test_a_wrong_key_stops_the_run(
    reasongap: Command, server: FaultyServer, tmp_path: Path
) -> None:
    server.answers = [error(401, "wrong key", code="invalid_api_key")]
    chains = compositions_file(tmp_path)
    asking = ["-m", "openai/x", "--api-base", server.url, "-p", chains]
    says(reasongap("compare", *asking), 5, "openai/x")
    assert len(server.seen) <= 16
    assert not (tmp_path / "reasongap-runs").exists()


@pytest.mark.parametrize("out", ["new", "mine"])
@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (("-m", "no-such-provider"), 2),
        (("-m", "openai/gpt-4o"), 5),
        (("-m", "openai/gpt-4o", "--confirm-above", "0.0001"), 2),
        (("-m", "openai/no-such-1b", "--budget", "1"), 2),
        (("-m", "openai/x", "--control", "hop2-distracted", "-n", "1"), 2),
    ],
    ids=["provider", "key", "estimate", "price", "control"],
)
def test_what_is_refused_leaves_no_run_behind(
    reasongap: Command, tmp_path: Path, refused: tuple[str, ...], code: int, out: str
) -> None:
    (tmp_path / "mine").mkdir()
    chains = compositions_file(tmp_path, 2).rename(tmp_path / "mine" / "compositions.jsonl")
    before = chains.read_bytes()
    ended = reasongap("compare", *refused, "-p", chains, "-s", "cot", "--out", out)
    assert ended.code == code, ended.err
    assert "To go on" not in ended.err
    assert not (tmp_path / "new").exists()
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["compositions.jsonl"]
    assert chains.read_bytes() == before


@pytest.mark.parametrize("control", ["foo", "hop2-distracted"])
def test_a_control_that_cannot_be_asked_ends_before_anything_is_sent(
    reasongap: Command, server: FaultyServer, tmp_path: Path, control: str
) -> None:
    chains, asked = str(compositions_file(tmp_path, 1)), ("-m", "hosted_vllm/tiny", "-s", "cot")
    ended = reasongap(
        "compare", *asked, "-p", chains, "-n", 1, "--api-base", server.url, "--control", control
    )
    assert ended.code == 2
    assert control in ended.err
    assert "Traceback" not in ended.err
    assert not server.seen


@pytest.mark.parametrize("value", ["nan", "inf", "-1"])
def test_an_amount_that_is_none_is_refused(reasongap: Command, value: str) -> None:
    for words in (("compare", "--confirm-above"), ("rescore", "run", "--tolerance")):
        ended = reasongap(*words, value)
        assert (ended.code, "is out of range: give 0 or more" in ended.err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        "compare -n 0: 1 or more",
        "run -n -5: 1 or more",
        "plan --hops 9: 2 to 8",
        "compare --shots 9: 0 to 8",
        "compare --temperature 2.5: 0 to 2",
        "compare --repeats 0: 1 or more",
        "compare --max-connections 0: 1 or more",
        "compare --memory 3: 32 or more",
        "compose -n 0: 1 or more",
        "compose --hops 1: 2 to 8",
        "mint -n 0: 1 or more",
        "show run -n 0: 1 or more",
        "exec x.py --timeout 0.0: 0.01 or more",
        "plan --precision 2.0: 0.001 to 1",
    ],
)
def test_a_number_out_of_range_is_named_with_the_range(reasongap: Command, words: str) -> None:
    command, allowed = words.split(": ")
    value = command.split()[-1]
    says(reasongap(*command.split()), 2, f"{value} is out of range: give {allowed}")


def test_composing_nothing_is_an_error_that_leaves_the_old_file(
    reasongap: Command, tmp_path: Path
) -> None:
    (tmp_path / "bare.jsonl").write_text('{"question": "1 + 1?", "answer": "2"}\n' * 4)
    (tmp_path / "out.jsonl").write_text("old")
    ended = reasongap("compose", "-p", "bare.jsonl", "--out", "out.jsonl")
    says(ended, 2, "none of the 4 problems of bare.jsonl can be chained")
    assert "compositions        0" in ended.out
    assert (tmp_path / "out.jsonl").read_text() == "old"


@pytest.mark.parametrize(
    "address",
    ["localhost:8000", "127.0.0.1", "ftp://h/v1", "http://", "http:/h/v1", "http://h:99999", ""],
)
def test_an_address_that_is_none_is_refused(
    reasongap: Command, tmp_path: Path, address: str
) -> None:
    told = f"api_base {address!r}: an address looks like http://localhost:8000/v1"
    for command in ("compare", "plan"):
        says(reasongap(command, "-m", "openai/x", "--api-base", address), 2, told)
    table = f'[model."openai/x"]\napi_base = "{address}"\n'
    (tmp_path / "study.toml").write_text(f'problems = "{compositions_file(tmp_path)}"\n{table}')
    says(reasongap("compare", "study.toml"), 2, 'model "openai/x", ' + told)


def test_an_unknown_sandbox_gets_a_hint(reasongap: Command) -> None:
    says(reasongap("compare", "-m", "openai/x", "--sandbox", "restrict"), 2, "'restricted'")


def test_an_unknown_engine_gets_a_hint(reasongap: Command) -> None:
    says(reasongap("compare", "-m", "openai/x", "--engine", "rye"), 2, "'ray'")


def test_an_address_goes_with_the_engine_that_has_one(reasongap: Command) -> None:
    says(reasongap("compare", "-m", "openai/x", "--ray-address", "auto"), 2, "--engine ray")


def test_an_unknown_source_gets_a_hint(reasongap: Command) -> None:
    says(reasongap("compare", "-m", "openai/x", "-p", "gsm8"), 2, "'gsm8k'")


def test_an_empty_problem_file_is_named(reasongap: Command, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    says(reasongap("compare", "-m", "openai/x", "-p", "empty.jsonl"), 2, "empty.jsonl", "empty")


def test_a_broken_line_is_named_by_number(reasongap: Command, tmp_path: Path) -> None:
    row = '{"question": "1 + 1?", "answer": "<<1+1=2>>2\\n#### 2"}\n'
    (tmp_path / "broken.jsonl").write_text(row + "{oops\n" + row)
    says(reasongap("compare", "-m", "openai/x", "-p", "broken.jsonl"), 2, "broken.jsonl, row 2")


def test_more_than_there_is_says_how_many_there_are(reasongap: Command, tmp_path: Path) -> None:
    chains = compositions_file(tmp_path, 6)
    says(reasongap("compare", "-m", "openai/x", "-p", chains, "-n", 7), 2, "holds 6", "-n")


def test_an_output_folder_that_cannot_be_is_named(reasongap: Command, tmp_path: Path) -> None:
    chains = compositions_file(tmp_path)
    (tmp_path / "file").write_text("")
    asking = ["-m", "openai/x", "-p", chains, "--out", "file/run"]
    says(reasongap("compare", *asking), 2, "file/run", "--out")


def test_other_conditions_in_the_folder_are_named(
    reasongap: Command, server: FaultyServer, tmp_path: Path
) -> None:
    server.answers = [chat("5")]
    asking = ["-m", "openai/x", "--api-base", server.url, "--out", "run", "-n", 2]
    chains = compositions_file(tmp_path)
    reasongap("compare", *asking, "-p", chains)
    says(reasongap("compare", *asking, "-p", chains, "--seed", 3), 2, "seed", "there '0', now '3'")


def test_without_the_extra_the_pip_command_is_given(
    reasongap: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec

    def without(name: str, package: str | None = None) -> object:
        return None if name == "xllamacpp" else found(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    says(reasongap("compare"), 5, "pip install 'reasongap[local]'")


def test_a_folder_that_is_no_run_is_named(reasongap: Command, tmp_path: Path) -> None:
    says(reasongap("show", tmp_path), 2, "no run folder")


def test_an_option_that_is_none_is_refused(reasongap: Command) -> None:
    says(reasongap("compare", "--colour", "red"), 2, "--colour")
