"""From records to numbers: gaps, what a strategy changes, paired tests."""

from reasongap.analysis.change import Reduction, reduction
from reasongap.analysis.estimates import ControlRow, Estimates, GapRow, analyse
from reasongap.analysis.evidence import Evidence
from reasongap.analysis.findings import Findings, find
from reasongap.analysis.gap import gap
from reasongap.analysis.items import Cells, complete_cases
from reasongap.analysis.merging import merge, read_runs
from reasongap.analysis.paired import PairedTest, holm, mcnemar
from reasongap.analysis.sample import Estimate

__all__ = [
    "Cells",
    "ControlRow",
    "Estimate",
    "Estimates",
    "Evidence",
    "Findings",
    "GapRow",
    "PairedTest",
    "Reduction",
    "analyse",
    "complete_cases",
    "find",
    "gap",
    "holm",
    "mcnemar",
    "merge",
    "read_runs",
    "reduction",
]
