"""The sense of a gathered table as a whole: a form that is no plan, a column that tells no results."""

from collections.abc import Collection, Iterable

from tracker.errors import NotUnderstoodError
from tracker.plan_draft import Warn
from tracker.plan_import.column_sense import announces_a_report, plans_a_report, tells_results
from tracker.plan_import.gathered import Gathered
from tracker.plan_import.grid import Table
from tracker.plan_import.header_score import labels_a_field
from tracker.thai.text import squeeze_spaces

_LEAST_LABELS = 2
"""Labels that make a form; one may be the title of a measure about who is responsible."""
_LABELS_NAMED = 5
_MOST_IN_FORM = 3
"""Cells in a row of a form: a label, its value, and what else a writer put beside them."""


def refuse_a_form(gathered: Gathered, tables: Iterable[Table]) -> None:
    """A table of labels and values (ผู้รับผิดชอบ beside a name, ระยะเวลา beside a time) is no table of measures."""
    if gathered.fields & {"responsible", "period"}:
        return
    if gathered.fields:
        titles = [" ".join(line.text for line in one.title) for one in gathered.measures]
    else:
        titles = [row.filled[0].text for table in tables for row in table.rows if 0 < len(row.filled) <= _MOST_IN_FORM]
    labels = list(dict.fromkeys(squeeze_spaces(text).strip(" :") for text in titles if labels_a_field(text)))
    if len(labels) >= _LEAST_LABELS:
        named = ", ".join(labels[:_LABELS_NAMED])
        raise NotUnderstoodError(
            f"this is a form of labels and values ({named}), not a table of a plan; import a table with a "
            "column for each of them and a row for each measure",
            f"เอกสารเป็นแบบฟอร์มหัวข้อกับรายละเอียด ({named}) ไม่ใช่ตารางแผน ให้นำเข้าตารางที่มีช่องของแต่ละหัวข้อ และมาตรการละแถว",
        )


def leave_out_planned_reports(gathered: Gathered) -> None:
    """A column of รายงานทุก ๖ เดือน says how work will be reported; it is no summary of what was done.

    In a table that has outcomes too, which is a report, a time alone (มกราคม ๒๕๖๖) may be what somebody summed up.
    """
    said = [measure for measure in gathered.measures if measure.summary]
    texts = [squeeze_spaces(" ".join(line.text for line in measure.summary)) for measure in said]
    is_planned = announces_a_report if "outcome" in gathered.fields else plans_a_report
    if not said or not all(map(is_planned, texts)):
        return
    for measure, text in zip(said, texts, strict=True):
        gathered.warnings.append(Warn(measure.place, f"บอกว่าจะรายงานเมื่อใด ไม่ใช่ผลที่ทำแล้ว จึงไม่ได้นำเข้า: “{text}”"))
        measure.summary = []


def leave_out_planned_outcomes(gathered: Gathered, above: Iterable[str], chosen: Collection[str]) -> None:
    """ผลผลิต in a plan that has no results (๑๐ ชุมชน) is what is aimed at; a report would give it as achieved.

    Where somebody named its column (``chosen``) it stays.
    """
    said = [measure for measure in gathered.measures if measure.outcome]
    texts = [squeeze_spaces(" ".join(line.text for line in measure.outcome)) for measure in said]
    told = any(map(tells_results, texts)) or any("รายงาน" in line for line in above)
    if told or "summary" in gathered.fields or "outcome" in chosen:
        return
    for measure, text in zip(said, texts, strict=True):
        gathered.warnings.append(Warn(measure.place, f"บอกผลที่คาดหมาย ไม่ใช่ผลที่เกิดขึ้น จึงไม่ได้นำเข้า: “{text}”"))
        measure.outcome = []
