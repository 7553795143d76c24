"""Days that have been, as people type them: with and without a year, in words."""

import re
from datetime import date

import pytest

from tracker.errors import NotUnderstoodError
from tracker.thai.days import read_day

TODAY = date(2023, 3, 31)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("๓๑/๓/๒๕๖๖", date(2023, 3, 31)),
        ("31 มี.ค. 66", date(2023, 3, 31)),
        ("31/3/66", date(2023, 3, 31)),
        ("31/3/2023", date(2023, 3, 31)),
        ("วันนี้", date(2023, 3, 31)),
        (" เมื่อวาน ", date(2023, 3, 30)),
        ("เมื่อวานนี้", date(2023, 3, 30)),
        ("เมื่อวานซืน", date(2023, 3, 29)),
        ("Yesterday", date(2023, 3, 30)),
        ("14/3", date(2023, 3, 14)),
        ("๑๔ มี.ค.", date(2023, 3, 14)),
        ("วันที่ ๑๔ มีนาคม", date(2023, 3, 14)),
        ("1 เม.ย.", date(2022, 4, 1)),  # the latest that is not to come
        ("29/2", date(2020, 2, 29)),
    ],
)
def test_what_people_type(typed: str, meant: date) -> None:
    assert read_day(typed, TODAY, "past") == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [("31/2", "ไม่มีวันที่"), ("2400", "อ่านวันที่"), ("12", "อ่านวันที่"), ("", "อ่านวันที่")],
)
def test_what_is_no_day_that_has_been(typed: str, said: str) -> None:
    with pytest.raises(NotUnderstoodError) as refused:
        read_day(typed, TODAY, "past")
    assert said in refused.value.sentence_th
    assert re.search("no day|no date", refused.value.sentence)
    assert not re.search("[ก-๙]", refused.value.sentence.replace(typed, ""))
