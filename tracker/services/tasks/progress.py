"""What happens to a task: ticked off, reviewed, not possible, withdrawn, moved. Every change is an event."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import inspect, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import OPEN_STATES, NoticeKind, Reason, TaskState, known
from tracker.models import Agency, Completion, Event, Evidence, Plan, ProgressNote, Task, Unit
from tracker.reminders.notices import notify
from tracker.services.audit import Actor, lock, record
from tracker.store.storage import NewEvidence
from tracker.thai.calendar import fiscal_year_start, format_date
from tracker.thai.text import fix_text

LONGEST_TEXT = 20_000
BANGKOK = ZoneInfo("Asia/Bangkok")
_TASK_COLUMNS = [column.key for column in inspect(Task).column_attrs]


def tick_off(
    session: Session,
    task: Task,
    *,
    result: str,
    outcome: str | None = None,
    done_on: date | None,
    today: date,
    evidence: Sequence[NewEvidence] = (),
    by: Actor,
    at: datetime,
    form_key: str | None = None,
    on_due_day: bool = False,
) -> Completion:
    """Records what was done: the task becomes done, or submitted where the agency asks for review.

    ``done_on`` is the day it happened, None where nobody knows it; ``on_due_day`` says that nobody named it: several
    were entered at once, each on the day it was due. Raises ConflictError where the task is not
    open, NotUnderstoodError for an empty result or a day in the future or before the plan's fiscal year.
    """
    _must_be(session, task, OPEN_STATES)
    plan, agency = _plan_and_agency(session, task)
    if done_on is not None:
        _must_have_happened(done_on, today, plan.fiscal_year)
    completion = Completion(
        agency_id=task.agency_id,
        task=task,
        result=_written(result),
        outcome=_written(outcome) if outcome and outcome.strip() else None,
        done_on=done_on,
        entered_at=at,
        entered_by_id=by.member_id,
        form_key=form_key,
        evidence=[_evidence(task.agency_id, piece) for piece in evidence],
    )
    session.add(completion)
    _move(
        session,
        task,
        TaskState.SUBMITTED if agency.review else TaskState.DONE,
        "ticked_off",
        by,
        at,
        done_on=done_on and done_on.isoformat(),
        result=completion.result,
        outcome=completion.outcome,
        member=by.member_id,
        **_pieces(completion.evidence),
        **({"on_due_day": True} if on_due_day else {}),
    )
    if task.state == TaskState.SUBMITTED:
        notify(session, task, NoticeKind.SUBMITTED, f"ส่งผลมาให้ตรวจ: {task.title}", at)
    return completion


def was_on_due_day(session: Session, task: Task) -> bool:
    """Whether what stands of the task was entered with others, each on the day it was due."""
    ticked = select(Event.details).where(Event.task_id == task.id, Event.kind == "ticked_off")
    details = session.scalar(ticked.order_by(Event.sequence.desc()).limit(1))
    return bool(task.completion and details and details.get("on_due_day"))


def add_evidence(
    session: Session, task: Task, completion: Completion, piece: NewEvidence, *, by: Actor, at: datetime
) -> Evidence:
    """Adds a piece of evidence to a completion that still counts; ConflictError where it was withdrawn meanwhile."""
    _must_be(session, task, (TaskState.SUBMITTED, TaskState.DONE))
    if task.completion is not completion:
        raise ConflictError(
            f"What was recorded for task {task.id} was withdrawn meanwhile; record it again.",
            f"ผลของงานหมายเลข {task.id} ถูกถอนไปแล้ว กรุณาบันทึกใหม่",
        )
    evidence = _evidence(task.agency_id, piece)
    completion.evidence.append(evidence)
    task.updated_at = at
    record(session, task.agency_id, "evidence_added", by, at, task=task, **_pieces([piece]))
    return evidence


def not_possible(
    session: Session,
    task: Task,
    *,
    reason: str,
    text: str | None,
    declared_on: date | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Records that the task cannot be done, and why (one of ``Reason``; "other" needs a text).

    ``declared_on`` is the day from which that is known, by default the day in Thailand on which it is recorded.
    """
    _must_be(session, task, OPEN_STATES)
    known_reason = known(Reason, reason)
    if known_reason is None:
        raise NotUnderstoodError(f"“{reason}” is not a reason; use one of {', '.join(Reason)}.", "กรุณาเลือกเหตุผล")
    if known_reason == Reason.OTHER and not (text and text.strip()):
        raise NotUnderstoodError("Say why it is not possible.", "กรุณาพิมพ์เหตุผลที่ทำไม่ได้")
    task.reason, task.reason_text = known_reason, _written(text) if text and text.strip() else None
    today = at.astimezone(BANGKOK).date()
    task.not_possible_on = declared_on or today
    _must_have_happened(task.not_possible_on, today, session.get_one(Plan, task.plan_id).fiscal_year)
    _move(
        session,
        task,
        TaskState.NOT_POSSIBLE,
        "not_possible",
        by,
        at,
        reason=reason,
        text=task.reason_text,
        declared_on=task.not_possible_on.isoformat(),
    )


def note_progress(
    session: Session,
    task: Task,
    *,
    text: str,
    noted_on: date,
    evidence: Sequence[NewEvidence] = (),
    by: Actor,
    at: datetime,
) -> ProgressNote:
    """Adds a dated note, with its photos, files and links, to an open task, which is in progress from then on."""
    _must_be(session, task, OPEN_STATES)
    note = ProgressNote(
        agency_id=task.agency_id,
        task=task,
        text=_written(text),
        noted_on=noted_on,
        entered_at=at,
        entered_by_id=by.member_id,
        evidence=[_evidence(task.agency_id, piece) for piece in evidence],
    )
    session.add(note)
    state = TaskState.IN_PROGRESS if task.state == TaskState.PENDING else task.state
    _move(session, task, state, "progress_noted", by, at, **_as_recorded(note))
    return note


def add_note_evidence(
    session: Session, task: Task, note: ProgressNote, piece: NewEvidence, *, by: Actor, at: datetime
) -> Evidence:
    """Adds a piece of evidence to a note of a task that is still open."""
    _must_be(session, task, OPEN_STATES)
    evidence = _evidence(task.agency_id, piece)
    note.evidence.append(evidence)
    task.updated_at = at
    record(session, task.agency_id, "evidence_added", by, at, task=task, **_pieces([piece]))
    return evidence


def withdraw_note(session: Session, task: Task, note: ProgressNote, *, by: Actor, at: datetime) -> None:
    """Takes back a progress note of an open task, which is as it was before it; the event keeps the words."""
    _must_be(session, task, OPEN_STATES)
    recorded = _as_recorded(note)
    task.notes.remove(note)
    state = TaskState.PENDING if task.state == TaskState.IN_PROGRESS and not task.notes else task.state
    _move(session, task, state, "note_withdrawn", by, at, **recorded)


def _as_recorded(note: ProgressNote) -> dict[str, object]:
    """A note as its events tell it."""
    told: dict[str, object] = {"text": note.text, "noted_on": note.noted_on.isoformat()}
    return told | (_pieces(note.evidence) if note.evidence else {})


def _pieces(pieces: Sequence[Evidence | NewEvidence]) -> dict[str, Any]:
    """Evidence as its events tell it: what each piece is known by, and its name beside it."""
    return {
        "evidence": [piece.sha256 or piece.url for piece in pieces],
        "evidence_names": [piece.original_name for piece in pieces],
    }


def withdraw(session: Session, task: Task, *, by: Actor, at: datetime) -> None:
    """Takes back a tick or a "not possible": the task is as before it, what was written stays in the record."""
    _must_be(session, task, (TaskState.SUBMITTED, TaskState.DONE, TaskState.NOT_POSSIBLE))
    completion = task.completion
    if completion is not None and task.state != TaskState.NOT_POSSIBLE:
        completion.withdrawn_at = at
    before = _state_before(session, task)
    note = _last_return_note(session, task) if before == TaskState.RETURNED else None
    task.reason = task.reason_text = task.not_possible_on = None
    task.return_note = note
    _move(session, task, before, "withdrawn", by, at)


def accept(session: Session, task: Task, *, by: Actor, at: datetime) -> None:
    """The coordinator's word that a submitted task is done."""
    _must_be(session, task, (TaskState.SUBMITTED,))
    _move(session, task, TaskState.DONE, "accepted", by, at)


def send_back(session: Session, task: Task, *, note: str, by: Actor, at: datetime) -> None:
    """The coordinator returns a submitted or done task with a note; its completion no longer counts."""
    _must_be(session, task, (TaskState.SUBMITTED, TaskState.DONE))
    completion = task.completion
    if completion is not None:
        completion.withdrawn_at = at
    task.return_note = _written(note, "Write what is to be corrected.", "กรุณาพิมพ์สิ่งที่ต้องแก้ไข")
    _move(session, task, TaskState.RETURNED, "sent_back", by, at, note=task.return_note)
    notify(session, task, NoticeKind.RETURNED, f"ส่งกลับให้แก้ไข: {task.title} ({task.return_note})", at)


def move_due(session: Session, task: Task, due_on: date | None, *, by: Actor, at: datetime) -> None:
    """Moves the deadline of an open task; ``scheduled_on`` stays as the plan has it."""
    _must_be(session, task, OPEN_STATES)
    before = task.due_on
    if before == due_on:
        return
    task.due_on = due_on
    _move(
        session,
        task,
        task.state,
        "due_moved",
        by,
        at,
        before=before and before.isoformat(),
        after=due_on and due_on.isoformat(),
    )


def cancel(session: Session, task: Task, *, by: Actor, at: datetime, why: str) -> None:
    """Takes an open task out of the plan; nothing counts it from then on, and no later import brings it back."""
    _must_be(session, task, OPEN_STATES)
    task.reason_text = _written(why, "Write why the task is cancelled.", "กรุณาพิมพ์เหตุผลที่ยกเลิก")
    _move(session, task, TaskState.CANCELLED, "cancelled", by, at, why=why)


def reopen(session: Session, task: Task, *, by: Actor, at: datetime) -> None:
    """Brings back a task that the coordinator cancelled: it is open as it was before. ConflictError where the plan
    itself has it no more."""
    _must_be(session, task, (TaskState.CANCELLED,))
    if task.reason_text is None:
        raise ConflictError(
            f"Task {task.id} left the plan; bring its row back in the plan.",
            f"งานหมายเลข {task.id} ไม่อยู่ในแผนแล้ว กรุณาแก้ที่แผน",
        )
    before = _state_before(session, task)
    task.reason_text = None
    task.return_note = _last_return_note(session, task) if before == TaskState.RETURNED else None
    _move(session, task, before, "reopened", by, at)


def reassign(session: Session, task: Task, units: Sequence[Unit], *, by: Actor, at: datetime) -> None:
    """Gives an open task to these units, who hear of it; the plan's own units are no longer asked for it.

    Raises NotUnderstoodError where there is no unit, or one of another agency.
    """
    _must_be(session, task, OPEN_STATES)
    if not units or any(unit.agency_id != task.agency_id for unit in units):
        raise NotUnderstoodError("Choose a unit of the agency.", "กรุณาเลือกหน่วยงานที่จะรับผิดชอบ")
    before = [unit.id for unit in task.units]
    after = [unit.id for unit in units]
    if sorted(before) == sorted(after):
        return
    task.units, task.reassigned = list(units), True
    names = [unit.name for unit in units]
    _move(session, task, task.state, "reassigned", by, at, units=names, before=before, after=after)
    notify(session, task, NoticeKind.REASSIGNED, f"เปลี่ยนผู้รับผิดชอบมาที่หน่วยงานของท่าน: {task.title}", at)


def _move(
    session: Session, task: Task, state: TaskState, kind: str, by: Actor, at: datetime, **details: object
) -> None:
    """The one place where a task's state changes: the next sweep looks at it again."""
    before, task.state, task.updated_at = task.state, state, at
    if state != TaskState.RETURNED:
        task.return_note = None
    task.next_stage_on = date.min if state in OPEN_STATES else None
    record(session, task.agency_id, kind, by, at, task=task, from_state=before, to_state=state, **details)


def _state_before(session: Session, task: Task) -> TaskState:
    """The open state that the task had before its latest tick or "not possible"."""
    latest = (
        select(Event.from_state)
        .where(Event.task_id == task.id, Event.from_state.in_(OPEN_STATES), Event.to_state.not_in(OPEN_STATES))
        .order_by(Event.sequence.desc())
    )
    return TaskState(session.scalar(latest.limit(1)) or TaskState.PENDING)


def _last_return_note(session: Session, task: Task) -> str | None:
    latest = (
        select(Event.details)
        .where(Event.task_id == task.id, Event.kind == "sent_back")
        .order_by(Event.sequence.desc())
        .limit(1)
    )
    details = session.scalar(latest)
    return details["note"] if details else None


def _must_be(session: Session, task: Task, states: tuple[TaskState, ...]) -> None:
    """Checks the state as it is now, once nobody else can change it: of two ticks at once the second is refused."""
    task_id = task.id
    session.flush()
    lock(session, task.agency_id)
    try:
        session.refresh(task, _TASK_COLUMNS, with_for_update={"of": Task})
    except InvalidRequestError:
        raise ConflictError(
            f"Task {task_id} is no longer in the plan; look at the list again.",
            f"งานหมายเลข {task_id} ไม่อยู่ในแผนแล้ว กรุณาดูรายการงานใหม่",
        ) from None
    session.expire(task, ["completions"])
    if task.state not in states:
        raise ConflictError(
            f"Task {task.id} is {task.state.replace('_', ' ')}; this needs one that is "
            f"{' or '.join(state.replace('_', ' ') for state in states)}.",
            f"งานหมายเลข {task.id} {_STATE_WORDS[task.state]} จึงทำรายการนี้ไม่ได้",
        )


_STATE_WORDS = {
    TaskState.PENDING: "ยังไม่ได้ดำเนินการ",
    TaskState.IN_PROGRESS: "อยู่ระหว่างดำเนินการ",
    TaskState.SUBMITTED: "รอตรวจอยู่",
    TaskState.RETURNED: "ถูกส่งกลับให้แก้ไข",
    TaskState.DONE: "ทำแล้ว",
    TaskState.NOT_POSSIBLE: "บันทึกว่าทำไม่ได้แล้ว",
    TaskState.CANCELLED: "ยกเลิกแล้ว",
}


def _must_have_happened(done_on: date, today: date, fiscal_year: int) -> None:
    if done_on > today:
        raise NotUnderstoodError(
            f"{done_on.isoformat()} is in the future; write the day on which it was done.",
            f"วันที่ {format_date(done_on)} ยังมาไม่ถึง กรุณาระบุวันที่ทำจริง",
        )
    earliest = fiscal_year_start(fiscal_year - 1)
    if done_on < earliest:
        raise NotUnderstoodError(
            f"{done_on.isoformat()} is long before fiscal year {fiscal_year}; check the year.",
            f"วันที่ {format_date(done_on)} อยู่ก่อนปีงบประมาณ {fiscal_year} มาก กรุณาตรวจปี พ.ศ.",
        )


def _written(text: str, if_empty: str = "Write what was done.", if_empty_th: str = "กรุณาพิมพ์ว่าทำอะไรไปแล้ว") -> str:
    corrected = "\n".join(line.strip() for line in fix_text(text).strip().splitlines() if line.strip())
    if not corrected:
        raise NotUnderstoodError(if_empty, if_empty_th)
    if len(corrected) > LONGEST_TEXT:
        raise NotUnderstoodError(
            f"The text is longer than {LONGEST_TEXT} characters; shorten it and attach the rest as a file.",
            f"ข้อความยาวเกิน {LONGEST_TEXT} ตัวอักษร กรุณาย่อ แล้วแนบส่วนที่เหลือเป็นไฟล์",
        )
    return corrected


def _evidence(agency_id: int, piece: NewEvidence) -> Evidence:
    return Evidence(
        agency_id=agency_id,
        original_name=piece.original_name,
        stored_name=piece.stored_name,
        media_type=piece.media_type,
        size=piece.size,
        sha256=piece.sha256,
        url=piece.url,
    )


def _plan_and_agency(session: Session, task: Task) -> tuple[Plan, Agency]:
    plan = session.get_one(Plan, task.plan_id)
    return plan, session.get_one(Agency, task.agency_id)
