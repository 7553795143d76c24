"""What is new under a stored text since it was written (tracker/reports/new_facts.py has the rule)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from tracker.models import ColumnText, Task
from tracker.reports.new_facts import Known, News, facts_as_json, new_facts
from tracker.reports.own_words import party_name
from tracker.reports.rollup import TextFact
from tracker.services.reports.compose import as_paragraphs


def known_facts(text: ColumnText, facts: Sequence[TextFact], tasks: Mapping[int, Task]) -> list[Known]:
    """The facts that the text knows. One of an older release keeps none: it knows what was recorded before it."""
    return facts_at(facts, tasks, text.edited_at) if text.facts is None else text.facts


def facts_at(facts: Sequence[TextFact], tasks: Mapping[int, Task], instant: datetime) -> list[Known]:
    """Those of the facts that were recorded by the instant."""
    return facts_as_json(one for one in facts if not _recorded_after(tasks[one.task_id], one, instant))


def news_of(
    text: ColumnText, facts: Sequence[TextFact], tasks: Mapping[int, Task], named: Collection[int] = ()
) -> tuple[News, ...]:
    """What changed under the text, in the order of the facts; ``named`` are the steps whose units are told apart."""
    units = {task_id: party_name(unit.name for unit in task.units) for task_id, task in tasks.items()}
    return new_facts(as_paragraphs(text.paragraphs), known_facts(text, facts, tasks), facts, units, named)


def _recorded_after(task: Task, fact: TextFact, instant: datetime) -> bool:
    if fact.kind == "done":
        return task.completion is not None and task.completion.entered_at > instant
    if fact.kind == "note":
        return any(note.entered_at > instant for note in task.notes)
    return task.updated_at > instant
