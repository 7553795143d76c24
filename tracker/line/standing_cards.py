"""What “งานของฉัน” answers where nothing presses: the next task to come, or for a superior which units are late."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.channels.line.flex_parts import (
    LATE,
    QUIET,
    Action,
    Part,
    box,
    bubble,
    button,
    flex,
    row_of,
    separator,
    text,
)
from tracker.channels.line.postback import Button, button_data
from tracker.kinds import TaskState
from tracker.line.messages import ASK, SEND
from tracker.models import Member, Task
from tracker.reminders.rows import Row, rows_of
from tracker.reminders.signatures import WaitingReport
from tracker.reminders.view import View, most_urgent_first
from tracker.services.access import own_tasks_of, viewer_for
from tracker.services.tasks.unit_standing import LateUnit
from tracker.thai.numerals import to_thai

MOST_UNITS = 4
"""Units on the card: one screen, and the rest a tap away."""
_QUICK: tuple[Action, ...] = tuple({"type": "message", "label": word, "text": word} for word in (SEND, ASK))


def nothing_presses(session: Session, member: Member, view: View, key: str) -> dict[str, Any]:
    """Nothing is late or due soon: how far the person's units are, and the next task, to be answered early."""
    rows = rows_of(replace(view, items=tuple(most_urgent_first(view.items)[:1])))
    contents: list[Part] = [text("ไม่มีงานค้างค่ะ", weight="bold", size="lg")]
    contents += [text(words, size="sm", color=QUIET, margin="xs")] if (words := _counts(session, member, view)) else []
    if rows:
        contents += [separator(), *_next(rows[0], view, key)]
    return flex("ไม่มีงานค้างค่ะ", bubble(contents), _QUICK)


def late_units_card(
    units: Sequence[LateUnit], reports: Sequence[WaitingReport], overview: str, *, says_none: bool = False
) -> dict[str, Any]:
    """For a superior: what waits for the signature, or with ``says_none`` that nothing does, and who is late, the
    longest first."""
    title = to_thai(f"{len(units)} ส่วนราชการมีงานเลยกำหนด") if units else "ไม่มีส่วนราชการที่งานเลยกำหนด"
    contents: list[Part] = [text(to_thai(f"รายงานรอบ {one.months} เดือนรอท่านลงนาม"), weight="bold") for one in reports]
    if says_none and not reports:
        contents.append(text("ไม่มีรายงานที่รอท่านลงนาม", size="sm", color=QUIET))
    contents.append(text(title, weight="bold", size="lg", **({"margin": "lg"} if contents else {})))
    for unit in units[:MOST_UNITS]:
        name = text(unit.name, size="sm", flex=5)
        days = text(to_thai(f"{unit.tasks} งาน · ค้าง {unit.days} วัน"), size="sm", color=LATE, align="end", flex=6)
        contents.append(box([name, days], "horizontal", margin="md"))
    if len(units) > MOST_UNITS:
        more = to_thai(f"และอีก {len(units) - MOST_UNITS} ส่วนราชการ")
        contents.append(text(more, size="sm", color=QUIET, margin="md"))
    opens: Action = {"type": "uri", "label": "เปิดภาพรวม", "uri": overview}
    contents.append(row_of([button(opens, filled=bool(units or reports))]))
    return flex(title, bubble(contents))


def _counts(session: Session, member: Member, view: View) -> str:
    """กองช่างทำแล้ว ๑๔ จาก ๒๗ งาน, of the plans whose tasks the view tells of, else of none."""
    own = own_tasks_of(viewer_for(session, member)).subquery()
    plans = select(Task.plan_id).where(Task.id.in_([item.task_id for item in view.items]))
    counts = session.execute(
        select(own.c.state, func.count())
        .where(own.c.plan_id.in_(plans), own.c.state != TaskState.CANCELLED)
        .group_by(own.c.state)
    ).all()
    total = sum(count for _, count in counts)
    done = sum(count for state, count in counts if state in (TaskState.DONE, TaskState.SUBMITTED))
    words = f"{view.units or 'ท่าน'}ทำแล้ว {done} จาก {total} งาน"
    return (to_thai(words) if view.thai_digits else words) if total else ""


def _next(row: Row, view: View, key: str) -> list[Part]:
    data = button_data(key, Button("done", row.tasks[0]))
    label = "ทำแล้ว"
    done: Action = {"type": "postback", "label": label, "data": data, "displayText": f"{label}: {row.step}"}
    everything: Action = {"type": "uri", "label": "ดูงานทั้งหมด", "uri": view.all_url}
    return [
        text("งานถัดไป", size="sm", color=QUIET, margin="lg"),
        text(row.step, weight="bold", maxLines=2),
        text(row.when, size="sm", color=QUIET, margin="xs"),
        row_of([button(done), button(everything, quiet=True)]),
    ]


def presses(view: View, soon: date) -> bool:
    """Whether anything of the view is late, sent back, without a day, or due by ``soon``."""
    return any(item.due_on is None or item.due_on <= soon or item.note for item in view.items)
