"""The six-column table as CSV with a byte order mark, so that Excel shows Thai, guarded against formulas."""

import csv
from io import StringIO

from tracker.reports import wording
from tracker.reports.assets import RenderAssets
from tracker.reports.data import ReportData
from tracker.reports.table import cell_text, stacked_rows

_GUARD = "\u200b"
_FORMULA_STARTS = tuple("=+-@＝＋－＠|%")


def render(data: ReportData, _material: RenderAssets) -> bytes:
    """The CSV: the header and a row a measure, the paragraphs of a cell on lines of their own."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(wording.HEADINGS)
    for measure in data.measures:
        for row in stacked_rows(measure, data):
            writer.writerow(guarded(cell_text(cell, soft_break=" ")) for cell in row)
    return text.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """The text, with a zero-width space before what a spreadsheet would take for a formula.

    The mark cannot be seen, and an import strips it: the round trip stays exact, as it would not with an apostrophe.
    """
    return _GUARD + text if text.lstrip().startswith(_FORMULA_STARTS) else text
