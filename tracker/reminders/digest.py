"""A person's digest as subject, text and HTML: grouped by measure, most urgent first, many months in one line.

Pure: the same view gives the same words.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from tracker.kinds import Cadence
from tracker.reminders.rows import is_escalated, unit_rows
from tracker.reminders.short_step import short_step
from tracker.reminders.view import Item, News, View, most_urgent_first
from tracker.reminders.wording import due_words, stage_words
from tracker.thai.calendar import MONTHS_SHORT, format_date, last_of_month, round_end, to_be
from tracker.thai.numerals import to_thai

LONGEST_SUBJECT = 70
"""Columns of a subject: lists of messages cut a longer one, and what is cut is the end, the task."""
LONGEST_STEP_IN_MAIL = 60
"""Columns of a step beside its day: one line of a mail of 600 pixels."""
ANSWERS = {"done": "ทำแล้ว", "note": "ยังไม่เสร็จ", "not_possible": "ทำไม่ได้"}
LINK_DAYS = 14
"""For how long the links of an e-mail open their task."""


@dataclass(frozen=True, slots=True)
class Link:
    """One task's address, with the word that leads there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """An answer's address; ``asked`` is the one that the stage asks for."""

    label: str
    url: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a digest: a task, or the same step's tasks of several days in one."""

    step: str
    units: str
    words: str
    note: str
    late: bool
    links: tuple[Link, ...]
    answers: tuple[AnswerLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A measure with its lines."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A digest in words; ``html`` is a whole page with its style in its head, none in its body."""

    subject: str
    text: str
    html: str


def compose(view: View) -> Content:
    """The digest in words."""
    subject = subject_of(view)
    facts = {
        "view": view,
        "subject": subject,
        "lead": lead_of(view),
        "sections": sections(view),
        "units": [(row, _digits(f"ค้าง {row.days} วัน", view)) for row in unit_rows(view)],
        "list_url": view.all_url,
        "to_sign": [News(_digits(one.text, view), one.url) for one in view.to_sign],
        "link_days": _digits(LINK_DAYS, view),
        "reply_words": "ตอบกลับอีเมลนี้จะถึงผู้ประสานงาน" if view.reply_to else "อีเมลนี้ส่งโดยระบบ ไม่มีผู้อ่านข้อความตอบกลับ",
    }
    return Content(subject, _template("digest.txt").render(facts), _template("digest.html").render(facts))


def subject_of(view: View) -> str:
    """The date first: what a phone shows of a subject is its beginning."""
    if view.asked:
        return _shortened(f"[{view.asked.post}ฝากเตือน] {asked_for(view)}")
    if view.to_sign:
        more = _digits(f" และงานตามแผนมาตรการ {len(view.items)} รายการ", view) if view.items else ""
        return _shortened(_digits(f"[รอลงนาม] {view.to_sign[0].text}{more}", view))
    if not view.items:
        return _shortened(f"[แจ้งให้ทราบ] {view.news[0].text if view.news else view.agency}")
    first = most_urgent_first(view.items)[0]
    if len(view.items) == 1:
        return f"[{_head(first, view)}] {_shortened(first.step)}"
    return f"[{_head(first, view)}] งานตามแผนมาตรการ {_digits(len(view.items), view)} รายการ"


def lead_of(view: View) -> str:
    """One sentence on how much there is, and how much of it is late."""
    if view.asked:
        return f"{view.asked.post}ฝากเตือน: {asked_for(view)}"
    if not view.items:
        return "มีรายงานรอท่านลงนาม" if view.to_sign else "มีเรื่องแจ้งให้ทราบดังนี้"
    units = len(unit_rows(view))
    owed = [f"{units} ส่วนราชการมีงานตามแผนมาตรการค้างเกินกำหนด"] if units else []
    own = [item for item in view.items if not is_escalated(item)]
    late = sum(_is_late(item, view.day) for item in own)
    if own:
        text = f"งานตามแผนมาตรการส่งเสริมคุณธรรมและความโปร่งใสที่ต้องดำเนินการ {len(own)} รายการ"
        owed.append(f"{text} เลยกำหนดแล้ว {late} รายการ" if late else text)
    return _digits(" และ".join(owed), view)


def asked_for(view: View) -> str:
    """What a superior asks for: กองช่างค้าง ๓ งาน นานสุด ๔๔ วัน."""
    days = max(((view.day - item.due_on).days for item in view.items if item.due_on), default=0)
    return _digits(f"{view.units}ค้าง {len(view.items)} งาน นานสุด {days} วัน", view)


def sections(view: View) -> tuple[Section, ...]:
    """The items by measure, the measure with the most urgent first; the same step's days in one line. What a superior
    hears of stands by units instead."""
    measures: dict[tuple[int, int, str], dict[tuple[int, str, str], list[Item]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for item in most_urgent_first(item for item in view.items if not is_escalated(item)):
        key = (item.fiscal_year, item.measure, item.measure_title)
        measures[key][item.step_id, item.units, _fold(item)].append(item)
    return tuple(
        Section(_digits(f"มาตรการที่ {number} {title}", view), tuple(_line(items, view) for items in lines.values()))
        for (_, number, title), lines in measures.items()
    )


def _fold(item: Item) -> str:
    """What may stand in one line: the same kind of stage that asks the same; what has a note stands alone."""
    alone = f"-{item.task_id}" if item.note else ""
    closing = f"{item.stage.number}-{item.stage.asks}" if item.stage.kind == "closing" else ""
    return f"{item.stage.kind}-{closing}{alone}"


def _line(items: Sequence[Item], view: View) -> Line:
    first = items[0]
    if len(items) == 1:
        words = _words(first, view)
        labels = ["เปิดงาน"]
    else:
        items = sorted(items, key=lambda item: (item.due_on or date.max, item.task_id))
        labels = [_day_label(item, view) for item in items]
        words = f"{_kind_words(first, view)} {_digits(len(items), view)} งวด"
    links = tuple(Link(label, view.page_of(item.task_id)) for label, item in zip(labels, items, strict=True))
    return Line(
        short_step(first.step, LONGEST_STEP_IN_MAIL),
        first.units,
        words,
        first.note,
        _is_late(first, view.day),
        links,
        _answers(first, view),
    )


def _answers(item: Item, view: View) -> tuple[AnswerLink, ...]:
    """The three answers; the page behind them offers the step's other open days too."""
    url = view.done_urls.get(item.task_id)
    if url is None:
        return ()
    asked = "note" if item.stage.asks == "note" else "done"
    return tuple(AnswerLink(label, f"{url}?answer={kind}", kind == asked) for kind, label in ANSWERS.items())


def _words(item: Item, view: View) -> str:
    words = stage_words(item.stage, item.due_on, view.day, fiscal_year=item.fiscal_year, thai_digits=view.thai_digits)
    if item.due_on is None or (item.due_on > view.day and item.stage.kind != "closing"):
        return words
    if item.stage.kind == "closing":
        return f"{words} · {due_words(item.due_on, view.day, thai_digits=view.thai_digits)}"
    return f"{words} · {'' if item.due_on == view.day else 'ครบกำหนด '}{_short(item.due_on, view)}"


def _kind_words(item: Item, view: View) -> str:
    if item.stage.kind == "closing":
        return stage_words(
            item.stage, item.due_on, view.day, fiscal_year=item.fiscal_year, thai_digits=view.thai_digits
        )
    if _is_late(item, view.day):
        return "เลยกำหนดแล้ว"
    return "ครบกำหนดวันนี้" if item.due_on == view.day else "ใกล้ครบกำหนด"


def _head(item: Item, view: View) -> str:
    """The words in a subject's brackets, with the date."""
    if item.stage.kind == "closing":
        months: int = item.stage.number
        on = round_end(item.fiscal_year, 6 if months == 6 else 12)
        return f"{_digits(f'ปิดรอบ {months} เดือน', view)} {_short(on, view)}"
    if item.due_on is None:
        return "งานที่ไม่กำหนดวัน"
    return f"{'เลยกำหนด' if _is_late(item, view.day) else 'ครบกำหนด'} {_short(item.due_on, view)}"


def _day_label(item: Item, view: View) -> str:
    """A month's last day is called by its month."""
    due = item.due_on
    if due is None:
        return "ไม่กำหนดวัน"
    if Cadence.MONTHLY in item.cadences and due == last_of_month(due.year, due.month):
        return _digits(f"{MONTHS_SHORT[due.month - 1]} {to_be(due.year) % 100:02}", view)
    return _short(due, view)


def _is_late(item: Item, day: date) -> bool:
    return item.due_on is not None and item.due_on < day


def _short(day: date, view: View) -> str:
    return format_date(day, style="short", thai_digits=view.thai_digits)


def _digits(text: str | int, view: View) -> str:
    return to_thai(text) if view.thai_digits else str(text)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SUBJECT else f"{text[:LONGEST_SUBJECT].rstrip()}…"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)
