"""Every attack where nothing stops it: its effect must be seen, or it proves nothing."""

from __future__ import annotations

import anyio
import pytest

from reasongap.sandbox.attacks.catalogue import Attack, all_attacks
from reasongap.sandbox.attacks.throwaway import Control, controls


@pytest.fixture(scope="module")
def seen(sandbox_image: str) -> dict[str, Control]:
    """The control of every attack, from one run of the throwaway containers."""
    assert sandbox_image
    return anyio.run(controls)


@pytest.mark.needs("docker")
@pytest.mark.parametrize("attack", all_attacks(), ids=lambda attack: attack.id)
def test_the_attack_succeeds_where_nothing_stops_it(
    attack: Attack, seen: dict[str, Control]
) -> None:
    assert seen[attack.id].seen, seen[attack.id].what
