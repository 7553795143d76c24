"""A draft's measure retyped before it is stored: what stays as it was read, what is read again, which warnings go."""

import json
from dataclasses import replace
from datetime import date

import pytest

from tracker.bilingual import Bilingual
from tracker.plan_import import read_beside
from tracker.plan_import.corrections import (
    MeasureCorrection,
    StepCorrection,
    as_typed,
    corrected,
    corrected_measure,
    rebased,
    retyped,
)
from tracker.plan_import.document import ReadDocument
from tracker.services.plans.amend import Difference
from tracker.services.plans.plan_drafts import Trial

DOCUMENT = (
    "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
    "๑. <p>ให้บริการ</p><p>โดยเร็ว</p>\t<p>๑. จัดทำคู่มือ</p><p>๒. เผยแพร่</p>"
    "\tกองคลัง/กองช่าง\t<p>ตุลาคม ๒๕๖๕ - ๓๑ มิถุนายน ๒๕๖๖</p>\n"
    "๒. จัดซื้อโปร่งใส\t๑. เผยแพร่แผน\tทุกส่วนราชการ\tรายไตรมาส\n"
    "๒. วัดผล\t๑. สำรวจ\tกองคลัง\tภายใน ๑๕ วัน\n"
)


@pytest.fixture(scope="module")
def read() -> ReadDocument:
    return read_beside(DOCUMENT.encode(), "plan.txt", 2566)


def test_each_measure_stands_beside_its_cells_with_its_own_warnings(read: ReadDocument) -> None:
    first, second, third = read.measures
    assert first.original.period == "ตุลาคม ๒๕๖๕ - ๓๑ มิถุนายน ๒๕๖๖"
    assert first.original.steps == "๑. จัดทำคู่มือ\n๒. เผยแพร่"
    assert first.original.place == "line 2"
    assert [len(one.warnings) for one in (first, second, third)] == [1, 0, 2]
    assert read.draft.warnings == (*read.warnings, *first.warnings, *third.warnings)


def test_a_correction_that_changes_nothing_changes_nothing(read: ReadDocument) -> None:
    corrections = {place: as_typed(one.draft) for place, one in enumerate(read.measures)}
    corrections = {
        place: MeasureCorrection.from_json(correction.as_json()) for place, correction in corrections.items()
    }
    assert corrected(read, corrections) == read.measures


def test_a_retyped_period_is_read_again_and_its_warning_goes(read: ReadDocument) -> None:
    correction = replace(as_typed(read.measures[0].draft), period="ตุลาคม ๒๕๖๕ - ๓๐ มิถุนายน ๒๕๖๖")
    found = corrected_measure(read.measures[0], correction, 2566)
    assert found.draft.period.end == date(2023, 6, 30)
    assert found.warnings == ()
    still = corrected_measure(read.measures[0], replace(correction, period="๓๒ มกราคม ๒๕๖๖"), 2566)
    assert len(still.warnings) == 1
    assert "๓๒ มกราคม" in still.warnings[0].message


def test_a_retyped_number_takes_its_warning_along(read: ReadDocument) -> None:
    third = read.measures[2]
    found = corrected_measure(third, replace(as_typed(third.draft), number=3), 2566)
    assert [warning.where for warning in found.warnings] == ["measure 3, ระยะเวลาดำเนินการ"]


def test_retyped_parties_are_split_and_the_mode_is_chosen(read: ReadDocument) -> None:
    first = read.measures[0]
    typed = as_typed(first.draft)
    alone = corrected_measure(first, replace(typed, mode="each"), 2566).draft.responsible
    assert (alone.parties, alone.mode) == (("กองคลัง", "กองช่าง"), "each")
    other = corrected_measure(first, replace(typed, responsible="กองช่าง\nสำนักปลัด"), 2566).draft.responsible
    assert (other.parties, other.mode) == (("กองช่าง", "สำนักปลัด"), "jointly")
    nobody = corrected_measure(first, replace(typed, responsible=""), 2566)
    assert any("ไม่ได้ระบุผู้รับผิดชอบ" in warning.message for warning in nobody.warnings)


def test_steps_are_taken_out_added_and_given_a_period(read: ReadDocument) -> None:
    first = read.measures[0]
    one, two = as_typed(first.draft).steps
    steps = (replace(one, text=""), replace(two, number=1), StepCorrection(2, "สรุปผล", "กองคลัง", "each", "กันยายน ๒๕๖๖"))
    draft = corrected_measure(first, replace(as_typed(first.draft), steps=steps), 2566).draft
    assert [(step.number, step.text) for step in draft.steps] == [(1, "เผยแพร่"), (2, "สรุปผล")]
    added = draft.steps[1]
    assert added.period is not None
    assert added.period.end == date(2023, 9, 30)
    assert added.responsible is not None
    assert added.responsible.parties == ("กองคลัง",)
    emptied = corrected_measure(first, replace(as_typed(first.draft), steps=()), 2566).draft
    assert [step.text for step in emptied.steps] == ["ให้บริการ"]
    doubled = corrected_measure(first, replace(as_typed(first.draft), steps=(one, replace(two, number=1))), 2566)
    assert any("เลขขั้นตอนซ้ำกัน: 1, 1" in warning.message for warning in doubled.warnings)


def test_a_measure_is_left_out(read: ReadDocument) -> None:
    left = replace(as_typed(read.measures[1].draft), left_out=True)
    assert [one is None for one in corrected(read, {1: left})] == [False, True, False]


def test_a_measure_that_is_read_otherwise_keeps_what_was_typed_and_nothing_else(read: ReadDocument) -> None:
    before = as_typed(read.measures[0].draft)
    after = replace(before, period="ไตรมาส ๒", responsible="กองช่าง", details="ใหม่")
    typed = replace(before, title="ชื่อที่พิมพ์", responsible="กองที่พิมพ์", left_out=True)
    found = rebased(typed, before, after)
    assert (found.title, found.responsible, found.left_out) == ("ชื่อที่พิมพ์", "กองที่พิมพ์", True)
    assert (found.period, found.details, found.steps) == ("ไตรมาส ๒", "ใหม่", before.steps)


def test_only_blanks_are_no_change() -> None:
    assert retyped("ก  ข\nค", "ก ข \r\n\r\nค") == "ก  ข\nค"
    assert retyped("ก", "ก  ข\r\nค ") == "ก ข\nค"


def test_what_a_trial_found_is_read_back_as_it_was_written() -> None:
    told = Difference.of(Bilingual("measure 1 removed", "มาตรการ 1 ถูกนำออก"), "removed")
    found = Trial.from_json(json.loads(json.dumps(Trial(created=False, differences=(told,), ticked=3).as_json())))
    assert (found.ticked, [(one, one.th, one.kind) for one in found.differences]) == (
        3,
        [("measure 1 removed", "มาตรการ 1 ถูกนำออก", "removed")],
    )
