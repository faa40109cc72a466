"""The faulty server as a process of its own, for clients that are killed or measured."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from urllib.request import urlopen


@dataclass(frozen=True)
class Counts:
    """How often each request came (by `prompt_key`), and the faults that each met."""

    calls: Mapping[str, int]
    faults: Mapping[str, list[str]]


class ServerProcess:
    """`python -m reasongap.testing.server` with these arguments, from `with` on to its end."""

    url = ""

    def __init__(self, *arguments: object) -> None:
        self._command = [sys.executable, "-m", "reasongap.testing.server", *map(str, arguments)]

    def __enter__(self) -> ServerProcess:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            self.__exit__()
            raise RuntimeError(f"the server did not start: {' '.join(self._command)}")
        return self

    def counts(self) -> Counts:
        """What it was asked so far."""
        with urlopen(f"{self.url.removesuffix('/v1')}/counts") as answer:
            return Counts(**json.load(answer))

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self._process.terminate()
        self._process.communicate()
