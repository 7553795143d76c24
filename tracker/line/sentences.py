"""What a typed answer is: a result, or one that is asked about first (docs/rules.md, "Answering a message").

A help and not the guard: the guard is the receipt, which shows every word before it is recorded. So a doubtful
sentence is asked about, and a sentence asked about wrongly passes with one more tap.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from tracker.line.sentence_words import (
    ASKS,
    BEGINS_FINISHED,
    BEGINS_TO_ASK,
    CANNOT,
    COMPLAINS,
    COURTESY,
    DELAY,
    DENIAL,
    DONE,
    DONE_WORD,
    ENDS_LATER,
    IF,
    NO_END_OF_WORK,
    NOBODY,
    NOTHING,
    ON_A_DAY,
    OPENS_WITH_COURTESY,
    PART_OF,
    RESULTS,
    SAYING_NOTHING,
    SAYING_NOTHING_BUT_NO,
    SAYS_DONE,
    TELLS_OTHERS,
    UNFINISHED,
    WEAK_DENIAL,
    WHEN,
    WORK_IS_TOLD,
)
from tracker.line.spelling import as_meant
from tracker.thai.named_days import NamedDays, named_days, without_days
from tracker.thai.text import squeeze_spaces

Kind = Literal["denial", "delay", "courtesy", "question", "empty", "result"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence is.

    ``words`` are those that made us ask, as they were typed; ``cannot``: it says that the work is not possible;
    ``days`` are those that it names.
    """

    kind: Kind
    words: tuple[str, ...] = ()
    cannot: bool = False
    days: NamedDays = field(default_factory=NamedDays)


def read_answer(text: str, today: date, earliest: date | None = None) -> Reading:
    """Reads what was typed after ทำแล้ว on the local day ``today``; days before ``earliest`` are not meant."""
    typed = as_meant(text)
    days = named_days(text, today, earliest)
    comes = bool(days.future)
    return replace(_without_content(typed, comes=comes) or _of_content(typed, comes=comes), days=days)


def _without_content(typed: str, *, comes: bool) -> Reading | None:
    """Courtesy or an empty answer, where nothing else is said; a day to come says that it is not done."""
    if _only(COURTESY, typed) and not NOTHING.fullmatch(typed):
        return Reading("empty" if DONE_WORD.search(typed) else "courtesy")
    said = typed if comes else squeeze_spaces(WHEN.sub(" ", without_days(typed)))
    return Reading("empty") if NOTHING.fullmatch(said) or _only(SAYS_DONE, said) else None


def _only(words: Iterable[re.Pattern[str]], text: str) -> bool:
    """Whether the text is made of these words alone, in time that grows with its length, whatever is typed."""
    reached = {0}
    for at in range(len(text)):
        if at in reached:
            reached.update(found.end() for word in words if (found := word.match(text, at)))
    return len(text) in reached


def _of_content(typed: str, *, comes: bool) -> Reading:
    """What a sentence with content is; ``comes``: it names a day that is still to come."""
    left = RESULTS.sub("▢", typed)
    if _is_question(left):
        return Reading("question")
    finished = _tells_finished_act(left)
    denials = _found(DENIAL, left) + ([] if finished else _found(WEAK_DENIAL, left))
    unfinished = _found(UNFINISHED, left) + _is_part_of(left)
    if denials:
        return Reading("denial", tuple(dict.fromkeys(denials + unfinished)), bool(CANNOT.search(left)))
    delays = [] if finished else _found(DELAY, left)
    if comes and not DONE.search(NO_END_OF_WORK.sub("▢", left)):
        delays.append("วันที่ยังไม่ถึง")
    if unfinished or delays:
        return Reading("delay", tuple(dict.fromkeys(unfinished + delays)))
    return Reading(_of_little(left) or "result")


def _of_little(text: str) -> Kind | None:
    """Courtesy or nothing, where what is said besides does not tell of work."""
    courtesy = OPENS_WITH_COURTESY.match(text)
    rest = text[courtesy.end() :] if courtesy else text
    if courtesy and not (DONE.search(rest) or "▢" in rest or BEGINS_FINISHED.search(rest)):
        return "courtesy"
    longest = SAYING_NOTHING_BUT_NO if COMPLAINS.search(rest) else SAYING_NOTHING
    return "empty" if len(rest) < longest and not WORK_IS_TOLD.search(rest) else None


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [found[0].strip() for found in pattern.finditer(text)]


def _is_question(text: str) -> bool:
    """Ends as a question does, and neither denies in a clause before it nor tells what was explained to others."""
    if not (ASKS.search(text) or BEGINS_TO_ASK.match(text)):
        return False
    *earlier, last = text.split(" ") if " " in text else [text]
    if any(DENIAL.search(clause) and not IF.search(clause) for clause in earlier):
        return False
    if re.search("[?？]", last):
        return True
    denies_that_anybody_did = NOBODY.search(last) and not IF.search(last)
    tells_what_was_said = BEGINS_FINISHED.match(text) and "ว่า" in text
    return not (denies_that_anybody_did or tells_what_was_said)


def _is_part_of(text: str) -> list[str]:
    """What says that less was done than there is to do: เสร็จไป 3 จาก 5 กอง."""
    return [found[0] for found in PART_OF.finditer(text) if int(found["done"]) < int(found["all"])]


def _tells_finished_act(text: str) -> bool:
    text = NO_END_OF_WORK.sub("▢", text)
    if DONE.search(text) or ON_A_DAY.search(text):
        return True
    return bool(BEGINS_FINISHED.match(text)) and not (ENDS_LATER.search(text) and not TELLS_OTHERS.search(text))
