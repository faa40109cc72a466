"""A tiny checkpoint that the tests of this room share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.hf.tiny import save_model


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole checkpoint with a chat template."""
    return save_model(tmp_path_factory.mktemp("tiny"))
