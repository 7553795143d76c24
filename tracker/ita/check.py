"""Holds a plan and its report against a pack: passed, missing or unknown, why, and where it is corrected. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tracker.bilingual import Bilingual
from tracker.ita.pack import Pack, Rule
from tracker.thai.calendar import format_date
from tracker.thai.numerals import to_thai

State = Literal["passed", "missing", "unknown"]
Where = Literal["plan", "people", "texts", "evidence", "proof", "closing", "publishing", "answer"]

_ANALYSIS = re.compile(r"วิเคราะห์|ทบทวนผลการประเมิน|ผลการประเมิน\S*\s*(?:ITA|คุณธรรมและความโปร่งใส)")
_ITA = re.compile(r"ITA|การประเมินคุณธรรม|ตัวชี้วัด|คะแนน")
_FOLLOW_UP = re.compile(r"กำกับติดตาม|ติดตามผล|ติดตามประเมินผล|รายงานผล")


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """One measure: its words, what it lacks, and what its report of the round holds."""

    number: int
    text: str
    steps: int
    needs_people: bool
    has_period: bool
    has_result: bool
    silent_steps: int
    evidence: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is recorded of a plan and of one round's report. ``dates_outside``: measures that name a wrong day."""

    fiscal_year: int
    round: int
    measures: tuple[MeasureFacts, ...]
    dates_outside: tuple[int, ...] = ()
    closed: bool = False
    signed: bool = False
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule, how it stands, why, and the page (and measures) where it is corrected."""

    rule: Rule
    state: State
    reason: Bilingual
    where: Where
    measures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a check looks at."""

    facts: Facts | None
    closes_on: date
    today: date
    answers: Mapping[str, str] = field(default_factory=dict)


def evaluate(
    pack: Pack, facts: Mapping[str, Facts | None], *, closes_on: date, today: date, answers: Mapping[str, str]
) -> list[Finding]:
    """Every rule of the pack that is not turned off, in order.

    ``facts`` by item (None where there is no plan of the year that the item asks for); ``answers`` are people's words
    by rule. What nobody can know from the records is unknown until somebody answers it.
    """
    findings = []
    for rule in pack.rules:
        if rule.off:
            continue
        question = Question(facts.get(rule.item), closes_on, today, answers)
        check = _CHECKS.get(rule.check, _answer) if question.facts is not None else _no_plan
        finding = check(rule, question)
        if finding.state == "unknown" and rule.id in answers:
            note = answers[rule.id]
            finding = Finding(rule, "passed", Bilingual(f"Answered: {note}", f"ยืนยันแล้ว: {note}"), "answer")
        findings.append(finding)
    return findings


def _no_plan(rule: Rule, question: Question) -> Finding:  # noqa: ARG001  (every check takes the question)
    said = Bilingual("There is no plan of the year that this item asks for.", "ไม่มีแผนของปีที่ข้อนี้ถามในระบบ")
    return Finding(rule, "unknown", said, "answer")


def _answer(rule: Rule, question: Question) -> Finding:  # noqa: ARG001
    said = Bilingual("The records cannot tell; answer it yourself.", "ระบบไม่มีข้อมูลข้อนี้ กรุณายืนยันเอง")
    return Finding(rule, "unknown", said, "answer")


def _analysis(rule: Rule, question: Question) -> Finding:
    found = [one.number for one in _measures(question) if _ANALYSIS.search(one.text) and _ITA.search(one.text)]
    if found:
        numbers = _numbers(found)
        said = Bilingual(
            f"Measure {numbers} speaks of it; see that the analysis itself is published with the plan.",
            to_thai(f"มาตรการที่ {numbers} กล่าวถึง กรุณาดูว่าบทวิเคราะห์เผยแพร่พร้อมแผนแล้ว"),
        )
    else:
        said = Bilingual(
            "No measure speaks of it, and an analysis is not kept here.", "ไม่มีมาตรการใดกล่าวถึง และระบบไม่ได้เก็บบทวิเคราะห์"
        )
    return Finding(rule, "unknown", said, "answer", tuple(found))


def _follow_up(rule: Rule, question: Question) -> Finding:
    found = [one.number for one in _measures(question) if _FOLLOW_UP.search(one.text)]
    if found:
        numbers = _numbers(found)
        return Finding(
            rule,
            "passed",
            Bilingual(f"Measure {numbers} says so.", to_thai(f"ระบุไว้ในมาตรการที่ {numbers}")),
            "plan",
            tuple(found),
        )
    said = Bilingual("No measure says so; the plan may say it elsewhere.", "ไม่มีมาตรการใดระบุ แผนอาจเขียนไว้ส่วนอื่น")
    return Finding(rule, "unknown", said, "answer")


def _all_measures(
    where: Where, lacks: Callable[[MeasureFacts], bool], wanting: Bilingual, fulfilled: Bilingual
) -> Callable[[Rule, Question], Finding]:
    """A check that every measure has something."""

    def check(rule: Rule, question: Question) -> Finding:
        measures = _measures(question)
        if not measures:
            return Finding(rule, "missing", Bilingual("The plan has no measure.", "แผนยังไม่มีมาตรการ"), "plan")
        without = tuple(one.number for one in measures if lacks(one))
        if not without:
            return Finding(rule, "passed", fulfilled, where)
        numbers = _numbers(without)
        said = Bilingual(f"{wanting}: measure {numbers}", to_thai(f"{wanting.th}: มาตรการที่ {numbers}"))
        return Finding(rule, "missing", said, where, without)

    return check


def _year(rule: Rule, question: Question) -> Finding:
    outside = question.facts.dates_outside if question.facts else ()
    if not outside:
        said = Bilingual("No result names a day of another year.", "ไม่มีผลใดระบุวันที่ของปีอื่น")
        return Finding(rule, "passed", said, "proof")
    numbers = _numbers(outside)
    said = Bilingual(f"Days outside of the round: measure {numbers}", to_thai(f"มีวันที่นอกรอบรายงาน: มาตรการที่ {numbers}"))
    return Finding(rule, "missing", said, "proof", outside)


def _signed(rule: Rule, question: Question) -> Finding:
    facts = question.facts
    if facts is not None and facts.closed and facts.signed:
        return Finding(rule, "passed", Bilingual("Closed and signed.", "ปิดรอบและลงนามแล้ว"), "closing")
    if facts is not None and facts.closed:
        return Finding(rule, "missing", Bilingual("Closed, but not signed.", "ปิดรอบแล้ว ยังไม่ได้ลงนาม"), "closing")
    return Finding(rule, "missing", Bilingual("The round is not closed yet.", "ยังไม่ได้ปิดรอบ"), "closing")


def _published(rule: Rule, question: Question) -> Finding:
    on, closes_on = (question.facts.published_on if question.facts else None), question.closes_on
    closes_th = format_date(closes_on)
    if on is not None and on <= closes_on:
        said = Bilingual(f"Published on {on.isoformat()}.", f"เผยแพร่แล้วเมื่อ {format_date(on)}")
        return Finding(rule, "passed", said, "publishing")
    if on is not None:
        said = Bilingual(
            f"Published on {on.isoformat()}, after the answers closed on {closes_on.isoformat()}.",
            f"เผยแพร่เมื่อ {format_date(on)} หลังวันปิดรับคำตอบ {closes_th}",
        )
    elif question.today > closes_on:
        said = Bilingual(
            f"Not published here; the answers closed on {closes_on.isoformat()}.",
            f"ยังไม่ได้เผยแพร่ในระบบนี้ และพ้นวันปิดรับคำตอบ {closes_th} แล้ว",
        )
    else:
        said = Bilingual(
            f"Not published yet; the answers close on {closes_on.isoformat()}.", f"ยังไม่ได้เผยแพร่ ปิดรับคำตอบ {closes_th}"
        )
    return Finding(rule, "missing", said, "publishing")


def _measures(question: Question) -> tuple[MeasureFacts, ...]:
    return question.facts.measures if question.facts else ()


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


_CHECKS: dict[str, Callable[[Rule, Question], Finding]] = {
    "answer": _answer,
    "analysis": _analysis,
    "follow_up": _follow_up,
    "year": _year,
    "signed": _signed,
    "published": _published,
    "steps": _all_measures(
        "plan",
        lambda one: one.steps == 0,
        Bilingual("Without steps", "ไม่มีขั้นตอน"),
        Bilingual("Each has steps.", "มีขั้นตอนครบทุกมาตรการ"),
    ),
    "responsible": _all_measures(
        "people",
        lambda one: one.needs_people,
        Bilingual("Nobody is known for", "ยังไม่มีบุคลากรของผู้รับผิดชอบ"),
        Bilingual("Each has somebody responsible.", "มีผู้รับผิดชอบครบทุกมาตรการ"),
    ),
    "period": _all_measures(
        "plan",
        lambda one: not one.has_period,
        Bilingual("Without a day that can be read", "ไม่มีระยะเวลาที่อ่านได้"),
        Bilingual("Each has a period.", "มีระยะเวลาครบทุกมาตรการ"),
    ),
    "results": _all_measures(
        "texts",
        lambda one: not one.has_result,
        Bilingual("Without a result", "ยังไม่มีผลการดำเนินการ"),
        Bilingual("Each has a result.", "มีผลการดำเนินการครบทุกมาตรการ"),
    ),
    "one_to_one": _all_measures(
        "texts",
        lambda one: one.silent_steps > 0,
        Bilingual("Steps without a result", "มีขั้นตอนที่ยังไม่มีผล"),
        Bilingual("Each step that was due has its result.", "ทุกขั้นตอนที่ถึงกำหนดมีผลแล้ว"),
    ),
    "evidence": _all_measures(
        "evidence",
        lambda one: one.evidence == 0,
        Bilingual("Without evidence", "ยังไม่มีหลักฐาน"),
        Bilingual("Each has evidence.", "มีหลักฐานครบทุกมาตรการ"),
    ),
}
CHECKS = frozenset(_CHECKS)
