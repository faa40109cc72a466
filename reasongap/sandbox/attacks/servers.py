"""Servers of this machine that wait to be called: on loopback addresses and Unix sockets."""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from pathlib import Path

NO_PORT = 9
"""Where this machine has no IPv6: a port that nobody listens at."""


class Servers:
    """Open sockets by name: "port", "port6", "udp", "unix", "abstract", as the system allows."""

    def __init__(self, stack: ExitStack, folder: Path, mark: str) -> None:
        tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
        self._open: dict[str, socket.socket] = {}
        for name, family, kind, address in (
            ("port", socket.AF_INET, tcp, ("127.0.0.1", 0)),
            ("port6", socket.AF_INET6, tcp, ("::1", 0)),
            ("udp", socket.AF_INET, udp, ("127.0.0.1", 0)),
            ("unix", socket.AF_UNIX, tcp, str(folder / "socket")),
            ("abstract", socket.AF_UNIX, tcp, f"\0{mark}"),
        ):
            with suppress(OSError):
                end = stack.enter_context(socket.socket(family, kind))
                end.bind(address)
                end.setblocking(False)
                if kind == tcp:
                    end.listen()
                self._open[name] = end

    def addresses(self) -> dict[str, object]:
        """What an attack needs to call each of them: a port, a path, a name."""
        found: dict[str, object] = {"port6": NO_PORT, "abstract": "nobody"}
        for name, end in self._open.items():
            address = end.getsockname()
            if isinstance(address, bytes):
                address = address.decode().lstrip("\0")
            found[name] = address[1] if isinstance(address, tuple) else address
        return found

    def calls(self) -> list[str]:
        """The servers that were called since the last time."""
        found = []
        for name, end in self._open.items():
            with suppress(BlockingIOError):
                while True:
                    if end.type == socket.SOCK_STREAM:
                        end.accept()[0].close()
                    else:
                        end.recv(2**16)
                    found.append(f"the server {name!r} was called")
        return found
