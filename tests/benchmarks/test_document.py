from benchmarks.document import PAGE, measurements, page
from benchmarks.saved import Measurement


def test_the_page_is_what_the_results_give() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(measurements()), "run python -m benchmarks.document"


def test_what_was_not_measured_says_how_to() -> None:
    assert "python -m benchmarks.all --only growth`" in page({})


def test_a_peer_that_could_not_run_stands_beneath_the_table() -> None:
    rows: list[dict[str, object]] = [
        {"name": "python -c pass", "median": 0.02, "times_floor": 1.0},
        {"name": "a peer", "unavailable": "no wheel for this machine"},
    ]
    machine: dict[str, object] = {"python": "3.11", "system": "Linux", "cores": 2, "load": 0.0}
    told = page({"start": Measurement("python -m benchmarks.start", "2026", machine, {}, rows)})
    assert "- a peer could not run: no wheel for this machine" in told
    assert "| python -c pass | 0.02 |" in told
