"""The embedded model's weights, pulled once into the user's own cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from reasongap.models.local.weights import pull


@pytest.fixture(scope="session")
def smollm() -> Path:
    """The file of local/smollm2-135m."""
    return pull("smollm2-135m")
