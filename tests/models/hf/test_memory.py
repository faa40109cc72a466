"""Layers that grow in place hold what transformers' own hold."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from reasongap.models.hf.memory import ROOM, layer_like

pytestmark = pytest.mark.needs("hf")


def states(rows: int, positions: int) -> tuple[Any, Any]:
    import torch

    shape = (rows, 2, positions, 4)
    return torch.rand(shape), torch.rand(shape)


def same(one: Any, other: Any) -> bool:
    pairs = ((one.keys, other.keys), (one.values, other.values))
    return all(mine.shape == theirs.shape and mine.equal(theirs) for mine, theirs in pairs)


def test_growing_and_selecting_hold_what_they_should() -> None:
    from transformers.cache_utils import DynamicLayer

    ours, theirs = layer_like(DynamicLayer)(), DynamicLayer()
    assert ours.get_seq_length() == 0
    for positions in (5, 1, 1, ROOM + 1, 1):
        given = states(3, positions)
        shown = ours.update(*given)
        theirs.update(*given)
        assert same(ours, theirs)
        assert shown[0].shape == ours.keys.shape
    assert ours.get_seq_length() == theirs.get_seq_length()
    other = deepcopy(ours)
    for layer in (ours, theirs):
        import torch

        layer.batch_select_indices(torch.tensor([2, 0]))
        layer.update(*given_for(2))
    assert same(ours, theirs)
    assert other.keys.shape[0] == 3


def given_for(rows: int) -> tuple[Any, Any]:
    import torch

    torch.manual_seed(rows)
    return states(rows, 1)


@pytest.mark.parametrize(("mine", "theirs"), [(3, 7), (7, 3), (5, 4)])
def test_rows_that_join_are_filled_up_on_the_left(mine: int, theirs: int) -> None:
    from transformers.cache_utils import DynamicLayer

    layer, other = layer_like(DynamicLayer)(), layer_like(DynamicLayer)()
    keys, _ = layer.update(*states(2, mine))
    more, _ = other.update(*states(1, theirs))
    keys, more = keys.clone(), more.clone()
    layer.join(other, spare=1)
    keys = keys[:, :, 1:]
    mine = mine - 1
    longest = max(mine, theirs)
    assert layer.keys.shape == layer.values.shape == (3, 2, longest, 4)
    assert layer.keys[:2, :, longest - mine :].equal(keys)
    assert layer.keys[2:, :, longest - theirs :].equal(more)
    assert not layer.keys[:2, :, : longest - mine].any()
    layer.update(*states(3, 1))
    assert layer.get_seq_length() == longest + 1
