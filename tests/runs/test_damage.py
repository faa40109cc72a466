"""What disks, clocks and kills do to a run: a clear error or a recovery, and nothing lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Completion, Message, Request
from reasongap.errors import AuthFailed, BadFile, BadRow, DiskFailed
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.runs.cache import ReplyCache, cache_key
from reasongap.runs.cache_upkeep import holdings, mend, prune
from reasongap.runs.cached_model import CachedModel
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import Event, Noted, silent
from reasongap.runs.folder import read_run
from reasongap.runs.journal import Journal, read_records
from reasongap.runs.rows import to_line
from reasongap.runs.study import make_study
from tests.runs.studies import calculator, compositions_file, scripted
from tests.runs.test_journal import record

ROOT = Path(__file__).parents[2]


def asked(text: str) -> Request:
    return Request(messages=(Message("user", text),))


def filled_cache(path: Path, replies: int) -> None:
    model = ScriptedModel(lambda request: request.messages[0].content * 20)
    with closing(ReplyCache(path)) as cache:
        for i in range(replies):
            anyio.run(CachedModel(model, cache).complete, asked(f"question {i}"))


@contextmanager
def unprivileged() -> Iterator[None]:
    """Without root's right to write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes, as if the disk were full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_loses_no_record_and_the_run_goes_on_later(tmp_path: Path) -> None:
    compositions_file(tmp_path, 30)
    places = Places(tmp_path / "run", tmp_path / "replies.sqlite")
    study = make_study(models=(scripted(),), problems=str(tmp_path / "chains.jsonl"))
    with room_for(100_000), pytest.raises(DiskFailed, match="cannot be"):
        anyio.run(conduct, study, places, silent)
    before = read_records(tmp_path / "run")
    assert 0 < len(before) < 180
    anyio.run(conduct, study, places, silent)
    after = read_records(tmp_path / "run")
    assert len(after) == 180
    assert before.items() <= after.items()


def test_what_stops_a_run_is_told_where_its_end_cannot_be_written_either(tmp_path: Path) -> None:
    source, run = compositions_file(tmp_path, 4), tmp_path / "run"
    before, asked = resource.getrlimit(resource.RLIMIT_FSIZE), 0

    def filling(request: Request) -> str:
        nonlocal asked
        asked += 1
        if asked == 5:
            resource.setrlimit(resource.RLIMIT_FSIZE, (600, before[1]))
        return calculator(request)

    model = ScriptedModel(filling, ModelSpec("scripted", price=(0.0, 0.0)))
    study = make_study(models=(model,), strategies=("cot",), problems=str(source), connections=1)
    try:
        with pytest.raises(DiskFailed, match=r"records\.jsonl: cannot be written"):
            anyio.run(conduct, study, Places(run, tmp_path / "replies.sqlite"), silent)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len(read_records(run)) == 4
    assert [sitting.ended for sitting in read_run(run).manifest.sittings] == [None]
    assert not list(run.glob("*.tmp"))
    anyio.run(conduct, study, Places(run, tmp_path / "replies.sqlite"), silent)
    assert len(read_records(run)) == 12


def test_a_manifest_that_is_gone_hides_nothing(tmp_path: Path) -> None:
    source, run = compositions_file(tmp_path, 2), tmp_path / "run"

    def removing(request: Request) -> Exception:
        (run / "manifest.json").unlink()
        return AuthFailed("scripted", "no key")

    study = make_study(models=(ScriptedModel(removing),), problems=str(source), connections=1)
    with pytest.raises(AuthFailed):
        anyio.run(conduct, study, Places(run, tmp_path / "replies.sqlite"), silent)


def test_a_record_that_does_not_fit_leaves_no_half_line(tmp_path: Path) -> None:
    line = to_line(record())
    with Journal(tmp_path) as journal, room_for(5 * len(line) // 2):
        journal.write(record())
        journal.write(record())
        with pytest.raises(DiskFailed, match="cannot be written"):
            journal.write(record())
    assert (tmp_path / "records.jsonl").read_bytes() == 2 * line


def test_a_folder_that_is_read_only_is_named() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(BadFile, match="Permission denied"), Journal(folder):
            pass


def test_a_clock_that_jumps_back_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = time.time()
    jumping = iter(range(10**6))
    monkeypatch.setattr(time, "time", lambda: start - 3600 * next(jumping))
    compositions_file(tmp_path, 4)
    study = make_study(models=(scripted(),), problems=str(tmp_path / "chains.jsonl"), n=4)
    anyio.run(conduct, study, Places(tmp_path / "run", tmp_path / "replies.sqlite"), silent)
    run = read_run(tmp_path / "run")
    assert [r.outcome for r in run.records] == ["correct"] * 24
    assert all(r.seconds >= 0 for r in run.records)
    assert run.manifest.sittings[0].finished


def test_a_damaged_line_is_set_aside_and_its_question_asked_again(tmp_path: Path) -> None:
    compositions_file(tmp_path, 2)
    study = make_study(models=(scripted(),), problems=str(tmp_path / "chains.jsonl"), n=2)
    places = Places(tmp_path / "run", tmp_path / "replies.sqlite")
    anyio.run(conduct, study, places, silent)
    path = tmp_path / "run" / "records.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    broken = b"\0" * (len(lines[4]) - 1) + b"\n"
    path.write_bytes(b"".join([*lines[:4], broken, *lines[5:], lines[0][:50]]))
    with pytest.raises(BadRow, match=r"row 5.*reasongap resume"):
        read_run(tmp_path / "run")
    events: list[Event] = []
    anyio.run(conduct, study, places, events.append)
    told = [event.text for event in events if isinstance(event, Noted)]
    assert "torn" in told[0]
    assert "1 damaged lines (5)" in told[1]
    assert (tmp_path / "run" / "records.damaged.jsonl").read_bytes() == broken
    assert len(read_run(tmp_path / "run").records) == 12


def test_a_cache_that_is_damaged_in_the_middle_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    filled_cache(path, 300)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 5000)
    spec, unread = ModelSpec("scripted"), 0
    with closing(ReplyCache(path)) as cache:
        for i in range(300):
            try:
                cache.get(cache_key(spec, spec.fill(asked(f"question {i}")), 0))
            except DiskFailed as error:
                assert "reasongap cache mend" in str(error)
                unread += 1
    assert unread
    damaged = path.read_bytes()
    kept, lost, old = mend(path)
    assert kept > 200
    assert kept + lost >= 300
    assert old.name == "replies.sqlite.damaged"
    assert [mend(path)[2].name, mend(path)[2].name] == [f"{old.name}2", f"{old.name}3"]
    assert old.read_bytes() == damaged, "what was set aside first is still there"
    with closing(ReplyCache(path)) as cache:
        assert [held.replies for held in holdings(cache)] == [kept]
    filled_cache(path, 300)
    with closing(ReplyCache(path)) as cache:
        assert [held.replies for held in holdings(cache)] == [300]


def test_a_reply_that_changed_on_disk_is_never_used(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    filled_cache(path, 1)
    with closing(ReplyCache(path)) as cache:
        cache.ask("UPDATE reply SET text = replace(text, 'question', 'answer!!')")
        spec = ModelSpec("scripted")
        with pytest.raises(DiskFailed, match="a reply in it is damaged"):
            cache.get(cache_key(spec, spec.fill(asked("question 0")), 0))


def test_a_reply_that_cannot_be_kept_is_used_and_the_next_call_is_not_sent(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path / "replies.sqlite")

    class Spoiling(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            cache.ask("DROP TABLE reply")
            cache.ask("CREATE TABLE reply (key, run, text, digest)")
            return await super().complete(request)

    script = Spoiling(["paid for", "never sent"])
    model = CachedModel(script, cache)
    assert anyio.run(model.complete, asked("1")).text == "paid for"
    with pytest.raises(DiskFailed, match="cannot be written"):
        anyio.run(model.complete, asked("2"))
    assert len(script.requests) == 1


def test_old_replies_and_those_of_a_model_are_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    filled_cache(path, 5)
    with closing(ReplyCache(path)) as cache:
        assert prune(cache, before=time.time() - 60, model=None) == 0
        assert prune(cache, before=None, model="another") == 0
        assert prune(cache, before=time.time() + 60, model="scripted") == 5
        assert holdings(cache) == []


SHARING = """
import sys
from pathlib import Path
import anyio
from reasongap.models import ScriptedModel
from reasongap.runs.cache import ReplyCache
from reasongap.runs.cached_model import CachedModel
from tests.runs.test_damage import asked

async def work():
    script = ScriptedModel(lambda request: request.messages[0].content)
    model = CachedModel(script, ReplyCache(Path(sys.argv[1]), sys.argv[2]))
    for i in range(300):
        reply = await model.complete(asked(f"question {i}"))
        assert reply.text == f"question {i}", reply.text

anyio.run(work)
"""


def test_two_processes_share_one_cache(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    both = [subprocess.Popen([sys.executable, "-c", SHARING, path, run], cwd=ROOT) for run in "ab"]
    assert [process.wait(300) for process in both] == [0, 0]
    with closing(ReplyCache(path)) as cache:
        assert sum(held.replies for held in holdings(cache)) >= 300
        assert cache.calls_cut_off(every_run=True) == []


def _open_each(paths: list[Path], together: Barrier, failed: SimpleQueue[str]) -> None:
    for path in paths:
        together.wait(300)
        try:
            ReplyCache(path).close()
        except DiskFailed as error:
            failed.put(str(error))


def test_processes_that_open_a_new_cache_at_the_same_moment_all_get_it(tmp_path: Path) -> None:
    spawn = get_context("spawn")
    paths = [tmp_path / f"{i}.sqlite" for i in range(200)]
    together, failed = spawn.Barrier(4), spawn.SimpleQueue()
    opening = [spawn.Process(target=_open_each, args=(paths, together, failed)) for _ in range(4)]
    for process in opening:
        process.start()
    for process in opening:
        process.join(300)
    assert [process.exitcode for process in opening] == [0] * 4
    assert failed.empty()


def test_a_line_of_nulls_counts_as_damage(tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_bytes(to_line(record()) + b"\0" * 40 + b"\n")
    with Journal(tmp_path) as journal:
        assert record().key in journal.outcomes
        assert len(journal.outcomes) == 1
        assert len(journal.mended) == 1
