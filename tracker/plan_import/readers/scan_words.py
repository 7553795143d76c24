"""What a program that reads pictures takes the words of a cell for, as far as a machine may say them.

It is a draft for somebody who sees the picture beside it. Figures are never drafted, nor is a cell that tells of a
time: ๖ is taken for another digit every time, and a wrong date would look right (docs/rules.md, "Scans").
"""

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image

from tracker.plan_import.cells import starts_item
from tracker.plan_import.period import parse_period
from tracker.plan_import.readers import sandbox
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text

MISSING = "▢"
"""Stands for a figure that a person has to read from the picture."""
_READING = sandbox.Limits(wall=400, work=700, memory=2_000_000_000, output=20_000_000)
"""Some eighty cells a page take half a minute."""
_LANGUAGES = ("tha", "eng")
_FIGURES = re.compile("[0-9๐-๙]+")
_ORDINAL = re.compile("[0-9๐-๙]{1,3}[.)]?")
_ITEM = re.compile("(?P<number>[0-9๐-๙]{1,2})[.)]")
_LATIN_LEFTOVERS = re.compile(r"[|_~`\\{}<>]+")
_WORD = "5"
"""Tesseract's level of a row of its table that is a word."""
_FULL = 0.8
"""Part of a cell's width that a line takes at least, to go on in the next."""
_LONGEST_TIME = 120
"""Letters of a cell that tells a time; a longer one is prose, in which the figures are missing."""
_A_YEAR = 2570
"""Whether words tell of a time does not hang on the plan's year."""


@cache
def can_read_scans() -> bool:
    """Whether Debian's tesseract-ocr with tesseract-ocr-tha is installed here."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        listed = sandbox.run((program, "--list-langs"), b"", _READING, Path(folder), {})
    return listed is not None and set(_LANGUAGES) <= set(listed.decode(errors="replace").split())


def read_words(pictures: Sequence[Image.Image]) -> list[str]:
    """What tesseract takes each picture for, a paragraph a line; nothing where it fails: then a person types it."""
    program = shutil.which("tesseract")
    if program is None or not pictures:
        return [""] * len(pictures)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = []
        for number, picture in enumerate(pictures):
            files.append(folder / f"{number}.png")
            picture.save(files[-1], dpi=(300, 300))
        (folder / "list.txt").write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
        arguments = (program, "list.txt", "read", "-l", "+".join(_LANGUAGES), "--psm", "6", "txt", "tsv")
        if sandbox.run(arguments, b"", _READING, folder, {"OMP_THREAD_LIMIT": "1"}) is None:
            return [""] * len(pictures)
        texts = (folder / "read.txt").read_text(encoding="utf-8", errors="replace").split("\f")
        ends = _line_ends((folder / "read.tsv").read_text(encoding="utf-8", errors="replace"))
    return [
        _paragraphs(texts[number] if number < len(texts) else "", ends.get(number, []), picture.width)
        for number, picture in enumerate(pictures)
    ]


def _line_ends(table: str) -> dict[int, list[int]]:
    """By picture, how far to the right each line reaches, by tesseract's table of words."""
    ends: dict[int, dict[tuple[str, ...], int]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == _WORD and (row["text"] or "").strip():
            lines = ends.setdefault(int(row["page_num"]) - 1, {})
            line = row["block_num"], row["par_num"], row["line_num"]
            lines[line] = max(lines.get(line, 0), int(row["left"]) + int(row["width"]))
    return {number: list(lines.values()) for number, lines in ends.items()}


def _paragraphs(text: str, ends: Sequence[int], width: int) -> str:
    """The lines of a picture, a paragraph each: one that reaches the cell's edge goes on in the next, and an item of a
    list until the next item."""
    found, goes_on, listed = "", False, False
    for number, line in enumerate(line for line in text.splitlines() if line.strip()):
        words = _cleaned(line)
        if words:
            begins = starts_item(words)
            found += ("" if not found or (goes_on and not begins) else "\n") + words
            listed = listed or begins
            goes_on = listed or (number < len(ends) and ends[number] >= _FULL * width)
    return found


def _cleaned(line: str) -> str:
    return fix_text(_LATIN_LEFTOVERS.sub(" ", line)).strip()


def draft(words: str, *, counts_rows: bool) -> str:
    """The words as far as a machine may say them: no figure but one that counts rows or items, nothing of a time.

    ``counts_rows`` says that the cell stands in the first column.
    """
    if counts_rows and _ORDINAL.fullmatch(words):
        return words
    if len(words) <= _LONGEST_TIME and _tells_a_time(words):
        return ""
    count, lines = 0, []
    for line in words.splitlines():
        item = _ITEM.match(line)
        counted = item is not None and int(to_arabic(item["number"])) == count + 1
        kept = line[: item.end()] if item and counted else ""
        count += counted
        lines.append(kept + _FIGURES.sub(MISSING, line[len(kept) :]))
    return "\n".join(lines)


def _tells_a_time(words: str) -> bool:
    read = parse_period(words, _A_YEAR)
    return bool(words) and (read.start is not None or read.end is not None or bool(read.cadences))
