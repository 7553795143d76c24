"""The report as one self-contained HTML page: readable on a phone, printable, accessible, without script."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from tracker.reports import wording
from tracker.reports.data import ReportData
from tracker.reports.table import Cell, measure_rows

STYLESHEET = Path(__file__).with_name("templates") / "report.css"
"""The page's style sheet, for whoever serves it as a file."""


def render(data: ReportData, stylesheet_href: str | None = None) -> bytes:
    """The page in UTF-8, with its style inside, or linked where ``stylesheet_href`` names its address."""
    if stylesheet_href is None:
        style = f"<style>\n{STYLESHEET.read_text(encoding='utf-8')}</style>"
    else:
        style = f'<link rel="stylesheet" href="{escape(stylesheet_href)}">'
    page = f"""<!DOCTYPE html>
<html lang="th">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(wording.title(data))} {_text(data.agency)}</title>
{style}
</head>
<body>
<header>
{'<p class="draft">' + _text(wording.DRAFT_NOTE) + "</p>" if data.draft else ""}
<h1>{"<br>".join(map(_text, wording.cover(data)))}</h1>
<p>{_text(data.agency)}<br>{_text(data.place)}</p>
</header>
<main>
{_table(data)}
{_signers(data)}
{_progress(data)}
{_annex(data)}
</main>
<footer><p>{_text(wording.as_of(data))}</p></footer>
</body>
</html>
"""
    return page.encode()


def _table(data: ReportData) -> str:
    rows = (
        f"<tr>{_cells(row, wording.HEADINGS)}</tr>" for measure in data.measures for row in measure_rows(measure, data)
    )
    return _wide(
        f'<table class="report">{_head(wording.HEADINGS_IN_LINES)}<tbody>\n{_joined(rows)}\n</tbody></table>',
        wording.title(data),
    )


def _progress(data: ReportData) -> str:
    items = (
        f"<li>{_text(measure.title)}: {_text(wording.progress(measure.done, measure.total, data))}</li>"
        for measure in data.measures
    )
    numbers = ' class="thai"' if data.thai_digits else ""
    return f"<section>\n<h2>{wording.PROGRESS}</h2>\n<ol{numbers}>\n{_joined(items)}\n</ol>\n</section>"


def _annex(data: ReportData) -> str:
    groups = wording.annex(data)
    if not groups:
        return ""
    tables = []
    for group in groups:
        rows = (f"<tr>{_cells(map(Cell, row), wording.ANNEX_HEADINGS)}</tr>" for row in group.rows)
        table = f"<table>{_head(wording.ANNEX_HEADINGS)}<tbody>{''.join(rows)}</tbody></table>"
        tables.append(f"<h3>{_text(group.heading)}</h3>\n{_wide(table, group.heading)}")
    heading = f"<h2>{wording.ANNEX} {wording.ANNEX_SUBTITLE}</h2>"
    return f'<section class="annex">\n{heading}\n{_joined(tables)}\n</section>'


def _signers(data: ReportData) -> str:
    if not data.signers:
        return ""
    blocks = (
        f"<div><p>{wording.SIGNATURE_LINE}</p><p>({_text(signer.name)})</p><p>{_text(signer.position)}</p></div>"
        for signer in data.signers
    )
    return f'<div class="signers">{"".join(blocks)}</div>'


def _wide(table: str, label: str) -> str:
    return f'<div class="wide" role="region" tabindex="0" aria-label="{_attribute(label)}">\n{table}\n</div>'


def _head(headings: Iterable[str]) -> str:
    cells = (f'<th scope="col">{_text(heading)}</th>' for heading in headings)
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _cells(cells: Iterable[Cell | None], headings: Iterable[str]) -> str:
    """The cells of a row, each with its heading for narrow screens, where cells stand below each other."""
    return "".join(
        f'<td{_rowspan(cell)} data-heading="{_attribute(heading)}">'
        f"{''.join(f'<p>{_line(line)}</p>' for line in cell.lines)}</td>"
        for cell, heading in zip(cells, headings, strict=True)
        if cell
    )


def _rowspan(cell: Cell) -> str:
    return f' rowspan="{cell.rows}"' if cell.rows > 1 else ""


def _line(line: str) -> str:
    if line.startswith(("https://", "http://")) and len(line.split()) == 1:
        return f'<a href="{escape(line)}" rel="noopener nofollow">{_text(line)}</a>'
    return _text(line)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _attribute(text: str) -> str:
    return escape(text.replace("\n", " "))


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")
