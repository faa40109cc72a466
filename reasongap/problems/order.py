"""The order of compositions: many blocks early, and answers spread like the sources'."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from reasongap.problems.pairing import Path

BINS = 10
"""Deciles of the source answers, each to be filled alike."""


def balanced(by_block: Sequence[Sequence[Path]], answers: Sequence[Fraction]) -> list[Path]:
    """All paths in one order, of which every beginning is a fair sample.

    The blocks take turns, and each gives the path whose answer falls in the decile of
    `answers` that has been served least; so the first n paths lie in as many blocks as n
    allows, and their answers are distributed as much like `answers` as the blocks can.
    """
    ranked = sorted(answers)
    edges = [ranked[len(ranked) * i // BINS] for i in range(1, BINS)]
    served = [0] * BINS
    left = [[(bisect_right(edges, path.answer), path) for path in paths] for paths in by_block]
    ordered: list[Path] = []
    while left := [paths for paths in left if paths]:
        for paths in left:
            place = min(range(len(paths)), key=lambda i: served[paths[i][0]])
            decile, path = paths.pop(place)
            served[decile] += 1
            ordered.append(path)
    return ordered
