"""Sentences that claim more than was ticked; nothing else may stand in a report (docs/rules.md, "Roll-up"). Pure."""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tracker.reports.own_words import party_name
from tracker.reports.rollup import step_numbers
from tracker.reports.step_in_round import StepInRound, by_party
from tracker.thai.numerals import to_arabic
from tracker.thai.paragraphs import Paragraph

_ALL = re.compile(
    r"ทุก(?:ส่วนราชการ|หน่วยงาน|สำนัก|กอง|ฝ่าย|ส่วน|เดือน|ไตรมาส|ครั้ง|ขั้นตอน)"
    r"|ทั้ง(?:หมด)?\s*[0-9]+\s*(?:ส่วนราชการ|หน่วยงาน|ครั้ง)|ทั้งหมด(?!\s*(?:จำนวน)?\s*[0-9])"
    r"|(?<!ไม่)(?<!ความ)ครบ(?!กำหนด)(?:ทั้ง|ทุก|ถ้วน)?|(?<!ไม่)(?<!จะ)แล้วเสร็จ"
)
_OF = re.compile(r"([0-9]+) จาก ([0-9]+) (?:ส่วนราชการ|หน่วยงาน|ครั้ง)")
_SUM = re.compile(r"(?:รวม|ครบ|ทั้ง)(?:ทั้ง|จำนวน)?\s*([0-9]+)\s*(?:ส่วนราชการ|หน่วยงาน|ครั้ง|เดือน|ไตรมาส)")
_NOT_YET = ("ยังไม่", "อยู่ระหว่าง")


@dataclass(frozen=True, slots=True)
class Claim:
    """A paragraph that says that all is done where ``done`` of ``whole`` is; ``quote`` are its words.

    ``of_units``: what is counted are units, else times. Of a step of which nothing is due yet, ``whole`` is the year's.
    """

    paragraph: Paragraph
    quote: str
    done: int
    whole: int
    of_units: bool

    @property
    def key(self) -> str:
        """The same as long as the paragraph and the words in it that claim too much are."""
        return hashlib.sha256(f"{self.quote}\0{self.paragraph.text}".encode()).hexdigest()[:16]


def claims(text: Sequence[Paragraph], steps: Sequence[StepInRound], said: Collection[str] = ()) -> tuple[Claim, ...]:
    """What the text claims beyond the ticks: "all", "complete" or a number, over a step that is not complete.

    ``said`` are the paragraphs that the tasks give now; their words are borne out.
    """
    return tuple(_claims(text, steps, said))


def _claims(text: Sequence[Paragraph], steps: Sequence[StepInRound], said: Collection[str]) -> Iterator[Claim]:
    by_number = dict(zip(step_numbers(steps), steps, strict=True))
    step = steps[0] if len(steps) == 1 else None
    for paragraph in text:
        if len(steps) > 1 and isinstance(paragraph.number, int):
            step = by_number.get(paragraph.number)
        if step is None or not step.live or paragraph.text in said or _reported_by_one(paragraph, step):
            continue
        if quote := _claimed(paragraph.text, step):
            whole = step.whole or step.live
            of_units = step.several_parties and len(by_party(whole)) == len(whole)
            yield Claim(paragraph, quote, len(step.done_of_whole), len(whole), of_units)


def _reported_by_one(paragraph: Paragraph, step: StepInRound) -> bool:
    """Whether the paragraph is led by the name of a unit of several that has done everything."""
    waiting = {task.units for task in step.whole if task not in step.done}
    names = {party_name(task.units) for task in step.done if task.units not in waiting}
    return step.several_parties and paragraph.text.startswith(tuple(names))


def _claimed(written: str, step: StepInRound) -> str | None:
    """The words that claim too much; a count that the ticks bear out claims nothing.

    Of a step that is complete in the round only a count that reaches into the rest of the year claims too much.
    """
    arabic, done = to_arabic(written), len(step.done_of_whole)
    if count := _OF.search(arabic):
        return written[count.start() : count.end()] if int(count[1]) > done and not _is_complete(step) else None
    if arabic.startswith(_NOT_YET):
        return None
    if _is_complete(step):
        found = _beyond(arabic, done, len(step.live))
    else:
        found = _ALL.search(arabic) or _beyond(arabic, done)
    return written[found.start() : found.end()] if found else None


def _is_complete(step: StepInRound) -> bool:
    """Whether the round counts something of the step, and all of it is done."""
    return bool(step.whole) and step.complete


def _beyond(arabic: str, done: int, most: int | None = None) -> re.Match[str] | None:
    """A sum of more than ``done``; where ``most`` is given, of no more than that."""
    return next((one for one in _SUM.finditer(arabic) if done < int(one[1]) <= (most or int(one[1]))), None)
