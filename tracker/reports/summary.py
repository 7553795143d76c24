"""What one step says in สรุปผลดำเนินการ (docs/rules.md, "Roll-up"). Pure: a step in a round in, lines out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.reports import likeness
from tracker.reports.occasions import Occasions, joined, occasions_of
from tracker.reports.own_words import party_name, to_paragraphs
from tracker.reports.standing import TaskFact
from tracker.reports.step_in_round import StepInRound, by_occasion, by_party, days, ids
from tracker.thai.calendar import format_date
from tracker.thai.numerals import to_thai
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.text import squeeze_spaces

MOST_TEXTS = 4
"""Texts of a year that stand as sub-items; what goes beyond is counted and stands in the annex."""
IN_ANNEX = "(รายละเอียดแต่ละครั้งในภาคผนวก)"
_DONE = "ดำเนินการแล้ว"
_UNDER_WAY = "อยู่ระหว่าง"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a step and its tasks. ``item``: it opens a sub-item, which gets a number of its own."""

    paragraph: Paragraph
    task_ids: tuple[int, ...]
    item: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks whose texts say the same, and that text."""

    tasks: tuple[TaskFact, ...]
    paragraphs: Paragraphs
    shortened: bool = False


def summary_lines(step: StepInRound, *, names: bool, thai_digits: bool) -> list[Line]:
    """The step's lines: what was done, how far it got, what is missing and why. Never none."""
    return list(_Summary(step, names, thai_digits).lines())


def groups(tasks: Sequence[TaskFact], text: str) -> list[Group]:
    """The tasks by what they say in the field ``text``, in the order of their occasions; without words, none."""
    by_key: dict[object, list[TaskFact]] = {}
    for task in by_occasion(tasks):
        if words := getattr(task, text):
            by_key.setdefault(likeness.shape(_tidy(words)).key, []).append(task)
    found = []
    for alike in by_key.values():
        one = likeness.merged([_tidy(getattr(task, text)) for task in alike])
        if paragraphs := to_paragraphs(one.text):
            found.append(Group(tuple(alike), paragraphs, one.shortened))
    return found


def say_the_same(tasks: Sequence[TaskFact], text: str) -> bool:
    """Whether all say the same, and on each occasion in the very same words, so that nobody speaks for another.

    What differs by its month or quarter is the same only of parties that did the same occasions: a span of them would
    claim of all what one of them lacks.
    """
    on_a_day: dict[object, set[str]] = {}
    for task in tasks:
        on_a_day.setdefault(task.scheduled_on, set()).add(_tidy(getattr(task, text) or ""))
    if len(groups(tasks, text)) != 1 or any(len(said) > 1 for said in on_a_day.values()):
        return False
    of_parties = {frozenset(days(of_party)) for of_party in by_party(tasks).values()}
    return len(of_parties) == 1 or len(set().union(*on_a_day.values())) == 1


class _Summary:
    """The wording of one step."""

    def __init__(self, step: StepInRound, names: bool, thai_digits: bool) -> None:
        self.step, self.names, self.thai_digits = step, names, thai_digits
        self.occasions: Occasions = occasions_of(step.live, thai_digits=thai_digits)
        self.unit = "ส่วนราชการ" if step.once_each else "ครั้ง"
        self.done = [_with_words(task) for task in step.done]

    def lines(self) -> Iterator[Line]:
        step = self.step
        if not (step.done or step.not_possible or step.noted):
            yield from self._nothing_yet()
            return
        if step.done:
            yield from self._reported()
            yield from self._early()
        yield from self._under_way()
        yield from self._silent()
        yield from self._not_possible()

    def _nothing_yet(self) -> Iterator[Line]:
        step = self.step
        if not step.live:
            yield _plain("ยกเลิกการดำเนินการ", ())
        elif step.counted:
            yield from self._silent()
        else:
            yield _plain("ยังไม่ถึงกำหนด" + self._due(step.live), step.live)

    def _reported(self) -> Iterator[Line]:
        step = self.step
        if not step.several_parties:
            yield from self._one_party()
        elif self._all_say_the_same():
            (group,) = groups(self.done, "result")
            yield from _own(group)
            yield from self._progress("") if self.step.done_of_whole else ()
            if group.shortened:
                yield _plain(IN_ANNEX, group.tasks)
        else:
            yield from self._by_party()

    def _all_say_the_same(self) -> bool:
        parties = by_party(self.done)
        return (
            set(by_party(self.step.whole)) <= set(parties)
            and say_the_same(self.done, "result")
            and (self.step.complete or not self.step.once_each)
        )

    def _one_party(self) -> Iterator[Line]:
        found = groups(self.done, "result")
        if len(found) == 1:
            yield from _own(found[0])
            yield from self._times(found[0])
            return
        done, whole = len(self.step.done_of_whole), len(self.step.whole)
        lead = f"ดำเนินการครบทั้ง {self._n(done)} ครั้ง" if self.step.complete else self._of(done, whole, "ครั้ง")
        yield _plain(f"{lead if done else self._early_text()} ดังนี้", self.step.done)
        for group in found[:MOST_TEXTS]:
            yield from self._item(group, "", with_count=True)
        yield from self._rest(found[MOST_TEXTS:], "")

    def _times(self, group: Group) -> Iterator[Line]:
        """How many times and from when to when: one party said the same at each."""
        step = self.step
        done, whole = step.done_of_whole, step.whole
        if len(whole) > 1 and step.complete:
            yield _plain(f"รวม {self._n(len(done))} ครั้ง {self.occasions.span(days(done))}".rstrip(), done)
        elif not step.complete and done:
            listed = self.occasions.listed(days(done))
            yield _plain(self._of(len(done), len(whole), "ครั้ง") + (f" ({listed})" if listed else ""), done)
        if group.shortened:
            yield _plain(IN_ANNEX, group.tasks)

    def _by_party(self) -> Iterator[Line]:
        early = _plain(f"{self._early_text()} ดังนี้", self.step.early)
        lead, *others = self._progress(" ดังนี้") if self.step.done_of_whole else [early]
        yield lead
        for party, tasks in by_party(self.done).items():
            found = groups(tasks, "result")
            name = party_name(party)
            if len(found) == 1:
                yield from self._item(found[0], name, with_count=self.step.several_occasions)
                continue
            yield _plain(f"{name} ดำเนินการ {self._n(len(tasks))} ครั้ง ดังนี้", tasks, item=True)
            for group in found[:MOST_TEXTS]:
                yield from self._item(group, "– ", with_count=True)
            yield from self._rest(found[MOST_TEXTS:], "– ")
        yield from others

    def _progress(self, after: str) -> Iterator[Line]:
        """How far several parties got, as lines; ``after`` closes the first."""
        step = self.step
        done, whole = step.done_of_whole, step.whole
        parties = by_party(whole)
        if step.complete:
            text = f"ดำเนินการครบทั้ง {self._n(len(parties))} ส่วนราชการ"
            if not step.once_each:
                text += f" รวม {self._n(len(done))} ครั้ง {self.occasions.span(days(done))}".rstrip()
            yield _plain(text + after, done)
            return
        yield _plain(self._of(len(done), len(whole), self.unit) + after, step.done)
        ticked = set(ids(done))
        full = [tasks for tasks in parties.values() if ticked.issuperset(ids(tasks))]
        if full and not step.once_each:
            every = {"month": "ทุกเดือน", "quarter": "ทุกไตรมาส", "day": "ทุกครั้ง"}[self.occasions.style]
            text = f"ครบ{every} {self._n(len(full))} จาก {self._n(len(parties))} ส่วนราชการ"
            yield _plain(text, [task for tasks in full for task in tasks])

    def _item(self, group: Group, lead: str, *, with_count: bool) -> Iterator[Line]:
        """A text as a sub-item (or a dashed line of one), led by the name of its party where it is one's."""
        first, *others = [paragraph.text for paragraph in group.paragraphs]
        dashed = lead == "– "
        if lead and not dashed:
            first = first if self._begins_with(lead, first) else f"{lead} {first}"
        texts = [f"– {first}" if dashed else first, *others]
        if with_count and (count := self._count(group)):
            texts[-1] += f" {count}"
        yield _plain(texts[0], group.tasks, item=not dashed)
        yield from (_plain(text, group.tasks) for text in texts[1:])
        if group.shortened:
            yield _plain(IN_ANNEX, group.tasks)

    def _begins_with(self, name: str, text: str) -> bool:
        """Whether the text is led by the party's name, not by a longer one: กองช่างสุขาภิบาล is not กองช่าง."""
        names = map(party_name, by_party(self.step.live))
        return max(filter(text.startswith, names), key=len, default="") == name

    def _count(self, group: Group) -> str:
        span = self.occasions.span(days(group.tasks))
        if self.occasions.listed(days(group.tasks)) in group.paragraphs[-1].text:
            span = ""
        return f"รวม {self._n(len(group.tasks))} ครั้ง {span}".rstrip() if len(group.tasks) > 1 else span

    def _rest(self, rest: Sequence[Group], lead: str) -> Iterator[Line]:
        if rest:
            tasks = [task for group in rest for task in group.tasks]
            yield _plain(f"{lead}และอีก {self._n(len(tasks))} ครั้ง ตามภาคผนวก", tasks)

    def _early(self) -> Iterator[Line]:
        """What was ticked before the round counts it; where nothing else is done, the text has said so already."""
        led_by_it = not self.step.done_of_whole and not self._reported_once()
        if self.step.early and not led_by_it:
            yield _plain(self._early_text(), self.step.early)

    def _early_text(self) -> str:
        early = self.step.early
        listed = self.occasions.listed(days(early))
        return f"ดำเนินการก่อนกำหนด {self._n(len(early))} {self.unit}" + (f" ({listed})" if listed else "")

    def _reported_once(self) -> bool:
        """Whether the text stands once, without a line that leads sub-items."""
        if self.step.several_parties:
            return self._all_say_the_same()
        return len(groups(self.done, "result")) == 1

    def _under_way(self) -> Iterator[Line]:
        latest = [
            max(tasks, key=lambda task: (str(task.progress_noted_on), task.task_id))
            for tasks in by_party(self.step.noted).values()
        ]
        said: dict[str, list[TaskFact]] = {}
        for task in latest:
            said.setdefault(self._note(task), []).append(task)
        for text, tasks in said.items():
            yield _plain(text, tasks)

    def _note(self, task: TaskFact) -> str:
        note = squeeze_spaces(task.progress_note or "")
        named = self.names and self.step.several_parties
        name = f"{party_name(task.units)} " if named and not self._begins_with(party_name(task.units), note) else ""
        day = task.progress_noted_on
        dated = f" ({format_date(day, thai_digits=self.thai_digits)})" if day else ""
        lead = "" if _UNDER_WAY in note else "อยู่ระหว่างดำเนินการ: "
        return f"{name}{lead}{note}{dated}"

    def _silent(self) -> Iterator[Line]:
        """Of whom nothing was heard: the day it was due, how many, and in a draft who."""
        step, silent = self.step, self.step.silent
        if not silent:
            return
        count = f" {self._n(len(silent))} {self.unit}" if len(step.whole) > 1 else ""
        named = self.names and step.several_parties
        which = self.occasions.listed(days(silent)) if step.done and not step.several_parties else ""
        text = f"ยังไม่ได้รายงานผล{count}" + (f" ({which})" if which else self._due(silent))
        yield _plain(text + (" ได้แก่" if named else ""), silent)
        if named:
            for party, tasks in by_party(silent).items():
                when = self.occasions.listed(days(tasks)) if not step.once_each else ""
                yield _plain(f"– {party_name(party)}" + (f" ({when})" if when else ""), tasks)

    def _not_possible(self) -> Iterator[Line]:
        step = self.step
        by_reason: dict[str, list[TaskFact]] = {}
        for task in step.not_possible:
            by_reason.setdefault(because(task), []).append(task)
        several = len(step.live) > 1
        for reason, tasks in by_reason.items():
            count = f" {self._n(len(tasks))} {self.unit}" if several else ""
            text = f"ไม่สามารถดำเนินการได้{count}{self._who(tasks)}"
            yield _plain(f"{text} {reason}".rstrip() if several else text + reason, tasks)

    def _who(self, tasks: Sequence[TaskFact]) -> str:
        """Which unit and which occasion; what is the only one of its step goes without saying."""
        several_days = len({task.scheduled_on for task in self.step.live}) > 1
        said = []
        for party, of_party in by_party(tasks).items():
            when = self.occasions.listed(days(of_party)) if several_days else ""
            name = party_name(party) if self.step.several_parties else ""
            said.append(" ".join(filter(None, (name, f"({when})" if when else ""))))
        return f" {joined(said)}" if any(said) else ""

    def _due(self, tasks: Sequence[TaskFact]) -> str:
        due = sorted({task.due for task in tasks if task.due is not None})
        said = [format_date(day, thai_digits=self.thai_digits) for day in due]
        if len(said) > 1:
            return f" (ครบกำหนดตั้งแต่ {said[0]} ถึง {said[-1]})"
        return f" (ครบกำหนด {said[0]})" if said else ""

    def _of(self, part: int, whole: int, unit: str) -> str:
        return f"{_DONE} {self._n(part)} จาก {self._n(whole)} {unit}"

    def _n(self, value: int) -> str:
        return to_thai(value) if self.thai_digits else str(value)


def because(task: TaskFact) -> str:
    """The reason of a "not possible" as a clause, empty where none was given."""
    reason = squeeze_spaces(task.reason or "").removeprefix("เนื่องจาก").strip()
    return "เนื่องจาก" + reason if reason else ""


def _own(group: Group) -> Iterator[Line]:
    """A text as it was written, its paragraphs with the writer's numbers."""
    return (Line(paragraph, ids(group.tasks)) for paragraph in group.paragraphs)


def _plain(text: str, tasks: Sequence[TaskFact], *, item: bool = False) -> Line:
    return Line(Paragraph(None, text), ids(tasks), item)


def _with_words(task: TaskFact) -> TaskFact:
    """A tick without words says that it was done, and no more."""
    return task if to_paragraphs(task.result or "") else replace(task, result=_DONE)


def _tidy(text: str) -> str:
    return "\n".join(squeeze_spaces(line) for line in text.splitlines() if line.strip())
