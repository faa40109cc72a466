"""What tests share: which optional parts of the machine are there, and where the data lies."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from platformdirs import user_cache_path

DATA = os.environ.get("REASONGAP_DATA")
REQUIRED = frozenset(filter(None, os.environ.get("REASONGAP_REQUIRE", "").split(",")))


def _docker() -> bool:
    return shutil.which("docker") is not None and Path("/var/run/docker.sock").exists()


PARTS: dict[str, Callable[[], bool]] = {
    "local": lambda: importlib.util.find_spec("xllamacpp") is not None,
    "gsm8k": lambda: DATA is not None and (Path(DATA) / "gsm8k" / "test.jsonl").exists(),
    "docker": _docker,
    "browser": lambda: shutil.which("chromium") is not None,
    "ray": lambda: importlib.util.find_spec("ray") is not None,
    "hf": lambda: importlib.util.find_spec("transformers") is not None,
}


# The same examples each time, however slow the machine is just now.
settings.register_profile(
    "settled",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("settled")


def pytest_configure() -> None:
    """Heed Ctrl-C: a shell's background job ignores it, and so would all that tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose part is missing, or fail it where that part is required."""
    for mark in item.iter_markers("needs"):
        part = str(mark.args[0])
        if PARTS[part]():
            continue
        if part in REQUIRED:
            pytest.fail(f"REASONGAP_REQUIRE names {part!r}, and it is not here", pytrace=False)
        pytest.skip(f"{part!r} is not on this machine")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of this session's own, without what others were answered; weights are shared."""
    home = tmp_path_factory.mktemp("cache")
    weights = user_cache_path("reasongap") / "models"
    weights.mkdir(parents=True, exist_ok=True)
    (home / "reasongap").mkdir()
    (home / "reasongap" / "models").symlink_to(weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home))
        yield


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder that holds gsm8k/ and gsm_hard/."""
    assert DATA is not None, "a test that uses `data` carries the mark needs('gsm8k')"
    return Path(DATA)
