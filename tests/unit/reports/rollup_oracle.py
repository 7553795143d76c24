"""What a roll-up must and must not say, worked out from the rules (docs/rules.md, "Roll-up"), not from its code."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from tracker.reports.rollup import StepFacts
from tracker.reports.standing import TaskFact
from tracker.thai.numerals import to_arabic

Printed = Sequence[tuple[int | str | None, str]]

_COUNT = re.compile(r"(?:ดำเนินการแล้ว|รวม) ([0-9]+) จาก ([0-9]+) (ส่วนราชการ|ครั้ง)")
_WHOLE = re.compile(r"^(?:รวม|ดำเนินการครบทั้ง) ([0-9]+) (ส่วนราชการ|ครั้ง)")


def counted(task: TaskFact, end: date) -> bool:
    """Scheduled by the round's last day; without a day, with the fiscal year."""
    year_end = date(end.year, 9, 30)
    return task.state != "cancelled" and (task.scheduled_on or year_end) <= end


def done(task: TaskFact, end: date) -> bool:
    """Ticked, on a day of the round, or on an unknown one of a checkpoint of the round."""
    return task.state == "done" and (counted(task, end) if task.done_on is None else task.done_on <= end)


def refused(task: TaskFact, end: date) -> bool:
    """Declared not possible on a day of the round; after the year, in the year's last round."""
    if task.state != "not_possible":
        return False
    return counted(task, end) if task.done_on is None else task.done_on <= end or end.month == 9


def noted(task: TaskFact, end: date) -> bool:
    """Still under way in the round, with a note of it."""
    if task.state == "cancelled" or done(task, end) or refused(task, end):
        return False
    return bool((task.progress_note or "").strip()) and (task.progress_noted_on or end) <= end


def complaints(steps: Sequence[StepFacts], printed: Printed, end: date, *, names: bool) -> Iterator[str]:
    """Everything in which the printed summary breaks a rule; nothing where it keeps them all."""
    alone = len(steps) == 1
    items = list(_dealt(steps, printed))
    if len(items) != len(steps):
        yield f"{len(items)} items for {len(steps)} steps"
        return
    for step, lines in zip(steps, items, strict=True):
        yield from (f"step {step.number}: {one}" for one in _of_step(step, lines, end, names=names, alone=alone))


def _dealt(steps: Sequence[StepFacts], printed: Printed) -> Iterator[Printed]:
    """The lines of each step: with several, an item begins with the step's own number."""
    if len(steps) == 1:
        yield printed
        return
    starts = [place for place, (number, _) in enumerate(printed) if isinstance(number, int)]
    for start, stop in zip(starts, [*starts[1:], len(printed)], strict=True):
        yield printed[start:stop]


def _of_step(step: StepFacts, lines: Printed, end: date, *, names: bool, alone: bool) -> Iterator[str]:
    live = [task for task in step.tasks if task.state != "cancelled"]
    text = "\n".join(line for _, line in lines)
    if not alone and lines[0][0] != step.number:
        yield f"begins with {lines[0][0]}"
    subs = [number for number, _ in lines[1:] if number is not None]
    if not alone and any(number != f"{step.number}.{place}" for place, number in enumerate(subs, 1)):
        yield f"sub-items {subs}"
    if "; " in text or any(not line.strip() or line != line.strip() for _, line in lines):
        yield "a semicolon, or blanks"
    yield from _names(live, text, end, names=names)
    yield from _words(live, text, end)
    yield from _counts(live, lines, end)


def _names(live: Sequence[TaskFact], text: str, end: date, *, names: bool) -> Iterator[str]:
    parties = {task.units[0] for task in live}
    spoke = {task.units[0] for task in live if done(task, end) or refused(task, end)}
    said = {party for party in parties if party in text}
    if len(parties) == 1 and said:
        yield "the only party is named"
    if not names and said - spoke:
        yield f"named though nothing was heard of them: {said - spoke}"
    if names and len(parties) > 1:
        silent = {task.units[0] for task in live if counted(task, end) and not _heard(task, end)}
        if silent - said:
            yield f"the draft does not name {silent - said}"
    if len(parties) > 1 and (lost := {task.units[0] for task in live if refused(task, end)} - said):
        yield f"not possible without its unit: {lost}"


def _heard(task: TaskFact, end: date) -> bool:
    return done(task, end) or refused(task, end) or noted(task, end)


def _words(live: Sequence[TaskFact], text: str, end: date) -> Iterator[str]:
    ticks = [task for task in live if done(task, end)]
    said = {task.result or "" for task in ticks}
    for task in live:
        if task.result and task.result in text and task.result not in said:
            yield f"claims the unticked {task.result!r}"
    lost = [word for word in said if word and word not in text]
    if lost and "ภาคผนวก" not in text:
        yield f"drops {lost} without pointing to the annex"
    silent = [task for task in live if counted(task, end) and not _heard(task, end)]
    if bool(silent) != ("ยังไม่ได้รายงานผล" in text) and live:
        yield "tells wrongly whether a result is missing"
    if any(refused(task, end) for task in live) != ("ไม่สามารถดำเนินการได้" in text):
        yield "tells wrongly whether something is not possible"
    for task in live:
        if refused(task, end) and (task.reason or "") not in text:
            yield f"leaves out the reason {task.reason}"
    if any(noted(task, end) for task in live) != ("อยู่ระหว่าง" in text):
        yield "tells wrongly whether something is under way"
    if "อยู่ระหว่างดำเนินการ: อยู่ระหว่าง" in text:
        yield "says twice that it is under way"
    waits = not any(_heard(task, end) or counted(task, end) for task in live)
    if live and waits != ("ยังไม่ถึงกำหนด" in text):
        yield "tells wrongly whether it is due"


def _counts(live: Sequence[TaskFact], lines: Printed, end: date) -> Iterator[str]:
    """Every "n of N" is the step's own; where the round is not complete, one stands as a line of its own."""
    due = [task for task in live if counted(task, end)]
    ticked_days = {task.scheduled_on for task in live if done(task, end)}
    whole = due or [task for task in live if task.scheduled_on in ticked_days]
    ticks = [task for task in whole if done(task, end)]
    found = [(int(match[1]), int(match[2])) for _, line in lines for match in _COUNT.finditer(to_arabic(line))]
    if any(pair != (len(ticks), len(whole)) for pair in found):
        yield f"counts {found}, is {len(ticks)} of {len(whole)}"
    if 0 < len(ticks) < len(whole) and not found:
        yield "does not tell how far it got"
    if len(ticks) == len(whole) and found:
        yield "a complete step is told as incomplete"
    for _, line in lines:
        match = None if " จาก " in line else _WHOLE.match(to_arabic(line))
        if match and match[2] == "ครั้ง" and len(ticks) < int(match[1]):
            yield f"{line!r} counts more than was ticked"
