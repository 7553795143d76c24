"""Likely misspellings: scraps that no dictionary explains, and the common word that one slip of the finger away is.

A misspelt word falls apart into pieces when the segmenter cuts it (รับผิชอบ: รับ, ผิ, ชอบ). Such a piece is a scrap when
the word list lacks it or when it is short and rare; only where one slip (a letter too much, too few, another, or two
swapped) turns it with its neighbours into a common word is anything said. Names and abbreviations are passed over.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nlpo3

from tracker.thai.text import fix_text
from tracker.thai.words import place_names, teach

_DATA = Path(__file__).with_name("data")
_LISTS = Path(__file__).parent.parent / "thai" / "data"
_DICTIONARY = "proof"
_SHORT = 3
"""Letters of a piece that a misspelt word falls into: so short a word is believed only where it is frequent."""
_SHORT_IS_COMMON, _SHORT_IS_KNOWN, _WORD_IS_COMMON = 1000, 200, 20
"""How often a word stands in the counted texts before it is taken as meant, known at all, or proposed."""
_SHORTEST_WORD, _LONGEST_WINDOW, _REACH = 4, 18, 3
"""Letters of a word that is proposed and of the stretch that is tried for it, and pieces beside a doubtful one."""
_SHORTEST_COMPOUND, _COMPOUND_IS_COMMON = 8, 200
"""Letters of a compound that is held as one word, and how often it stands in the counted texts."""
_LONGEST_RUN = 300
"""Letters that are cut into words at a time: what that costs grows faster than the text."""

_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_RUN = re.compile("[ก-ฮะ-ฺเ-ๅ็-๎]+")
_WORD = re.compile("[ก-๎]+")
_LETTERS = tuple(
    map(chr, (*range(0x0E01, 0x0E2F), *range(0x0E30, 0x0E3A), *range(0x0E40, 0x0E46), *range(0x0E47, 0x0E4D)))
)
_SOUND_ALIKE = ("นณ", "สศษ", "ใไ", "ทธ", "ดตฎฏ", "ชซ", "คฆ", "พภ", "รล", "ถฐ")
"""Letters that are written for each other by ear; a ะ that is heard or not belongs to them."""
_SHORTEST_BY_EAR = 6
_DROPPED = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e47\u0e48\u0e49\u0e4c"
_ABBREVIATION = r"(?<![ก-๎])(?:[ก-ฮ][ก-๎]{0,3}\.\s?)+"
_TITLE = r"(?:นางสาว|นาง|นาย(?!ก)|ว่าที่ร้อย[ก-๎]+|ด\.?ช\.|ด\.?ญ\.|ดร\.)"
_PERSON = rf"(?<![ก-๎]){_TITLE}\s?[ก-๎]+(?:\s+[ก-๎]+)?|{_TITLE}\s?[ก-๎]+\s+[ก-๎]+"
_NEVER_A_WORD = re.compile(f"{_ABBREVIATION}|{_PERSON}")


@dataclass(frozen=True, slots=True)
class Misspelling:
    """What is written, and the word that was probably meant."""

    written: str
    meant: str


@dataclass(frozen=True, slots=True)
class _Lexicon:
    known: frozenset[str]
    counts: dict[str, int]
    misspelt: dict[str, str]
    any_misspelt: re.Pattern[str]
    without_a_mark: dict[str, str]
    by_ear: dict[str, str]

    def is_scrap(self, piece: str) -> bool:
        if piece not in self.known:
            return True
        return len(piece) <= _SHORT and self.counts.get(piece, 0) < _SHORT_IS_COMMON

    def is_common(self, word: str) -> bool:
        return word in self.known and self.counts.get(word, 0) >= _WORD_IS_COMMON


def misspellings(text: str, names: Iterable[str] = ()) -> tuple[Misspelling, ...]:
    """What is likely misspelt in a paragraph.

    ``names`` are never taken for misspellings, nor are names that follow ตำบล, อำเภอ, นาย and the like. A paragraph
    that was read before is not read again.
    """
    return _misspellings(text, frozenset(names))


@lru_cache(maxsize=8192)
def _misspellings(text: str, names: frozenset[str]) -> tuple[Misspelling, ...]:
    return tuple(_read(text, names))


def _read(text: str, names: frozenset[str]) -> Iterator[Misspelling]:
    lexicon = _lexicon()
    text = fix_text(text)
    text = _hidden(text, _names(names | set(place_names([text]))))
    text = _NEVER_A_WORD.sub(_masked, text)
    for match in lexicon.any_misspelt.finditer(text):
        yield Misspelling(match[0], lexicon.misspelt[match[0]])
    text = lexicon.any_misspelt.sub(_masked, text)
    for match in _RUN.finditer(text):
        for start in range(0, len(match[0]), _LONGEST_RUN):
            yield from _in_run(match[0][start : start + _LONGEST_RUN], lexicon)


def _in_run(run: str, lexicon: _Lexicon) -> Iterator[Misspelling]:
    if run in lexicon.known:
        return
    pieces = nlpo3.segment(run, _DICTIONARY)
    scraps = [lexicon.is_scrap(piece) for piece in pieces]
    done = 0
    for index, scrap in enumerate(scraps):
        if index < done:
            continue
        as_one = _written_by_ear(pieces, index, lexicon) or _mark_dropped(pieces, scraps, index, lexicon)
        if as_one:
            yield as_one[0]
            done = as_one[1]
        if as_one or not scrap or _cut_otherwise("".join(pieces[max(done, index - 2) : index + 3]), lexicon):
            continue
        best: tuple[tuple[int, int, int, int], str, str, int] | None = None
        for first in range(max(done, index - _REACH), index + 1):
            for last in range(index + 1, min(len(pieces), index + 1 + _REACH) + 1):
                window = "".join(pieces[first:last])
                if not _SHORTEST_WORD <= len(window) <= _LONGEST_WINDOW:
                    continue
                for word in _one_slip_away(window, lexicon):
                    weight = (sum(scraps[first:last]), last - first, len(word), lexicon.counts.get(word, 0))
                    if best is None or weight > best[0]:
                        best = weight, window, word, last
        if best:
            yield Misspelling(best[1], best[2])
            done = best[3]


def _cut_otherwise(text: str, lexicon: _Lexicon) -> bool:
    """Whether the text can be cut into words without any scrap, where the segmenter cut ได้ทุกรอบ as ได้, ทุ, กรอบ."""
    reached = {0}
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - _LONGEST_WINDOW), end):
            if start in reached and not lexicon.is_scrap(text[start:end]):
                reached.add(end)
                break
    return len(text) in reached


def _mark_dropped(
    pieces: list[str], scraps: list[bool], first: int, lexicon: _Lexicon
) -> tuple[Misspelling, int] | None:
    """Real words that together are one common word without one of its marks (ประชา, สัมพันธ), and where they end."""
    for last in range(min(len(pieces), first + _REACH + 1), first + 1, -1):
        window = "".join(pieces[first:last])
        word = lexicon.without_a_mark.get(window)
        if word and not any(scraps[first:last]):
            return Misspelling(window, word), last
    return None


def _written_by_ear(pieces: list[str], first: int, lexicon: _Lexicon) -> tuple[Misspelling, int] | None:
    """Pieces that together are no word but sound like a common one (วัฒนะธรรม, พิจารนา), and where they end."""
    for last in range(min(len(pieces), first + _REACH + 2), first + 1, -1):
        window = "".join(pieces[first:last])
        if word := lexicon.by_ear.get(window):
            return Misspelling(window, word), last
    return None


def _one_slip_away(written: str, lexicon: _Lexicon) -> Iterator[str]:
    for word in _slips(written):
        if len(word) >= _SHORTEST_WORD and word != written and lexicon.is_common(word):
            yield word


def _slips(text: str) -> Iterator[str]:
    for place in range(len(text) + 1):
        before, after = text[:place], text[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def _hidden(text: str, names: re.Pattern[str] | None) -> str:
    return names.sub(_masked, text) if names else text


@lru_cache(maxsize=32)
def _names(names: frozenset[str]) -> re.Pattern[str] | None:
    longest_first = sorted((name for name in names if len(name) > 1), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _masked(match: re.Match[str]) -> str:
    return " " * len(match[0])


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    """The word lists, loaded into the segmenter at the first use."""
    counts = {word: int(count) for word, count in _rows("frequencies_th.tsv")}
    misspelt = dict(_rows("misspelt.tsv"))
    listed = (
        word
        for path in (_LISTS / "words_th.txt", _LISTS / "words_office.txt", _DATA / "words_extra.txt")
        for word in path.read_text(encoding="utf-8").split("\n")
    )
    any_misspelt = re.compile(f"(?:{'|'.join(sorted(map(re.escape, misspelt), key=len, reverse=True))})(?![{_MARKS}])")
    known = {word for word in listed if _WORD.fullmatch(word) and not any_misspelt.search(word)}
    office = (_LISTS / "words_office.txt").read_text(encoding="utf-8").split("\n")
    extra = (_DATA / "words_extra.txt").read_text(encoding="utf-8").split("\n")
    for word in (*office, *extra):
        counts[word] = max(counts.get(word, 0), _SHORT_IS_COMMON)
    for word in known.intersection(misspelt.values()):
        counts[word] = max(counts.get(word, 0), _WORD_IS_COMMON)
    teach(_DICTIONARY, {word for word in known if len(word) > _SHORT or counts.get(word, 0) >= _SHORT_IS_KNOWN})
    compounds = [
        word for word in known if len(word) >= _SHORTEST_COMPOUND and counts.get(word, 0) >= _COMPOUND_IS_COMMON
    ]
    without_a_mark = {
        word[:place] + word[place + 1 :]: word
        for word in sorted(compounds, key=lambda word: (counts[word], word))
        for place, letter in enumerate(word)
        if letter in _DROPPED
    }
    return _Lexicon(frozenset(known), counts, misspelt, any_misspelt, without_a_mark, _by_ear(known, counts))


def _by_ear(known: set[str], counts: dict[str, int]) -> dict[str, str]:
    """What is no word but sounds like a common one, and that word."""
    common = [word for word in known if len(word) >= _SHORTEST_BY_EAR and counts.get(word, 0) >= _COMPOUND_IS_COMMON]
    return {
        written: word
        for word in sorted(common, key=lambda word: (counts[word], word))
        for written in _sounding_like(word)
        if written not in known
    }


def _sounding_like(word: str) -> Iterator[str]:
    """What is written for the word by ear: one letter for another, a ะ too much or too few."""
    for place, letter in enumerate(word):
        for group in _SOUND_ALIKE:
            if letter in group:
                yield from (word[:place] + other + word[place + 1 :] for other in group if other != letter)
        if letter == "ะ":
            yield word[:place] + word[place + 1 :]
        elif "ก" <= letter <= "ฮ" and "ก" <= word[place + 1 : place + 2] <= "ฮ":
            yield word[: place + 1] + "ะ" + word[place + 1 :]


def _rows(name: str) -> Iterator[tuple[str, str]]:
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        first, _, second = line.partition("\t")
        yield first, second
