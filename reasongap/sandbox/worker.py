"""The fork server: behind the jail, one forked child a program.

Reads requests from standard input and answers on standard output: first a hello with the
walls that stand; then for each request, two frames (`frames.pack_request`), two more: a
header that says how the child ended and what it used, and the child's own report, or where
it sent none, what it had printed. It ends when its input closes. Programs and reports are
passed on unread, and no trace of them stays: the next program's process is a copy of this.
What a child reported before it was cut is passed on too: it may be whole (`child`).

It serves a pool through a socket, and equally as the first process of a container.
"""

from __future__ import annotations

import builtins
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reasongap.sandbox import frames
from reasongap.sandbox.capture import Slate
from reasongap.sandbox.child import MAXRSS_UNIT, Namespace, Place, rehearse, serve
from reasongap.sandbox.jail import Jail
from reasongap.sandbox.passage import Passage

DESCRIPTORS = 64
"""What a program that may read files may hold."""

ROOM = 256 * 2**10
"""Bytes of a report beside its output, which JSON may write six times as long."""

HUNG_UP = select.POLLHUP | getattr(select, "POLLRDHUP", 0)
Cut = Literal["timeout", "flood"] | None
"""Why a child had to be ended, if it had to."""

SIGNAL_WAIT = getattr(signal, "sigtimedwait", None)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a worker is set up. Without a policy, programs are plain Python.

    `packages` may be imported under the policy; `without` names walls to leave out, as those
    that a container already has. `readable` names folders whose files programs may read, for
    plain Python to import from: so they get some descriptors.
    """

    policy: bool = True
    packages: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()


REHEARSALS = 16
"""Python makes code faster as it runs, by rewriting it: here, so that no child has to."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child, where its program goes in, and where its report and its output come out."""

    pid: int
    inlet: int
    outlet: int
    slate: Slate


REPORTED: frames.Message = {"cut": None, "exit": 0, "cpu_seconds": None, "peak_memory": None}
"""How a child ended that reported, unless it was cut: what it used stands in the report."""


def main(settings: str) -> None:
    """Serve programs until the input closes. The settings are JSON of `Settings`."""
    server = Server(Settings(**json.loads(settings)))
    while (header := frames.read(server.inlet)) is not None:
        server.serve(frames.load(header))


class Server:
    """A worker that is set up: loaded, jailed, and answering on its own descriptors."""

    def __init__(self, settings: Settings) -> None:
        self.inlet, self._outlet = os.dup(0), os.dup(1)
        os.dup2(2, 1)  # what a module prints while it loads is no frame
        self._namespace = _namespace(settings)
        self._own_memory = _address_space()
        time.localtime()  # reads the time zone while there are files
        nothing = os.open(os.devnull, os.O_RDWR)
        self._descriptors = DESCRIPTORS if settings.readable else 0
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a first process ignores what is default
        jail = Jail(frozenset(settings.without), tuple(settings.readable))
        jail.enter()
        for descriptor in range(3):  # only now: until here, standard error tells what failed
            os.dup2(nothing, descriptor)
        _reset_streams()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        for _ in range(REHEARSALS):
            rehearse(self._namespace)
        self._passage = Passage()
        gc.collect()
        gc.freeze()
        self._spare = self._fork()
        hello = {"active": jail.active, "missing": jail.missing}
        frames.write(self._outlet, frames.dump(hello))

    def serve(self, request: frames.Message) -> None:
        """Run the program that follows this header in a child and answer for it."""
        if not self._passage.read_frame(self.inlet):
            os._exit(0)  # the other side has gone in the middle of its request
        began = time.monotonic()
        deadline = began + request["seconds"]
        child = self._handed()
        cut = self._report(child, deadline, 6 * request["output"] + ROOM)
        report = len(self._passage) > 0
        ended = REPORTED | {"cut": cut} if report else _end(child, cut, deadline)
        header = {"nonce": request["nonce"]} | ended
        header |= {"reported": report, "seconds": time.monotonic() - began}
        self._answer(frames.pack(frames.dump(header)), child)
        if report:  # it has said all that it will; coming to an end takes a process as long again
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
        _clear()
        _reset_streams()
        self._spare = self._fork()

    def _answer(self, header: bytes, child: Child) -> None:
        """Send the header, and behind it the report or what the child had printed."""
        if self._passage:
            self._passage.write_frame(self._outlet, before=header)
        else:
            with child.slate.read() as printed:
                size = frames.HEADER.pack(len(printed))
                frames.write_all(self._outlet, header + size, printed)
        self._passage.wipe()
        child.slate.close()

    def _handed(self) -> Child:
        """The child that now has the program: the spare one, or if that died, a new one."""
        try:
            self._passage.write_frame(self._spare.inlet)
        except BrokenPipeError:
            os.close(self._spare.inlet)
            os.close(self._spare.outlet)
            self._spare.slate.close()
            os.waitpid(self._spare.pid, 0)
            self._spare = self._fork()
            self._passage.write_frame(self._spare.inlet)
        self._passage.wipe()
        os.close(self._spare.inlet)
        return self._spare

    def _fork(self) -> Child:
        """A child that gets ready and waits for its program."""
        program_out, program_in = os.pipe()
        report_out, report_in = os.pipe()
        slate = Slate()
        pid = os.fork()
        if pid == 0:
            try:
                for descriptor in (self.inlet, self._outlet, program_in, report_out):
                    os.close(descriptor)
                memory, descriptors = self._own_memory, self._descriptors
                place = Place(self._namespace, slate, report_in, memory, descriptors)
                serve(program_out, place)
            finally:
                os._exit(1)
        os.close(program_out)
        os.close(report_in)
        # Plain Python can open its pipe for reading, and take back what we were told is there.
        fcntl.fcntl(report_out, fcntl.F_SETFL, os.O_NONBLOCK)
        return Child(pid, program_in, report_out, slate)

    def _report(self, child: Child, deadline: float, room: int) -> Cut:
        """Take in what the child reports, nothing where it is too much; say what cut it short."""
        cut: Cut = "timeout"
        for count in self._parts(child, deadline):
            if count == 0:
                cut = None
                break
            if len(self._passage) > room:
                cut = "flood"
                break
        os.close(child.outlet)
        if cut == "flood":
            self._passage.wipe()
        return cut

    def _parts(self, child: Child, deadline: float) -> Iterator[int]:
        """How many bytes came through the pipe, 0 at its end, until time is over."""
        poll = select.poll()
        poll.register(child.outlet, select.POLLIN)
        poll.register(self.inlet, HUNG_UP)
        while (left := deadline - time.monotonic()) > 0:
            for descriptor, _ in poll.poll(left * 1000):
                if descriptor == self.inlet:
                    os.kill(child.pid, signal.SIGKILL)  # nobody waits for the answer any more
                    os._exit(0)
                with suppress(BlockingIOError):
                    yield self._passage.read(child.outlet)


def _namespace(settings: Settings) -> Namespace | None:
    from reasongap.sandbox.facades import STANDARD
    from reasongap.sandbox.namespace import build_namespace, leave

    if not settings.policy:
        for name in ("exit", "quit"):  # which Python's `site` would add
            setattr(builtins, name, leave)
        for name in (*STANDARD, *settings.packages):
            importlib.import_module(name)  # so that no program has to
        return None
    return build_namespace(tuple(settings.packages))


def _end(child: Child, cut: Cut, deadline: float) -> frames.Message:
    """How a child ended that did not report; it is ended here where it was cut or is late."""
    ended = None if cut else _ended(child.pid, deadline)
    if ended is None:
        cut = cut or "timeout"
        os.kill(child.pid, signal.SIGKILL)
        ended = os.wait4(child.pid, 0)
    _, status, usage = ended
    return {
        "cut": cut,
        "exit": os.waitstatus_to_exitcode(status),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_memory": usage.ru_maxrss * MAXRSS_UNIT,
    }


def _ended(pid: int, deadline: float) -> Any:
    """What `wait4` says of the child, None where it still runs when time is over."""
    while (ended := os.wait4(pid, os.WNOHANG))[0] == 0:
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        if SIGNAL_WAIT is None:
            time.sleep(0.0002)
        else:
            SIGNAL_WAIT({signal.SIGCHLD}, left)
    return ended


def _clear() -> None:
    """End whatever a program left behind, where this is the first process of its namespace."""
    if os.getpid() != 1:
        return
    try:
        os.kill(-1, signal.SIGKILL)
        while True:
            os.waitpid(-1, 0)
    except (ProcessLookupError, ChildProcessError):
        return


def _reset_streams() -> None:
    """Take back what a program may have changed of the standard streams, which all of them share.

    That is whether they wait: of the null device it means nothing, but the next could read it.
    """
    fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)


def _address_space() -> int | None:
    """Bytes of address space that this process takes, None where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None
