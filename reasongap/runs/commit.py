"""Which commit the user's working directory is at."""

from __future__ import annotations

import subprocess

SECONDS = 10.0


def commit_here() -> str | None:
    """The commit, with "+" after it where tracked files were changed; None without one."""
    commit = _git("rev-parse", "HEAD")
    if commit is None:
        return None
    changed = _git("status", "--porcelain", "--untracked-files=no")
    return commit if changed == "" else f"{commit}+"


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
