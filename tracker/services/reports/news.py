"""Which facts a stored text knows; what is new to it is told by tracker/reports/new_facts.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.models import ColumnText, Task
from tracker.reports.new_facts import Known, facts_as_json
from tracker.reports.rollup import TextFact


def known_facts(text: ColumnText, facts: Sequence[TextFact], tasks: Mapping[int, Task]) -> list[Known]:
    """The facts that the text knows. One of an older release keeps none: it knows what was recorded before it."""
    return facts_at(facts, tasks, text.edited_at) if text.facts is None else text.facts


def facts_at(facts: Sequence[TextFact], tasks: Mapping[int, Task], instant: datetime) -> list[Known]:
    """Those of the facts that were recorded by the instant."""
    return facts_as_json(one for one in facts if not _recorded_after(tasks[one.task_id], one, instant))


def _recorded_after(task: Task, fact: TextFact, instant: datetime) -> bool:
    if fact.kind == "done":
        return task.completion is not None and task.completion.entered_at > instant
    if fact.kind == "note":
        return any(note.entered_at > instant for note in task.notes)
    return task.updated_at > instant
