"""The Ray engine: workers on a cluster, or on the cores of this machine. Ray is imported here."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

import anyio

from reasongap.errors import EnvironmentBroken, MissingExtra, ReasongapError, WorkerGone
from reasongap.models import Model
from reasongap.models.hf.engine import Engine as Checkpoints
from reasongap.runs.engines.crew import crew_of
from reasongap.runs.engines.remote import RemoteModel, RemoteSandbox
from reasongap.runs.engines.seam import Opened
from reasongap.runs.engines.worker import Hello, Order, Reply, Work, Worker
from reasongap.runs.events import Emit
from reasongap.runs.manifest import versions
from reasongap.runs.opening import check, model_of, sandbox_of, spec_of
from reasongap.runs.pace import LOCAL
from reasongap.runs.study import Study
from reasongap.sandbox.pool import cores

T = TypeVar("T")

SHORT = "/tmp"
"""Where Ray's own files go, and are removed again: its sockets' paths must be short."""
STORE = 100 * 2**20
"""Bytes of Ray's object store on this machine: messages here are small."""
KNOCK = 5.0
"""Seconds until a cluster counts as away."""
FAREWELL = 5.0
"""Seconds that a worker has to close what it opened."""
MOST_AT_ONCE = 10_000
"""Messages that a worker may have in hand; they are few, for each carries many orders."""


@dataclass(frozen=True)
class RayEngine:
    """Workers of a Ray cluster, one a core: that at `address`, or one of this machine's own.

    `most` bounds their number. Models that are given as objects and those that run inside this
    process stay with the driver, and so does a sandbox that is an object.
    """

    address: str | None = None
    most: int | None = None

    @property
    def name(self) -> str:
        """What manifests call it."""
        return f"ray:{self.address}" if self.address else "ray"

    @asynccontextmanager
    async def open(self, study: Study, emit: Emit) -> AsyncIterator[Opened]:
        """The study's models and its sandbox, as far as can be on the workers."""
        work = _work(study)
        async with AsyncExitStack() as stack:
            ray = stack.enter_context(_cluster(self.address))
            hire = partial(_hire, ray, ray.remote(Worker), work)
            crew = await stack.enter_async_context(crew_of(hire, self._places(ray, study), emit))
            hello = await crew.gather()
            models: list[Model] = []
            checkpoints = Checkpoints()
            for chosen in study.models:
                if _travels(chosen):
                    models.append(RemoteModel(spec_of(study, chosen), crew))
                else:
                    models.append(model_of(study, chosen, emit, checkpoints))
                stack.push_async_callback(models[-1].aclose)
            if work.study is not None:
                yield Opened(self.name, models, RemoteSandbox(hello, crew), hello.image)
                return
            sandbox = sandbox_of(study)
            stack.push_async_callback(sandbox.aclose)
            await check(sandbox)
            yield Opened(self.name, models, sandbox, sandbox.image)

    def _places(self, ray: Any, study: Study) -> int:
        """Workers to have: one a core of the cluster, no more than there are calls at once."""
        there = int(ray.cluster_resources().get("CPU", 1))
        return max(1, min(there, self.most or there, study.connections * len(study.models)))


def _travels(chosen: str | Model) -> TypeGuard[str]:
    return isinstance(chosen, str) and not chosen.startswith(LOCAL)


def _work(study: Study) -> Work:
    """What workers are told: nothing that is an object of the user's."""
    specs = tuple(spec_of(study, chosen) for chosen in study.models if _travels(chosen))
    sandbox = study.sandbox
    if not isinstance(sandbox, str):
        return Work(specs, None)
    if sandbox.endswith(".py"):
        sandbox = str(Path(sandbox).resolve())
    told = {"models": tuple(spec.name for spec in specs), "strategies": (), "sandbox": sandbox}
    return Work(specs, study.model_copy(update=told))


@contextmanager
def _cluster(address: str | None) -> Iterator[Any]:
    """Ray, connected; its quiet cluster on this machine's cores where no address is given.

    One that this process is connected to already is used, and left as it is. Connecting
    blocks for seconds, in this very thread: what Ray starts ends with the thread that started it.
    """
    try:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        import ray
    except ImportError as error:
        raise MissingExtra("ray", "--engine ray") from error
    if ray.is_initialized():
        yield ray
        return
    folder = None if address else tempfile.mkdtemp(prefix="reasongap-ray-", dir=SHORT)
    try:
        with _own_signals():
            _connect(ray, address, folder)
        with _silent(ray):
            yield ray
    finally:
        ray.shutdown()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _connect(ray: Any, address: str | None, folder: str | None) -> None:
    own = {
        "num_cpus": cores(),
        "object_store_memory": STORE,
        "include_dashboard": False,
        "_system_config": {"worker_niceness": 0},  # its 15 would leave them what others leave
    }
    try:
        if address:
            _knock(address)
            ray.init(address=address, log_to_driver=False, logging_level="error")
        else:
            ray.init("local", log_to_driver=False, logging_level="error", _temp_dir=folder, **own)
    except (OSError, RuntimeError, ValueError) as error:
        said = " ".join(str(error).split())
        if address is None:
            raise EnvironmentBroken(f"Ray does not start here: {said}") from error
        raise EnvironmentBroken(
            f"no Ray cluster answers at {address}: {said}. Start one with `ray start --head`, "
            "or leave --ray-address out to use this machine's cores"
        ) from error


def _knock(address: str) -> None:
    """Raise `OSError` or `ValueError` where nobody listens: Ray itself tries for many minutes."""
    if address != "auto":
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), KNOCK).close()


@contextmanager
def _own_signals() -> Iterator[None]:
    """Take SIGTERM back from Ray, which ends the process at once on it."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)


@contextmanager
def _silent(ray: Any) -> Iterator[None]:
    """Keep Ray from printing pages of its own state on stdout whenever a node is lost."""
    printer = ray._private.worker
    before = printer.print_to_stdstream
    printer.print_to_stdstream = lambda *_, **__: None
    try:
        yield
    finally:
        printer.print_to_stdstream = before


async def _hire(ray: Any, kind: Any, work: Work) -> RayPost:
    """A new worker that is fit for the work. Raises why it is not."""
    options = {"num_cpus": 1, "max_concurrency": MOST_AT_ONCE, "scheduling_strategy": "SPREAD"}
    post = RayPost(ray, kind.options(**options).remote())
    try:
        await post.introduce(work)
    except BaseException:
        post.end()
        raise
    return post


class RayPost:
    """The way to a worker that is a Ray actor."""

    def __init__(self, ray: Any, actor: Any) -> None:
        self._ray, self._actor = ray, actor

    async def introduce(self, work: Work) -> None:
        """Tell the worker its work, and learn what it is like. Raises why it is of no use."""
        hello = await self._told(self._actor.open.remote(work))
        if isinstance(hello, ReasongapError):
            raise hello
        for name in ("reasongap", "litellm", "RestrictedPython"):
            there, here = hello.versions[name], versions()[name]
            if there != here:
                raise EnvironmentBroken(
                    f"a node of the cluster has {name} {there}, and this process {here}. "
                    "Install the same everywhere"
                )
        self.hello: Hello = hello

    async def begin(self, orders: Sequence[tuple[int, Order]], dropped: Sequence[int]) -> None:
        """Hand orders over."""
        await self._told(self._actor.begin.remote(orders, dropped))

    async def replies(self) -> list[tuple[int, Reply]]:
        """Replies by number, once there are any."""
        return await self._told(self._actor.replies.remote())

    async def dismiss(self) -> None:
        """Let it close what it opened, and end it."""
        with anyio.move_on_after(FAREWELL), suppress(WorkerGone):
            await self._told(self._actor.close.remote())
        self.end()

    def end(self) -> None:
        """End it at once."""
        self._ray.kill(self._actor)

    async def _told(self, reply: Awaitable[T]) -> T:
        """A worker's reply. Raises `WorkerGone` where the worker, its node or the line is gone."""
        errors = self._ray.exceptions
        try:
            return await reply
        except errors.RayTaskError:
            raise
        except errors.RayError as error:
            if getattr(error, "actor_init_failed", False):
                said = str(error).strip().rpartition("\n")[2]
                raise EnvironmentBroken(f"a worker does not start: {said}") from error
            raise WorkerGone(" ".join(str(error).split())) from error
