"""`reasongap doctor`: what works here, attacks on sandboxes, and whether they agree."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reasongap.sandbox import backends
from reasongap.sandbox.attacks import catalogue, throwaway
from reasongap.sandbox.attacks.catalogue import Attack, all_attacks
from reasongap.sandbox.attacks.throwaway import Control
from tests.cli.conftest import Command

HOLED = """
import os
from reasongap.domain import Execution
from reasongap.sandbox import RestrictedSandbox

class sandbox(RestrictedSandbox):
    name = "holed"
    async def run(self, program, limits=None):
        if "os.environ" in program.source:
            return Execution("ok", value=str(dict(os.environ)))
        return await super().run(program, limits)
"""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> tuple[Attack, ...]:
    """A catalogue of three attacks: one that reads the environment, two on other things."""
    wanted = {"environment: os.environ", "frames: frame of a generator", "network: TCP"}
    chosen = tuple(attack for attack in all_attacks() if attack.id in wanted)
    monkeypatch.setattr(catalogue, "all_attacks", lambda: chosen)
    return chosen


@pytest.fixture
def holed(tmp_path: Path) -> Path:
    path = tmp_path / "holed.py"
    path.write_text(HOLED)
    return path


class TestMachine:
    def test_shows_python_the_data_and_every_sandbox_with_its_walls(
        self, reasongap: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("REASONGAP_DATA", str(tmp_path))
        monkeypatch.setenv("HF_ENDPOINT", "http://localhost:1")
        monkeypatch.setenv("COLUMNS", "400")
        shown = reasongap("doctor")
        assert shown.code == 0
        assert platform.python_version() in shown.out
        assert "lacks gsm8k/test.jsonl" in shown.out
        assert "http://localhost:1" in shown.out
        assert "sandbox docker" in shown.out
        restricted = next(line for line in shown.out.splitlines() if "restricted  " in line)
        assert "policy, process, limits, kill" in restricted

    def test_as_json(self, reasongap: Command) -> None:
        shown = reasongap("doctor", "--format", "json")
        found = json.loads(shown.out)
        assert found["schema"] == 1
        assert {"name", "here", "detail"} == set(found["parts"][0])
        (restricted,) = (each for each in found["sandboxes"] if each["name"] == "restricted")
        assert restricted["problem"] is None
        assert "policy" in restricted["layers"]
        assert set(restricted["missing"]).isdisjoint(restricted["layers"])

    def test_no_sandbox_that_works_is_a_broken_environment(
        self, reasongap: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(backends, "BUILT_IN", {})
        shown = reasongap("doctor")
        assert (shown.code, "no sandbox works" in shown.err) == (5, True)
        attacked = reasongap("doctor", "--attack")
        assert (attacked.code, "no sandbox works" in attacked.err) == (5, True)

    def test_a_named_sandbox_is_the_only_one_that_is_tried(
        self, reasongap: Command, holed: Path
    ) -> None:
        shown = reasongap("doctor", "--sandbox", "restricted", "--sandbox", f"./{holed.name}")
        assert shown.code == 0, shown.err
        assert "sandbox restricted" in shown.out
        assert "sandbox ./holed.py" in shown.out
        assert "sandbox docker" not in shown.out


class TestAttack:
    def test_what_holds_ends_well_and_says_what_stopped_each(
        self, reasongap: Command, few: tuple[Attack, ...]
    ) -> None:
        shown = reasongap("doctor", "--attack", "--sandbox", "restricted", "--verbose")
        assert shown.code == 0, shown.err
        assert f"{len(few)} attacks on restricted" in shown.out
        assert "none succeeded" in shown.out
        assert "import of 'os'" in " ".join(shown.out.split())

    def test_a_success_is_shown_and_ends_badly(
        self, reasongap: Command, few: tuple[Attack, ...], holed: Path
    ) -> None:
        shown = reasongap("doctor", "--attack", "--sandbox", f"./{holed.name}")
        assert shown.code == 1
        told = " ".join(shown.out.split())
        assert "! environment: os.environ (read the environment): it tells the secret" in told
        assert "1 succeeded" in told

    def test_as_json(self, reasongap: Command, few: tuple[Attack, ...], holed: Path) -> None:
        shown = reasongap("doctor", "--attack", "--sandbox", f"./{holed.name}", "--format", "json")
        assert shown.code == 1
        (siege,) = json.loads(shown.out)["sandboxes"]
        assert (siege["tried"], siege["counted"], siege["succeeded"]) == (3, 3, 1)
        by_name = {each["name"]: each for each in siege["attacks"]}
        assert by_name["os.environ"]["seen"][0]["effect"] == "secret"
        assert by_name["TCP"]["stopped_by"].startswith("blocked: ")
        assert by_name["TCP"]["control"] is None

    def test_an_attack_whose_control_fails_is_not_counted(
        self, reasongap: Command, few: tuple[Attack, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def controls(done: Callable[[], None]) -> dict[str, Control]:
            return {attack.id: Control(attack.category != "network", "told") for attack in few}

        monkeypatch.setattr(throwaway, "controls", controls)
        shown = reasongap("doctor", "--attack", "--control", "--sandbox", "restricted")
        assert shown.code == 0
        told = " ".join(shown.out.split())
        assert "2 attacks on restricted (1 more not counted" in told
        assert "network" not in told.partition("none succeeded")[0]


@pytest.mark.skipif(sys.platform == "win32", reason="has no restricted sandbox")
def test_sandboxes_that_agree_end_well(reasongap: Command, tmp_path: Path) -> None:
    programs = tmp_path / "programs.jsonl"
    programs.write_text('{"id": "a", "code": "ans = 6 * 7"}\n')
    names = ("--sandbox", "restricted", "--sandbox", "restricted")
    shown = reasongap("doctor", "--parity", programs.name, *names)
    assert shown.code == 2, "the same sandbox twice is one"
    holed = tmp_path / "other.py"
    holed.write_text(HOLED)
    shown = reasongap(
        "doctor", "--parity", programs.name, "--sandbox", "restricted", "--sandbox", "./other.py"
    )
    assert (shown.code, "all end alike" in shown.out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--control",), "--control shows that attacks would succeed: it needs --attack"),
        (("--attack", "--parity", "x.jsonl"), "exclude each other"),
        (("--attack", "--sandbox", "restrict"), "Did you mean 'restricted'?"),
        (("--sandbox", "foo"), "unknown sandbox 'foo'. Known: docker, docker-restricted, restr"),
        (("--sandbox", "missing.py"), "missing.py: there is no such sandbox file"),
        (("--sandbox", "restricted", "--sandbox", "missing.py"), "docker-restricted, restricted"),
    ],
)
def test_a_mistake_is_said_in_a_line(
    arguments: tuple[str, ...], told: str, reasongap: Command
) -> None:
    shown = reasongap("doctor", *arguments)
    assert (shown.code, told in shown.err) == (2, True)
