"""Problems: where they come from, chaining several into one, and the settings to ask them in.

sources.py      a source by name; gsm8k.py, hub.py, files.py, minted/ are the built-in ones
compose.py      compositions out of problems, by the files below
  annotations.py, chain.py    a solution as exact steps that run again at a new number
  mentions.py, wordings.py    the numbers of a question, in digits and otherwise
  slots.py                    which of them may become an X
  pairing.py, order.py        which problem follows which, and in what order
  confirm.py, literals.py     a program's second opinion; gsm_hard.py brings programs
  summary.py                  what became of it all
compositions.py the files of compositions
settings.py     the questions that a composition is asked as
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from reasongap.problems.compose import Composed, batches, compose
from reasongap.problems.confirm import Run
from reasongap.problems.files import FileSource, is_composition_file
from reasongap.problems.minted import MintedSource
from reasongap.problems.rows import Columns
from reasongap.problems.seam import ProblemSource
from reasongap.problems.settings import CONTROLS, check_controls, default_settings, questions
from reasongap.problems.slots import Rules
from reasongap.problems.sources import open_source, parse_steps, source_names
from reasongap.problems.summary import Batch, Counts, Summary

if TYPE_CHECKING:
    from reasongap.problems.compositions import read_compositions, write_compositions

__all__ = [
    "CONTROLS",
    "Batch",
    "Columns",
    "Composed",
    "Counts",
    "FileSource",
    "MintedSource",
    "ProblemSource",
    "Rules",
    "Run",
    "Summary",
    "batches",
    "check_controls",
    "compose",
    "default_settings",
    "is_composition_file",
    "open_source",
    "parse_steps",
    "questions",
    "read_compositions",
    "source_names",
    "write_compositions",
]

# Reading and writing compositions needs pydantic, which is slow to import.
_LAZY = ("read_compositions", "write_compositions")


def __getattr__(name: str) -> object:
    if name in _LAZY:
        return getattr(import_module("reasongap.problems.compositions"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
