"""What stands otherwise than in a column of its own: steps under a title, times in brackets, parties above rows. Pure.

Taken only where the table has no such column or the cell is empty, and said (docs/rules.md, "What stands otherwise").
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from tracker.plan_draft import Warn
from tracker.plan_import.cells import Item, is_bulleted, is_subnumbered, items
from tracker.plan_import.gathered import Gathered, MeasureRows, StepRows
from tracker.plan_import.grid import Line
from tracker.plan_import.parties import names_units
from tracker.plan_import.period import parse_period, tells_a_time, tells_only_how_often
from tracker.thai.text import squeeze_spaces

_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]")
_LABELLED = re.compile(
    r"(?:หน่วยงาน|ส่วนราชการ|ผู้)?(?:ที่)?(?:ผู้)?(?:รับผิดชอบ(?:หลัก)?|เจ้าภาพ|หน่วยงาน|ส่วนราชการ)\s*[::]\s*(?P<names>\S.*)"
    r"|(?:หน่วยงาน(?:ที่)?|ผู้)รับผิดชอบ(?:หลัก)?\s+(?P<named>\S.*)"
)
_DIVISION = re.compile(
    r"(?:กอง(?!ทุน)|สำนัก(?!งาน)|ฝ่าย|งาน|ส่วน(?!ที่)|ศูนย์|กลุ่ม(?!เป้าหมาย|เสี่ยง|เปราะบาง|ที่))(?!.*(?:องค์การ|เทศบาล|อบต|จังหวัด))"
    r"|สำนัก(?:งาน)?ปลัด\s*(?:เทศบาล|องค์การบริหารส่วน(?:ตำบล|จังหวัด)|อบ[ตจ]\.?)?$"
)
_NUMBERED = re.compile(r"^[(\[]?[0-9๐-๙]{1,2}[.)\]]+\s*(?=\S)")
_TELLS_RESULTS = re.compile("รายงาน|ผลการ|สรุปผล")
_TIME_LABELLED = re.compile(
    r"(?:ระยะเวลา|กำหนดเวลา|กรอบเวลา|ห้วงเวลา|ช่วงเวลา)(?:(?:ใน)?(?:การ)?(?:ดำเนิน(?:การ|งาน)|ปฏิบัติงาน|ปฏิบัติการ))?(?:ตามแผน)?\s*[::]?\s*(?P<time>\S.*)"
    r"|(?P<between>[(\[]?(?:ระหว่าง|ตั้งแต่).*)"
)
"""A line of the cover that tells when its plan is carried out."""
_LONGEST_PARTY_LINE = 120
_LONGEST_PLAN = timedelta(days=400)
"""A plan of several years names its years; they are not when each of its measures is due."""
_ANY_YEAR = 2567
"""The year in whose light a bracket is read of which only matters whether it is a range."""


def party_of_line(text: str) -> str | None:
    """The party that a line over rows names (กองคลัง, หน่วยงาน : กองคลัง); None for another heading."""
    text = _NUMBERED.sub("", squeeze_spaces(text))
    labelled = _LABELLED.fullmatch(text)
    if labelled:
        names: str = labelled["names"] or labelled["named"]
        return names if names_units(names) else None
    short = len(text) <= _LONGEST_PARTY_LINE
    return text if short and _DIVISION.match(text) and names_units(text) else None


def time_of_line(text: str) -> str | None:
    """The time that a line over rows tells and nothing besides: ไตรมาสที่ ๑ (ต.ค. - ธ.ค. ๖๖), ระยะเวลา : ม.ค. ๖๗."""
    text = squeeze_spaces(text)
    labelled = _TIME_LABELLED.fullmatch(text)
    time: str = (labelled["time"] or labelled["between"]) if labelled else text
    return time if tells_a_time(time, strictly=True) and not tells_only_how_often(time) else None


def take_from_elsewhere(gathered: Gathered, above: Sequence[str]) -> None:
    """Fills what the columns lack from where else the document says it; ``above`` are the lines above the table."""
    if "steps" not in gathered.fields:
        _steps_of_titles(gathered)
    _times_of_titles(gathered)
    if "period" not in gathered.fields:
        _times_of_steps(gathered)
    if "period" not in gathered.fields:
        _time_of_headings(gathered, above)
    if "responsible" not in gathered.fields:
        _parties_of_titles(gathered)
    if "responsible" not in gathered.fields:
        _party_above(gathered, above)


def _steps_of_titles(gathered: Gathered) -> None:
    """Bullets or numbers under a measure's title are its steps."""
    listed = [(rows, read) for rows in gathered.measures if (read := _listed(rows)) is not None]
    for rows, read in listed:
        rows.title = rows.title[:1] if len(rows.title) > 1 else [Line(rows.title[0].text.split("\n")[0])]
        rows.groups[0].steps = [Line(item.shown) for item in read]
    if listed:
        gathered.fields.add("steps")
        rows, read = listed[0]
        gathered.warnings.append(Warn(rows.place, f"ขั้นตอนอ่านจากรายการใต้ชื่อมาตรการ โปรดตรวจ: “{read[0].shown}”"))


def _listed(rows: MeasureRows) -> Sequence[Item] | None:
    """The items under the title where all of them are numbered or bulleted, and no row has steps."""
    _, *rest = items(rows.title)
    if not rest or any(group.steps for group in rows.groups):
        return None
    if not all(one.number is not None or is_subnumbered(one.text) or is_bulleted(one.text) for one in rest):
        return None
    return rest


def _times_of_titles(gathered: Gathered) -> None:
    """เปิดเผยข้อมูล (ต.ค. ๖๖ - มี.ค. ๖๗): the bracket is the period of a measure that has none."""
    for rows in gathered.measures:
        if any(group.period for group in rows.groups):
            continue
        time = _time_in(line.text for line in rows.title[:1])
        if time is not None:
            for group in rows.groups:
                group.period = [Line(time)]
            gathered.fields.add("period")
            gathered.warnings.append(Warn(rows.place, f"ระยะเวลาอ่านจากวงเล็บในชื่อมาตรการ โปรดตรวจ: “{time}”"))


def _times_of_steps(gathered: Gathered) -> None:
    """๑. จัดทำคู่มือ (ธ.ค. ๖๖) ๒. เผยแพร่ (มี.ค. ๖๗): each step has its own."""
    for rows in gathered.measures:
        found: list[StepRows] = []
        told = ""
        for group in rows.groups:
            read = items(group.steps)
            times = [_time_in([item.text]) for item in read]
            if not any(times):
                found.append(group)
                continue
            told = told or next(time for time in times if time)
            for item, time in zip(read, times, strict=True):
                found.append(replace(group, steps=[Line(item.shown)], period=[Line(time)] if time else [], bare=False))
        if told:
            rows.groups = found
            gathered.fields.add("period")
            gathered.warnings.append(Warn(rows.place, f"ระยะเวลาอ่านจากวงเล็บในขั้นตอน โปรดตรวจ: “{told}”"))


def _time_of_headings(gathered: Gathered, above: Sequence[str]) -> None:
    """A range of months in a bracket of the header, or of the plan's title, or on a line of its own, is that of all."""
    headers = [text for header in gathered.headers_seen for text in header.split(" | ")]
    titles = (
        [] if gathered.fields & {"summary", "outcome"} else [one for one in above if not _TELLS_RESULTS.search(one)]
    )
    time = _ranges(_bracketed((*headers, *titles))) or _ranges(_labelled_times(titles))
    if time is None:
        return
    for rows in gathered.measures:
        for group in rows.groups:
            group.period = [Line(time)]
    gathered.fields.add("period")
    gathered.warnings.append(Warn("header", f"ระยะเวลาของทุกมาตรการอ่านจากหัวเรื่อง โปรดตรวจ: “{time}”"))


def _parties_of_titles(gathered: Gathered) -> None:
    """เปิดเผยข้อมูล (กองคลัง): the bracket names the party of a measure in a table without parties."""
    for rows in gathered.measures:
        found = [one for line in rows.title[:1] for one in _BRACKET.findall(line.text) if party_of_line(one)]
        if found:
            for group in rows.groups:
                group.responsible = [Line(found[-1])]
            gathered.fields.add("responsible")
            gathered.warnings.append(Warn(rows.place, f"ผู้รับผิดชอบอ่านจากวงเล็บในชื่อมาตรการ โปรดตรวจ: “{found[-1]}”"))


def _party_above(gathered: Gathered, above: Sequence[str]) -> None:
    lines = [squeeze_spaces(line) for text in above for line in text.split("\n")]
    named = {party for line in lines if _LABELLED.fullmatch(line) and (party := party_of_line(line)) is not None}
    if len(named) != 1:
        return
    (names,) = named
    for rows in gathered.measures:
        for group in rows.groups:
            group.responsible = [Line(names)]
    gathered.fields.add("responsible")
    gathered.warnings.append(Warn("header", f"ผู้รับผิดชอบของทุกมาตรการอ่านจากข้อความเหนือตาราง โปรดตรวจ: “{names}”"))


def _time_in(texts: Iterable[str]) -> str | None:
    """The last bracket that tells nothing but a time."""
    found = _bracketed(texts)
    return found[-1] if found else None


def _bracketed(texts: Iterable[str]) -> list[str]:
    return [one for text in texts for one in _BRACKET.findall(text) if tells_a_time(one, strictly=True)]


def _labelled_times(texts: Iterable[str]) -> list[str]:
    """ระยะเวลาดำเนินการ : ๑ ต.ค. ๖๖ - ๓๑ มี.ค. ๖๗, or ระหว่างวันที่ … ถึง …, as lines of their own."""
    lines = (squeeze_spaces(line) for text in texts for line in text.split("\n"))
    found = (match["time"] or match["between"] for line in lines if (match := _TIME_LABELLED.fullmatch(line)))
    return [one for one in found if tells_a_time(one, strictly=True)]


def _ranges(times: Iterable[str]) -> str | None:
    """The last of the times that has a start and another end, a year apart at most."""
    periods = ((one, parse_period(one, _ANY_YEAR)) for one in times)
    found = [
        one
        for one, read in periods
        if read.start and read.end and read.start < read.end <= read.start + _LONGEST_PLAN and not read.cadences
    ]
    return found[-1] if found else None
