"""A year of mixed work, ticked through the services, whose columns were worked out by hand from the design.

Cadences, fan-out, joint and separate parties, a committee; late, early, of unknown day, moved, sent back, not possible,
cancelled, with notes. ``=`` is a paragraph of the summary, ``>`` one of the outcome, ``-`` stands for no number; beside
a measure's number stand what is done of the year and how its tasks stand in the round.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.db.agency_of_seed import BANGKOK, BY, DIVISIONS, bring_people, bring_plan, tasks_of_measure, the_plan
from tracker.models import Measure, Task
from tracker.reports.data import ReportData, RoundNumber, StandingCounts
from tracker.services.organisation.units import set_mode
from tracker.services.reports.compose import report_data
from tracker.services.tasks import progress
from tracker.store.db import Database
from tracker.thai.calendar import format_date
from tracker.thai.numerals import to_thai

BEFORE, AFTER = datetime(2022, 10, 3, 2, tzinfo=UTC), datetime(2023, 10, 3, 3, tzinfo=UTC)
MONTHLY = "ทุกเดือน"
ROWS = (
    ("๑. แผนจัดซื้อ", "๑. จัดทำแผน", "กองคลัง", "ภายในวันที่ ๓๑ มีนาคม ๒๕๖๖"),
    ("๒. คู่มือ", "๑. จัดทำคู่มือ", "ทุกส่วนราชการ", "ตุลาคม ๒๕๖๕ - มกราคม ๒๕๖๖"),
    ("๓. งบ", "๑. เผยแพร่งบ/๒. รายงานงบ", "กองคลัง", MONTHLY),
    ("๔. ประชุม", "๑. ประชุม", "ทุกส่วนราชการ", "ทุกไตรมาส"),
    ("๕. ร้องเรียน", "๑. ทบทวน", "งานนิติการ, ฝ่ายประชาสัมพันธ์", "รอบ ๖ เดือน และรอบ ๑๒ เดือน"),
    ("๖. ระเบียบ", "๑. ร่างระเบียบ", "คณะกรรมการสนับสนุนการประเมิน ITA", "กันยายน ๒๕๖๖"),
    ("๗. สำรวจ", "๑. สำรวจ", "กองช่าง", "กุมภาพันธ์ ๒๕๖๖"),
    ("๘. เลื่อน", "๑. จัดกิจกรรม", "กองการศึกษา", "มีนาคม ๒๕๖๖"),
    ("๙. ส่งกลับ", "๑. สรุปผล", "กองสวัสดิการสังคม", "มกราคม ๒๕๖๖"),
    ("๑๐. ต่างกัน", "๑. ลงพื้นที่", "สำนักปลัด", "ทุกเดือน ตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖"),
    ("๑๑. แยกกัน", "๑. ตรวจ", "กองคลัง, กองช่าง", "มีนาคม ๒๕๖๖"),
    ("๑๒. ก่อนกำหนด", "๑. รายงาน", "กองคลัง", "ทุกไตรมาส"),
    ("๑๓. หลายขั้น", "๑. วางแผน/๒. ดำเนินการ/๓. ประเมินผล/๔. สรุป", "นิติกร", "มิถุนายน ๒๕๖๖"),
    ("๑๔. ทำไม่ได้ภายหลัง", "๑. อบรม", "กองช่าง", "มีนาคม ๒๕๖๖"),
    ("๑๕. สองเดือน", "๑. ตรวจเยี่ยม", "กองสวัสดิการสังคม", "ทุก ๒ เดือน"),
    ("๑๖. ผลลัพธ์", "๑. จัดเวที/๒. ติดตาม", "ทุกส่วนราชการ", "มีนาคม ๒๕๖๖"),
)
HEADINGS = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา")

SIX_MONTHS = """\
1 1/1 on1 late0 unk0 np0 unf0 come0 back1
  = - จัดทำแผนแล้ว
  > - ประชาชนทราบแผน
2 3/5 on3 late0 unk0 np1 unf1 come0 back3
  = - ดำเนินการแล้ว ๓ จาก ๕ ส่วนราชการ ดังนี้
  = 1 สำนักปลัด จัดทำคู่มือแล้ว
  = 2 กองคลัง จัดทำคู่มือแล้ว
  = 3 กองช่าง จัดทำคู่มือแล้ว
  = - ยังไม่ได้รายงานผล ๑ ส่วนราชการ (ครบกำหนด ๓๑ มกราคม ๒๕๖๖)
  = - ไม่สามารถดำเนินการได้ ๑ ส่วนราชการ กองการศึกษา เนื่องจากบุคลากรไม่เพียงพอ
3 18/24 on12 late0 unk0 np0 unf0 come12 back12
  = 1 เผยแพร่งบเดือนตุลาคม ๒๕๖๕ ถึงมีนาคม ๒๕๖๖
  = - รวม ๖ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงมีนาคม ๒๕๖๖
  = 2 รายงานงบต่อผู้บริหาร
  = - รวม ๖ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงมีนาคม ๒๕๖๖
4 8/20 on8 late0 unk0 np0 unf2 come10 back8
  = - ประชุมแล้ว
  = - ดำเนินการแล้ว ๘ จาก ๑๐ ครั้ง
  = - ครบทุกไตรมาส ๓ จาก ๕ ส่วนราชการ
  = - ยังไม่ได้รายงานผล ๒ ครั้ง (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)
5 1/2 on0 late0 unk0 np0 unf1 come1 back0
  = - ยังไม่ได้รายงานผล (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)
6 0/1 on0 late0 unk0 np0 unf0 come1 back0
  = - อยู่ระหว่างร่างระเบียบ (๑๐ กุมภาพันธ์ ๒๕๖๖)
7 1/1 on0 late0 unk1 np0 unf0 come0 back0
  = - สำรวจแล้ว
8 1/1 on0 late0 unk0 np0 unf1 come0 back0
  = - ยังไม่ได้รายงานผล (ครบกำหนด ๓๐ เมษายน ๒๕๖๖)
9 0/1 on0 late0 unk0 np0 unf1 come0 back0
  = - ยังไม่ได้รายงานผล (ครบกำหนด ๓๑ มกราคม ๒๕๖๖)
10 6/6 on6 late0 unk0 np0 unf0 come0 back6
  = - ดำเนินการครบทั้ง ๖ ครั้ง ดังนี้
  = 1 ลงพื้นที่ตำบลก (ตุลาคม ๒๕๖๕)
  = 2 ลงพื้นที่ตำบลข (พฤศจิกายน ๒๕๖๕)
  = 3 ลงพื้นที่ตำบลค (ธันวาคม ๒๕๖๕)
  = 4 ลงพื้นที่ตำบลง (มกราคม ๒๕๖๖)
  = - และอีก ๒ ครั้ง ตามภาคผนวก
11 1/2 on1 late0 unk0 np0 unf1 come0 back1
  = - ดำเนินการแล้ว ๑ จาก ๒ ส่วนราชการ ดังนี้
  = 1 กองคลัง ตรวจบัญชี
  = - ยังไม่ได้รายงานผล ๑ ส่วนราชการ (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)
12 3/4 on3 late0 unk0 np0 unf0 come1 back3
  = - รายงานผล
  = - รวม ๒ ครั้ง ตั้งแต่ไตรมาสที่ ๑ ถึงไตรมาสที่ ๒
  = - ดำเนินการก่อนกำหนด ๑ ครั้ง (ไตรมาสที่ ๓)
13 1/3 on1 late0 unk0 np0 unf0 come2 back1
  = 1 แต่งตั้งคณะทำงาน
  = - ประชุมคณะทำงาน
  = 2 ยังไม่ถึงกำหนด (ครบกำหนด ๓๐ มิถุนายน ๒๕๖๖)
  = 3 ยกเลิกการดำเนินการ
  = 4 ยังไม่ถึงกำหนด (ครบกำหนด ๓๐ มิถุนายน ๒๕๖๖)
  > - มีแผนงาน
14 0/1 on0 late0 unk0 np0 unf1 come0 back0
  = - ยังไม่ได้รายงานผล (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)
15 3/6 on3 late0 unk0 np0 unf0 come3 back3
  = - ตรวจเยี่ยมครั้งที่ ๑ ถึง ๓
  = - รวม ๓ ครั้ง ตั้งแต่พฤศจิกายน ๒๕๖๕ ถึงมีนาคม ๒๕๖๖
16 9/10 on9 late0 unk0 np0 unf1 come0 back9
  = 1 จัดเวที
  = - ดำเนินการครบทั้ง ๕ ส่วนราชการ
  = 2 ดำเนินการแล้ว ๔ จาก ๕ ส่วนราชการ ดังนี้
  = 2.1 สำนักปลัด ติดตามผล
  = 2.2 กองคลัง ติดตามผล
  = 2.3 กองช่าง ติดตามผล
  = 2.4 กองการศึกษา ติดตามผลสองครั้ง
  = - ยังไม่ได้รายงานผล ๑ ส่วนราชการ (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)
  > 1 ประชาชนมีส่วนร่วม
  > 2 ปรับปรุงงาน
  > 3 ได้ข้อมูล
"""
TWELVE_MONTHS = """\
1 1/1 on1 late0 unk0 np0 unf0 come0 back1
  = - จัดทำแผนแล้ว
  > - ประชาชนทราบแผน
2 3/5 on3 late0 unk0 np1 unf1 come0 back3
  = - ดำเนินการแล้ว ๓ จาก ๕ ส่วนราชการ ดังนี้
  = 1 สำนักปลัด จัดทำคู่มือแล้ว
  = 2 กองคลัง จัดทำคู่มือแล้ว
  = 3 กองช่าง จัดทำคู่มือแล้ว
  = - ยังไม่ได้รายงานผล ๑ ส่วนราชการ (ครบกำหนด ๓๑ มกราคม ๒๕๖๖)
  = - ไม่สามารถดำเนินการได้ ๑ ส่วนราชการ กองการศึกษา เนื่องจากบุคลากรไม่เพียงพอ
3 18/24 on18 late0 unk0 np0 unf6 come0 back17
  = 1 เผยแพร่งบเดือนตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖
  = - รวม ๑๒ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖
  = 2 รายงานงบต่อผู้บริหาร
  = - ดำเนินการแล้ว ๖ จาก ๑๒ ครั้ง (ตุลาคม ๒๕๖๕ ถึงมีนาคม ๒๕๖๖)
  = - ยังไม่ได้รายงานผล ๖ ครั้ง (เมษายน ๒๕๖๖ ถึงกันยายน ๒๕๖๖)
4 8/20 on8 late0 unk0 np0 unf12 come0 back8
  = - ประชุมแล้ว
  = - ดำเนินการแล้ว ๘ จาก ๒๐ ครั้ง
  = - ยังไม่ได้รายงานผล ๑๒ ครั้ง (ครบกำหนดตั้งแต่ ๓๑ มีนาคม ๒๕๖๖ ถึง ๓๐ กันยายน ๒๕๖๖)
5 1/2 on0 late1 unk0 np0 unf1 come0 back1
  = - ทบทวนช่องทางแล้ว
  = - ดำเนินการแล้ว ๑ จาก ๒ ครั้ง (มีนาคม ๒๕๖๖)
  = - ยังไม่ได้รายงานผล ๑ ครั้ง (กันยายน ๒๕๖๖)
6 0/1 on0 late0 unk0 np0 unf1 come0 back0
  = - อยู่ระหว่างร่างระเบียบ (๑๐ กุมภาพันธ์ ๒๕๖๖)
7 1/1 on0 late0 unk1 np0 unf0 come0 back0
  = - สำรวจแล้ว
8 1/1 on1 late0 unk0 np0 unf0 come0 back1
  = - จัดกิจกรรมแล้ว
9 0/1 on0 late0 unk0 np0 unf1 come0 back0
  = - ยังไม่ได้รายงานผล (ครบกำหนด ๓๑ มกราคม ๒๕๖๖)
10 6/6 on6 late0 unk0 np0 unf0 come0 back6
  = - ดำเนินการครบทั้ง ๖ ครั้ง ดังนี้
  = 1 ลงพื้นที่ตำบลก (ตุลาคม ๒๕๖๕)
  = 2 ลงพื้นที่ตำบลข (พฤศจิกายน ๒๕๖๕)
  = 3 ลงพื้นที่ตำบลค (ธันวาคม ๒๕๖๕)
  = 4 ลงพื้นที่ตำบลง (มกราคม ๒๕๖๖)
  = - และอีก ๒ ครั้ง ตามภาคผนวก
11 1/2 on1 late0 unk0 np0 unf1 come0 back1
  = - ดำเนินการแล้ว ๑ จาก ๒ ส่วนราชการ ดังนี้
  = 1 กองคลัง ตรวจบัญชี
  = - ยังไม่ได้รายงานผล ๑ ส่วนราชการ (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)
12 3/4 on3 late0 unk0 np0 unf1 come0 back3
  = - รายงานผล
  = - ดำเนินการแล้ว ๓ จาก ๔ ครั้ง (ไตรมาสที่ ๑ ถึงไตรมาสที่ ๓)
  = - ยังไม่ได้รายงานผล ๑ ครั้ง (ไตรมาสที่ ๔)
13 1/3 on1 late0 unk0 np0 unf2 come0 back1
  = 1 แต่งตั้งคณะทำงาน
  = - ประชุมคณะทำงาน
  = 2 ยังไม่ได้รายงานผล (ครบกำหนด ๓๐ มิถุนายน ๒๕๖๖)
  = 3 ยกเลิกการดำเนินการ
  = 4 อยู่ระหว่างดำเนินการ: รวบรวมข้อมูล (๑๐ พฤษภาคม ๒๕๖๖)
  > - มีแผนงาน
14 0/1 on0 late0 unk0 np1 unf0 come0 back0
  = - ไม่สามารถดำเนินการได้เนื่องจากไม่ได้รับงบประมาณ
15 3/6 on3 late0 unk0 np0 unf3 come0 back3
  = - ตรวจเยี่ยมครั้งที่ ๑ ถึง ๓
  = - ดำเนินการแล้ว ๓ จาก ๖ ครั้ง (พฤศจิกายน ๒๕๖๕ ถึงมีนาคม ๒๕๖๖)
  = - ยังไม่ได้รายงานผล ๓ ครั้ง (พฤษภาคม ๒๕๖๖ ถึงกันยายน ๒๕๖๖)
16 9/10 on9 late0 unk0 np0 unf1 come0 back9
  = 1 จัดเวที
  = - ดำเนินการครบทั้ง ๕ ส่วนราชการ
  = 2 ดำเนินการแล้ว ๔ จาก ๕ ส่วนราชการ ดังนี้
  = 2.1 สำนักปลัด ติดตามผล
  = 2.2 กองคลัง ติดตามผล
  = 2.3 กองช่าง ติดตามผล
  = 2.4 กองการศึกษา ติดตามผลสองครั้ง
  = - ยังไม่ได้รายงานผล ๑ ส่วนราชการ (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)
  > 1 ประชาชนมีส่วนร่วม
  > 2 ปรับปรุงงาน
  > 3 ได้ข้อมูล
"""


def document() -> str:
    cells = ["<tr>" + "".join(f"<td><p>{heading}</p></td>" for heading in HEADINGS) + "</tr>"]
    for row in ROWS:
        parts = ("".join(f"<p>{line}</p>" for line in cell.split("/")) for cell in row)
        cells.append("<tr>" + "".join(f"<td>{part}</td>" for part in parts) + "</tr>")
    return f"<table>{''.join(cells)}</table>"


def the_year(session: Session) -> None:
    """Everything that happened, entered on 3 October."""

    def tasks(measure: int, step: int | None = None, unit: str | None = None) -> list[Task]:
        found = tasks_of_measure(session, measure, step)
        own = [task for task in found if unit is None or unit in {one.name for one in task.units}]
        return sorted(own, key=lambda task: (task.scheduled_on or date.max, task.id))

    def done(task: Task, result: str, on: date | None, outcome: str | None = None) -> None:
        progress.tick_off(
            session, task, result=result, outcome=outcome, done_on=on, today=AFTER.date(), by=BY, at=AFTER
        )  # fmt: skip

    def each(found: list[Task], words: Callable[[int, Task], str]) -> None:
        for place, task in enumerate(found, 1):
            done(task, words(place, task), task.scheduled_on)

    def refused(task: Task, reason: str, on: date) -> None:
        progress.not_possible(session, task, reason=reason, text=None, declared_on=on, by=BY, at=AFTER)

    def noted(task: Task, text: str, on: date) -> None:
        progress.note_progress(session, task, text=text, noted_on=on, by=BY, at=AFTER)

    done(tasks(1)[0], "จัดทำแผนแล้ว", date(2023, 3, 5), "ประชาชนทราบแผน")
    for unit in DIVISIONS[:3]:
        done(tasks(2, unit=unit)[0], "จัดทำคู่มือแล้ว", date(2023, 1, 20))
    refused(tasks(2, unit=DIVISIONS[3])[0], "staff_shortage", date(2023, 2, 15))
    each(tasks(3, 1), lambda _, task: f"เผยแพร่งบเดือน{format_date(task.scheduled_on or AFTER.date(), style='month')}")
    each(tasks(3, 2)[:6], lambda _place, _task: "รายงานงบต่อผู้บริหาร")
    first, second, *_ = sorted({task.scheduled_on or date.max for task in tasks(4)})
    each([task for task in tasks(4) if task.scheduled_on == first], lambda _place, _task: "ประชุมแล้ว")
    for unit in DIVISIONS[:3]:
        done(next(one for one in tasks(4, unit=unit) if one.scheduled_on == second), "ประชุมแล้ว", second)
    done(tasks(5)[0], "ทบทวนช่องทางแล้ว", date(2023, 4, 10))
    noted(tasks(6)[0], "อยู่ระหว่างร่างระเบียบ", date(2023, 2, 10))
    done(tasks(7)[0], "สำรวจแล้ว", None)
    progress.move_due(session, tasks(8)[0], date(2023, 4, 30), by=BY, at=BEFORE)
    done(tasks(8)[0], "จัดกิจกรรมแล้ว", date(2023, 4, 15))
    done(tasks(9)[0], "สรุปแล้ว", date(2023, 1, 30))
    progress.send_back(session, tasks(9)[0], note="แก้ไข", by=BY, at=AFTER)
    each(tasks(10), lambda place, _: f"ลงพื้นที่ตำบล{'กขคงจฉ'[place - 1]}")
    separate = session.scalars(select(Measure).where(Measure.number == 11)).one()
    set_mode(session, separate, "each", by=BY, at=BEFORE)
    done(tasks(11, unit="กองคลัง")[0], "ตรวจบัญชี", date(2023, 3, 9))
    for task in tasks(12)[:3]:
        done(task, "รายงานผล", min(task.scheduled_on or date.max, date(2023, 3, 15)))
    done(tasks(13, 1)[0], "แต่งตั้งคณะทำงาน\nประชุมคณะทำงาน", date(2023, 3, 1), "มีแผนงาน")
    progress.cancel(session, tasks(13, 3)[0], why="ยกเลิก", by=BY, at=AFTER)
    noted(tasks(13, 4)[0], "รวบรวมข้อมูล", date(2023, 5, 10))
    refused(tasks(14)[0], "no_budget", date(2023, 4, 5))
    each(tasks(15)[:3], lambda place, _: f"ตรวจเยี่ยมครั้งที่ {to_thai(place)}")
    for task in tasks(16, 1):
        done(task, "จัดเวที", date(2023, 3, 20), "ประชาชนมีส่วนร่วม")
    for place, task in enumerate(tasks(16, 2)[:4]):
        words = "ติดตามผล" if place < 3 else "ติดตามผลสองครั้ง"
        done(task, words, date(2023, 3, 25), "ได้ข้อมูล" if place % 2 else "ปรับปรุงงาน")


NAMES = {
    "on_time": "on", "late": "late", "unknown_day": "unk", "not_possible": "np", "unfinished": "unf", "to_come": "come",
    "entered_late": "back",
}  # fmt: skip


def written(data: ReportData) -> str:
    lines = []
    for measure in data.measures:
        assert {one.name for one in fields(StandingCounts)} == set(NAMES)
        standing = " ".join(f"{short}{getattr(measure.pace, name)}" for name, short in NAMES.items())
        lines.append(f"{measure.number} {measure.done}/{measure.total} {standing}")
        for mark, column in (("=", measure.summary), (">", measure.outcome)):
            lines += [f"  {mark} {'-' if one.number is None else one.number} {one.text}" for one in column]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("number", "by_hand"), [(6, SIX_MONTHS), (12, TWELVE_MONTHS)])
def test_the_columns_are_those_that_were_worked_out_by_hand(
    database: Database, number: RoundNumber, by_hand: str
) -> None:
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, document())
        the_year(session)
    with database.reading() as session:
        assert written(report_data(session, the_plan(session), number, BANGKOK, published=True)) == by_hand
