"""The sense of a gathered table as a whole: a form that is no plan, a column that tells no results."""

import re

from tracker.errors import NotUnderstoodError
from tracker.plan_draft import Warn
from tracker.plan_import.gathered import Gathered
from tracker.plan_import.headers import labels_a_field
from tracker.thai.text import squeeze_spaces

_LEAST_LABELS = 2
"""Labels that make a form; one may be the title of a measure about who is responsible."""
_PLANNED_REPORT = re.compile(
    r"(?:ให้)?(?:จัดทำ|จัดส่ง|ส่ง|สรุป)*รายงาน.{0,80}?(?:ทุก|ราย|ภายใน|ปีละ|เดือนละ|รอบ|[0-9๐-๙]\s?ครั้ง|ไตรมาส)"
)
_DONE = re.compile("แล้ว|ได้(?!แก่)|เรียบร้อย|เสร็จสิ้น")


def refuse_a_form(gathered: Gathered) -> None:
    """A table of labels and values (ผู้รับผิดชอบ beside a name, ระยะเวลา beside a time) is no table of measures."""
    labels = [text for one in gathered.measures if labels_a_field(text := " ".join(line.text for line in one.title))]
    if len(labels) >= _LEAST_LABELS and not gathered.fields & {"responsible", "period"}:
        raise NotUnderstoodError(
            f"this is a form of labels and values ({', '.join(labels)}), not a table of a plan; import a table with a "
            "column for each of them and a row for each measure",
            f"เอกสารเป็นแบบฟอร์มหัวข้อกับรายละเอียด ({', '.join(labels)}) ไม่ใช่ตารางแผน "
            "ให้นำเข้าตารางที่มีช่องของแต่ละหัวข้อ และมาตรการละแถว",
        )


def leave_out_planned_reports(gathered: Gathered) -> None:
    """A column of รายงานทุก ๖ เดือน says how work will be reported; it is no summary of what was done."""
    said = [measure for measure in gathered.measures if measure.summary]
    texts = [squeeze_spaces(" ".join(line.text for line in measure.summary)) for measure in said]
    if not said or not all(_PLANNED_REPORT.match(text) and not _DONE.search(text) for text in texts):
        return
    for measure, text in zip(said, texts, strict=True):
        gathered.warnings.append(Warn(measure.place, f"บอกว่าจะรายงานเมื่อใด ไม่ใช่ผลที่ทำแล้ว จึงไม่ได้นำเข้า: “{text}”"))
        measure.summary = []
