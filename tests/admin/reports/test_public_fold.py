"""The long parts of a published report fold on its page, and nothing of them is lost."""

import re
from dataclasses import replace

import pytest

from admin.pages.reports.public_fold import OPEN_UP_TO, folded
from tracker.reports.as_html import render
from tracker.reports.specimen import specimen


def page(reports: int) -> str:
    data = specimen()
    (entry,) = data.annex
    several = tuple(replace(entry, result=f"ครั้งที่ {number}") for number in range(reports))
    return render(replace(data, annex=several)).decode()


@pytest.mark.parametrize(("reports", "open_"), [(1, True), (OPEN_UP_TO, True), (OPEN_UP_TO + 1, False), (40, False)])
def test_a_long_annex_folds_and_a_short_one_lies_open(reports: int, open_: bool) -> None:
    before = page(reports)
    after = folded(before, thai_digits=False)
    annex, links = re.findall(r'<details class="\w+"( open)?>\n<summary><h2>.*?</h2> (.*?)</summary>', after)
    assert annex == (" open" * open_, f'<span class="muted">{reports} รายการ</span>')
    assert links == (" open", '<span class="muted">2 รายการ</span>')
    assert after.count("<details") == after.count("</details>") == 2
    words = re.compile(r"<[^>]*>|\s+|[0-9]+ รายการ")
    assert words.sub("", after) == words.sub("", before)


def test_a_report_without_an_annex_stays() -> None:
    plain = render(replace(specimen(), annex=())).decode()
    assert folded(plain, thai_digits=True) == plain
