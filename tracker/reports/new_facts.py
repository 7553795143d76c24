"""What is new under a text since it was saved, a sentence at a time (docs/rules.md, "Edited and imported texts"). Pure.

Nobody's own words are struck out: a sentence that is taken goes to the end of its step, or on from the words that it
continues; one that is not wanted is remembered for that fact and never offered again.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.reports.own_words import to_paragraphs
from tracker.reports.rollup import TextFact
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.text import squeeze_spaces

Known = dict[str, Any]
"""A fact as a text keeps it: ``{"key", "task", "step", "kind", "text"}``, ``"left"`` where it was not wanted."""

_DONE, _UNDER_WAY = "ดำเนินการแล้ว", "อยู่ระหว่าง"
_NOTHING_YET = ("ยังไม่ได้รายงานผล", "ยังไม่ถึงกำหนด")
_COUNT = re.compile(r"ดำเนินการแล้ว [0-9๐-๙]+ จาก [0-9๐-๙]+ (?:ส่วนราชการ|ครั้ง)|ดำเนินการครบทั้ง [0-9๐-๙]+ (?:ส่วนราชการ|ครั้ง)")


@dataclass(frozen=True, slots=True)
class News:
    """Facts that the text does not know yet; ``gone``: that the text was written on and that hold no more.

    ``sentence`` is what would be added, led by the unit's name where several share the step; tasks of which the same
    would be said give it together. ``after`` are the words in the text from which it goes on, where a result was only
    added to, ``instead`` the key of the fact that said them; ``on_own_line``: it goes on in a line of its own.
    """

    facts: tuple[TextFact, ...]
    task_ids: tuple[int, ...]
    sentence: str
    gone: bool = False
    after: str = ""
    instead: str | None = None
    on_own_line: bool = False

    @property
    def key(self) -> str:
        return self.facts[0].facts_key

    @property
    def step(self) -> int:
        """The step's place in the measure, from 0."""
        return self.facts[0].step

    def stands_in(self, text: Paragraphs) -> bool:
        """Whether the words of it stand in the text."""
        words = to_paragraphs(self.facts[0].text) or to_paragraphs(self.sentence)
        return _stands_in(" ".join(one.text for one in words), text)


@dataclass(frozen=True, slots=True)
class Taken:
    """A text with a piece of news in it.

    ``places`` are the paragraphs that it added, ``continued`` the one that it goes on in, ``counts`` the lines that
    now count otherwise, each with the count that stood there.
    """

    paragraphs: Paragraphs
    places: tuple[int, ...]
    continued: int | None
    counts: tuple[tuple[int, str], ...]


def facts_as_json(facts: Iterable[TextFact]) -> list[Known]:
    """The facts as a text keeps them under it."""
    return [
        {"key": one.facts_key, "task": one.task_id, "step": one.step, "kind": one.kind, "text": one.text}
        for one in facts
    ]


def new_facts(
    text: Paragraphs,
    known: Sequence[Known],
    facts: Sequence[TextFact],
    units: Mapping[int, str],
    named: Collection[int] = (),
) -> tuple[News, ...]:
    """What changed under the text, in the order of the facts, then what holds no more.

    ``units`` are the tasks' parties by name, ``named`` the steps whose parties are told apart.
    """
    old, now = {one["key"] for one in known}, {one.facts_key for one in facts}
    gone = [_fact(one) for one in known if one["key"] not in now and not one.get("left")]
    fresh = [one for one in facts if one.facts_key not in old]
    grown: dict[str, tuple[TextFact, str]] = {}
    for fact in fresh:
        lead = units.get(fact.task_id, "") if fact.step in named else ""
        if before := _continued(fact, gone, text, lead):
            grown[fact.facts_key] = (before, _led(lead, before.text))
            gone = [one for one in gone if one is not before]
    found: dict[tuple[bool, int, str], list[TextFact]] = {}
    continuing = []
    for fact in (*fresh, *gone):
        if fact.facts_key in grown:
            continuing.append(_going_on(fact, *grown[fact.facts_key]))
            continue
        sentence = _sentence(fact, units.get(fact.task_id, ""), named)
        found.setdefault((fact.facts_key not in now, fact.step, sentence), []).append(fact)
    others = [
        News(tuple(of), tuple(sorted({one.task_id for one in of} & units.keys())), sentence, is_gone)
        for (is_gone, _, sentence), of in found.items()
    ]
    order = [one.facts_key for one in (*fresh, *gone)]
    return tuple(sorted((*continuing, *others), key=lambda one: order.index(one.key)))


def known_with(known: Iterable[Known], answered: Iterable[News], *, left: bool = False) -> list[Known]:
    """The known facts with those of the news, or without where they are gone; ``left``: they are not in the text."""
    by_key = {one["key"]: one for one in known}
    for news in answered:
        if news.instead:
            by_key.pop(news.instead, None)
        for one in facts_as_json(news.facts):
            by_key.pop(one["key"], None)
            if not news.gone:
                by_key[one["key"]] = {**one, "left": True} if left else one
    return list(by_key.values())


def take(text: Paragraphs, news: News, composed: Paragraphs, steps: Sequence[int | None]) -> Taken:
    """The text with the sentence where it goes on, else at its step's end, numbered on where sub-items stand there.

    "Nothing yet" gives way to it, and the line that counts the step is the one that holds now. ``steps`` are the
    numbers of the measure's steps, ``composed`` what the tasks say now.
    """
    number, alone = steps[news.step], len(steps) == 1
    start, stop = _stretch(text, number, alone=alone)
    of_step, counts = _counted(text[start:stop], composed, number, alone=alone)
    moved = tuple((start + place, before) for place, before in counts)
    if news.after and (place := _line_of(news.after, of_step)) is not None:
        grown = _grown(of_step[place], news)
        of_step[place : place + 1] = grown
        places = tuple(range(start + place + 1, start + place + len(grown)))
        moved = tuple((at + (len(grown) - 1) * (at > start + place), before) for at, before in moved)
        return Taken((*text[:start], *of_step, *text[stop:]), places, start + place, moved)
    added = [one.text for one in to_paragraphs(news.sentence)]
    first = start + len(of_step)
    if len(of_step) == 1 and of_step[0].text.startswith(_NOTHING_YET):
        of_step = [Paragraph(of_step[0].number, added.pop(0))]
        first = start
    for words in added:
        of_step.append(Paragraph(_next_number(of_step, number, alone=alone), words))
    return Taken((*text[:start], *of_step, *text[stop:]), tuple(range(first, start + len(of_step))), None, moved)


def _fact(known: Known) -> TextFact:
    return TextFact(known["key"], known["task"], known["step"], known["kind"], known["text"])


def _continued(fact: TextFact, gone: Iterable[TextFact], text: Paragraphs, lead: str) -> TextFact | None:
    """What the task said before, where it stands in the text, led by its unit's name, and was only added to."""
    for before in gone:
        is_same = (before.task_id, before.kind, before.step) == (fact.task_id, fact.kind, fact.step)
        if is_same and _rest(fact.text, before.text) and _line_of(_led(lead, before.text), text) is not None:
            return before
    return None


def _going_on(fact: TextFact, before: TextFact, after: str) -> News:
    rest = _rest(fact.text, before.text)
    on_own_line = "\n" in rest[: len(rest) - len(rest.lstrip())]
    return News((fact,), (fact.task_id,), rest.strip(), after=after, instead=before.facts_key, on_own_line=on_own_line)


def _led(name: str, words: str) -> str:
    return words if words.startswith(name) else f"{name} {words}"


def _rest(now: str, before: str) -> str:
    """What stands after the words that stood there before, with its space; empty where they do not begin the text."""
    found = _pattern(before).match(now) if before.split() else None
    rest = now[found.end() :] if found else ""
    return rest if rest[:1].isspace() and rest.strip() else ""


def _pattern(words: str) -> re.Pattern[str]:
    """The words, whatever the spaces between them."""
    return re.compile(r"\s*" + r"\s+".join(re.escape(word) for word in words.split()))


def _line_of(words: str, text: Sequence[Paragraph]) -> int | None:
    """The paragraph in which the last line of the words stands, all of which stand in the text."""
    lines = [one.text for one in to_paragraphs(words)]
    if not lines or not _stands_in(" ".join(lines), tuple(text)):
        return None
    return next((place for place, one in enumerate(text) if _pattern(lines[-1]).search(one.text)), None)


def _grown(paragraph: Paragraph, news: News) -> list[Paragraph]:
    """The paragraph with the news after the words that it continues, and its further lines."""
    found = _pattern(to_paragraphs(news.after)[-1].text).search(paragraph.text)
    first, *others = [one.text for one in to_paragraphs(news.sentence)]
    if news.on_own_line:
        return [paragraph, *(Paragraph(None, line) for line in (first, *others))]
    end = found.end() if found else len(paragraph.text)
    rest = paragraph.text[end:]
    words = f"{paragraph.text[:end]} {first}{'' if rest[:1] in ('', ' ') else ' '}{rest}"
    return [Paragraph(paragraph.number, words), *(Paragraph(None, line) for line in others)]


def _counted(
    of_step: Sequence[Paragraph], composed: Paragraphs, number: int | None, *, alone: bool
) -> tuple[list[Paragraph], list[tuple[int, str]]]:
    """The step's paragraphs with the count that holds now, and where another one stood."""
    start, stop = _stretch(composed, number, alone=alone)
    counts = (_COUNT.search(one.text) for one in composed[start:stop])
    counted = next((match[0] for match in counts if match), None)
    if counted is None:
        return list(of_step), []
    found, moved = [], []
    for place, one in enumerate(of_step):
        standing = _COUNT.search(one.text)
        if standing and standing[0] != counted:
            moved.append((place, standing[0]))
        found.append(Paragraph(one.number, _COUNT.sub(counted, one.text)))
    return found, moved


def _stands_in(words: str, text: Paragraphs) -> bool:
    wanted = squeeze_spaces(words)
    return bool(wanted) and wanted in squeeze_spaces(" ".join(one.text for one in text))


def _stretch(text: Sequence[Paragraph], number: int | None, *, alone: bool) -> tuple[int, int]:
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


def _sentence(fact: TextFact, name: str, named: Collection[int]) -> str:
    """The fact in words, a paragraph a line."""
    words = fact.text.strip() or _DONE
    if fact.kind == "not_possible":
        words = f"ไม่สามารถดำเนินการได้{words}"
    elif fact.kind == "note" and _UNDER_WAY not in words:
        words = f"{_UNDER_WAY}ดำเนินการ: {words}"
    return _led(name if fact.step in named else "", words)
