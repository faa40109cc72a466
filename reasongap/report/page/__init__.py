"""The page: one HTML file that shows a report and every answer it rests on."""

from reasongap.report.page.notebook import notebook
from reasongap.report.page.page import Page, make_page, write_page

__all__ = ["Page", "make_page", "notebook", "write_page"]
