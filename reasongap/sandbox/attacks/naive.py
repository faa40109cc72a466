"""A server of programs as nobody should write it: see `open_interpreter`.

A parent passes bytes on; its child runs every program in the same process and pickles what
comes of it. The standard library only, for it runs as a script.
"""

from __future__ import annotations

import io
import os
import pickle
import select
import struct
import sys


def main() -> None:
    """Start the child and pass on what goes in and out."""
    program_out, program_in = os.pipe()
    answer_out, answer_in = os.pipe()
    if os.fork() == 0:
        os.dup2(program_out, 0)
        os.dup2(answer_in, 1)
        for descriptor in (program_out, program_in, answer_out, answer_in):
            os.close(descriptor)
        interpret()
    os.close(program_out)
    os.close(answer_in)
    ways = {0: program_in, answer_out: 1}
    while True:
        for source in select.select(list(ways), [], [])[0]:
            data = os.read(source, 2**16)
            if not data:
                return
            while data:
                data = data[os.write(ways[source], data) :]


def interpret() -> None:
    """Run programs, one after the other, in this process."""
    while True:
        (size,) = struct.unpack(">I", read(4))
        answer = result(read(size).decode())
        frame = struct.pack(">I", len(answer)) + answer
        while frame:
            frame = frame[os.write(1, frame) :]


def read(size: int) -> bytes:
    """That many bytes of standard input."""
    data = b""
    while len(data) < size:
        part = os.read(0, size - len(data))
        if not part:
            sys.exit()
        data += part
    return data


def result(source: str) -> bytes:
    """What became of a program, pickled: status, value, output, error."""
    sys.stdout = io.StringIO()
    error: Exception | None = None
    status, value = "ok", None
    try:
        value = answer(source)
    except SystemExit as leaving:
        status = "ok" if leaving.code in (None, 0) else "error"
    except Exception as raised:  # noqa: BLE001 - naive on purpose, here and below
        status, error = "error", raised
    output = sys.stdout.getvalue()
    try:
        return pickle.dumps((status, value, output, error))
    except Exception:  # noqa: BLE001
        told = None if error is None else RuntimeError(str(error))
        return pickle.dumps((status, str(value), output, told))


def answer(source: str) -> object:
    """The program's value: that of `solution()`, else `ans`."""
    world: dict[str, object] = {"__name__": "__main__"}
    exec(compile(source, "<program>", "exec"), world)
    entry = world.get("solution")
    return entry() if callable(entry) else world.get("ans")


if __name__ == "__main__":
    main()
