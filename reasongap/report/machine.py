"""What of reasongap works on this machine: Python, extras, data, Docker, every sandbox."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

from reasongap.errors import BadFile, ReasongapError, SandboxUnavailable, UnknownName
from reasongap.sandbox.backends import Reporting, known_sandboxes, open_sandbox

LIBRARIES = ("litellm", "RestrictedPython", "docker", "datasets")
FOR_DEVELOPERS = frozenset({"test", "dev"})
"""Extras that no user misses."""

REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^]]*\])?[^;]*;.*\bextra\s*==\s*['\"]([\w-]+)['\"]")
BENCHMARKS = ("gsm8k/test.jsonl", "gsm_hard/gsmhardv2.jsonl")


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is here or not; `detail` says which, or how to get it."""

    name: str
    here: bool
    detail: str


@dataclass(frozen=True, slots=True)
class SandboxState:
    """A sandbox that was started: its walls, and those it lacks; or why it does not start."""

    name: str
    layers: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """What was found."""

    parts: tuple[Part, ...]
    sandboxes: tuple[SandboxState, ...]

    @property
    def available(self) -> tuple[str, ...]:
        """The sandboxes that work."""
        return tuple(each.name for each in self.sandboxes if each.problem is None)


async def examine(settings: Mapping[str, str | None], sandboxes: Sequence[str] = ()) -> Machine:
    """Look at everything, and start the sandboxes once: those that are named, else all.

    `settings` are the environment variables that reasongap heeds, None where one is not set.
    """
    parts = (*_software(), *_extras(), _weights(), *_data(settings), _docker())
    return Machine(parts, tuple([await _tried(name) for name in sandboxes or known_sandboxes()]))


def check_sandboxes(names: Iterable[str]) -> None:
    """Raise `UnknownName` for a sandbox that nobody brings, `BadFile` for a file not there."""
    known = sorted(known_sandboxes())
    for name in names:
        if name.endswith(".py") and not Path(name).is_file():
            remedy = f"Sandboxes that have a name: {', '.join(known)}"
            raise BadFile(name, "there is no such sandbox file", remedy)
        if not name.endswith(".py") and name not in known:
            remedy = "A file of your own is named by its path."
            raise UnknownName("sandbox", name, known, remedy)


def _software() -> Iterator[Part]:
    where = f"{platform.system()} {platform.release()}, {platform.machine()}"
    yield Part("reasongap", True, f"{version('reasongap')} on Python {platform.python_version()}")
    yield Part("system", True, where)
    yield Part("libraries", True, ", ".join(f"{name} {version(name)}" for name in LIBRARIES))


def _extras() -> Iterator[Part]:
    """Every extra that users install, with what it lacks."""
    needs: dict[str, list[str]] = {}
    for line in requires("reasongap") or ():
        if match := REQUIREMENT.match(line):
            needs.setdefault(match[2], []).append(match[1])
    for extra in metadata("reasongap").get_all("Provides-Extra") or ():
        if extra in FOR_DEVELOPERS:
            continue
        found = {name: _version(name) for name in needs.get(extra, ())}
        if absent := [name for name, at in found.items() if at is None]:
            remedy = f"lacks {', '.join(absent)}: pip install 'reasongap[{extra}]'"
            yield Part(f"extra {extra}", False, remedy)
        else:
            yield Part(f"extra {extra}", True, ", ".join(f"{n} {at}" for n, at in found.items()))


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _weights() -> Part:
    from reasongap.models.local.weights import default_cache, installed

    names = installed()
    where = f"{', '.join(names)} in {default_cache()}"
    return Part("local models", bool(names), where if names else "none: reasongap models pull")


def _data(settings: Mapping[str, str | None]) -> Iterator[Part]:
    """The folder of benchmarks, and what else the environment says."""
    folder = settings.get("REASONGAP_DATA")
    if folder is None:
        yield Part("REASONGAP_DATA", False, "not set: gsm8k is fetched from the hub")
    else:
        absent = [name for name in BENCHMARKS if not (Path(folder) / name).is_file()]
        lacks = f" lacks {', '.join(absent)}" if absent else ""
        yield Part("REASONGAP_DATA", not absent, f"{folder}{lacks}")
    for name, value in settings.items():
        if name != "REASONGAP_DATA" and value is not None:
            yield Part(name, True, value)


def _docker() -> Part:
    from reasongap.sandbox.containers.engine import Engine
    from reasongap.sandbox.containers.image import find_image

    try:
        engine = Engine.connect()
        try:
            facts = engine.facts()
            said = f"engine {facts['ServerVersion']}, runtime {facts['DefaultRuntime']}"
            return Part("docker", True, f"{said}, image {find_image(engine, ()).tag}")
        finally:
            engine.close()
    except SandboxUnavailable as error:
        return Part("docker", False, str(error))


async def _tried(name: str) -> SandboxState:
    """Whether a sandbox starts, and with which walls."""
    try:
        async with open_sandbox(name) as sandbox:
            layers = sandbox.layers()
            missing = sandbox.missing() if isinstance(sandbox, Reporting) else {}
            return SandboxState(name, layers, tuple(missing.items()))
    except ReasongapError as error:
        return SandboxState(name, problem=str(error))
