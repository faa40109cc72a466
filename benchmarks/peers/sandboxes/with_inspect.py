"""Inspect AI's sandboxes, opened as its evaluations open them, with `exec` for each program."""
# pyright: reportMissingImports=false
# It lies in its own environment.

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.peers.driving import Run, say, script, serve
from benchmarks.peers.names import IMAGE

COMPOSE = f"""services:
  default:
    image: {IMAGE}
    x-local: true
    network_mode: none
    command: ["python", "-c", "import time; time.sleep(9999)"]
"""


def executing(python: str) -> Run:
    """What runs a program in the sandbox of the sample that is being solved."""
    from inspect_ai.util import sandbox

    async def once(program: str) -> str:
        done = await sandbox().exec([python, "-c", script(program)])
        return str(done.stdout).strip() or str(done.stderr)

    return once


def main() -> None:
    """Serve from within a sample's solver, for that is where a sandbox can be had."""
    import inspect_ai
    from inspect_ai.dataset import Sample
    from inspect_ai.solver import solver

    way, lanes = sys.argv[1], int(sys.argv[2])

    @solver  # type: ignore[untyped-decorator]
    def serving() -> Any:
        async def solve(state: Any, generate: Any) -> Any:
            say({})
            await serve([executing(sys.executable if way == "local" else "python")] * lanes)
            return state

        return solve

    with tempfile.TemporaryDirectory() as folder:
        compose = Path(folder) / "compose.yaml"
        compose.write_text(COMPOSE, encoding="utf-8")
        where = "local" if way == "local" else ("docker", str(compose))
        task = inspect_ai.Task(dataset=[Sample("one")], solver=serving(), sandbox=where)
        try:
            inspect_ai.eval(task, model="mockllm/model", display="none", log_dir=folder)
        except Exception as error:
            said = " ".join(line.strip() for line in str(error).splitlines() if line.strip())
            say({"unavailable": said})
            raise


if __name__ == "__main__":
    main()
