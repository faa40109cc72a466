"""The walls around a worker, tried by plain Python: no policy helps here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox import Limits, RestrictedSandbox
from reasongap.sandbox.jail import LAYERS
from reasongap.sandbox.pool import Pool
from reasongap.sandbox.process import ProcessWorker
from reasongap.sandbox.seccomp import filter_for
from reasongap.sandbox.worker import Settings
from tests.sandbox.conftest import PATIENT

linux = pytest.mark.skipif(sys.platform != "linux", reason="these walls are Linux's")
SHORT = Limits(seconds=0.5)
BASICS = {
    "def solution(): return 6 * 7": ("ok", "42"),
    "while True: pass": ("timeout", None),
    "x = 'a' * 10 ** 10": ("memory", None),
    "import os": ("blocked", None),
}


def limits_of(status: str) -> Limits:
    """Little time for what must run out of it, and more than enough for all else."""
    return SHORT if status == "timeout" else PATIENT


WRITE = """
import os
for descriptor in range(99):
    try: os.write(descriptor, {data})
    except OSError: pass
os._exit(0)
"""
"""A program that sends whatever it likes down every descriptor that it finds."""


@pytest.fixture(scope="module")
def bare() -> Iterator[Pool]:
    """Workers without the policy, in the full jail."""
    pool = Pool(1, partial(ProcessWorker.start, Settings(policy=False)))
    yield pool
    pool.close()


def attempt(pool: Pool, source: str, limits: Limits = PATIENT) -> Execution:
    return anyio.run(pool.run, Program(source), limits)


@linux
def test_every_wall_stands_here(sandbox: RestrictedSandbox) -> None:
    anyio.run(sandbox.start)
    assert set(LAYERS) - set(sandbox.layers()) <= set(sandbox.missing())
    assert "seccomp" in sandbox.layers()


@linux
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("read a file", "ans = open('/etc/passwd').read()"),
        ("list the root", "import os\nans = os.listdir('/')"),
        ("write a file", "open('/x', 'w')\nans = 1"),
        ("write to the temporary folder", "open('/tmp/x', 'w')\nans = 1"),
        ("read its own process", "ans = open('/proc/self/environ').read()"),
        ("open a socket", "import socket\nans = str(socket.socket())"),
        ("open a unix socket", "import socket\nans = str(socket.socket(socket.AF_UNIX))"),
        ("fork", "import os\nans = os.fork()"),
        ("start a thread", "import _thread\n_thread.start_new_thread(print, ())\nans = 1"),
        ("execute", "import os\nos.execv('/bin/sh', ['sh'])\nans = 1"),
        ("make a directory", "import os\nos.mkdir('/x')\nans = 1"),
        ("change the root", "import os\nos.chroot('/')\nans = 1"),
        ("become root", "import os\nos.setuid(0)\nans = 1"),
        ("raise a limit", "import resource as r\nr.setrlimit(r.RLIMIT_CPU, (99, 99))\nans = 1"),
        (
            "limit the worker",
            "import os, resource as r\nr.prlimit(os.getppid(), r.RLIMIT_CPU, (1, 1))\nans = 1",
        ),
        ("open a descriptor", "import os\nans = os.pipe()"),
        ("lock what stays", "import fcntl as f\nans = f.fcntl(0, 37, bytes(32))"),
        ("signal by what stays", "import fcntl as f\nans = f.fcntl(0, f.F_SETOWN, 1)"),
        ("flag what stays", "import fcntl as f, os\nans = f.fcntl(0, f.F_SETFL, os.O_APPEND)"),
    ],
)
def test_plain_python_cannot(name: str, source: str, bare: Pool) -> None:
    execution = attempt(bare, source)
    assert execution.status == "error", name
    assert execution.value is None


@linux
def test_the_environment_is_ours(bare: Pool) -> None:
    execution = attempt(bare, "import os\nans = sorted(os.environ)")
    assert execution.value is not None
    assert "PATH" not in execution.value
    assert "HOME" not in execution.value


@linux
@pytest.mark.parametrize("signal", ["SIGKILL", "SIGSTOP", "SIGTERM"])
def test_the_worker_outlives_its_children(signal: str, bare: Pool) -> None:
    source = f"import os, signal\nos.kill(os.getppid(), signal.{signal})\nans = os.getppid()"
    assert attempt(bare, source).value == "1"
    assert attempt(bare, "ans = 2").value == "2"


@linux
def test_a_flag_of_what_stays_is_no_message_to_the_next_program(bare: Pool) -> None:
    flags = "import fcntl as f, os\nans = [f.fcntl(n, f.F_GETFL) for n in range(3)]"
    before = attempt(bare, flags).value
    attempt(bare, f"{flags}\nfor n in range(3): f.fcntl(n, f.F_SETFL, os.O_NONBLOCK)")
    assert attempt(bare, flags).value == before


@linux
@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("import os\nos._exit(0)", "crashed"),
        ("import os\nos.kill(os.getpid(), 11)", "crashed"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "timeout"),
        ("import os\nos.closerange(0, 99)\nwhile True: pass", "timeout"),
        (WRITE.format(data="b'[' * 4_000_000"), "crashed"),
        (WRITE.format(data="b'[' * 100_000"), "crashed"),
        (WRITE.format(data='b\'{{"status": "ok"}}\''), "crashed"),
        ("import signal\nsignal.setitimer(signal.ITIMER_PROF, 0)\nwhile True: pass", "timeout"),
    ],
)
def test_a_hostile_process_is_an_ordinary_outcome(source: str, status: str, bare: Pool) -> None:
    assert attempt(bare, source, limits_of(status)).status == status
    assert attempt(bare, "ans = 2").value == "2"


@pytest.mark.parametrize("without", [(layer,) for layer in LAYERS] + [LAYERS])
def test_the_basics_hold_with_walls_left_out(without: tuple[str, ...]) -> None:
    async def basics() -> tuple[dict[str, object], tuple[str, ...]]:
        async with RestrictedSandbox(workers=1, without=without) as sandbox:
            found: dict[str, object] = {}
            for source, (status, _) in BASICS.items():
                execution = await sandbox.run(Program(source), limits_of(status))
                found[source] = (execution.status, execution.value)
            return found, sandbox.layers()

    found, layers = anyio.run(basics)
    assert found == BASICS
    assert not set(without) & set(layers)


MACOS = """
import os, select, signal, sys
sys.path[:0] = sys.argv[2:]
for module, names in (os, "setresuid setresgid"), (signal, "sigtimedwait"), (select, "POLLRDHUP"):
    for name in names.split():
        delattr(module, name)
from reasongap.sandbox import jail, worker
from pathlib import Path
sys.platform = jail.sys.platform = "darwin"
jail._libc = lambda: object()
class Elsewhere(type(Path())):
    def read_text(self, *settings): raise FileNotFoundError(self)
worker.Path = Elsewhere
worker.main"""
"""A worker's first lines, on a Linux that has forgotten what macOS never had."""


@linux
def test_the_basics_hold_with_what_macos_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reasongap.sandbox.process.BOOT", MACOS)
    basics = {source: end for source, end in BASICS.items() if end[0] != "memory"}

    async def run() -> tuple[dict[str, object], RestrictedSandbox]:
        async with RestrictedSandbox(workers=1) as sandbox:
            found: dict[str, object] = {}
            for source, (status, _) in basics.items():
                execution = await sandbox.run(Program(source), limits_of(status))
                found[source] = (execution.status, execution.value)
            return found, sandbox

    found, sandbox = anyio.run(run)
    assert found == basics
    assert sandbox.layers() == ("policy", "process", "limits", "kill")
    assert set(LAYERS) <= set(sandbox.missing())


def test_a_wall_that_is_required_and_missing_stops_everything() -> None:
    async def start() -> None:
        async with RestrictedSandbox(workers=1, require=("seccomp",), without=("seccomp",)):
            pytest.fail("started without a wall that was required")

    with pytest.raises(SandboxUnavailable, match="seccomp: left out on purpose"):
        anyio.run(start)


AS_SOMEBODY_ELSE = """
import os, sys
sys.path[:0] = sys.argv[1:]
os.setgroups([])
os.setgid(12345)
os.setuid(12345)
import anyio
from reasongap.domain import Program
from reasongap.sandbox import Limits, RestrictedSandbox
async def main():
    async with RestrictedSandbox(workers=1) as sandbox:
        execution = await sandbox.run(Program("ans = 6 * 7"), Limits(seconds=60))
        print(os.getuid(), execution.value, *sandbox.layers())
anyio.run(main)
"""


@linux
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_works_for_an_unprivileged_user() -> None:
    folders = [Path(anyio.__file__).parents[1], Path(__file__).parents[2]]
    # An interpreter under root's home is closed to others; the system's is open to all.
    for interpreter in (sys.executable, "/usr/bin/python3"):
        command = [interpreter, "-c", AS_SOMEBODY_ELSE, *map(str, folders)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode == 0:
            break
    else:
        pytest.skip(f"no interpreter that others may use: {done.stderr[-200:]}")
    assert done.stdout.startswith("12345 42 policy process limits kill")
    assert "no-new-privs" in done.stdout


def test_a_machine_without_a_filter_has_none() -> None:
    assert filter_for("riscv64") is None
    for machine in ("x86_64", "aarch64"):
        program = filter_for(machine)
        assert program is not None
        assert len(program) % 8 == 0
