"""The control of every attack: the same source where nothing stops it.

That is an open interpreter in a container that is thrown away. An attack whose effect is not
seen there proves nothing anywhere else.
"""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread

from reasongap.errors import SandboxUnavailable
from reasongap.sandbox.attacks.catalogue import all_attacks
from reasongap.sandbox.attacks.open_interpreter import MARKER
from reasongap.sandbox.containers.engine import Engine
from reasongap.sandbox.containers.hardening import PACKAGES
from reasongap.sandbox.containers.image import find_image
from reasongap.sandbox.containers.reaping import labels
from reasongap.sandbox.containers.worker import Demultiplexer

MODULE = "reasongap.sandbox.attacks.control"
OURS, THEIRS = "/control", "/control-libraries"
WHERE_PYTHON_IS = "/python/bin:/usr/local/bin:/usr/bin:/bin"
POWERS = ["SYS_ADMIN", "SYS_NICE", "SYS_PTRACE", "DAC_READ_SEARCH"]
"""Rights that attacks need to reach what is planted beside them in the container."""

IPV6 = {f"net.ipv6.conf.{name}.disable_ipv6": "0" for name in ("all", "lo")}
CONTAINERS = 3


@dataclass(frozen=True, slots=True)
class Control:
    """Whether an attack's effect was seen where nothing stops it, and what was seen."""

    seen: bool
    what: str


async def controls(done: Callable[[], None] = lambda: None) -> dict[str, Control]:
    """The control of every attack, by its id; `done` is called after each.

    Raises `SandboxUnavailable` without a Docker engine, an image, or a whole answer.
    """
    found: dict[str, Control] = {}
    engine = await to_thread.run_sync(Engine.connect)
    try:
        image = await to_thread.run_sync(find_image, engine, ())
        async with anyio.create_task_group() as group:
            for part in range(CONTAINERS):
                group.start_soon(_some, engine, image.id, part, found, done)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    finally:
        engine.close()
    missing = [attack.id for attack in all_attacks() if attack.id not in found]
    if missing:
        raise SandboxUnavailable(f"the control ended before it came to: {'; '.join(missing)}")
    return found


async def _some(
    engine: Engine, image: str, part: int, found: dict[str, Control], done: Callable[[], None]
) -> None:
    """Take in what one container says of its part of the attacks."""
    command = ["-P", "-m", MODULE, f"{part}/{CONTAINERS}"]
    identity, end = await to_thread.run_sync(engine.start, image, command, _options())
    stream, rest = Demultiplexer(), b""
    try:
        end.setblocking(False)
        while part_read := await _received(end):
            *lines, rest = (rest + stream(part_read)).split(b"\n")
            for line in lines:
                name, seen, what = json.loads(line)
                found[name] = Control(seen, what)
                done()
    finally:
        end.close()
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(engine.remove, identity)
    if stream.words:
        raise SandboxUnavailable(f"the control failed: {stream.words.decode()[-500:]}")


async def _received(end: socket.socket) -> bytes:
    await anyio.wait_readable(end)
    return end.recv(2**16)


def _options() -> dict[str, Any]:
    """The options of the SDK's `create`: few walls, no network but its own, bounded use."""
    package, library = Path(__file__).parents[2], find_spec("anyio")
    assert library is not None
    assert library.origin is not None
    folders = {str(package): f"{OURS}/reasongap", str(Path(library.origin).parents[1]): THEIRS}
    return {
        "entrypoint": ["python3"],
        "environment": {
            "PATH": WHERE_PYTHON_IS,
            "PYTHONPATH": f"{OURS}:{PACKAGES}:{THEIRS}",
            "PYTHONDONTWRITEBYTECODE": "1",
            MARKER: secrets.token_hex(4),
        },
        "volumes": {here: {"bind": there, "mode": "ro"} for here, there in folders.items()},
        "network_mode": "none",
        "sysctls": IPV6,
        "user": "0:0",
        "init": True,
        "cap_add": POWERS,
        "security_opt": ["seccomp=unconfined"],
        "pids_limit": 512,
        "mem_limit": 2 * 2**30,
        "log_config": {"type": "none"},
        "auto_remove": True,
        "labels": labels(),
    }
