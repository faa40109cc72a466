"""Sandboxes by name."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path

import anyio
import pytest

import reasongap.sandbox as room
from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable, UnknownName, UsageError
from reasongap.sandbox import (
    FakeSandbox,
    RestrictedSandbox,
    demand_layers,
    known_sandboxes,
    open_sandbox,
)


def test_opens_a_built_in_with_its_settings() -> None:
    sandbox = open_sandbox("restricted", workers=1, allow_import=("numpy",))
    assert isinstance(sandbox, RestrictedSandbox)


def test_a_sandbox_with_the_seam_s_methods_alone_can_be_opened_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from reasongap.domain import Execution\n"
        "class sandbox:\n"
        "    name, closed = 'mine', []\n"
        "    async def run(self, program, limits=None): return Execution('ok', value='1')\n"
        "    def layers(self): return ()\n"
        "    async def aclose(self): self.closed.append(1)\n"
    )

    async def work() -> Execution:
        async with open_sandbox(str(file)) as opened:
            ran: Execution = await opened.run(Program("x"))
            return ran

    assert anyio.run(work) == Execution("ok", value="1")
    assert len(sys.modules["reasongap_sandbox_mine"].sandbox.closed) == 1


def test_an_unknown_name_gets_a_hint() -> None:
    with pytest.raises(UnknownName, match=r"unknown sandbox 'restrikted'.*'restricted'"):
        open_sandbox("restrikted")


def test_a_package_can_bring_one_but_not_replace_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    brought = [
        EntryPoint("fake", "reasongap.sandbox.seam:FakeSandbox", "reasongap.sandboxes"),
        EntryPoint("restricted", "nowhere:Nothing", "reasongap.sandboxes"),
    ]
    monkeypatch.setattr("reasongap.plugins.entry_points", lambda group: brought)
    assert open_sandbox("fake").name == FakeSandbox().name
    assert known_sandboxes()["restricted"].value.endswith(":RestrictedSandbox")


def test_the_table_of_contents_is_complete() -> None:
    for name in room.__all__:
        assert getattr(room, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = room.nonsense


@pytest.mark.parametrize("setting", ["require", "without"])
def test_an_unknown_layer_is_refused(setting: str) -> None:
    with pytest.raises(UnknownName, match=r"unknown isolation layer 'secomp'.*'seccomp'"):
        open_sandbox("restricted", **{setting: ("secomp",)})


def test_a_package_without_a_list_of_names_cannot_be_allowed() -> None:
    with pytest.raises(UnknownName, match=r"unknown package to allow 'numpi'.*'numpy'"):
        open_sandbox("restricted", allow_import=("numpi",))


def test_a_setting_that_a_sandbox_does_not_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = EntryPoint("fake", "reasongap.sandbox.seam:FakeSandbox", "reasongap.sandboxes")
    monkeypatch.setattr("reasongap.plugins.entry_points", lambda group: [fake])
    with pytest.raises(UsageError, match=r"'fake' cannot be opened so.*'allow_import'"):
        open_sandbox("fake", allow_import=("numpy",))


class TestDemandedLayers:
    def test_a_missing_layer_stops_it_with_the_reason(self) -> None:
        async def demand() -> None:
            async with RestrictedSandbox(workers=1, without=("landlock",)) as sandbox:
                demand_layers(sandbox)

        with pytest.raises(SandboxUnavailable, match=r"landlock \(left out on purpose\)"):
            anyio.run(demand)

    def test_a_sandbox_that_lacks_none_passes(self) -> None:
        @dataclass
        class Whole(FakeSandbox):
            def missing(self) -> dict[str, str]:
                return {}

        demand_layers(Whole())

    def test_a_sandbox_that_does_not_say_is_not_trusted(self) -> None:
        with pytest.raises(SandboxUnavailable, match="'fake' does not say"):
            demand_layers(FakeSandbox())
