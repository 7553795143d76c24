"""The letters of a page, or of one cell of it, as lines, and what their marks tell of the file's health. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, pairwise, takewhile, zip_longest
from statistics import median

from tracker.plan_import.cells import starts_item
from tracker.plan_import.grid import WRAP, clean
from tracker.plan_import.readers.left_out import is_footnote_mark
from tracker.thai.calendar import MONTHS, MONTHS_SHORT

_SAME_LINE = 0.4
"""Of a letter's size: baselines that differ less are one line; Thai lines stand twice that and more apart."""
_RAISED_SIZE, _RAISED_BY = 0.8, 0.2
"""A superscript is smaller than this part of the line's letters, and this part of their size above their baseline."""
_FULL = 0.35
"""A line that leaves less than this part of its cell's width free may be wrapped: Thai words are long."""
_FULL_LETTERS = 2
"""Letters for which a line of a narrow cell need have no room left to count as full."""
_TONES = "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
_TALL = "ปฝฟ"
_BETWEEN_LETTERS = 0.2
"""Of a letter's size: a made-up space that is narrower parts no words; letters side by side leave half of that."""
_LOST_SPACE = 0.3
"""Of a letter's size: letters that stand further apart had a space between; side by side they leave a tenth."""
_FAR = 2.6
"""Of a letter's size: lines that stand further apart are two paragraphs with space between."""
_HYPHEN = "\x02"
"""How pdfium writes a hyphen at which it believes a word to be parted."""
_BACK = 0.5
"""Points by which a letter may begin before the one that it follows; further back it was written out of order."""
_RAGGED = 0.1
"""Of a cell's width: room that a line leaves unused where a program evens out the lines of a paragraph."""
_LONG_WORD = 0.4
"""Of a cell's width: a word that is longer is wrapped from lines that are far from full."""
_UNFINISHED = re.compile(r"(?:[-–—,/(]|ถึง|และ|หรือ|ของ)$")
_RANGE_GOES_ON = re.compile(
    rf"[-–—]\s*(?:[0-9๐-๙]|วันที่|เดือน|สิ้น|ไตรมาส|ปัจจุบัน|{'|'.join(map(re.escape, (*MONTHS, *MONTHS_SHORT)))})"
)
"""A line that begins with the dash of a range and a time, in a cell whose paragraphs do not begin with dashes."""
_DASHED = re.compile("[-–—]")
_DEPENDENT = re.compile("[ะาำๅ]")
_LOST_AM = re.compile(r"(?<=[ก-ฮ])([\u0e48-\u0e4b]?) า")
"""ค า for คำ: a font without the ring of sara am."""
_WANDERING = re.compile(
    r"(?:^|(?<=[^ก-ฮ\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]))[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
    r"|[\u0e48-\u0e4b][\u0e31\u0e34-\u0e3a\u0e48-\u0e4b]|[\u0e31\u0e34-\u0e39][\u0e31\u0e34-\u0e39]|[ะาำ]\u0e31"
)
"""A vowel or tone mark on no consonant (ขัน้ ตอน with its mark moved behind the space), or two of a kind on one."""
_UNREADABLE = re.compile("[\ue000-\uf6ff\uf71b-\uf8ff\ufffd\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of a page: where it begins and ends, its baseline, its size."""

    text: str
    left: float
    right: float
    x: float
    y: float
    size: float
    made_up: bool = False
    turned: bool = False
    broken: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        """A point that lies in the letter's cell."""
        if self.turned:
            return self.x, self.y
        return (self.left + self.right) / 2, self.y + self.size * 0.2


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of text: its letters as one string, where it stands and ends, and how wide its first word is.

    A word ends at a space; Thai writes many without one.
    """

    text: str
    y: float
    right: float
    size: float
    lead: float = 0.0


@dataclass(slots=True)
class Health:
    """What is wrong with the letters of a file: how many there are, how many are no letters, stray or mended."""

    letters: int = 0
    unreadable: int = 0
    wandering: int = 0
    mended: int = 0
    sample: str = ""

    def look_at(self, text: str) -> str:
        """The text with every ำ mended that fell apart; what cannot be mended is counted."""
        fixed, mended = _LOST_AM.subn(r"\1ำ", text)
        bad = len(_UNREADABLE.findall(fixed))
        wandering = len(_WANDERING.findall(fixed))
        self.letters += len(fixed)
        self.unreadable += bad
        self.wandering += wandering
        self.mended += mended
        if (bad or wandering) and not self.sample:
            self.sample = fixed[:60]
        return fixed


def lines_of_page(letters: Iterable[Letter]) -> list[PageLine]:
    """The lines of some letters, from top to bottom."""
    known = _known(letters)
    turned = [letter for letter in known if letter.turned]
    if len(turned) * 2 > len(known):
        return _turned(turned)
    lines: list[list[Letter]] = []
    for letter in (one for one in known if not one.turned):
        line = lines[-1] if lines else None
        if letter.made_up and line is not None:
            line.append(letter)
            continue
        home = line if line is not None and _same_line(line, letter) else None
        home = home or next((one for one in reversed(lines[-8:]) if _same_line(one, letter)), None)
        if home is None:
            lines.append([letter])
        else:
            home.append(letter)
    return sorted((made for line in lines if (made := _line(line)).text.strip()), key=lambda line: -line.y)


def paragraphs_of(lines: Sequence[PageLine], left: float, right: float) -> list[str]:
    """The paragraphs of a cell: a line goes on from one that filled the cell, where it begins no item of a list.

    In a list every line that begins no item goes on. Where two lines may be one paragraph as well as two, they are
    parted by ``WRAP``.
    """
    paragraphs: list[str] = []
    listed = False
    for index, line in enumerate(lines):
        text = clean(line.text)
        begins = starts_item(text)
        before = lines[index - 1] if index else None
        ranges = _RANGE_GOES_ON.match(text) is not None and not any(map(_DASHED.match, paragraphs))
        goes_on = before is not None and (ranges or _may_go_on(before, line, left, right, listed=listed))
        if paragraphs and goes_on and (ranges or not begins):
            hyphen = paragraphs[-1].endswith("-") and text[:1].isascii() and text[:1].isalpha()
            paragraphs[-1] += text if hyphen else WRAP + text
        else:
            paragraphs.append(text)
        listed = listed or begins
    return [text for text in paragraphs if text]


def _may_go_on(before: PageLine, line: PageLine, left: float, right: float, *, listed: bool) -> bool:
    """Whether a line stands where a wrapped one would: its first word did not fit behind the line before it."""
    if _UNFINISHED.search(before.text.rstrip()):
        return True
    free, width = right - before.right, right - left
    apart = before.y - line.y > _FAR * max(before.size, line.size)
    if apart or (free >= line.lead + before.size + _RAGGED * width and (not listed or free > width / 2)):
        return False
    return listed or free < max(_FULL * width, _FULL_LETTERS * line.size) or line.lead > _LONG_WORD * width


def _same_line(line: Sequence[Letter], letter: Letter) -> bool:
    first = max((one for one in line if not one.made_up), key=lambda one: one.size, default=line[0])
    return abs(first.y - letter.y) <= _SAME_LINE * max(first.size, letter.size)


def _line(letters: Sequence[Letter]) -> PageLine:
    letters = _without_gaps(_with_lost_spaces(_with_spaces_in_place(letters)))
    runs = _runs(letters)
    size, y = _ground(letters)
    pieces: list[str] = []
    for run in runs:
        for raised, text in _raised_parts(run, size, y):
            if not (raised and pieces and is_footnote_mark(text, "".join(pieces))):
                pieces.append(text)
    right = max((letter.right for letter in letters if letter.text.strip()), default=0.0)
    text = "".join(pieces).replace(_HYPHEN, "-")
    return PageLine(text, y, right, size, _width_of_first_word([one for run in runs for one in run]))


def _with_spaces_in_place(letters: Sequence[Letter]) -> list[Letter]:
    """The letters with each space between those that it stands between, where the file wrote it behind later ones."""
    placed: list[Letter] = []
    for letter in letters:
        late = bool(placed) and not letter.text.strip() and letter.x < placed[-1].x - letter.size
        pairs = pairwise(placed) if late and not letter.made_up else ()
        at = next((at for at, (one, two) in enumerate(pairs, 1) if one.x <= letter.x <= two.x), None)
        if at is None:
            placed.append(letter)
        elif placed[at - 1].text.strip() and placed[at].text.strip():
            placed.insert(at, letter)
    return placed


def _known(letters: Iterable[Letter]) -> list[Letter]:
    """The letters without the breaks of lines that pdfium believes in; what follows one says so."""
    known: list[Letter] = []
    broken = False
    for letter in letters:
        if letter.text in "\r\n":
            broken = True
            continue
        known.append(replace(letter, broken=True) if broken else letter)
        broken = False
    return known


def _with_lost_spaces(letters: Sequence[Letter]) -> list[Letter]:
    """The letters with a space where pdfium saw a break of lines instead: behind a mark, before another script."""
    kept: list[Letter] = []
    right = 0.0
    for letter in letters:
        blank = not letter.text.strip()
        beside = bool(kept) and letter.broken and not blank and kept[-1].text.strip() and not _leans(letter.text)
        if beside and letter.x >= kept[-1].x - _BACK and letter.left - right > _LOST_SPACE * letter.size:
            kept.append(replace(letter, text=" ", left=right, right=letter.left, x=right, made_up=True))
        if not blank:
            right = letter.right if not _is_mark(letter) else max(right, letter.right)
        kept.append(letter)
    return kept


def _without_gaps(letters: Sequence[Letter]) -> list[Letter]:
    """The letters without the spaces that were made up within a word: before a mark, and behind one over ป, ฝ or ฟ.

    Fonts shift such a mark to the left of the letter's long stem, so that what follows seems to stand apart.
    """
    kept: list[Letter] = []
    base: Letter | None = None
    for letter, following in zip_longest(letters, letters[1:]):
        if letter.made_up and following is not None:
            shifted = base is not None and kept[-1] is not base and base.text in _TALL
            touches = base is not None and following.left - base.right < _BETWEEN_LETTERS * letter.size
            if _leans(following.text) or (shifted and touches):
                continue
        kept.append(letter)
        if letter.text.strip() and not _is_mark(letter):
            base = letter
    return kept


def _ground(letters: Sequence[Letter]) -> tuple[float, float]:
    """The size and the baseline of most of a line's letters."""
    real = [letter for letter in letters if not letter.made_up] or list(letters)
    size = median(letter.size for letter in real) if real else 1.0
    ground = [letter.y for letter in real if letter.size >= _RAISED_SIZE * size]
    return size, median(ground) if ground else 0.0


def _width_of_first_word(letters: Sequence[Letter]) -> float:
    word = takewhile(lambda one: one.text.strip(), dropwhile(lambda one: not one.text.strip(), letters))
    edges = [(one.left, one.right) for one in word]
    return max(right for _, right in edges) - min(left for left, _ in edges) if edges else 0.0


def _leans(text: str) -> bool:
    """Whether a letter never stands behind a space."""
    return bool(_DEPENDENT.match(text)) or unicodedata.category(text[:1]) == "Mn"


def _runs(letters: Sequence[Letter]) -> list[list[Letter]]:
    """The letters in the order of the page: stretches that the file wrote out of order put back from left to right.

    A mark stands behind the letter that it is drawn over; a space that was made up before it is none.
    """
    runs: list[list[Letter]] = []
    marks: list[Letter] = []
    for letter in letters:
        before = runs[-1][-1] if runs else None
        if _is_mark(letter):
            if before is not None and (not before.text.strip() or _is_of_another(letter, runs[-1])):
                marks.append(letter)
            elif before is not None:
                runs[-1].append(letter)
            else:
                runs.append([letter])
        elif before is None or not (letter.made_up or letter.x >= before.x - _BACK):
            runs.append([letter])
        else:
            runs[-1].append(letter)
    for mark in marks:
        _put(mark, runs)
    return sorted(runs, key=lambda run: run[0].x) if len(runs) > 1 else runs


def _is_of_another(mark: Letter, run: Sequence[Letter]) -> bool:
    """Whether a mark was drawn far from the letter that it follows, or is a vowel behind a tone."""
    return abs(mark.x - run[-1].right) > mark.size or (run[-1].text in _TONES and mark.text not in _TONES)


def _is_mark(letter: Letter) -> bool:
    return unicodedata.category(letter.text[:1] or " ") == "Mn"


def _put(mark: Letter, runs: list[list[Letter]]) -> None:
    """Puts a mark that came late behind the letter whose right edge is nearest to where the mark was drawn.

    A vowel stands before the tone over the same letter.
    """
    places = [
        (abs(one.right - mark.x), run, at)
        for run in runs
        for at, one in enumerate(run)
        if one.text.strip() and not _is_mark(one)
    ]
    if not places:
        runs.append([mark])
        return
    _, run, at = min(places, key=lambda place: place[0])
    following = at + 1
    while (
        following < len(run) and _is_mark(run[following]) and (mark.text in _TONES or run[following].text not in _TONES)
    ):
        following += 1
    run.insert(following, mark)


def _raised_parts(run: Sequence[Letter], size: float, y: float) -> Iterator[tuple[bool, str]]:
    text, was = "", False
    for letter in run:
        small = letter.size < _RAISED_SIZE * size and letter.y - y > _RAISED_BY * letter.size
        raised = not letter.made_up and small
        if raised != was and text:
            yield was, text
            text = ""
        was = raised
        text += letter.text
    if text:
        yield was, text


def _turned(letters: Sequence[Letter]) -> list[PageLine]:
    """Text that runs up or down in its cell: each column of letters is a line."""
    columns: dict[int, list[Letter]] = {}
    for letter in letters:
        columns.setdefault(round(letter.x / max(letter.size, 1)), []).append(letter)
    ordered = [columns[key] for key in sorted(columns)]
    size = median(letter.size for letter in letters)
    texts = ["".join(letter.text for letter in column) for column in ordered]
    return [PageLine(text, -float(index), 0.0, size) for index, text in enumerate(texts)]
