"""Import beside its floors: the same bytes through the parser's own library, the same rows through the bare driver."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path

import docx
from docx.oxml.ns import qn
from lxml import html

from benchmarks import data
from benchmarks.measure import Line, Scale, beside
from tracker.errors import NotUnderstoodError
from tracker.plan_import import read_plan


def lines(scale: Scale, folder: Path) -> Iterator[Line]:
    """Reading the seed and a plan many times as large, as text and as Word document, then storing the large one."""
    large = data.plan(scale.copies)
    documents: list[tuple[str, str, bytes, int, Callable[[bytes], object]]] = [
        ("seed as text, bytes to draft", "seed.txt", data.seed(), 1, _lxml_text),
        (f"{scale.copies} × seed as text", "large.txt", data.as_text(large), scale.copies, _lxml_text),
        ("seed as docx", "seed.docx", data.as_docx(data.plan()), 1, _docx_text),
        (f"{scale.copies} × seed as docx", "large.docx", data.as_docx(large), scale.copies, _docx_text),
    ]
    for name, file, content, copies, floor in documents:
        draft = read_plan(content, file, data.FISCAL_YEAR)
        expected = len(data.plan(copies).measures)
        assert len(draft.measures) == expected, f"{name}: {len(draft.measures)} of {expected} measures read"
        work = partial(read_plan, content, file, data.FISCAL_YEAR)
        notes = [f"{len(content) / 1024:,.0f} KiB"]
        yield beside(name, expected, work, partial(floor, content), repeat=scale.repeat, notes=notes)
    yield from _traps(scale)
    yield _storing(scale, folder)


def _traps(scale: Scale) -> Iterator[Line]:
    """Files that cost their square once: a header of brackets, one of spaces, a cell of a megabyte, 20,000 rows."""
    each = scale.copies * 600
    head = "ขั้นตอน,ผู้รับผิดชอบ,ระยะเวลา"
    row = "{}. งาน,๑. ทำ,กองคลัง,ไตรมาส ๒\n"
    rows = "".join(row.format(number) for number in range(1, scale.copies * 200 + 1))
    for name, text in (
        (f"header of {each:,} brackets", f"{'(' * each}มาตรการ,{head}\n{row.format(1)}"),
        (f"header of {each:,} spaces", f"มาตรการ{' ' * each}ก,{head}\n{row.format(1)}"),
        (f"cell of {each * 17:,} letters", f"มาตรการ,{head}\n๑. {'งาน ' * (each * 17 // 4)},๑. ทำ,กองคลัง,ไตรมาส ๒\n"),
        (f"{scale.copies * 200:,} rows", f"มาตรการ,{head}\n{rows}"),
    ):
        content = text.encode()
        work = partial(_read_or_refuse, content)
        notes = [f"{len(content) / 1024:,.0f} KiB"]
        yield beside(name, len(text), work, partial(content.decode, "utf-8"), repeat=1, notes=notes)


def _read_or_refuse(content: bytes) -> None:
    with suppress(NotUnderstoodError):
        read_plan(content, "x.csv", data.FISCAL_YEAR)


def _storing(scale: Scale, folder: Path) -> Line:
    with data.Copies(folder) as copies:
        copies.keep()
        draft = data.plan(scale.copies)
        data.store(copies.database, draft)
        rows = copies.rows()
        return beside(
            f"{scale.copies} × seed stored: measures, texts, tasks",
            sum(map(len, rows.values())),
            partial(data.store, copies.database, draft),
            partial(copies.insert, rows),
            repeat=scale.repeat,
            before=copies.again,
            notes=["n: rows"],
        )


def _lxml_text(content: bytes) -> str:
    return "".join(map(str, html.document_fromstring(content.decode()).itertext()))


def _docx_text(content: bytes) -> str:
    body = docx.Document(BytesIO(content)).element.body
    return "".join(text.text or "" for text in body.iter(qn("w:t")))
