"""How results are shown: tables, flat rows, items, progress."""

from reasongap.report.flat import gap_rows, item_rows
from reasongap.report.grids import Grid, grids
from reasongap.report.items import Filter, show_items
from reasongap.report.progress import watching
from reasongap.report.tables import FORMATS, render, save, tables

__all__ = [
    "FORMATS",
    "Filter",
    "Grid",
    "gap_rows",
    "grids",
    "item_rows",
    "render",
    "save",
    "show_items",
    "tables",
    "watching",
]
