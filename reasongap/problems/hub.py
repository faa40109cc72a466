"""Problems from the Hugging Face hub: the only file that imports `datasets`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from reasongap.domain import Problem
from reasongap.errors import DownloadFailed
from reasongap.problems.rows import GSM8K_COLUMNS, Columns, Row, read_row


@dataclass(frozen=True)
class HubSource:
    """The problems of a hub data set's split; `config` where the data set has several."""

    dataset: str
    split: str = "test"
    config: str | None = None
    columns: Columns = GSM8K_COLUMNS

    @property
    def name(self) -> str:
        """What identifies the rows: "hf:NAME@CONFIG:SPLIT"."""
        config = f"@{self.config}" if self.config else ""
        return f"hf:{self.dataset}{config}:{self.split}"

    def load(self) -> Iterator[Problem]:
        """The problems in the split's order. Raises DownloadFailed and BadRow."""
        for line, row in enumerate(hub_rows(self.dataset, self.config, self.split), 1):
            yield read_row(row, self.columns, self.name, line, self.name)


def hub_rows(dataset: str, config: str | None, split: str) -> Iterator[Row]:
    """The rows of a split, downloaded once and then read from the hub's own cache.

    HF_HUB_OFFLINE and HF_ENDPOINT are honoured by `datasets` itself. Raises DownloadFailed.
    """
    import datasets  # type: ignore[import-untyped]

    datasets.disable_progress_bars()
    try:
        rows = datasets.load_dataset(dataset, config, split=split)
    except (OSError, ValueError) as error:
        why = str(error).strip().partition("\n")[0]
        raise DownloadFailed(
            f"the hub's data set {dataset!r} (split {split!r}) cannot be loaded: {why}. "
            "Check its name, configuration (NAME@CONFIG) and split, and the network; or save its "
            "rows as a JSON-lines file and give that file's path instead"
        ) from error
    yield from cast("Iterable[Row]", rows)
