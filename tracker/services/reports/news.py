"""What is new under a text since it was written, a sentence at a time (docs/rules.md, "Edited and imported texts").

The coordinator's own words are never struck out: a sentence that is taken is added at the end of its step, one that is
not wanted is remembered for that fact and never offered again.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.models import ColumnText, Task
from tracker.reports.own_words import party_name, to_paragraphs
from tracker.reports.rollup import TextFact
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.text import squeeze_spaces

_DONE, _UNDER_WAY = "ดำเนินการแล้ว", "อยู่ระหว่าง"
_NOTHING_YET = ("ยังไม่ได้รายงานผล", "ยังไม่ถึงกำหนด")
_COUNT = re.compile(r"ดำเนินการแล้ว [0-9๐-๙]+ จาก [0-9๐-๙]+ (?:ส่วนราชการ|ครั้ง)|ดำเนินการครบทั้ง [0-9๐-๙]+ (?:ส่วนราชการ|ครั้ง)")


@dataclass(frozen=True, slots=True)
class News:
    """Facts that the text does not know yet; ``gone``: that the text was written on and that hold no more.

    ``sentence`` is what would be added, led by the unit's name where several share the step; tasks of which the same
    would be said give it together.
    """

    facts: tuple[TextFact, ...]
    task_ids: tuple[int, ...]
    sentence: str
    gone: bool = False

    @property
    def key(self) -> str:
        return self.facts[0].facts_key

    @property
    def step(self) -> int:
        """The step's place in the measure, from 0."""
        return self.facts[0].step

    def stands_in(self, text: Paragraphs) -> bool:
        """Whether the words of it stand in the text."""
        words = squeeze_spaces(self.facts[0].text)
        return bool(words) and words in squeeze_spaces(" ".join(one.text for one in text))


def facts_as_json(facts: Iterable[TextFact]) -> list[dict[str, Any]]:
    """The facts as a text keeps them under it."""
    return [
        {"key": one.facts_key, "task": one.task_id, "step": one.step, "kind": one.kind, "text": one.text}
        for one in facts
    ]


def known_facts(text: ColumnText, facts: Sequence[TextFact], tasks: Mapping[int, Task]) -> list[dict[str, Any]]:
    """The facts that the text knows. One of an older release keeps none: it knows what was recorded before it."""
    return facts_at(facts, tasks, text.edited_at) if text.facts is None else text.facts


def facts_at(facts: Sequence[TextFact], tasks: Mapping[int, Task], instant: datetime) -> list[dict[str, Any]]:
    """Those of the facts that were recorded by the instant."""
    return facts_as_json(one for one in facts if not _recorded_after(tasks[one.task_id], one, instant))


def news_of(
    text: ColumnText, facts: Sequence[TextFact], tasks: Mapping[int, Task], named: Collection[int] = ()
) -> tuple[News, ...]:
    """What changed under the text, in the order of the facts; ``named`` are the steps whose units are told apart."""
    known = known_facts(text, facts, tasks)
    old, now = {one["key"] for one in known}, {one.facts_key for one in facts}
    gone = [
        TextFact(one["key"], one["task"], one["step"], one["kind"], one["text"])
        for one in known
        if one["key"] not in now and not one.get("left")
    ]
    found: dict[tuple[bool, int, str], list[TextFact]] = {}
    for fact in (*(one for one in facts if one.facts_key not in old), *gone):
        sentence = _sentence(fact, tasks.get(fact.task_id), named)
        found.setdefault((fact.facts_key not in now, fact.step, sentence), []).append(fact)
    return tuple(
        News(tuple(of), tuple(sorted({one.task_id for one in of} & tasks.keys())), sentence, is_gone)
        for (is_gone, _, sentence), of in found.items()
    )


def known_with(
    known: Iterable[dict[str, Any]], answered: Iterable[News], *, left: bool = False
) -> list[dict[str, Any]]:
    """The known facts with those of the news, or without where they are gone; ``left``: they are not in the text."""
    by_key = {one["key"]: one for one in known}
    for news in answered:
        for one in facts_as_json(news.facts):
            by_key.pop(one["key"], None)
            if not news.gone:
                by_key[one["key"]] = {**one, "left": True} if left else one
    return list(by_key.values())


def with_sentence(text: Paragraphs, news: News, composed: Paragraphs, steps: Sequence[int | None]) -> Paragraphs:
    """The text with the sentence at the end of its step, numbered on where sub-items stand there.

    "Nothing yet" gives way to it, and the line that counts the step is the one that holds now. ``steps`` are the
    numbers of the measure's steps, ``composed`` what the tasks say now.
    """
    number, alone = steps[news.step], len(steps) == 1
    start, stop = _stretch(text, number, alone=alone)
    of_step = list(text[start:stop])
    composed_start, composed_stop = _stretch(composed, number, alone=alone)
    counts = (_COUNT.search(one.text) for one in composed[composed_start:composed_stop])
    if counted := next((match[0] for match in counts if match), None):
        of_step = [Paragraph(one.number, _COUNT.sub(counted, one.text)) for one in of_step]
    added = [one.text for one in to_paragraphs(news.sentence)]
    if len(of_step) == 1 and of_step[0].text.startswith(_NOTHING_YET):
        of_step = [Paragraph(of_step[0].number, added.pop(0))]
    for words in added:
        of_step.append(Paragraph(_next_number(of_step, number, alone=alone), words))
    return (*text[:start], *of_step, *text[stop:])


def _stretch(text: Paragraphs, number: int | None, *, alone: bool) -> tuple[int, int]:
    """From where to where the paragraphs of a step stand; at the end where it has none."""
    if alone:
        return 0, len(text)
    starts = [place for place, one in enumerate(text) if isinstance(one.number, int)]
    start = next((place for place in starts if text[place].number == number), len(text))
    return start, next((place for place in starts if place > start), len(text))


def _next_number(of_step: Sequence[Paragraph], step: int | None, *, alone: bool) -> int | str | None:
    if alone:
        numbers = [one.number for one in of_step if isinstance(one.number, int)]
        return max(numbers) + 1 if numbers else None
    if not of_step:
        return step
    subs = [int(one.number.partition(".")[2]) for one in of_step if isinstance(one.number, str)]
    return f"{step}.{max(subs) + 1}" if subs else None


def _sentence(fact: TextFact, task: Task | None, named: Collection[int]) -> str:
    """The fact in words, a paragraph a line."""
    words = fact.text.strip() or _DONE
    if fact.kind == "not_possible":
        words = f"ไม่สามารถดำเนินการได้{words}"
    elif fact.kind == "note" and _UNDER_WAY not in words:
        words = f"{_UNDER_WAY}ดำเนินการ: {words}"
    name = party_name(unit.name for unit in task.units) if task and fact.step in named else ""
    return words if words.startswith(name) else f"{name} {words}"


def _recorded_after(task: Task, fact: TextFact, instant: datetime) -> bool:
    if fact.kind == "done":
        return task.completion is not None and task.completion.entered_at > instant
    if fact.kind == "note":
        return any(note.entered_at > instant for note in task.notes)
    return task.updated_at > instant
