"""Processes as /proc tells of them, any of which may end while a test looks at it."""

from __future__ import annotations

from pathlib import Path


def children(pid: int) -> set[int]:
    """Its children, dead ones that nobody waited for too; none where it has ended."""
    try:
        tasks = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        return {int(child) for listed in tasks for child in listed.read_text().split()}
    except OSError:
        return set()


def descendants(pid: int) -> set[int]:
    """Every process below it."""
    own = children(pid)
    return own.union(*map(descendants, own))


def alive(pid: int) -> bool:
    """Whether it is there and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
