"""A second report of one task: somebody was first, and nothing of either is lost.

The second adds to what stands, or puts the own report in its place; both are kept in the record, and who was first is
told of what replaced it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.kinds import NoticeKind, TaskState
from tracker.models import Completion, Notice, Task
from tracker.services.audit import Actor, lock
from tracker.services.tasks.progress import tick_off, withdraw
from tracker.store.storage import NewEvidence
from tracker.thai.merging import Merged, lines, merge_texts, same_text

Way = Literal["append", "replace"]


def standing(task: Task) -> Completion | None:
    """The report that counts now; None where the task has none."""
    return task.completion if task.state in (TaskState.DONE, TaskState.SUBMITTED) else None


def together(first: str | None, second: str | None) -> Merged:
    """The first text with the lines of the second that it lacks."""
    return merge_texts(lines(first or ""), lines(second or ""))


def says_the_same(first: Completion, result: str, outcome: str | None, evidence: Sequence[NewEvidence]) -> bool:
    """Whether the second report says nothing that the first does not."""
    texts = ((first.result, result), (first.outcome, outcome))
    return not evidence and all(same_text(lines(one or ""), lines(other or "")) for one, other in texts)


def report_second(
    session: Session,
    task: Task,
    way: Way,
    *,
    seen: int,
    result: str,
    outcome: str | None,
    done_on: date,
    evidence: Sequence[NewEvidence],
    by: Actor,
    today: date,
    at: datetime,
    form_key: str | None = None,
) -> Completion:
    """Records the second report over the first, which is the completion of the number ``seen``.

    ``append`` keeps the first one's words, evidence and day, and adds what they lack. ConflictError where another
    report stands by now.
    """
    lock(session, task.agency_id)
    session.refresh(task)
    first = standing(task)
    if first is None or first.id != seen:
        raise ConflictError(
            "The report of this task changed again meanwhile: look at it once more.",
            "ผลของงานนี้เปลี่ยนไปอีกครั้ง กรุณาดูใหม่ก่อนเลือก",
        )
    if way == "append":
        result, outcome = _text(together(first.result, result)), _text(together(first.outcome, outcome)) or None
        known = {piece.stored_name or piece.url for piece in evidence}
        evidence = [*(one for one in _pieces(first) if (one.stored_name or one.url) not in known), *evidence]
    day = first.done_on if way == "append" else done_on
    withdraw(session, task, by=by, at=at)
    completion = tick_off(
        session, task, result=result, outcome=outcome, done_on=day, today=today, evidence=evidence, by=by, at=at,
        form_key=form_key,
    )  # fmt: skip
    if way == "replace" and first.entered_by_id not in (None, by.member_id):
        text = f"{by.name} บันทึกผลแทนของท่าน (ของเดิมอยู่ในประวัติ): {task.title}"
        session.add(
            Notice(
                agency_id=task.agency_id, member_id=first.entered_by_id, task_id=task.id, kind=NoticeKind.OTHER,
                text=text, path=f"/tasks/{task.id}", created_at=at,
            )
        )  # fmt: skip
    return completion


def _text(merged: Merged) -> str:
    return "\n".join(paragraph.text for paragraph in merged.paragraphs)


def _pieces(completion: Completion) -> list[NewEvidence]:
    return [
        NewEvidence(one.original_name, one.stored_name, one.media_type, one.size, one.sha256, one.url)
        for one in completion.evidence
    ]
