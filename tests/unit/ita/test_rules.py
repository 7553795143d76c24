"""Rule packs: the shipped data, an agency's changes over them, and what a check says of a plan and its report."""

from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from tracker.ita.changes import with_overrides
from tracker.ita.check import CHECKS, Facts, Finding, MeasureFacts, evaluate
from tracker.ita.pack import CLASSES, Pack, load_pack

CLOSES, TODAY = date(2023, 4, 30), date(2023, 4, 10)
NAMES = sorted(entry.name for entry in (files("tracker.ita") / "data").iterdir() if entry.name.endswith(".toml"))


def measure(**changes: Any) -> MeasureFacts:
    plain = MeasureFacts(1, "รายงานผลต่อผู้บริหาร", 2, False, True, True, 0, 3)
    return replace(plain, **changes)


def facts(*measures: MeasureFacts, **changes: Any) -> Facts:
    plain = Facts(
        2566, 6, measures or (measure(),), closed=True, signed=True, published_on=date(2023, 4, 7)
    )  # fmt: skip
    return replace(plain, **changes)


def held(pack: Pack, of_plan: Facts | None, of_result: Facts | None = None, **options: Any) -> dict[str, Finding]:
    asked = {"plan": of_plan, "result": of_result or of_plan}
    given = {"closes_on": CLOSES, "today": TODAY, "answers": {}, **options}
    return {finding.rule.id: finding for finding in evaluate(pack, asked, **given)}


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_pack_is_whole(name: str) -> None:
    year, _, agency_class = name.removesuffix(".toml").partition("-")
    pack = load_pack(int(year), agency_class)  # type: ignore[arg-type]
    assert (pack.fiscal_year, pack.agency_class, pack.carried_from) == (int(year), agency_class, None)
    assert agency_class in CLASSES
    keys = [item.key for item in pack.items]
    ids = [rule.id for rule in pack.rules]
    assert len(set(keys)) == len(keys)
    assert len(set(ids)) == len(ids)
    for rule in pack.rules:
        assert rule.item in keys
        assert rule.check in CHECKS
        assert rule.text
        assert rule.text_en.isascii()
        assert rule.source
        assert rule.mark in ("V", "V-unofficial", "M", "inference")
    for item in pack.items:
        assert item.source
        assert list(pack.of_item(item.key))
    opens, closes = pack.window.days(pack.fiscal_year)
    assert opens < closes


def test_what_was_read_and_what_was_not() -> None:
    local, school = load_pack(2566, "local"), load_pack(2566, "school")
    assert [(item.number, item.mark) for item in local.items] == [("O42", "V"), ("O43", "V")]
    assert [item.number for item in school.items] == ["O36", "O37"]
    assert local.window.mark == "M"
    assert load_pack(2565, "local").window.mark == "V"
    assert {item.mark for item in load_pack(2568, "local").items} == {"M"}
    assert [item.number for item in load_pack(2569, "local").items] == ["", ""]
    assert load_pack(2569, "state").items[1].covers == "previous"
    for pack in (local, school):
        assert all(rule.confirmed == (rule.mark == "V") for rule in pack.rules)


def test_a_year_without_a_pack_borrows_one_in_which_nothing_is_certain() -> None:
    newest = max(int(name[:4]) for name in NAMES if name.endswith("-local.toml"))
    pack = load_pack(newest + 1, "local")
    assert (pack.fiscal_year, pack.carried_from) == (newest + 1, newest)
    marks = {pack.window.mark, *(item.mark for item in pack.items), *(rule.mark for rule in pack.rules)}
    assert marks == {"inference"}
    assert not any(rule.confirmed for rule in pack.rules)
    assert [day.year + 543 for day in pack.window.days(newest + 1)] == [newest + 1] * 2
    assert load_pack(2560, "school").carried_from == 2566


def test_an_agency_lays_its_changes_over_the_pack() -> None:
    pack = load_pack(2566, "local")
    changes = {
        "window": {"opens": "03-15", "closes": "05-15"},
        "items": {"result": {"number": "O44", "title": "รายงานผล", "covers": "previous"}, "gone": {"number": "O1"}},
        "rules": {"plan-steps": {"off": True}, "plan-period": {"text": "มีวันเริ่มและวันสิ้นสุด"}, "gone": {"off": True}},
        "own": [{"id": "own-1", "item": "plan", "text": "ผู้บริหารลงนาม"}, {"id": "own-2", "item": "gone", "text": "x"}],
    }
    ours = with_overrides(pack, changes)
    assert ours.window.days(2566) == (date(2023, 3, 15), date(2023, 5, 15))
    assert (ours.items[1].number, ours.items[1].covers, ours.items[1].mark) == ("O44", "previous", "own")
    assert ours.items[0] == pack.items[0]
    period, own = ours.rule("plan-period"), ours.rule("own-1")
    assert period is not None
    assert own is not None
    assert (period.text, period.changed, period.confirmed) == ("มีวันเริ่มและวันสิ้นสุด", True, False)
    assert (own.check, own.mark) == ("answer", "own")
    assert ours.rule("own-2") is None
    found = held(ours, facts())
    assert "plan-steps" not in found
    assert found["own-1"].state == "unknown"
    assert with_overrides(pack, {}) == pack


def test_a_whole_report_passes_and_what_nobody_can_know_waits_for_an_answer() -> None:
    pack = load_pack(2566, "local")
    found = held(pack, facts())
    assert {name: one.state for name, one in found.items()} == {
        "plan-analysis": "unknown",
        "plan-follows": "unknown",
        "plan-steps": "passed",
        "plan-responsible": "passed",
        "plan-period": "passed",
        "plan-follow-up": "passed",
        "plan-published": "unknown",
        "result-all": "passed",
        "result-steps": "passed",
        "result-concrete": "passed",
        "result-year": "passed",
        "result-closed": "passed",
        "result-published": "passed",
    }
    answered = held(pack, facts(), answers={"plan-analysis": "หน้า ๓", "plan-steps": "ไม่ใช้"})["plan-analysis"]
    assert (answered.state, answered.where, answered.reason.th) == ("passed", "answer", "ยืนยันแล้ว: หน้า ๓")


@pytest.mark.parametrize(
    ("rule", "change", "where", "measures"),
    [
        ("plan-steps", {"steps": 0}, "plan", (1,)),
        ("plan-responsible", {"needs_people": True}, "people", (1,)),
        ("plan-period", {"has_period": False}, "plan", (1,)),
        ("result-all", {"has_result": False}, "texts", (1,)),
        ("result-steps", {"silent_steps": 1}, "texts", (1,)),
        ("result-concrete", {"evidence": 0}, "evidence", (1,)),
    ],
)
def test_what_a_measure_lacks_is_missing_and_named(
    rule: str, change: dict[str, Any], where: str, measures: tuple[int, ...]
) -> None:
    found = held(load_pack(2566, "local"), facts(measure(**change), measure(number=2)), answers={rule: "มีแล้ว"})[rule]
    assert (found.state, found.where, found.measures) == ("missing", where, measures)
    assert "มาตรการที่ ๑" in found.reason.th


@pytest.mark.parametrize(
    ("change", "rule", "state", "said"),
    [
        ({"closed": True, "signed": False}, "result-closed", "missing", "ยังไม่ได้ลงนาม"),
        ({"closed": False, "signed": False}, "result-closed", "missing", "ยังไม่ได้ปิดรอบ"),
        ({"published_on": None}, "result-published", "missing", "ปิดรับคำตอบ ๓๐ เมษายน ๒๕๖๖"),
        ({"published_on": date(2023, 5, 1)}, "result-published", "missing", "หลังวันปิดรับคำตอบ"),
        ({"published_on": date(2023, 4, 30)}, "result-published", "passed", "๓๐ เมษายน ๒๕๖๖"),
        ({"dates_outside": (2, 3)}, "result-year", "missing", "มาตรการที่ ๒, ๓"),
    ],
)
def test_closing_publishing_and_days(change: dict[str, Any], rule: str, state: str, said: str) -> None:
    found = held(load_pack(2566, "local"), facts(**change))[rule]
    assert found.state == state
    assert said in found.reason.th


def test_after_the_closing_day_it_is_said_so() -> None:
    found = held(load_pack(2566, "local"), facts(published_on=None), today=date(2023, 5, 2))["result-published"]
    assert "พ้นวันปิดรับคำตอบ" in found.reason.th


def test_a_year_without_plan_and_an_empty_plan() -> None:
    pack = load_pack(2569, "state")
    none = held(pack, None)
    assert {one.state for one in none.values()} == {"unknown"}
    empty = held(pack, Facts(2569, 6, ()))
    assert empty["plan-steps"].state == "missing"
    assert empty["result-all"].reason.th == "แผนยังไม่มีมาตรการ"


def test_a_measure_that_speaks_of_the_analysis_is_named_but_proves_nothing() -> None:
    found = held(load_pack(2566, "local"), facts(measure(number=4, text="วิเคราะห์คะแนน ITA รายตัวชี้วัด")))["plan-analysis"]
    assert (found.state, found.measures) == ("unknown", (4,))
    assert "มาตรการที่ ๔" in found.reason.th


def test_sources_are_plain_words() -> None:
    for file in (files("tracker.ita") / "data").iterdir():
        words = file.read_text(encoding="utf-8")
        assert "จำจาก" not in words, file.name
        assert "recalled" not in words, file.name
