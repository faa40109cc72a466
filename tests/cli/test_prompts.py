"""`prompts show` prints what would be sent, to the letter; `prompts list` what there is."""

from __future__ import annotations

from pathlib import Path

from reasongap.testing import FaultyServer
from tests.cli.conftest import Command
from tests.runs.studies import compositions_file


def test_list_names_every_prompt_with_its_wordings(reasongap: Command, tmp_path: Path) -> None:
    lines = dict(line.split(maxsplit=1) for line in reasongap("prompts", "list").out.splitlines())
    assert lines["cot"] == "default, terse, detailed, teacher"
    assert lines["exemplars"] == "default, second"
    (tmp_path / "cot.toml").write_text('[wording.mine]\ninstructions = "{{ hops }}"\n')
    assert "teacher, mine" in reasongap("prompts", "list", "--prompt-folder", tmp_path).out


def test_show_prints_what_the_same_command_sends(reasongap: Command, tmp_path: Path) -> None:
    chains = compositions_file(tmp_path, 1)
    shown = reasongap(
        "prompts", "show", "pot", "-m", "openai/x", "-p", chains, "--shots", 2, "--prompt", "terse"
    )
    with FaultyServer() as server:
        ran = reasongap(
            "run", "-m", "openai/x", "-s", "pot", "-p", chains, "-n", 1,
            "--shots", 2, "--prompt", "terse", "--api-base", server.url,
        )  # fmt: skip
        sent = [body["messages"][0]["content"] for _, body in server.seen]
    assert ran.code == 0, ran.err
    assert shown.code == 0
    assert shown.out.rstrip("\n") in sent


def test_show_tells_variants_samples_and_settings(reasongap: Command, tmp_path: Path) -> None:
    chains = compositions_file(tmp_path, 1)
    asked = ["-m", "openai/o3-mini", "-p", chains, "--setting", "hop1"]
    swept = reasongap("prompts", "show", "cot", *asked, "--prompts", "wordings")
    assert [line.split(" · ")[0] for line in swept.err.splitlines() if line.startswith("---")] == [
        "--- cot", "--- cot(prompt=terse)", "--- cot(prompt=detailed)", "--- cot(prompt=teacher)",
    ]  # fmt: skip
    sampled = reasongap(
        "prompts",
        "show",
        "self-consistency(cot, n=3)",
        *asked,
        "--system",
        "--reasoning-effort",
        "low",
    )
    assert "3 samples" in sampled.err
    assert "chat form (system, user), temperature 0.7" in sampled.err
    assert "reasoning effort low" in sampled.err
    assert sampled.out.startswith("[system]\nSolve the problem below.")


def test_mistakes_are_told(reasongap: Command) -> None:
    for arguments, why in (
        (["cot", "--setting", "hop9"], "hop9"),
        (["cot", "--prompt", "ters"], "'terse'"),
        (["cot", "--exemplars", "secnd"], "'second'"),
        (["cot", "--prompts", "words"], "'wordings'"),
        (["cot", "--prompt-folder", "nowhere"], "no prompt folder"),
        (["cot(shots=9)"], "0 to 8"),
        (["cot(shot=1)"], "character 5"),
    ):
        ended = reasongap("prompts", "show", *arguments, "-m", "openai/x")
        assert ended.code == 2, ended
        assert why in ended.err


def test_the_help_offers_what_has_an_effect(reasongap: Command, tmp_path: Path) -> None:
    told = " ".join(reasongap("prompts", "show", "--help").out.replace("│", " ").split())
    assert "Compositions to show. (default: 1)" in told
    assert "minted:1 with the embedded model" in told
    for option in ("--budget", "--deadline", "--repeats", "--max-connections", "--control "):
        assert option not in told
    assert reasongap("prompts", "show", "cot", "--budget", 1).code == 2
    chains = compositions_file(tmp_path, 3)
    shown = reasongap("prompts", "show", "cot", "-m", "openai/x", "-p", chains, "-n", 2)
    assert shown.err.count("--- cot") == 2
