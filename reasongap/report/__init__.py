"""How results are shown: tables, the report and its figures, flat rows, items, progress."""

from reasongap.report.analyses import Report, report_of, save_figures
from reasongap.report.flat import gap_rows, item_rows
from reasongap.report.grids import Grid, grids
from reasongap.report.items import Filter, show_items
from reasongap.report.progress import watching
from reasongap.report.tables import FORMATS, render, save, tables

__all__ = [
    "FORMATS",
    "Filter",
    "Grid",
    "Report",
    "gap_rows",
    "grids",
    "item_rows",
    "render",
    "report_of",
    "save",
    "save_figures",
    "show_items",
    "tables",
    "watching",
]
