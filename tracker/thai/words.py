"""Where a Thai line may break: words by dictionary, with an agency's own names kept whole.

Thai writes no spaces between words, so every place that sets lines needs them. The word list is PyThaiNLP's (CC0),
ours beside it; compounds too long for a narrow column are left out, so that they break at their parts.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import nlpo3

from tracker.thai.calendar import MONTHS, MONTHS_SHORT

LONGEST = 13
"""The longest word that is kept whole, in characters that take width: what a narrow table column holds."""

_DATA = Path(__file__).with_name("data")
_DICTIONARY = "tracker"
_PARTS = "tracker-parts"
_LONGEST_PART = 8
"""No column is narrower; most compounds are wider: นคร, ศรี, ธรรม and ราช are left of นครศรีธรรมราช."""
_MISLEADING = frozenset({"ทางการ", "ทางใน", "ตอนที่", "ร่วมใน", "ผิ", "ปฏิบัติการ"})
_LONGEST_RUN = 300
_MONTHS = frozenset((*MONTHS, *MONTHS_SHORT))

_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_NO_WIDTH = re.compile(f"[{_MARKS}]")
_WORD = re.compile("[ก-ฺเ-๎]+")
_PIECE = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<abbreviation>(?<![ก-๎])(?:[ก-ฮ][ก-๎]{0,3}\.)+)"
    r"|(?P<thai>[ก-ฺเ-๎]+)"
    r"|(?P<other>[^\sก-ฺเ-๎]+)"
)
_CLUSTER = re.compile(f"[เ-ไ]?[^\\s][{_MARKS}\u0e30\u0e32\u0e33\u0e45\u0300-\u036f\ufe0f\u200d]*")
_NEVER_FIRST = re.compile(r"[)\]}>”’»,.;:!?%/ฯๆ…\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]")
_NEVER_LAST = re.compile(r"[(\[{<“‘«฿$#เ-ไ]$")
_LATIN_BREAK = re.compile(r"(?<=[/?&=_])(?=[A-Za-z0-9])")
_KINDS = re.compile(
    r"(?:องค์การบริหารส่วนตำบล|องค์กรบริหารส่วนตำบล|องค์การบริหารส่วนจังหวัด|อบต\.|อบจ\.|เทศบาลตำบล|เทศบาลเมือง|เทศบาลนคร"
    r"|โรงพยาบาลส่งเสริมสุขภาพตำบล|โรงพยาบาล|โรงเรียน|อำเภอ|จังหวัด|ตำบล)\s?(?P<name>[ก-ฺเ-๎]{4,})"
)


def words(text: str, names: Iterable[str] = (), longest: int = LONGEST) -> list[str]:
    """The text cut where a line may break; joined, the pieces are the text again.

    Spaces are pieces of their own, and a line may break at them, but not between a day and its month. ``names`` are
    kept whole where they fit into ``longest`` characters of width; what is wider falls into its words, a word that is
    wider into those it is made of, and only what no dictionary parts is cut between letters, never before a mark.
    """
    kept = tuple(sorted(set(names)))
    pieces: list[str] = []
    for piece in _with_days(list(_glued(_cut(text, _names_pattern(kept))))):
        pieces.extend(_shortened(piece, longest, kept))
    return pieces


def place_names(texts: Iterable[str]) -> tuple[str, ...]:
    """The proper names that follow words such as ตำบล or อำเภอ and end at a space or the text's end: เขาขาว.

    A name that another one begins with stands for both, so that เขาขาวทำแบบประเมิน gives no name of its own.
    """
    found = sorted({match["name"] for text in texts for match in _KINDS.finditer(text)}, key=len)
    kept: list[str] = []
    for name in found:
        if width(name) <= LONGEST and not any(name.startswith(shorter) for shorter in kept):
            kept.append(name)
    return tuple(kept)


def width(text: str) -> int:
    """How many characters take width: vowels and tone marks above and below take none."""
    return len(_NO_WIDTH.sub("", text))


@lru_cache(maxsize=64)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    longest_first = sorted((name for name in names if name), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _cut(text: str, names: re.Pattern[str] | None, dictionary: str = _DICTIONARY) -> Iterator[str]:
    start = 0
    for match in names.finditer(text) if names else ():
        yield from _cut_plain(text[start : match.start()], dictionary)
        yield match[0]
        start = match.end()
    yield from _cut_plain(text[start:], dictionary)


def _cut_plain(text: str, dictionary: str) -> Iterator[str]:
    for match in _PIECE.finditer(text):
        if match.lastgroup == "thai":
            for start in range(0, len(match[0]), _LONGEST_RUN):
                yield from _segment(match[0][start : start + _LONGEST_RUN], dictionary)
        elif match.lastgroup == "other":
            yield from _LATIN_BREAK.split(match[0])
        else:
            yield match[0]


def _segment(run: str, dictionary: str) -> list[str]:
    """A run of Thai letters as words; a scrap that is no word (of a misspelling) is joined to both its neighbours."""
    known = _dictionary() if dictionary == _DICTIONARY else _parts_of_words()
    pieces: list[str] = []
    scrap_before = False
    for word in nlpo3.segment(run, dictionary):
        scrap = word not in known and len(word) <= 3
        if pieces and (scrap or scrap_before):
            pieces[-1] += word
        else:
            pieces.append(word)
        scrap_before = scrap
    return pieces


def _glued(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces with marks and brackets joined to the word that they belong to."""
    held = ""
    for piece in pieces:
        if held and not _may_break(held, piece):
            held += piece
        else:
            if held:
                yield held
            held = piece
    if held:
        yield held


def _may_break(before: str, after: str) -> bool:
    if before.isspace() or after.isspace():
        return True
    if _NEVER_FIRST.match(after) or _NEVER_LAST.search(before):
        return False
    return not (before.endswith(".") and after[0].isdecimal())


def _with_days(pieces: list[str]) -> Iterator[str]:
    index = 0
    while index < len(pieces):
        day, space, month = (*pieces[index : index + 3], "", "")[:3]
        if day.isdecimal() and space == " " and month in _MONTHS:
            yield day + space + month
            index += 3
        else:
            yield day
            index += 1


def _shortened(piece: str, longest: int, names: tuple[str, ...]) -> Iterator[str]:
    """The piece in parts of at most that width: by shorter names and words, then by parts of words, then by letters."""
    if width(piece) <= longest or piece.isspace():
        yield piece
        return
    shorter = _names_pattern(tuple(name for name in names if width(name) <= min(longest, width(piece) - 1)))
    for dictionary in (_DICTIONARY, _PARTS):
        parts = list(_glued(_cut(piece, shorter, dictionary)))
        if len(parts) > 1:
            for part in parts:
                yield from _shortened(part, longest, names)
            return
    yield from _by_letters(piece, longest)


def _by_letters(piece: str, longest: int) -> Iterator[str]:
    held = ""
    for cluster in _clusters(piece):
        if held and width(held + cluster) > longest:
            yield held
            held = ""
        held += cluster
    yield held


def _clusters(piece: str) -> Iterator[str]:
    end = 0
    for match in _CLUSTER.finditer(piece):
        yield piece[end : match.end()]
        end = match.end()
    if end < len(piece):
        yield piece[end:]


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    """The words known to the segmenter, loaded into it at the first use."""
    entries = frozenset(word for word in read_words() if width(word) <= LONGEST and word not in _MISLEADING)
    teach(_DICTIONARY, entries)
    return entries


def read_words() -> Iterator[str]:
    """Every word of the lists, compounds too, each of Thai letters only."""
    for name in ("words_th.txt", "words_office.txt"):
        yield from filter(_WORD.fullmatch, (_DATA / name).read_text(encoding="utf-8").split("\n"))


@lru_cache(maxsize=1)
def _parts_of_words() -> frozenset[str]:
    """The short words of the dictionary, loaded when the first word is wider than its column."""
    entries = frozenset(word for word in _dictionary() if 1 < width(word) <= _LONGEST_PART)
    teach(_PARTS, entries)
    return entries


def teach(dictionary: str, entries: Iterable[str]) -> None:
    """Loads the words into the segmenter under a name."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "words.txt")
        path.write_text("\n".join(sorted(entries)), encoding="utf-8")
        nlpo3.load_dict(str(path), dictionary)
