"""From records to numbers: gaps, what a strategy changes, paired tests."""

from reasongap.analysis.change import Reduction, reduction
from reasongap.analysis.estimates import ControlRow, Estimates, GapRow, analyse
from reasongap.analysis.gap import gap
from reasongap.analysis.items import Cells, complete_cases
from reasongap.analysis.paired import PairedTest, holm, mcnemar

__all__ = [
    "Cells",
    "ControlRow",
    "Estimates",
    "GapRow",
    "PairedTest",
    "Reduction",
    "analyse",
    "complete_cases",
    "gap",
    "holm",
    "mcnemar",
    "reduction",
]
