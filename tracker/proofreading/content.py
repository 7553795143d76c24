"""What the table says: steps without a result, results without a day, text pasted twice, days outside of the round."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from tracker.bilingual import Bilingual
from tracker.proofreading.document import Column, Document, Place, ProofRow, Suggestion
from tracker.proofreading.excerpt import opening
from tracker.thai.calendar import MONTHS, MONTHS_SHORT, format_date, last_of_month, to_ce, year_from_digits
from tracker.thai.numerals import to_arabic, to_thai
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.text import fix_text

_MONTH = "|".join(re.escape(month) for month in (*MONTHS, *MONTHS_SHORT))
_FULL_DATE = re.compile(
    rf"(?:(?P<day>[0-9]{{1,2}})\s*)?(?P<month>{_MONTH})\s*(?:พ\.?\s?ศ\.?\s*)?"
    r"(?P<year>25[0-9]{2}|20[0-9]{2}|[0-9]{2})(?![0-9])"
)
_NUMERIC_DATE = re.compile(
    r"(?<![0-9/])(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>25[0-9]{2}|20[0-9]{2})(?![0-9])"
)
_NAMES_A_DATE = re.compile(
    rf"{_MONTH}|(?<![0-9])[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}|ไตรมาส|รายเดือน|ทุกเดือน|ประจำเดือน|เดือนละ|"
    r"รอบ\s*[0-9]+\s*เดือน|วันที่\s*[0-9]|(?:ปี|พ\.ศ\.)\s*25[0-9]{2}"
)
_COUNTS = re.compile(
    r"ดำเนินการ(?:แล้ว [0-9]+ จาก|ครบทั้ง|ก่อนกำหนด)|รวม [0-9]+ ครั้ง|ครบทุก\S+ [0-9]+ จาก|ยังไม่|ไม่สามารถ|และอีก|"
    r"ยกเลิกการดำเนินการ|\(รายละเอียด|– "
)
"""Lines of the roll-up that count, or say that there is no result: no day is wanted of them, and they may be alike."""
_NOTHING_DONE = re.compile("อยู่ระหว่างดำเนินการ|ไม่สามารถดำเนินการ")
_SHORTEST_PASTED = 30
"""Characters: shorter results, such as that all was done, are rightly the same in many measures."""
_NEARLY = 0.9
"""How alike two texts are of which one was pasted and its month or name changed."""
_WORTH_COMPARING = 0.3
"""The quick upper bound below which the slow comparison is not begun."""
_PIECE = 8
"""Characters of the pieces by which texts are sorted: a text and its twin share one, and only such are compared."""


def thin_content(document: Document) -> Iterator[Suggestion]:
    """Everything of this kind, measure by measure."""
    for row in document.rows:
        yield from _without_result(row)
        yield from _without_date(row)
        yield from _dates_outside(row, document)
    yield from _pasted(document)


def _without_result(row: ProofRow) -> Iterator[Suggestion]:
    if not row.summary:
        if row.steps and all(step.reported for step in row.steps):
            return  # nothing is due yet
        yield Suggestion(
            "no_result",
            Place(row.number, "summary", 1),
            opening(row.title[0].text if row.title else ""),
            Bilingual("The measure has no result at all.", "มาตรการนี้ยังไม่มีสรุปผลดำเนินการ"),
        )
        return
    silent = [(index, step) for index, step in enumerate(row.steps, 1) if step.reported is False]
    if not silent and all(step.reported is None for step in row.steps):
        silent = [(index, row.steps[index - 1]) for index in _unanswered(row)]
    for index, step in silent:
        yield Suggestion(
            "no_result",
            Place(row.number, "steps", index),
            opening(step.text),
            Bilingual("The result says nothing of this step.", "สรุปผลไม่ได้กล่าวถึงขั้นตอนนี้"),
        )


def _unanswered(row: ProofRow) -> list[int]:
    """The steps that a typed result leaves out: as many as it has items too few, those least like any of its items."""
    too_few = len(row.steps) - len(row.summary)
    if too_few <= 0 or len(row.summary) == 1:
        return []
    likeness = {
        index: max(_likeness(step.text, paragraph.text) for paragraph in row.summary)
        for index, step in enumerate(row.steps, 1)
    }
    return sorted(sorted(likeness, key=lambda index: (likeness[index], -index))[:too_few])


def _without_date(row: ProofRow) -> Iterator[Suggestion]:
    for index, group in _groups(row):
        text = to_arabic(fix_text(" ".join(paragraph.text for paragraph in group)))
        if _NAMES_A_DATE.search(text) or _NOTHING_DONE.search(text) or _COUNTS.match(text):
            continue
        yield Suggestion(
            "no_date",
            Place(row.number, "summary", index),
            opening(group[0].text),
            Bilingual("The result does not say when it was done.", "ผลข้อนี้ไม่ได้บอกว่าทำเมื่อใด ผู้ประเมินมักมองหาวันที่"),
        )


def _groups(row: ProofRow) -> Iterator[tuple[int, list[Paragraph]]]:
    """The results with their places; a plain line and the list that it leads are one result."""
    group: list[Paragraph] = []
    first = 1
    for index, paragraph in enumerate(row.summary, 1):
        if group and not (group[0].number is None and paragraph.number is not None):
            yield first, group
            group, first = [], index
        group.append(paragraph)
    if group:
        yield first, group


def _dates_outside(row: ProofRow, document: Document) -> Iterator[Suggestion]:
    columns: tuple[tuple[Column, Paragraphs], ...] = (("summary", row.summary), ("outcome", row.outcome))
    for column, paragraphs in columns:
        for index, paragraph in enumerate(paragraphs, 1):
            for quote, first, last in _dates_in(paragraph.text):
                if first is None or last is None:
                    reason = Bilingual("There is no such day in the calendar.", "ไม่มีวันนี้ในปฏิทิน")
                elif last < document.starts:
                    start = format_date(document.starts)
                    reason = Bilingual(
                        f"The day lies before the fiscal year, which begins on {document.starts.isoformat()}.",
                        f"วันที่นี้อยู่ก่อนปีงบประมาณ ซึ่งเริ่ม {start}",
                    )
                elif first > document.ends:
                    end = format_date(document.ends)
                    reason = Bilingual(
                        f"The day lies after the round, which ends on {document.ends.isoformat()}.",
                        f"วันที่นี้อยู่หลังรอบรายงาน ซึ่งสิ้นสุด {end}",
                    )
                else:
                    continue
                yield Suggestion("date_outside", Place(row.number, column, index), quote, reason)


def _dates_in(text: str) -> Iterator[tuple[str, date | None, date | None]]:
    """Dates with a year, as written, with their first and last day; None and None for a day that does not exist."""
    arabic = to_arabic(text)
    for pattern in (_FULL_DATE, _NUMERIC_DATE):
        for match in pattern.finditer(arabic):
            year = year_from_digits(match["year"])
            if year is None:
                continue
            named = match["month"]
            month = int(named) if named.isdecimal() else _month_number(named)
            quote = text[match.start() : match.end()]
            try:
                first = date(to_ce(year), month, int(match["day"] or 1))
                last = first if match["day"] else last_of_month(to_ce(year), month)
            except ValueError:
                yield quote, None, None
            else:
                yield quote, first, last


def _month_number(name: str) -> int:
    return (MONTHS.index(name) if name in MONTHS else MONTHS_SHORT.index(name)) + 1


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph to compare: its place, its folded letters, and the pieces of them that it is found by."""

    place: Place
    shown: str
    folded: str
    pieces: frozenset[str]


def _pasted(document: Document) -> Iterator[Suggestion]:
    """Results and outcomes that repeat an earlier one, their own step, or their own summary, nearly word by word."""
    seen: list[_Text] = []
    by_piece: dict[str, list[int]] = {}
    for row in document.rows:
        steps = list(_texts(row, "steps", (Paragraph(step.number, step.text) for step in row.steps)))
        summary = list(_texts(row, "summary", row.summary))
        outcome = list(_texts(row, "outcome", row.outcome))
        for text in summary:
            if source := _twin(text, steps):
                yield Suggestion(
                    "repeats_step",
                    text.place,
                    text.shown,
                    Bilingual(
                        f"The result only repeats step {source.place.paragraph}; say what was done and when.",
                        to_thai(f"ผลข้อนี้ซ้ำถ้อยคำของขั้นตอนที่ {source.place.paragraph} ควรบอกว่าทำอะไรไปแล้วและเมื่อใด"),
                    ),
                )
        for text in (*summary, *outcome):
            candidates = [seen[index] for index in _sharing(text, by_piece)]
            if source := _twin(text, candidates):
                own = source.place.measure == row.number
                repeats = own and source.place.column == "summary" and text.place.column == "outcome"
                where, where_th = _where(source.place)
                yield Suggestion(
                    "outcome_repeats" if repeats else "pasted",
                    text.place,
                    text.shown,
                    Bilingual(
                        "The outcome repeats the summary; say what came of it." if repeats
                        else f"The same text stands in {where}.",
                        "ผลลัพธ์ซ้ำกับสรุปผล ควรบอกว่าเกิดผลอะไรขึ้น" if repeats else f"ข้อความนี้ซ้ำกับ{where_th}",
                    ),
                )  # fmt: skip
            else:
                for piece in text.pieces:
                    by_piece.setdefault(piece, []).append(len(seen))
                seen.append(text)


def _texts(row: ProofRow, column: Column, paragraphs: Iterable[Paragraph]) -> Iterator[_Text]:
    for index, paragraph in enumerate(paragraphs, 1):
        typed = to_arabic(fix_text(paragraph.text))
        folded = re.sub(r"[\s“”\"'().,/-]+", "", typed)
        if not _COUNTS.match(typed) and len(folded) >= _SHORTEST_PASTED:
            pieces = frozenset(folded[start : start + _PIECE] for start in range(len(folded) - _PIECE + 1))
            yield _Text(Place(row.number, column, index), opening(paragraph.text), folded, pieces)


def _sharing(text: _Text, by_piece: dict[str, list[int]]) -> list[int]:
    """Earlier texts that share at least half of the pieces, in order."""
    counts = Counter(index for piece in text.pieces for index in by_piece.get(piece, ()))
    return sorted(index for index, count in counts.items() if 2 * count >= len(text.pieces))


def _twin(text: _Text, others: Iterable[_Text]) -> _Text | None:
    return next((other for other in others if _same(text.folded, other.folded)), None)


def _same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < _NEARLY * len(longer) * 0.9:
        return False
    return shorter == longer or _likeness(shorter, longer) >= _NEARLY


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > _WORTH_COMPARING else 0.0


def _where(place: Place) -> tuple[str, str]:
    column, column_th = ("outcome", "ผลลัพธ์") if place.column == "outcome" else ("summary", "สรุปผล")
    return (
        f"measure {place.measure}, {column}, paragraph {place.paragraph}",
        to_thai(f"มาตรการที่ {place.measure} {column_th} ย่อหน้าที่ {place.paragraph}"),
    )
