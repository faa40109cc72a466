"""GSM8K (Cobbe et al. 2021, arXiv 2110.14168), with GSM-Hard's programs for its test split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from reasongap.domain import Problem
from reasongap.errors import BadFile
from reasongap.problems.files import json_lines, read_problems
from reasongap.problems.gsm_hard import programs
from reasongap.problems.hub import hub_rows
from reasongap.problems.rows import GSM8K_COLUMNS, read_row

SPLITS = ("test", "train")
HUB = ("openai/gsm8k", "main")
HARD_HUB = ("reasoning-machines/gsm-hard", None, "train")
HARD_FILE = Path("gsm_hard", "gsmhardv2.jsonl")


@dataclass(frozen=True)
class Gsm8kSource:
    """GSM8K's problems, from a file of its rows or, without one, from the hub.

    `hard` is GSM-Hard's file. Test problems get its programs where it is given, or where
    the hub is used; they serve to confirm golds, and no model sees them.
    """

    split: str = "test"
    file: Path | None = None
    hard: Path | None = None

    @property
    def name(self) -> str:
        """What identifies the rows, wherever they lie: "gsm8k:test"."""
        return f"gsm8k:{self.split}"

    def load(self) -> Iterator[Problem]:
        """The problems in GSM8K's order, "gsm8k:test/0" first. Raises what reading raises."""
        known = self._programs()
        for problem in self._problems():
            yield replace(problem, program=known.get(problem.question, problem.program))

    def _problems(self) -> Iterator[Problem]:
        if self.file is not None:
            yield from read_problems(self.file, source=self.name)
            return
        for line, row in enumerate(hub_rows(*HUB, self.split), 1):
            yield read_row(row, GSM8K_COLUMNS, self.name, line, self.name)

    def _programs(self) -> dict[str, str]:
        if self.split == "train":
            return {}
        if self.hard is not None:
            return programs(row for _, row in json_lines(self.hard))
        return {} if self.file else programs(hub_rows(*HARD_HUB))


def open_gsm8k(where: str, data: Path | None) -> Gsm8kSource:
    """The source for `-p gsm8k[:where]`: "" or a split, a file of rows, or a folder.

    `data` is the folder that holds gsm8k/ and gsm_hard/; without it the hub serves. Raises
    BadFile where a folder or file is not there.
    """
    hard = data / HARD_FILE if data and (data / HARD_FILE).is_file() else None
    if where in ("", *SPLITS):
        split = where or "test"
        file = _in_folder(data, split) if data else None
        return Gsm8kSource(split, file, hard)
    path = Path(where)
    if not path.is_dir():
        return Gsm8kSource(path.stem, path, hard)
    beside = path / HARD_FILE
    return Gsm8kSource("test", _in_folder(path, "test"), beside if beside.is_file() else hard)


def _in_folder(folder: Path, split: str) -> Path:
    """The split's file in a folder of data sets, or in GSM8K's own."""
    for file in (folder / "gsm8k" / f"{split}.jsonl", folder / f"{split}.jsonl"):
        if file.is_file():
            return file
    raise BadFile(
        str(folder),
        f"holds neither gsm8k/{split}.jsonl nor {split}.jsonl",
        "Put GSM8K's rows there, or unset REASONGAP_DATA to use the hub",
    )
