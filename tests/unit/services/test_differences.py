"""Two snapshots of a task differ wherever what is frozen of it differs."""

from dataclasses import fields, replace
from datetime import date

import pytest

from tests.unit.reports.report_sample import report
from tracker.services.reports.differences import differences
from tracker.services.reports.snapshots import FrozenEvidence, FrozenTask, Snapshot

TASK = FrozenTask(
    id=1, measure=1, step=1, title="ทำ", units=("กองคลัง",), scheduled_on=None, due_on=None, state="done", done_on=None,
    result=None, outcome=None, reason=None, notes=(), evidence=(), in_round=True,
)  # fmt: skip
PLACE = ("id", "measure", "step", "in_round")
"""Which task it is, and for which round: told beside each difference."""


@pytest.mark.parametrize("name", [one.name for one in fields(FrozenTask) if one.name not in PLACE])
def test_each_field_of_a_frozen_task_is_told(name: str) -> None:
    piece = FrozenEvidence("ภาพ", "0" * 64, 1, None)
    other = {"units": ("กองช่าง",), "notes": ("x",), "evidence": (piece,)}
    changed = replace(TASK, **{name: other.get(name, date(2023, 3, 31) if name.endswith("_on") else "x")})
    before, after = (Snapshot(report(), (task,), None) for task in (TASK, changed))
    assert [one.task_id for one in differences(before, after)] == [1]
