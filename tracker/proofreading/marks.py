"""What only looks careless: mixed digits, double spaces, brackets without a partner, ํ and า in place of ำ."""

import re
from collections.abc import Iterator

from tracker.bilingual import Bilingual
from tracker.proofreading.document import Document, Passage, Suggestion
from tracker.proofreading.excerpt import around
from tracker.thai.numerals import to_arabic, to_thai

_ARABIC, _THAI = re.compile("[0-9]"), re.compile("[๐-๙]")
_NUMBER = re.compile(r"[0-9๐-๙]+(?:[.,][0-9๐-๙]+)*")
_LATIN_WORD = re.compile(r"(?:https?://|www\.)\S+|\S*@\S+|[A-Za-z][A-Za-z0-9._/-]*|[0-9][0-9.]*[A-Za-z]+")
_DOUBLE_SPACE = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_SPLIT_AM = re.compile("[ก-ฮ][่-๋]?\u0e4d[่-๋]?\u0e32|\u0e40\u0e40")
_PAIRS = {")": "(", "]": "[", "}": "{", "”": "“", "’": "‘"}
_LIST_MARK = re.compile(r"^\s*[0-9๐-๙ก-ฮ]{1,2}\)")


def careless_marks(document: Document) -> Iterator[Suggestion]:
    """Everything of this kind in the document, in reading order."""
    passages = list(document.passages())
    thai = sum(len(_THAI.findall(passage.text)) for passage in passages)
    arabic = sum(len(_ARABIC.findall(_without_latin(passage.text))) for passage in passages)
    for passage in passages:
        yield from _digits(passage, mostly_thai=thai >= arabic)
        yield from _double_spaces(passage)
        yield from _brackets(passage)
        yield from _split_am(passage)


def _digits(passage: Passage, *, mostly_thai: bool) -> Iterator[Suggestion]:
    """Numbers in the other kind of digits than most of the document; those of Latin words and links are passed over."""
    text = _without_latin(passage.text)
    other = _ARABIC if mostly_thai else _THAI
    numbers = [match[0] for match in _NUMBER.finditer(text) if other.search(match[0])]
    if not numbers:
        return
    meant = to_thai if mostly_thai else to_arabic
    kind, kind_th = ("Thai", "ไทย") if mostly_thai else ("Arabic", "อารบิก")
    reason = Bilingual(
        f"The document writes {kind} digits; here stand others.", f"ทั้งเล่มใช้ตัวเลข{kind_th} แต่ตรงนี้ใช้ตัวเลขอีกแบบปนอยู่"
    )
    listed = ", ".join(dict.fromkeys(numbers))
    yield Suggestion("digits", passage.place, listed, reason, meant(listed))


def _double_spaces(passage: Passage) -> Iterator[Suggestion]:
    for match in _DOUBLE_SPACE.finditer(passage.text):
        quote = around(passage.text, match.start(), match.end())
        yield Suggestion(
            "spaces",
            passage.place,
            quote,
            Bilingual("Two spaces stand side by side.", "เว้นวรรคซ้อนกันมากกว่าหนึ่งเคาะ"),
            _DOUBLE_SPACE.sub(" ", quote),
        )


def _brackets(passage: Passage) -> Iterator[Suggestion]:
    open_: list[tuple[str, int]] = []
    alone: list[int] = []
    text = _LIST_MARK.sub(lambda match: " " * len(match[0]), passage.text)
    for place, letter in enumerate(text):
        if letter in _PAIRS.values():
            open_.append((letter, place))
        elif letter in _PAIRS:
            if open_ and open_[-1][0] == _PAIRS[letter]:
                open_.pop()
            elif letter != "’" and not _is_list_mark(text, place):
                alone.append(place)
    for place in sorted([*alone, *(place for letter, place in open_ if letter != "‘")]):
        yield Suggestion(
            "brackets",
            passage.place,
            around(passage.text, place, place + 1),
            Bilingual(f"The mark {text[place]} has no partner.", f"เครื่องหมาย {text[place]} ไม่มีคู่"),
        )


def _is_list_mark(text: str, place: int) -> bool:
    """Whether a closing bracket ends a list's number inside a line, as in “ดังนี้ 1) …”."""
    return bool(re.search(r"(?:^|\s)[0-9๐-๙ก-ฮ]{1,2}$", text[:place]))


def _split_am(passage: Passage) -> Iterator[Suggestion]:
    for match in _SPLIT_AM.finditer(passage.text):
        if "\u0e40" in match[0]:
            reason = Bilingual("แ was typed as two เ.", "พิมพ์ เ สองตัวแทน แ คำนี้จึงค้นหาไม่พบ")
        else:
            reason = Bilingual("ำ was typed as ํ and า.", "พิมพ์ ำ แยกเป็น ํ กับ า คำนี้จึงค้นหาไม่พบ")
        yield Suggestion("split_am", passage.place, around(passage.text, match.start(), match.end()), reason)


def _without_latin(text: str) -> str:
    return _LATIN_WORD.sub(lambda match: " " * len(match[0]), text)
