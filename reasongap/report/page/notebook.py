"""The tables of a comparison as a notebook shows them: plain HTML, dressed by the notebook."""

from __future__ import annotations

from collections.abc import Sequence

from reasongap.analysis import Estimates
from reasongap.report.grids import grids
from reasongap.report.page.links import unlinked
from reasongap.report.page.templates import environment


def notebook(estimates: Estimates, headline: Sequence[str] = ()) -> str:
    """Sentences, the comparison's tables and notes: a fragment of HTML without style or script."""
    made = environment(unlinked)
    template = made.get_template("notebook.html.jinja")
    return template.render(headline=headline, grids=grids(estimates), notes=estimates.notes)
