"""A digest as a LINE Flex bubble of one screen: unit first, three rows, three answers each.

See docs/rules.md, "One digest" and "Answering a message". The filled answer is the one that is asked: ทำแล้ว of what is
late or due, ยังไม่เสร็จ where a closing round asks how far it is. What does not fit is counted, and is a tap away.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tracker.channels.line.flex_parts import (
    CLOSING,
    LATE,
    LONGEST_ALT_TEXT,
    LONGEST_DISPLAY_TEXT,
    QUIET,
    Action,
    Part,
    box,
    bubble,
    button,
    row_of,
    separator,
    text,
)
from tracker.channels.line.postback import Button, button_data
from tracker.reminders.digest import subject_of
from tracker.reminders.rows import Row, UnitRow, is_escalated, rows_of, unit_rows
from tracker.reminders.view import News, View
from tracker.reminders.wording import short_day
from tracker.thai.numerals import to_thai

MOST_ROWS = 3
"""What a screen of 360 by 740 holds, seen on pictures: three rows of two lines, an answer row each, header and foot."""
MOST_MORE_ROWS = 5
"""Rows of what “more” shows."""
MOST_UNIT_ROWS = 3
"""Units that are late, for those above: as many as rows of tasks."""
LONGEST_NEWS = 90
"""Columns of a line of news: two lines of a bubble."""
LONGEST_NOTE = 200
"""Characters of a note that came back with a task: the bubble cuts it after two lines anyway."""
MOST_TASKS_OF_BUTTON = 15
"""Tasks whose numbers fit into a button's data, of which LINE takes 300 characters."""
_COLOURS = {"late": LATE, "closing": CLOSING, "plain": QUIET}
_ANSWERS = (("ทำแล้ว", "done"), ("ยังไม่เสร็จ", "later"), ("ทำไม่ได้", "cannot"))


def flex_of(view: View, key: str, *, skip: int = 0) -> dict[str, Any]:
    """The bubble; ``key`` signs its buttons. ``skip`` are the rows that were shown before: then the next five."""
    units, rows = unit_rows(view), rows_of(view)
    to_sign = view.to_sign[:1] if not skip else ()
    most_units = MOST_UNIT_ROWS - len(to_sign) if not rows else 2 - len(to_sign)
    most = MOST_MORE_ROWS if skip else max(1, MOST_ROWS - len(to_sign) - len(units[:most_units]))
    news = view.news[: 1 if rows or units else MOST_ROWS] if not skip else ()
    shown = rows[skip : skip + most]
    parts: list[list[Part]] = [_to_sign_parts(one, view) for one in to_sign]
    parts += [_news_parts(one) for one in news]
    parts += [_unit_parts(row, view, key) for row in units[:most_units]] if not skip else []
    parts += [_row_parts(row, view, key) for row in shown]
    left = len(rows) - skip - len(shown)
    units_left = max(0, len(units) - most_units) if not skip else 0
    if not skip:
        left += units_left + len(view.news) - len(news) + len(view.to_sign) - len(to_sign)
    noun = "ส่วนราชการ" if left == units_left else "รายการ"
    footer = _footer(view, key, f"และอีก {left} {noun}" if left else "", skip + len(shown) if shown else None)
    return bubble([*_with_separators(parts), separator(), footer], () if skip else _header(view))


def alt_text_of(view: View) -> str:
    """What the lock screen shows: how much is late, whose, the worst of it, and how much more there is."""
    units, rows = unit_rows(view), rows_of(view)
    if not units and not rows:
        return subject_of(view)
    title, _ = _titles(view)
    title = f"{_digits(view.to_sign[0].text, view)} · {title}" if view.to_sign else title
    left = len(units) + len(rows) - 1
    more = _digits(f" และอีก {left} รายการ", view) if left else ""
    if units:
        worst = f"{units[0].unit}: {units[0].tasks} {_digits(f'ค้าง {units[0].days} วัน', view)}"
    else:
        whose = f"{rows[0].units or view.units}: " if rows[0].units or view.units else ""
        months = f" ({rows[0].occasions})" if rows[0].occasions else ""
        worst = f"{whose}{rows[0].step}{months} {rows[0].words}"
    return f"{title} · {worst}{more}"[:LONGEST_ALT_TEXT]


def _titles(view: View) -> tuple[str, str]:
    """The header: the most urgent count, and beside it the unit and what else is asked."""
    if view.asked:
        at = f"{short_day(view.asked.at.date(), thai_digits=False)} เวลา {view.asked.at:%H.%M} น."
        words = (f"{view.asked.post}ฝากเตือน {len(view.items)} งาน", f"{view.units} · {at}")
        return _digits(words[0], view), _digits(words[1], view)
    own = [item for item in view.items if not is_escalated(item)]
    late = sum(item.due_on is not None and item.due_on < view.day for item in own)
    asked = sum(item.stage.asks == "note" and not (item.due_on and item.due_on < view.day) for item in own)
    due = len(own) - late - asked
    counts = {
        "{} ส่วนราชการค้างเกินกำหนด": len(unit_rows(view)),
        "เลยกำหนด {} งาน": late,
        "ถึงหรือใกล้ถึงกำหนด {} งาน": due,
        "ขอความคืบหน้าก่อนปิดรอบ {} งาน": asked,
    }
    lines = [_digits(words.format(count), view) for words, count in counts.items() if count]
    lines = lines or ["รอท่านลงนาม" if view.to_sign else "แจ้งให้ทราบ"]
    return lines[0], " · ".join(filter(None, [view.units or view.agency, *lines[1:]]))


def _header(view: View) -> list[Part]:
    title, under = _titles(view)
    return [
        text(title, weight="bold", color="#FFFFFF", size="lg"),
        text(under, color="#FFFFFF", size="sm", margin="xs", maxLines=1),
    ]


def _row_parts(row: Row, view: View, key: str) -> list[Part]:
    parts = [text(row.units, weight="bold", size="sm", color=QUIET)] if row.units else []
    opens = _opens("เปิดงาน", view.page_of(row.tasks[0]))
    parts.append(text(row.step, weight="bold", maxLines=1 if row.units else 2, action=opens))
    parts.append(text(row.when, size="sm", color=_COLOURS[row.tone], margin="xs", maxLines=2))
    if row.note:
        parts.append(text(f"ส่งกลับให้แก้: {row.note[:LONGEST_NOTE]}", size="sm", color=QUIET, maxLines=2))
    if row.own:
        filled = "later" if row.asks == "note" and row.tone != "late" else "done"
        parts.append(
            row_of(button(_answer(label, act, row, key), filled=act == filled) for label, act in _answers(row))
        )
    return parts


def _answers(row: Row) -> Iterable[tuple[str, str]]:
    return [("แก้แล้วส่งใหม่", "done"), *_ANSWERS[1:]] if row.note else _ANSWERS


def _answer(label: str, act: str, row: Row, key: str) -> Action:
    """The press carries every occasion of the row: the chat asks which of them it is for."""
    tasks = row.tasks[:MOST_TASKS_OF_BUTTON]
    value = ".".join(f"{task}" for task in tasks) if len(tasks) > 1 else ""
    months = f" ({row.occasions})" if row.occasions else ""
    return {
        "type": "postback",
        "label": label,
        "data": button_data(key, Button(act, tasks[0], value=value)),
        "displayText": f"{label}: {row.step}{months}"[:LONGEST_DISPLAY_TEXT],
    }


def _unit_parts(row: UnitRow, view: View, key: str) -> list[Part]:
    head = box(
        [
            text(row.unit, weight="bold", flex=5),
            text(_digits(f"ค้าง {row.days} วัน", view), size="sm", color=LATE, align="end", flex=3),
        ],
        "horizontal",
    )
    ways = row.ways
    answers = [button(_remind_again(row, ways.unit_id, key), filled=row.is_silent)] if ways and ways.is_staffed else []
    answers += [button(_opens("โทร", ways.call))] if ways and ways.call else []
    answers.append(button(_opens("ดูงาน", ways.page if ways and ways.page else view.all_url)))
    return [
        head,
        text(row.tasks, size="sm", maxLines=1, margin="xs"),
        text(row.word, size="sm", color=QUIET, maxLines=2),
        row_of(answers),
    ]


def _remind_again(row: UnitRow, unit_id: int, key: str) -> Action:
    """Asks first: what it would send is shown, and sent when the reader says yes."""
    label = "เตือนอีกครั้ง"
    data = button_data(key, Button("remind", value=f"{unit_id}"))
    return {
        "type": "postback",
        "label": label,
        "data": data,
        "displayText": f"{label}: {row.unit}"[:LONGEST_DISPLAY_TEXT],
    }


def _to_sign_parts(report: News, view: View) -> list[Part]:
    opens = button(_opens("เปิดอ่าน", report.url), filled=True)
    return [text(_digits(report.text, view), weight="bold"), row_of([opens])]


def _news_parts(news: News) -> list[Part]:
    words = " ".join(news.text.split())
    short = words if len(words) <= LONGEST_NEWS else f"{words[:LONGEST_NEWS].rstrip()}…"
    return [text(short, size="sm", action=_opens("เปิดดู", news.url))]


def _footer(view: View, key: str, left: str, shown: int | None) -> Part:
    """What is left, a tap away, and the whole list: small, so that the answers are what stands out. ``shown`` rows can
    be gone on from in the chat, None where there are none."""
    links = []
    if left and shown is not None:
        words = _digits(f"{left} · ดูต่อ", view)
        data = button_data(key, Button("more", value=f"{shown}"))
        links.append(_link(words, {"type": "postback", "label": "ดูต่อ", "data": data, "displayText": "ดูรายการที่เหลือ"}))
    elif left:
        links.append(_link(_digits(left, view), _opens("เปิดดู", view.all_url)))
    links.append(_link("งานทั้งหมด", _opens("งานทั้งหมด", view.all_url)))
    return box(links, "horizontal", margin="md")


def _link(words: str, action: Action) -> Part:
    return text(words, size="sm", color=QUIET, align="center", action=action, flex=len(words))


def _with_separators(parts: Sequence[Sequence[Part]]) -> Iterator[Part]:
    for place, some in enumerate(parts):
        if place:
            yield separator()
        first, *rest = some
        yield {**first, "margin": "lg"} if place else first
        yield from rest


def _opens(label: str, url: str) -> Action:
    return {"type": "uri", "label": label, "uri": url}


def _digits(words: str, view: View) -> str:
    return to_thai(words) if view.thai_digits else words
