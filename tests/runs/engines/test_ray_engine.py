"""Many machines give the records that one gives, whoever of them is lost on the way."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from reasongap.errors import EnvironmentBroken
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.engines import HERE, Engine, open_engine
from reasongap.runs.engines.ray_engine import RayEngine
from reasongap.runs.events import Emit, Event, Noted, Paced, silent
from reasongap.runs.folder import read_run
from reasongap.runs.journal import read_records
from reasongap.runs.study import make_study
from reasongap.testing import Faults, FaultyServer, Latency
from reasongap.testing.arithmetic import arithmetic
from tests.runs.engines.test_engines import bare
from tests.runs.studies import compositions_file

if TYPE_CHECKING:
    from ray.cluster_utils import Cluster

pytestmark = pytest.mark.needs("ray")

CONNECTIONS = 8
KEY = "sk-canary-of-the-ray-tests"
NODE: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 100 * 2**20}


@pytest.fixture(scope="module", autouse=True)
def environment() -> Iterator[None]:
    """What a cluster and the workers of a local one are born with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", KEY)
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        yield


@pytest.fixture(scope="module")
def cluster(environment: None) -> Iterator[Cluster]:
    """A head that does no work, and two nodes of one core."""
    from ray.cluster_utils import Cluster

    head = {**NODE, "num_cpus": 0, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    for _ in range(2):
        cluster.add_node(**NODE)
    yield cluster
    cluster.shutdown()  # type: ignore[no-untyped-call]


def on(cluster: Cluster) -> Engine:
    return open_engine(f"ray:{cluster.address}")


def carry_out(
    url: str, folder: Path, engine: Engine = HERE, emit: Emit = silent, **given: Any
) -> None:
    source = folder.parent / "chains.jsonl"
    if not source.exists():
        compositions_file(folder.parent, 12)
    study = make_study(
        models=("openai/served",), problems=str(source), api_base=url, **{"n": 4, **given}
    )
    places = Places(folder, folder.with_suffix(".sqlite"))
    anyio.run(lambda: conduct(study, places, emit, engine=engine))


def test_records_are_those_of_the_local_engine_and_any_engine_goes_on(
    cluster: Cluster, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    with FaultyServer() as server:
        carry_out(server.url, here)
        carry_out(server.url, there, on(cluster))
        assert set(server.calls.values()) == {2}
        assert bare(there) == bare(here)
        carry_out(server.url, there, n=5)
        assert server.calls.total() == 24 * 2 + 6
        assert len(read_records(there)) == 30
    sittings = read_run(there).manifest.sittings
    assert [sitting.engine for sitting in sittings] == [f"ray:{cluster.address}", "local"]
    assert sittings[0].layers == sittings[1].layers


def alive(actor: dict[str, Any]) -> bool:
    return bool(actor["State"] == "ALIVE")


def test_a_lost_node_loses_no_question_and_what_it_had_in_hand_is_listed(
    cluster: Cluster, tmp_path: Path
) -> None:
    from ray import get_runtime_context
    from ray._private.state import actors

    folder, told, arrived = tmp_path / "run", list[Event](), 0

    def replies(prompt: str) -> str:
        nonlocal arrived
        arrived += 1
        if arrived == 5:
            server.latency = Latency(3600.0)
        if arrived == 4 + CONNECTIONS:  # so many the one worker has under way now
            job = get_runtime_context().get_job_id()
            (place,) = {
                one["Address"]["NodeID"]
                for one in actors().values()
                if alive(one) and one["JobID"] == job
            }
            (doomed,) = (node for node in cluster.worker_nodes if node.node_id == place)
            cluster.remove_node(doomed, allow_graceful=False)
            server.latency = Latency()
        return arithmetic(prompt)

    with FaultyServer(replies) as server:
        one_worker = RayEngine(cluster.address, most=1)
        carry_out(server.url, folder, one_worker, told.append, connections=CONNECTIONS)
        calls = server.calls
    cluster.add_node(**NODE)
    assert [event for event in told if isinstance(event, Noted) and "lost" in event.text]
    records = (folder / "records.jsonl").read_text().splitlines()
    assert len(records) == len(read_records(folder)) == 24
    assert {record.outcome for record in read_records(folder).values()} <= {"correct", "wrong"}
    manifest = read_run(folder).manifest
    assert len(manifest.possibly_paid_twice) >= calls.total() - len(calls) >= CONNECTIONS - 1


def test_one_429_is_heeded_by_every_worker(cluster: Cluster, tmp_path: Path) -> None:
    arrivals, heard = list[float](), list[float]()

    def replies(prompt: str) -> str:
        arrivals.append(time.monotonic())
        return "Final answer: 1"

    def emit(event: Event) -> None:
        if isinstance(event, Paced) and "429" in event.why:
            heard.append(time.monotonic())

    faults = Faults(schedule=(None,) * 12 + ("rate_limit",), retry_after=2.0)
    given: dict[str, Any] = {"n": 12, "strategies": ("cot",), "connections": 4}
    with FaultyServer(replies, faults=faults) as server:
        carry_out(server.url, tmp_path / "run", on(cluster), emit, **given)
    assert len(arrivals) == 37
    paused = [at for at in arrivals if heard[0] < at < arrivals[12] + 2.0]
    assert len(paused) <= 3, "calls came that were not under way when the wait began"
    assert arrivals[-1] > arrivals[12] + 2.0


COMMAND = (sys.executable, "-m", "reasongap", "compare", "-m", "openai/served", "--engine", "ray")


QUICK = 40
"""Calls that are answered at once; each one after them takes seconds, so that none is the last."""


@contextmanager
def slowing() -> Iterator[FaultyServer]:
    """A server that is quick at first, and then so slow that the run is not soon finished."""
    arrived = 0

    def replies(prompt: str) -> str:
        nonlocal arrived
        arrived += 1
        if arrived == QUICK:
            server.latency = Latency(5.0)
        return arithmetic(prompt)

    with FaultyServer(replies) as server:
        yield server


def environment_of(url: str, tmp_path: Path) -> dict[str, str]:
    """Workers must share it: it alone knows the address, and the key."""
    own = {"OPENAI_API_BASE": url, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return {**os.environ, **own}


def started(server: FaultyServer, tmp_path: Path) -> subprocess.Popen[str]:
    """The command line on this machine's cores, once it has some answers and waits for more."""
    source = compositions_file(tmp_path, 30)
    folder = tmp_path / "run"
    asked = ["-n", "30", "--max-connections", str(CONNECTIONS), "--yes"]
    command = [*COMMAND, "-p", str(source), *asked, "--out", str(folder)]
    process = subprocess.Popen(
        command,
        env=environment_of(server.url, tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until(
        lambda: (
            process.poll() is not None
            or (server.latency.median > 0 and len(read_records(folder)) > 12)
        )
    )
    assert process.poll() is None, process.communicate()
    return process


def until(true: Callable[[], bool], seconds: float = 180.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def members(session: int) -> dict[int, str]:
    """The living processes of a session, and their command lines."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found[int(stat.parent.name)] = (stat.parent / "cmdline").read_text()
        except OSError:
            continue
    return found


def folder_of(session: int) -> Path:
    """Where the Ray of this session keeps its files, as its processes were told."""
    (found,) = set(re.findall(r"/tmp/reasongap-ray-\w+", " ".join(members(session).values())))
    return Path(found)


def test_ctrl_c_keeps_the_answers_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with slowing() as server:
        process = started(server, tmp_path)
        own_folder = folder_of(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=180)
    assert process.returncode == 130, err
    assert f"To go on: reasongap resume {tmp_path / 'run'}" in err
    assert "raylet" not in out + err
    assert len(read_records(tmp_path / "run")) > 12
    until(lambda: not members(process.pid))
    assert not own_folder.exists()


def test_a_killed_driver_takes_its_workers_along_and_its_run_goes_on_without_them(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "run"
    with slowing() as server:
        process = started(server, tmp_path)
        left = folder_of(process.pid)
        assert "Worker" in " ".join(members(process.pid).values())
        process.kill()
        process.communicate()
        until(lambda: not [line for line in members(process.pid).values() if "Worker" in line])
        written = [*left.rglob("*"), *folder.rglob("*")]
        assert not [p for p in written if p.is_file() and KEY.encode() in p.read_bytes()]
        for lingering in members(process.pid):  # Ray's own agents do, for a minute
            os.kill(lingering, signal.SIGKILL)
        shutil.rmtree(left)
        server.latency = Latency()
        known = len(read_records(folder))
        done = subprocess.run(
            [sys.executable, "-m", "reasongap", "resume", folder, "--yes", "--engine", "local"],
            env=environment_of(server.url, tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        calls = server.calls
    assert 12 < known < len(read_records(folder)) == 180
    listed = read_run(folder).manifest.possibly_paid_twice
    assert calls.total() - len(calls) <= len(listed) <= CONNECTIONS


def test_no_cluster_at_an_address_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentBroken, match=r"no Ray cluster answers at .*leave --ray-address"):
        carry_out("http://127.0.0.1:9", tmp_path / "run", open_engine("ray:127.0.0.1:9"))
