"""The peers, each in a virtual environment of its own, so that none bends another's versions."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_cache_path

PEERS: Mapping[str, tuple[str, ...]] = {
    "pydantic-monty": ("pydantic-monty",),
    "inspect-ai": ("inspect-ai", "openai"),
    "lm-eval": ("lm-eval[api]",),
    "smolagents": ("smolagents[docker]",),
    "llm-sandbox": ("llm-sandbox[docker]",),
}
"""Each peer, and what pip is asked for."""

KERNEL = ("jupyter_kernel_gateway", "ipykernel")
"""What smolagents' image holds besides Python."""

Versions = dict[str, str]


def home() -> Path:
    """The folder with an environment for each peer."""
    return user_cache_path("reasongap-benchmarks") / "peers"


def python_of(peer: str) -> Path:
    """The interpreter of the peer's environment; ours for what is no peer."""
    return home() / peer / "bin" / "python" if peer in PEERS else Path(sys.executable)


def install(peer: str) -> str | None:
    """Make the peer's environment, or bring it up to date; why that failed, None where it went."""
    venv.create(home() / peer, with_pip=True)
    return _pip(peer, *PEERS[peer])


def fetch_kernel(folder: Path) -> str | None:
    """Put the packages of smolagents' image there; why that failed, None where it went."""
    return _pip("smolagents", "--target", str(folder), *KERNEL)


def _pip(peer: str, *words: str) -> str | None:
    pip = [str(python_of(peer)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *words], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def versions() -> Versions:
    """The version of each peer that is installed."""
    return {peer: found for peer in PEERS if (found := _version(peer))}


def _version(peer: str) -> str | None:
    ask = f"import json, importlib.metadata as m; print(json.dumps(m.version({peer!r})))"
    try:
        done = subprocess.run([python_of(peer), "-c", ask], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return str(json.loads(done.stdout))
