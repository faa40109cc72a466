"""A container's walls, tried from inside by plain Python: no policy helps here."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from functools import partial

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits
from reasongap.sandbox.containers import hardening
from reasongap.sandbox.containers.backend import DockerSandbox, remove_all
from reasongap.sandbox.containers.engine import Engine
from reasongap.sandbox.containers.hardening import FACTS, READABLE, Plan, walls
from reasongap.sandbox.containers.reaping import RUN, labels
from reasongap.sandbox.containers.worker import ContainerWorker
from reasongap.sandbox.jail import LAYERS
from reasongap.sandbox.pool import Pool
from reasongap.sandbox.worker import Settings
from tests.sandbox.conftest import PATIENT
from tests.sandbox.containers.conftest import Execute, container_of

REFUSALS = (
    *("PermissionError", "OSError", "FileNotFoundError", "BlockingIOError"),
    *("RuntimeError: can't start new thread", "ValueError: not allowed to raise"),
)
CANARY = "def solution():\n    return 6 * 7"
REFUSED = {
    "read the host's names": "ans = open('/etc/hosts').read()",
    "list processes": "import os\nans = os.listdir('/proc')",
    "read the worker's memory": "ans = open('/proc/1/mem', 'rb').read(1)",
    "read the worker's environment": "ans = open('/proc/1/environ').read()",
    "open the worker's input": "ans = open('/proc/1/fd/0', 'rb', 0).read(1)",
    "read its own memory map": "ans = open('/proc/self/maps').read()",
    "read the system": "import os\nans = os.listdir('/sys')",
    "write a file": "open('/x', 'w')\nans = 1",
    "write to the temporary folder": "open('/tmp/x', 'w')\nans = 1",
    "write to shared memory": "open('/dev/shm/x', 'w')\nans = 1",
    "change the library": "import os, math\nopen(os.__file__, 'a')\nans = 1",
    "make a folder": "import os\nos.mkdir('/python/x')\nans = 1",
    "open a socket": "import socket\nans = str(socket.socket())",
    "open a unix socket": "import socket\nans = str(socket.socket(socket.AF_UNIX))",
    "fork": "import os\nans = os.fork()",
    "start a thread": "import threading\nthreading.Thread(target=print).start()\nans = 1",
    "execute": "import os\nos.execv('/python/bin/python3', ['python3'])\nans = 1",
    "become root": "import os\nos.setuid(0)\nans = 1",
    "slow the worker": "import os\nos.setpriority(os.PRIO_PROCESS, 1, 19)\nans = 1",
    "bind the worker to a core": "import os\nos.sched_setaffinity(1, {0})\nans = 1",
    "limit the worker": ("import resource as r\nr.prlimit(1, r.RLIMIT_NOFILE, (0, 0))\nans = 1"),
    "raise a limit": "import resource as r\nr.setrlimit(r.RLIMIT_CPU, (99, 99))\nans = 1",
    "mount": (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "if libc.mount(b'', b'/', b'tmpfs', 0, None): raise OSError(ctypes.get_errno())\nans = 1"
    ),
    "trace the worker": (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "if libc.ptrace(16, 1, 0, 0): raise OSError(ctypes.get_errno())\nans = 1"
    ),
    "keep shared memory": (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "if libc.shmget(7, 4096, 0o1666) < 0: raise OSError(ctypes.get_errno())\nans = 1"
    ),
    "keep a message queue": (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "if libc.msgget(7, 0o1666) < 0: raise OSError(ctypes.get_errno())\nans = 1"
    ),
}

ENDS_ITSELF = {
    "a signal to everyone": "import os\nos.kill(-1, 9)\nans = 1",
    "an interrupt to the worker": "import os\nos.kill(1, 2)\nans = 1",
    "a kill of the worker": "import os\nos.kill(1, 9)\nans = 1",
    "a stop of the worker": "import os\nos.kill(1, 19)\nans = 1",
    "every signal to the worker": (
        "import os\nfor number in range(1, 64):\n"
        "    try: os.kill(1, number)\n    except OSError: pass\nans = 1"
    ),
}


@pytest.mark.needs("docker")
@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED.keys())
def test_what_a_program_may_not_do(execute: Execute, source: str) -> None:
    execution = execute(source)
    assert execution.status == "error"
    assert str(execution.error).startswith(REFUSALS)
    assert execute(CANARY).value == "42"


@pytest.mark.needs("docker")
@pytest.mark.parametrize("source", ENDS_ITSELF.values(), ids=ENDS_ITSELF.keys())
def test_the_worker_outlives_what_a_program_sends_it(
    execute: Execute, docker_sandbox: DockerSandbox, source: str
) -> None:
    execute(CANARY)
    worker = container_of(docker_sandbox)
    execute(source)
    assert execute("import os\nans = os.getppid()").value == "1"
    assert container_of(docker_sandbox) == worker


@pytest.mark.needs("docker")
def test_memory_time_and_descriptors_are_limited(execute: Execute) -> None:
    assert execute("x = 'a' * 10 ** 10").status == "memory"
    assert execute("while True: pass", limits=Limits(seconds=0.3)).status == "timeout"
    assert execute("kept = [open(__import__('os').__file__) for _ in range(99)]").status == "error"


@pytest.mark.needs("docker")
def test_a_program_may_have_more_memory_than_the_container_began_with(execute: Execute) -> None:
    most = replace(PATIENT, memory=1024 * 2**20)
    assert execute("x = bytearray(900 * 2 ** 20)\nans = len(x)", limits=most).status == "ok"


@pytest.mark.needs("docker")
def test_a_program_that_outgrows_the_container_goes_and_the_worker_stays(
    sandbox_image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardening, "OWN_MEMORY", -200 * 2**20)

    async def main() -> list[Execution]:
        async with DockerSandbox(workers=1, image=sandbox_image) as small:
            worker = container_of(small)
            greedy = await small.run(Program("ans = len(b'x' * (150 * 2**20))"), PATIENT)
            assert container_of(small) == worker
            return [greedy, await small.run(Program(CANARY), PATIENT)]

    greedy, canary = anyio.run(main)
    assert (greedy.status, canary.value) == ("memory", "42")


@pytest.mark.needs("docker")
def test_the_environment_is_ours(execute: Execute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "planted")
    names = execute("import os\nans = sorted(os.environ)").value
    assert names is not None
    assert "SECRET_KEY" not in names
    assert set(ast.literal_eval(names)) <= {
        *("HOME", "HOSTNAME", "PATH", "LD_LIBRARY_PATH"),
        *("PYTHONHASHSEED", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"),
    }


LOOK = """
import ctypes, os, socket
libc = ctypes.CDLL(None)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
seen = {name: status[name].split()[0] for name in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp")}
seen["uid"], seen["gid"] = os.getuid(), os.getgid()
seen["interfaces"] = [name for _, name in socket.if_nameindex()]
seen["processes"] = sorted(int(name) for name in os.listdir("/proc") if name.isdecimal())
seen["shm"], seen["hostname"] = os.path.exists("/dev/shm"), len(socket.gethostname())
seen["writable"] = [
    folder for folder, _, _ in os.walk("/")
    if not folder.startswith(("/proc", "/sys")) and os.access(folder, os.W_OK)
]
seen["kept"] = [libc.shmget(7, 4096, 0o1666), libc.msgget(7, 0o1666), libc.semget(7, 1, 0o1666)]
try:
    open("/dev/mqueue/kept", "w")
except OSError as error:
    seen["queue"] = error.strerror
seen["unshared"] = libc.unshare(0x10000000)
seen["core"] = __import__("resource").getrlimit(4)
ans = __import__("json").dumps(seen)
"""


@pytest.fixture(scope="module")
def container_alone(sandbox_image: str) -> Execution:
    """What a program sees around it where the container's walls are the only ones."""

    async def look() -> Execution:
        engine = Engine.connect()
        own = labels()
        settings = Settings(policy=False, without=LAYERS, readable=READABLE)
        plan = Plan(sandbox_image, settings, own)
        pool = Pool(1, partial(ContainerWorker.start, engine, plan))
        try:
            return await pool.run(Program(LOOK), PATIENT)
        finally:
            pool.close()
            remove_all(engine, own[RUN])

    return anyio.run(look)


@pytest.mark.needs("docker")
def test_the_container_alone_holds(container_alone: Execution) -> None:
    assert container_alone.value is not None, container_alone
    seen = json.loads(container_alone.value)
    assert seen.pop("hostname") == 12
    assert seen == {
        "CapEff": "0" * 16,
        "CapBnd": "0" * 16,
        "NoNewPrivs": "1",
        "Seccomp": "2",
        "uid": 65534,
        "gid": 65534,
        "interfaces": ["lo"],
        "processes": [1, seen["processes"][-1]],
        "shm": False,
        "writable": ["/dev/mqueue"],
        "queue": "Too many open files",
        "kept": [-1, -1, -1],
        "unshared": -1,
        "core": [0, 0],
    }


def test_walls_that_a_machine_cannot_give_are_named() -> None:
    facts = dict.fromkeys(FACTS.values(), True)
    given, missing = walls({**facts, "PidsLimit": False, "SecurityOptions": []})
    assert {"network", "memory-limit", "cpu-limit"} <= set(given)
    assert missing.keys() == {"pids-limit", "seccomp-profile"}
