"""What is planted on this machine for attacks to find, and what became of it.

Secrets in a file, in the environment and among the arguments of a process; servers that
wait for a call; a folder where anybody may write. All of it is gone afterwards.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from reasongap.sandbox.attacks.catalogue import Effect
from reasongap.sandbox.attacks.processes import Bystander, orphans_adopted
from reasongap.sandbox.attacks.servers import Servers

VARIABLE = "REASONGAP_PLANTED"
PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/dev/mqueue", "/", ".")
"""Where an attack may leave a file by the planted mark, beside the folder."""

KERNEL_LISTS = ("/proc/sysvipc/shm", "/proc/sysvipc/msg", "/proc/sysvipc/sem")
KEEPERS = {
    "file": "a file",
    "variable": "the environment",
    "argument": "another process",
    "program": "another program",
}
"""Who keeps each of the secrets, by what stands before it."""

Entry = tuple[int, int, int, bytes | None]


@dataclass(frozen=True, slots=True)
class Seen:
    """An effect that was seen, and what was seen of it."""

    effect: Effect
    what: str


class Planted:
    """The planted things, there as long as this is entered."""

    def __init__(self) -> None:
        self.secret = secrets.token_hex(8)
        self._stack = ExitStack()

    def __enter__(self) -> Planted:
        with ExitStack() as stack:
            stack.enter_context(orphans_adopted())
            self._folder = Path(tempfile.mkdtemp(prefix="reasongap-"))
            stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self._folder.chmod(0o777)
            self._file = self._folder / "secret"
            self._servers = Servers(stack, self._folder, self.secret[::-1])
            os.environ[VARIABLE] = f"variable-{self.secret}"
            stack.callback(os.environ.pop, VARIABLE, None)
            self.bystander = stack.enter_context(Bystander(f"argument-{self.secret}"))
            self._reset()
            opened = os.open(self._file, os.O_RDONLY)
            stack.callback(os.close, opened)
            os.set_inheritable(opened, True)
            self._name = os.uname().nodename
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def values(self) -> dict[str, object]:
        """What the names in an attack's source stand for."""
        return {
            "file": self._file,
            "folder": self._folder,
            "mark": self._mark,
            "key": self._key,
            "variable": VARIABLE,
            "pid": self.bystander.pid,
            **self._servers.addresses(),
        }

    def leaks(self, text: str) -> list[Seen]:
        """The secrets that a text tells."""
        found = [of for kind, of in KEEPERS.items() if f"{kind}-{self.secret}" in text]
        return [Seen("secret", f"it tells the secret of {keeper}") for keeper in found]

    def changes(self) -> list[Seen]:
        """What was called, written or harmed since the last time; then all is as before."""
        seen = [Seen("connection", what) for what in self._servers.calls()]
        seen += [Seen("harm", what) for what in self.bystander.harm()]
        seen += [Seen("written", what) for what in self._writings()]
        return seen

    def _writings(self) -> Iterator[str]:
        now = _entries(self._folder)
        for name in sorted(now.keys() | self._before.keys()):
            if now.get(name) != self._before.get(name):
                yield f"the planted {name!r} changed" if name in self._before else "a new file"
        for place in PLACES:
            left = Path(place) / self._mark
            if left.is_symlink() or left.exists():
                left.unlink()
                yield f"a new file in {place}"
        for path in KERNEL_LISTS:
            with suppress(OSError):
                if str(self._key) in Path(path).read_text().split():
                    yield f"a new entry in {path}"
        if os.uname().nodename != self._name:
            socket.sethostname(self._name)
            yield "the machine has another name"
        self._reset()

    def _reset(self) -> None:
        """Fresh names, and the folder as it was in the beginning."""
        if self._folder.is_mount():
            ctypes.CDLL(None).umount2(bytes(self._folder), 0)
        self._mark = f"mark-{secrets.token_hex(6)}"
        self._key = secrets.randbits(30) | 2**29
        for each in self._folder.iterdir():
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            elif each.name != "socket":
                each.unlink()
        self._file.write_text(f"file-{self.secret}\n")
        self._file.chmod(0o666)
        self._before = _entries(self._folder)


def _entries(folder: Path) -> dict[str, Entry]:
    """All that lies in a folder: rights, size, time of the last change, and a file's bytes."""
    found: dict[str, Entry] = {}
    for path in folder.rglob("*"):
        state = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
        found[path.name] = state.st_mode, state.st_size, state.st_mtime_ns, content
    return found
