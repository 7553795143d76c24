"""The second author's oracle of the roll-up, written from docs/rules.md, "Roll-up" (and its rounds and task states),
without reading the product's code or the first author's oracle.

Where the rules fix the text it is expected word for word, else its facts: which steps, units and occasions are told,
what is counted, that what is undone is said, that nothing is claimed which was not ticked, that no number moves.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from tracker.reports.rollup import Composed, SourcedParagraph, StepFacts
from tracker.reports.standing import TaskFact

MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
DONE, NOTHING, NOT_YET, UNDER_WAY, ANNEX = "ดำเนินการแล้ว", "ยังไม่ได้รายงานผล", "ยังไม่ถึงกำหนด", "อยู่ระหว่างดำเนินการ", "ภาคผนวก"
TAG = re.compile(r"(?<![ก-๛])[กขคงจฉชซญดตถทธนบปผพฟภมยรลวสหอฮ]{6}(?![ก-๛])")
NUMBERED = re.compile(r"([0-9๐-๙]+)\.\s*(.+)", re.DOTALL)
OCCASION = re.compile(rf"(?:วันที่ [๐-๙]+ )?(?:{'|'.join(MONTHS)})(?: [๐-๙]{{4}})?|(?<=ไตรมาสที่ )[๐-๙]+|(?<=ครั้งที่ )[๐-๙]+")
IMPOSSIBLE = "ไม่สามารถดำเนินการได้"
COUNTED = re.compile(rf"({NOTHING}|{IMPOSSIBLE}|รวม|และอีก) ([0-9]+) (?:ครั้ง|ส่วนราชการ)")
SPAN = re.compile(rf"({'|'.join(MONTHS)})(?: [๐-๙0-9]{{4}})? ถึง(?:[๐-๙0-9 ]*)({'|'.join(MONTHS)})")
OF_HOW_MANY = re.compile(r"([0-9]+) จาก ([0-9]+)")


def thai(number: int | str) -> str:
    return str(number).translate({value: key for key, value in DIGITS.items()})


def month_and_year(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {thai(day.year + 543)}"


def day_in_words(day: date) -> str:
    return f"{thai(day.day)} {month_and_year(day)}"


def month_of_year(day: date | int) -> int:
    """0 for October to 11 for September."""
    return ((day if isinstance(day, int) else day.month) - 10) % 12


def written(text: str) -> list[tuple[int | None, str]]:
    """The paragraphs of a completion with the writer's own numbers."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    found = [(line, NUMBERED.fullmatch(line)) for line in lines]
    return [(int(m[1].translate(DIGITS)), m[2]) if m else (None, line) for line, m in found]


def bare(text: str) -> list[str]:
    return [paragraph for _, paragraph in written(text)]


def name_of(party: Sequence[str]) -> str:
    """Joint units are one party: กองคลัง กองช่าง และสำนักปลัด."""
    return party[0] if len(party) == 1 else f"{' '.join(party[:-1])} และ{party[-1]}"


def alike(text: str) -> str:
    """The text without what tells one occasion from another."""
    return OCCASION.sub("…", text)


@dataclass(frozen=True)
class StepOfRound:
    """What the rules make of a step's tasks in a round."""

    step: StepFacts
    round_end: date

    @cached_property
    def live(self) -> list[TaskFact]:
        tasks = [task for task in self.step.tasks if task.state != "cancelled"]
        return sorted(tasks, key=lambda task: (task.unit_order, task.scheduled_on or date.max))

    def is_due(self, task: TaskFact) -> bool:
        return task.scheduled_on <= self.round_end if task.scheduled_on else self.is_last

    @property
    def is_last(self) -> bool:
        return self.round_end.month == 9

    @cached_property
    def due(self) -> list[TaskFact]:
        return [task for task in self.live if self.is_due(task)]

    @cached_property
    def done(self) -> list[TaskFact]:
        done = [replace(task, result=task.result or DONE) for task in self.live if task.state == "done"]
        return [task for task in done if (task.done_on <= self.round_end if task.done_on else self.is_due(task))]

    @cached_property
    def refused(self) -> list[TaskFact]:
        refused = [task for task in self.live if task.state == "not_possible"]
        by_day = [(task, task.done_on <= self.round_end if task.done_on else self.is_due(task)) for task in refused]
        return [task for task, in_time in by_day if in_time or self.is_last]

    @cached_property
    def open(self) -> list[TaskFact]:
        gone = {task.task_id for task in (*self.done, *self.refused)}
        return [task for task in self.live if task.task_id not in gone]

    @cached_property
    def noted(self) -> list[TaskFact]:
        noted = [task for task in self.open if task.progress_note and task.progress_noted_on]
        return [task for task in noted if task.progress_noted_on and task.progress_noted_on <= self.round_end]

    @cached_property
    def missing(self) -> list[TaskFact]:
        return [task for task in self.open if self.is_due(task)]

    @cached_property
    def parties(self) -> list[tuple[str, ...]]:
        return list(dict.fromkeys(task.units for task in self.live))

    @cached_property
    def occasions(self) -> set[date | None]:
        return {task.scheduled_on for task in self.live}

    @property
    def complete(self) -> bool:
        due, done = ({task.task_id for task in tasks} for tasks in (self.due or self.live, self.done))
        return due == done and bool(done)

    @property
    def at_once(self) -> bool:
        """Every unit that counts said the same, each of its occasions done."""
        return self.complete and len({task.result for task in self.done}) == 1


class Reader:
    """Compares what was composed for a measure's summary with the rules."""

    def __init__(
        self, steps: Sequence[StepFacts], round_end: date, composed: Composed, *, published: bool, names: bool
    ) -> None:
        self.steps = [StepOfRound(step, round_end) for step in steps]
        self.composed = composed
        self.named = names or not published
        self.several = len(steps) > 1

    def complaints(self) -> list[str]:
        numbers = [step.step.number for step in self.steps]
        expected = list(range(1, len(numbers) + 1)) if set(numbers) == {None} else numbers
        if not self.several:
            return [*self.of_step(self.steps[0], list(self.composed.paragraphs), None), *self.of_missing()]
        if [p.number for p in self.composed.paragraphs if isinstance(p.number, int)] != expected:
            return [f"the steps' numbers are {expected}"]
        found = []
        for number, step, block in zip(expected, self.steps, self._blocks(), strict=True):
            found += [f"step {number}: {complaint}" for complaint in self.of_step(step, block, number)]
        return [*found, *self.of_missing()]

    def _blocks(self) -> list[list[SourcedParagraph]]:
        blocks: list[list[SourcedParagraph]] = []
        for paragraph in self.composed.paragraphs:
            if isinstance(paragraph.number, int):
                blocks.append([])
            blocks[-1].append(paragraph)
        return blocks

    def of_missing(self) -> Iterator[str]:
        told = {missing.task_id for missing in self.composed.missing}
        if told != (expected := {task.task_id for step in self.steps for task in step.missing}):
            yield f"the missing are {expected}, not {told}"

    def of_step(self, step: StepOfRound, block: list[SourcedParagraph], number: int | None) -> Iterator[str]:
        if not block:
            yield "vanished"
            return
        yield from self.numbers(step, block, number)
        exact = self.exact(step)
        if exact is not None:
            said = [paragraph.text.translate(DIGITS) for paragraph in block]
            if said != [text.translate(DIGITS) for text in exact]:
                yield f"says {said}, not {exact}"
        yield from self.claims(step, block)
        yield from self.sources(step, block)
        yield from self.everything_told(step, block)
        yield from self.attribution(step, block)
        yield from self.progress(step, block)
        yield from self.nothing(step, block)
        yield from self.impossible(step, block)
        yield from self.under_way(step, block)
        yield from self.cadence(step, block)
        yield from self.who(step, block)
        yield from self.prose(step, block)
        yield from self.counts(step, block)
        yield from self.early_occasions(step, block)
        yield from self.items(step, block)
        yield from self.spans(step, block)

    # The text where the rules fix it

    def exact(self, step: StepOfRound) -> list[str] | None:
        if not step.at_once or len(step.done) != len(step.live):
            return None
        text = bare(step.done[0].result or "")
        if len(step.occasions) == 1:
            units = f"ดำเนินการครบทั้ง {len(step.parties)} ส่วนราชการ"
            return [*text, units] if len(step.parties) > 1 else text
        if len(step.parties) == 1 and len(text) == 1 and len(step.done) > 1:
            first, last = self._first_and_last(step)
            return [text[0], f"รวม {len(step.done)} ครั้ง ตั้งแต่{first} ถึง{last}"]
        return None

    @staticmethod
    def _first_and_last(step: StepOfRound) -> tuple[str, str]:
        """The occasions by months; by quarters where the step knows no others, by days where a month holds several."""
        days = sorted(task.scheduled_on for task in step.done if task.scheduled_on)
        if all(task.cadences and set(task.cadences) <= {"quarterly", "yearly"} for task in step.live):
            first, last = (f"ไตรมาสที่ {month_of_year(day) // 3 + 1}" for day in (days[0], days[-1]))
        elif len({month_and_year(day) for day in days}) < len(days):
            first, last = (f" {day_in_words(day)}" for day in (days[0], days[-1]))
        else:
            first, last = month_and_year(days[0]), month_and_year(days[-1])
        return first, last

    # Numbers

    def numbers(self, step: StepOfRound, block: list[SourcedParagraph], number: int | None) -> Iterator[str]:
        given = [paragraph.number for paragraph in block]
        if number is None:
            if len(step.live) == 1 and step.done:
                if given != (own := [n for n, _ in written(step.done[0].result or "")]):
                    yield f"the writer's numbers are {own}, not {given}"
            elif (counted := [n for n in given if n is not None]) and (
                counted[0] != 1 or any(isinstance(n, str) for n in counted[:1])
            ):
                yield f"sub-items of the only step are 1, 2, …, not {counted}"
            return
        if given[0] != number:
            yield f"begins with {given[0]}"
        subs = [n for n in given[1:] if n is not None]
        if subs != [f"{number}.{index}" for index in range(1, len(subs) + 1)]:
            yield f"sub-items {subs}"

    # Nothing is claimed that was not ticked

    def claims(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        allowed = [task.result or "" for task in step.done] + [task.progress_note or "" for task in step.noted]
        known = {tag for text in allowed for tag in TAG.findall(text)}
        for paragraph in block:
            if strange := set(TAG.findall(paragraph.text)) - known:
                yield f"claims {strange}"

    def sources(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        known = {task.task_id for task in step.live}
        told = {task_id for paragraph in block for task_id in paragraph.task_ids}
        if told - known:
            yield f"speaks for the tasks {told - known} of nobody"
        if unknown := {task.task_id for task in (*step.done, *step.refused)} - told:
            yield f"no paragraph knows the tasks {unknown}"
        by_tag: dict[str, set[int]] = {}
        for task in step.done:
            for tag in TAG.findall(task.result or ""):
                by_tag.setdefault(tag, set()).add(task.task_id)
        for paragraph in block:
            for tag in TAG.findall(paragraph.text):
                if tag in by_tag and not by_tag[tag] & set(paragraph.task_ids):
                    yield f"{paragraph.text!r} does not know its task"

    def everything_told(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        whole = "\n".join(paragraph.text for paragraph in block)
        for task in step.done:
            dropped = [text for text in bare(task.result or "") if alike(text) not in alike(whole)]
            dropped = [text for text in dropped if not set(TAG.findall(text)) <= set(TAG.findall(whole))]
            if dropped and (len(step.occasions) == 1 or ANNEX not in whole):
                yield f"drops {dropped}"
        counted = Counter(alike(task.result or "") for task in step.done if len(step.parties) == 1)
        if len(step.occasions) > 1 and len(counted) > 4 and ANNEX not in whole:
            yield "tells more than four different texts"

    # One unit's words never stand for another's

    def attribution(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        if len(step.parties) == 1 or not step.done:
            return
        if len(step.occasions) == 1 and step.at_once:
            return
        same = {alike(task.result or "") for task in step.done}
        if len(step.occasions) > 1 and len(same) == 1:
            return
        said_by: dict[str, set[str]] = {}
        for task in step.done:
            for tag in TAG.findall(task.result or ""):
                said_by.setdefault(tag, set()).add(name_of(task.units))
        speaker = ""
        for paragraph in block:
            leader = self._leader(step, paragraph.text)
            if leader or paragraph.number is not None:
                speaker = leader
            for tag in TAG.findall(paragraph.text):
                if tag in said_by and speaker not in said_by[tag]:
                    yield f"{paragraph.text!r} stands for {speaker or 'nobody'}, was said by {said_by[tag]}"
        if len(step.occasions) == 1:
            led = Counter(leader for p in block if p.number is not None and (leader := self._leader(step, p.text)))
            for task in step.done:
                if led[name_of(task.units)] != 1:
                    yield f"{task.units} has {led[name_of(task.units)]} sub-items"

    @staticmethod
    def _leader(step: StepOfRound, text: str) -> str:
        names = [name_of(party) for party in step.parties]
        return max((name for name in names if text.startswith(name)), key=len, default="")

    # What is not complete

    def progress(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        counted = [task for task in step.done if step.is_due(task)]
        lines = [paragraph.text.translate(DIGITS) for paragraph in block]
        told = {(int(m[1]), int(m[2])) for line in lines for m in OF_HOW_MANY.finditer(line)}
        ticked = {task.scheduled_on for task in step.done}
        early = [task for task in step.live if task.scheduled_on in ticked]
        allowed = {(len(counted), len(step.due)) if step.due else (len(step.done), len(early))}
        parties = dict.fromkeys(task.units for task in step.due)
        of_unit = {p: ([t for t in counted if t.units == p], [t for t in step.due if t.units == p]) for p in parties}
        allowed |= {(len(done), len(due)) for done, due in of_unit.values()}
        allowed.add((sum(len(done) == len(due) for done, due in of_unit.values()), len(parties)))
        if told - allowed:
            yield f"counts {told - allowed}, of {allowed}"
        several = len(step.occasions) > 1 and len(parties) > 1
        if 0 < len(counted) < len(step.due) and (len(counted), len(step.due)) not in told and not (several and told):
            yield f"does not say {len(counted)} of {len(step.due)}"
        for paragraph in block:
            if OF_HOW_MANY.search(paragraph.text.translate(DIGITS)) and TAG.search(paragraph.text):
                yield f"{paragraph.text!r} counts inside of a sentence"
        if len(step.occasions) == 1 and len(step.parties) > 1 and counted and len(counted) < len(step.due):
            at = next((i for i, line in enumerate(lines) if OF_HOW_MANY.search(line)), 0)
            if any(self._leader(step, p.text) and TAG.search(p.text) and p.number is not None for p in block[:at]):
                yield "counts after the units"

    def nothing(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        whole = "\n".join(paragraph.text for paragraph in block)
        if step.live and not (step.done or step.refused or step.noted):
            refused = any(task.state == "not_possible" for task in step.live)
            if step.due and NOTHING not in whole and NOT_YET not in whole:
                yield f"does not say {NOTHING}"
            if not step.due and NOT_YET not in whole and not refused:
                yield f"does not say {NOT_YET}"
            if step.due and len(step.missing) == 1 and NOTHING in whole:
                due_on = step.missing[0].due_on or step.missing[0].scheduled_on
                if due_on and day_in_words(due_on).translate(DIGITS) not in whole.translate(DIGITS):
                    yield f"does not say {day_in_words(due_on)}"
        if not step.missing and NOTHING in whole:
            yield f"says {NOTHING}"
        if not step.live and (step.done or NOTHING in whole):
            yield "speaks of what was cancelled"

    def impossible(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        by_reason: dict[str, list[TaskFact]] = {}
        for task in step.refused:
            by_reason.setdefault(task.reason or "", []).append(task)
        known = {task.reason for task in step.live if task.state == "not_possible"}
        for paragraph in block:
            if "ไม่สามารถ" in paragraph.text and not any(reason and reason in paragraph.text for reason in known):
                yield f"{paragraph.text!r} has no reason"
        for reason, tasks in by_reason.items():
            lines = [paragraph.text for paragraph in block if reason in paragraph.text]
            whole = "\n".join(lines)
            if not lines:
                yield f"does not give the reason {reason}"
                continue
            if len(step.parties) > 1 and self.named:
                for task in tasks:
                    near = whole + "".join(p.text for p in block if task.task_id in p.task_ids)
                    if not all(unit in near for unit in task.units):
                        yield f"does not say that {task.units} could not ({reason})"
            if len(step.occasions) > 1 and len(tasks) == 1 and not self._says_when(tasks[0], whole):
                yield f"does not say when {reason}"
            if len(tasks) > 1 and not re.search(r"[๐-๙0-9]", whole):
                yield f"does not count {reason}"

    @staticmethod
    def _says_when(task: TaskFact, text: str) -> bool:
        return task.scheduled_on is None or MONTHS[task.scheduled_on.month - 1] in text or "ไตรมาสที่" in text

    def under_way(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        whole = "\n".join(paragraph.text for paragraph in block)
        for paragraph in block:
            if paragraph.text.count("อยู่ระหว่าง") > 1:
                yield f"{paragraph.text!r} says twice that it is under way"
        if step.noted:
            latest = max(task.progress_noted_on for task in step.noted if task.progress_noted_on)
            notes = [task.progress_note or "" for task in step.noted if task.progress_noted_on == latest]
            if not any(tag in whole for note in notes for tag in TAG.findall(note)):
                yield f"does not print the latest note {notes}"
        if (
            not step.noted
            and UNDER_WAY in whole
            and not any(t.state in ("in_progress", "submitted", "returned") for t in step.live)
        ):
            yield "says under way without a note"

    # What a year's occasions say together

    def cadence(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        if len(step.parties) != 1 or len(step.occasions) < 2 or not step.done:
            return
        whole = "\n".join(paragraph.text for paragraph in block)
        texts = {task.result or "" for task in step.done}
        if len({alike(text) for text in texts}) == 1 and len(step.done) > 1:
            (tags, *_) = {tuple(TAG.findall(text)) for text in texts}
            for tag in tags:
                if whole.count(tag) != 1:
                    yield f"tells {tag} {whole.count(tag)} times"
            early = sum(not step.is_due(task) for task in step.done)
            told = re.findall(r"(\d+) (?:ครั้ง|จาก)", whole.translate(DIGITS))
            if str(len(step.done)) not in told and not {str(early), str(len(step.done) - early)} <= set(told):
                yield f"does not say {len(step.done)} times"
            days = [task.scheduled_on for task in step.done if task.scheduled_on]
            for day in (min(days), max(days)):
                if MONTHS[day.month - 1] not in whole and "ไตรมาสที่" not in whole:
                    yield f"does not say {MONTHS[day.month - 1]}"
        for paragraph in block:
            for match in re.finditer(r"([0-9]+) ครั้ง", paragraph.text.translate(DIGITS)):
                if int(match[1]) > len(step.live):
                    yield f"{paragraph.text!r} counts too many"

    # Names

    def who(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        whole = "\n".join(paragraph.text for paragraph in block)
        for task in step.done:
            for text in bare(task.result or ""):
                whole = whole.replace(text, "")
        if len(step.parties) == 1:
            for unit in step.parties[0]:
                if unit in whole:
                    yield f"names {unit}, which is alone"
            return
        told = {task.units for task in (*step.done, *step.refused, *step.noted)}
        told |= {task.units for task in step.live if task.state == "not_possible"}
        for party in dict.fromkeys(task.units for task in step.missing):
            name = name_of(party)
            alone = re.search(re.escape(name) + r"(?!สุขาภิบาล)", whole)
            if self.named and not alone and (step.done or step.refused or step.noted):
                yield f"does not name {name}, who is missing"
            if not self.named and alone and party not in told:
                yield f"names {name}, who is missing"

    def items(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        """Sub-items stand in the order of units and occasions; of a single party each says when, and how many times."""
        if not block[0].text.endswith("ดังนี้") or not step.done:
            return
        items: list[list[SourcedParagraph]] = []
        for paragraph in block[1:]:
            if paragraph.number is not None:
                items.append([])
            if items and paragraph.task_ids == (items[-1] or [paragraph])[0].task_ids:
                items[-1].append(paragraph)
        by_id = {task.task_id: task for task in step.live}
        told = [[by_id[task_id] for task_id in item[0].task_ids] for item in items]
        firsts = [min((task.unit_order, task.scheduled_on or date.max) for task in tasks) for tasks in told]
        if firsts != sorted(firsts):
            yield f"sub-items stand in the order {firsts}"
        if len(step.parties) > 1 or len(step.occasions) < 2:
            return
        for item, tasks in zip(items, told, strict=True):
            text = " ".join(paragraph.text for paragraph in item)
            if not all(self._says_when(task, text) for task in (tasks[0], tasks[-1])):
                yield f"{text!r} does not say when"
            if len(tasks) > 1 and f"รวม {len(tasks)} ครั้ง" not in text.translate(DIGITS):
                yield f"{text!r} does not say {len(tasks)} times"

    def early_occasions(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        """A unit's text of an occasion to come says which, where others follow."""
        if step.due or len(step.occasions) < 2 or len(step.parties) < 2:
            return
        whole = "\n".join(paragraph.text for paragraph in block)
        for task in step.done:
            if not self._says_when(task, whole):
                yield f"does not say when {task.units} did it"

    def prose(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        for paragraph in block:
            text = paragraph.text
            if "; " in text or text != text.strip() or not text or "  " in text or "None" in text:
                yield f"{text!r} is no prose"
            if re.search(r"(และ|ถึง|ตั้งแต่)[0-9๐-๙]", text):
                yield f"{text!r} has no space before a number"
            if any(f"{unit}:" in text for party in step.parties for unit in party):
                yield f"{text!r} has a name with a colon"

    # What is counted is what the paragraph's tasks are

    def counts(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        said: Counter[str] = Counter()
        for paragraph in block:
            if step.live and not paragraph.task_ids:
                yield f"{paragraph.text!r} comes from nowhere"
            for match in COUNTED.finditer(paragraph.text.translate(DIGITS)):
                said[match[1]] += int(match[2])
                if int(match[2]) != len(paragraph.task_ids):
                    yield f"{paragraph.text!r} counts {match[2]}, of the tasks {paragraph.task_ids}"
        silent = [task for task in step.missing if task not in step.noted]
        if said[NOTHING] and said[NOTHING] != len(silent):
            yield f"{NOTHING} is said of {said[NOTHING]}, not of {len(silent)}"
        if said[IMPOSSIBLE] and said[IMPOSSIBLE] != len(step.refused):
            yield f"{IMPOSSIBLE} is said of {said[IMPOSSIBLE]}, not of {len(step.refused)}"

    def spans(self, step: StepOfRound, block: list[SourcedParagraph]) -> Iterator[str]:
        """No month is named that is none of the paragraph's, and none lies inside of a span that it has not."""
        by_id = {task.task_id: task for task in step.live}
        every = {month_of_year(task.scheduled_on) for task in step.live if task.scheduled_on}
        for paragraph in block:
            tasks = [by_id[task_id] for task_id in paragraph.task_ids if task_id in by_id]
            days = [day for t in tasks for day in (t.scheduled_on, t.due_on, t.progress_noted_on) if day]
            known = {MONTHS[day.month - 1] for day in days}
            known |= {month for task in tasks for month in MONTHS if month in (task.result or "")}
            if strange := {month for month in MONTHS if month in paragraph.text} - known:
                yield f"{paragraph.text!r} speaks of {strange}"
            has = {month_of_year(task.scheduled_on) for task in tasks if task.scheduled_on}
            for match in SPAN.finditer(paragraph.text):
                first, last = (month_of_year(MONTHS.index(name) + 1) for name in match.groups())
                if "ครบกำหนด" not in paragraph.text and (not_had := {m for m in every - has if first < m < last}):
                    yield f"{paragraph.text!r} spans {not_had}"


def of_outcomes(steps: Sequence[StepFacts], round_end: date, composed: Composed) -> Iterator[str]:
    """The outcomes that were stated, in order, without counts; one unnumbered, several numbered."""
    done = [task for step in steps for task in StepOfRound(step, round_end).done]
    expected = list(dict.fromkeys(task.outcome for task in done if task.outcome))
    if [paragraph.text for paragraph in composed.paragraphs] != expected:
        yield f"outcomes {[p.text for p in composed.paragraphs]}, not {expected}"
    numbers = [paragraph.number for paragraph in composed.paragraphs]
    if numbers != (list(range(1, len(expected) + 1)) if len(expected) > 1 else [None] * len(expected)):
        yield f"outcomes are numbered {numbers}"
    for paragraph in composed.paragraphs:
        said = {task.task_id for task in done if task.outcome == paragraph.text}
        if said != set(paragraph.task_ids):
            yield f"{paragraph.text!r} comes from {said}, not {paragraph.task_ids}"
