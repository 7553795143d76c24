"""Tasks of the database as the facts that the pure rules of a round know (docs/rules.md, "What counts in a round")."""

from datetime import date, tzinfo

from tracker import clock
from tracker.kinds import TaskState
from tracker.models import Task
from tracker.reports.standing import TaskFact

REASON_WORDS = {
    "no_budget": "ไม่ได้รับงบประมาณ",
    "policy_changed": "นโยบายผู้บริหารเปลี่ยนแปลง",
    "staff_shortage": "บุคลากรไม่เพียงพอ",
    "other": "",
}


def reason_words(reason: str | None) -> str:
    """A reason in words; what the program does not know, for nobody chose it here, as it is stored."""
    return REASON_WORDS.get(reason or "other", reason or "")


def task_fact(task: Task, round_end: date, tz: tzinfo) -> TaskFact:
    """The task as it stands now, with its latest progress note that is dated by the round's last day."""
    completion = task.completion
    note = max((n for n in task.notes if n.noted_on <= round_end), key=lambda n: (n.noted_on, n.id), default=None)
    refused = task.state == TaskState.NOT_POSSIBLE
    return TaskFact(
        task_id=task.id,
        units=tuple(unit.name for unit in task.units),
        scheduled_on=task.scheduled_on,
        state=task.state,
        done_on=task.not_possible_on if refused else (completion.done_on if completion else None),
        result=completion.result if completion else None,
        outcome=completion.outcome if completion else None,
        reason=(task.reason_text or reason_words(task.reason)) if refused else None,
        progress_note=note.text if note else None,
        progress_noted_on=note.noted_on if note else None,
        unit_order=min((unit.position for unit in task.units), default=0),
        due_on=task.due_on,
        cadences=tuple(task.cadences),
        entered_on=clock.local(completion.entered_at, tz).date() if completion else None,
    )
