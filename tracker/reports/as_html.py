"""The report as one self-contained HTML page: readable on a phone, printable, accessible, without script."""

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from pathlib import Path

from tracker.reports import annex, annex_tables, progress, wording
from tracker.reports.assets import RenderAssets, printed_photos, qr_svg
from tracker.reports.data import ReportData
from tracker.reports.table import Cell, measure_rows
from tracker.store import photos

_PLAIN = RenderAssets()
STYLESHEET = Path(__file__).with_name("templates") / "report.css"
"""The page's style sheet, for whoever serves it as a file."""


def render(data: ReportData, material: RenderAssets = _PLAIN, stylesheet_href: str | None = None) -> bytes:
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
{_exhibits(data)}
{_photos(data, material)}
{_hashes(data)}
</main>
<footer><p>{_text(wording.as_of(data))}</p></footer>
</body>
</html>
"""
    return page.encode()


def _table(data: ReportData) -> str:
    cited = annex.citations(data)
    rows = (
        f"<tr>{_cells(row, wording.HEADINGS)}</tr>"
        for measure in data.measures
        for row in measure_rows(measure, data, cited.get(measure.number))
    )
    return _wide(
        f'<table class="report">{_head(wording.HEADINGS_IN_LINES)}<tbody>\n{_joined(rows)}\n</tbody></table>',
        wording.title(data),
    )


def _progress(data: ReportData) -> str:
    if not progress.shown(data):
        return ""
    charts = progress.charts(data)
    if not charts:
        return _done(data)
    parts = [*(_chart(chart, data) for chart in charts), f"<p>{_text(progress.note(data))}</p>"]
    if data.not_possible:
        rows = (
            f"<tr>{_cells(map(Cell, progress.not_possible_row(entry, data)), progress.NOT_POSSIBLE_HEADINGS)}</tr>"
            for entry in data.not_possible
        )
        table = f"<table>{_head(progress.NOT_POSSIBLE_HEADINGS)}<tbody>{''.join(rows)}</tbody></table>"
        parts.append(f"<h3>{progress.NOT_POSSIBLE}</h3>\n{_wide(table, progress.NOT_POSSIBLE)}")
    return f'<section class="progress">\n<h2>{progress.TITLE}</h2>\n{_joined(parts)}\n</section>'


def _done(data: ReportData) -> str:
    items = (
        f"<li>{_text(measure.title)}: {_text(progress.done_of(measure.done, measure.total, data))}</li>"
        for measure in data.measures
    )
    numbers = ' class="thai"' if data.thai_digits else ""
    return f"<section>\n<h2>{progress.TITLE}</h2>\n<ol{numbers}>\n{_joined(items)}\n</ol>\n</section>"


def _chart(chart: progress.Chart, data: ReportData) -> str:
    heads = progress.headings()
    colours = progress.colours()
    head = "".join(
        f'<th scope="col">{_swatch(colour) if colour else ""}{_text(heading)}</th>'
        for heading, colour in zip(heads, colours, strict=True)
    )
    rows = (
        f'<tr><td data-heading="{_attribute(heads[0])}">{_text(bar.name)}</td>'
        f'<td data-heading="{_attribute(heads[1])}">{_bar(bar)}</td>'
        + "".join(
            f'<td class="figure" data-heading="{_attribute(heading)}">{figure}</td>'
            for heading, figure in zip(heads[2:], progress.figures(bar, data), strict=True)
        )
        + "</tr>"
        for bar in chart.bars
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<h3>{chart.heading}</h3>\n{_wide(table, chart.heading)}"


def _bar(bar: progress.Bar) -> str:
    """The bar as a drawing that says nothing the figures beside it do not say."""
    if not bar.total:
        return ""
    at, parts = 0, []
    for colour, count in bar.parts:
        parts.append(f'<rect x="{at}" width="{count}" height="1" fill="#{colour}"/>')
        at += count
    return f'<svg class="bar" aria-hidden="true" viewBox="0 0 {at} 1" preserveAspectRatio="none">{"".join(parts)}</svg>'


def _swatch(colour: str) -> str:
    return (
        f'<svg class="swatch" aria-hidden="true" viewBox="0 0 1 1"><rect width="1" height="1" fill="#{colour}"/></svg>'
    )


def _annex(data: ReportData) -> str:
    tables = annex_tables.tables(data)
    if not tables:
        return ""
    parts = []
    for one in tables:
        rows = ("<tr>" + "".join(map(_mark, row, one.headings)) + "</tr>" for row in one.rows)
        table = f"<table>{_head(one.headings)}<tbody>{''.join(rows)}</tbody></table>"
        notes = "".join(f"<p>{_text(note)}</p>" for note in one.notes)
        parts.append(f"<h3>{_text(one.heading)}</h3>\n{_wide(table, one.heading)}\n{notes}")
    heading = f"<h2>{annex.TITLE} {annex.SUBTITLE}</h2>"
    return f'<section class="annex">\n{heading}\n<p>{_text(annex_tables.LEGEND)}</p>\n{_joined(parts)}\n</section>'


def _mark(mark: annex_tables.Mark, heading: str) -> str:
    kind = ' class="grey"' if mark.grey else ""
    return f'<td{kind} data-heading="{_attribute(heading)}">{"<br>".join(map(_text, mark.lines))}</td>'


def _exhibits(data: ReportData) -> str:
    rows = []
    for exhibit in annex.documents(data):
        code = exhibit.address and (
            f'<span role="img" aria-label="QR {_attribute(exhibit.address)}">{qr_svg(exhibit.address)}</span>'
        )
        cells = (
            wording.digits(exhibit.number, data),
            "".join(f"<p>{_line(line)}</p>" for line in annex.exhibit_lines(exhibit)),
            "".join(f"<p>{_text(line)}</p>" for line in annex.used_for(exhibit, data)),
            code or "–",
        )
        row = "".join(
            f'<td data-heading="{_attribute(heading)}">{cell}</td>'
            for heading, cell in zip(annex.EXHIBIT_HEADINGS, cells, strict=True)
        )
        rows.append(f"<tr>{row}</tr>")
    if not rows:
        return ""
    table = f"<table>{_head(annex.EXHIBIT_HEADINGS)}<tbody>{_joined(rows)}</tbody></table>"
    title = annex.EXHIBITS_TITLE
    return f'<section class="links">\n<h2>{title}</h2>\n{_wide(table, title)}\n</section>'


def _hashes(data: ReportData) -> str:
    lines = [f"<li>{_text(' '.join(filter(None, line)))}</li>" for line in annex.hash_lines(data)]
    return f'<section>\n<h2>{annex.HASHES}</h2>\n<ul class="hashes">{_joined(lines)}</ul>\n</section>' if lines else ""


def _photos(data: ReportData, material: RenderAssets) -> str:
    figures = []
    for photo in printed_photos(data, material, photos.shown):
        first, second = annex.caption(photo.exhibit, data)
        source = f"data:image/jpeg;base64,{b64encode(photo.jpeg).decode()}"
        figures.append(
            f'<figure><img src="{source}" width="{photo.width}" height="{photo.height}" alt="{_attribute(first)}">'
            f"<figcaption>{_text(first)}<br>{_text(second)}</figcaption></figure>"
        )
    if not figures:
        return ""
    return f'<section class="photos">\n<h2>{annex.PHOTOS}</h2>\n<div>\n{_joined(figures)}\n</div>\n</section>'


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
