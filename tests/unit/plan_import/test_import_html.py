"""HTML tables as web pages and word processors write them."""

import contextlib
import time

import pytest

from tracker.errors import NotUnderstoodError
from tracker.plan_draft import DraftMeasure
from tracker.plan_import import read_plan

HEAD = "<tr><th>มาตรการ<th>ขั้นตอน<th>ผู้รับผิดชอบ<th>ระยะเวลา</tr>"


def read(body: str) -> tuple[DraftMeasure, ...]:
    return read_plan(f"<table>{HEAD}{body}</table>".encode(), "plan.html", 2566).measures


def steps(cell: str) -> list[tuple[int | None, str]]:
    (measure,) = read(f"<tr><td>๑.ก<td>{cell}<td>กองคลัง<td>มกราคม ๒๕๖๖</tr>")
    return [(step.number, step.text) for step in measure.steps]


def test_row_spans_hold_a_measure_together() -> None:
    first, second = read(
        "<tr><td rowspan=2>๑.ก<td>๑.หนึ่ง<td rowspan=3>กองคลัง<td>มกราคม ๒๕๖๖</tr>"
        "<tr><td>๒.สอง<td>มีนาคม ๒๕๖๖</tr>"
        "<tr><td>๒.ข<td>๑.สาม<td>เมษายน ๒๕๖๖</tr>"
    )
    assert [(s.number, s.text, s.period and s.period.text) for s in first.steps] == [
        (1, "หนึ่ง", None),
        (2, "สอง", "มีนาคม ๒๕๖๖"),
    ]
    assert (second.title, second.responsible.text, second.period.text) == ("ข", "กองคลัง", "เมษายน ๒๕๖๖")


def test_spans_across_columns() -> None:
    page = (
        "<table><thead><tr><th rowspan=2>มาตรการ<th rowspan=2>ขั้นตอน<th rowspan=2>ผู้รับผิดชอบ"
        "<th colspan=2>ระยะเวลา</tr><tr><th>เริ่มต้น<th>สิ้นสุด</tr></thead>"
        "<tr><td>๑.ก<td>๑.ข<td>กองคลัง<td>๑ มกราคม ๒๕๖๖<td>๓๑ มีนาคม ๒๕๖๖</tr></table>"
    )
    plan = read_plan(page.encode(), "x.html", 2566)
    assert (str(plan.measures[0].period.start), str(plan.measures[0].period.end)) == ("2023-01-01", "2023-03-31")
    assert not plan.warnings


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<p>๑.หนึ่ง</p><p>๒.สอง</p>", [(1, "หนึ่ง"), (2, "สอง")]),
        ("๑.หนึ่ง<br>๒.สอง<br/>ต่อ", [(1, "หนึ่ง"), (2, "สอง\nต่อ")]),
        ("<ol><li>หนึ่ง<li>สอง</ol>", [(1, "หนึ่ง"), (2, "สอง")]),
        ("<ol start=3><li>หนึ่ง<li value=7>สอง<li>สาม</ol>", [(3, "หนึ่ง"), (7, "สอง"), (8, "สาม")]),
        ("<ol reversed><li>ก<li>ข</ol>", [(2, "ก"), (1, "ข")]),
        ("<ol style='list-style-type:thai'><li><p>หนึ่ง</p></ol>", [(1, "หนึ่ง")]),
        ("<ol><li>หนึ่ง<ol><li>ย่อย</ol><li>สอง</ol>", [(1, "หนึ่ง\n1. ย่อย"), (2, "สอง")]),
        ("<ul><li>หนึ่ง<li>สอง</ul>", [(None, "• หนึ่ง"), (None, "• สอง")]),
        ("<ol type=a><li>หนึ่ง</ol>", [(None, "a. หนึ่ง")]),
        ("<ol type=I><li>หนึ่ง<li>สอง</ol>", [(None, "I. หนึ่ง"), (None, "II. สอง")]),
        ("๑.\n  หนึ่ง&nbsp;<b>สอง</b><script>x</script><!-- y --><del>z</del>", [(1, "หนึ่ง สอง")]),
        ("<div>๑.หนึ่ง</div><div hidden>๒.ซ่อน</div>", [(1, "หนึ่ง")]),
        ("<table><tr><td>๑.หนึ่ง<td>๒.สอง</table>", [(1, "หนึ่ง"), (2, "สอง")]),
    ],
)
def test_the_paragraphs_of_a_cell(cell: str, expected: list[tuple[int | None, str]]) -> None:
    assert steps(cell) == expected


def test_entities_and_the_network_are_not_touched() -> None:
    page = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><table>{HEAD}<tr><td>๑.&x;<td>๑.ข<td>ค<td>ง</table>'
    )
    plan = read_plan(page.encode(), "x.html", 2566)
    assert "root:" not in str(plan.as_json())


@pytest.mark.parametrize(
    "page",
    [
        "<table>" * 5_000 + "x",
        "<div>" * 50_000 + "<table>",
        f"<table>{HEAD}<tr><td rowspan=99999999 colspan=99999999>" + "<td rowspan=65534>" * 3_000,
        f"<table>{HEAD}" + "<tr><td>๑.ก<td><ol>" + "<li>x" * 20_000 + "</table>",
        "<table>" + "<tr>" + "<th>มาตรการ" * 3_000 + "</table>",
    ],
)
def test_hostile_pages_are_read_or_refused_soon(page: str) -> None:
    began = time.monotonic()
    with contextlib.suppress(NotUnderstoodError):
        read_plan(page.encode(), "x.html", 2566)
    assert time.monotonic() - began < 20
