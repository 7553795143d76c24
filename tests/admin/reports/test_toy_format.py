"""A format is one record: with it alone a file is offered, made, kept, published and described."""

from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.admin.conftest import Visitor
from tests.admin.reports.test_public import AFTER, HERE, close_and_sign, publish, tick
from tests.factories import World
from tracker.reports import FORMATS, Format
from tracker.reports.assets import RenderAssets
from tracker.reports.data import ReportData
from tracker.store.db import Database


def written(data: ReportData, _assets: RenderAssets) -> bytes:
    return f"รายงานของ {data.agency} มี {len(data.measures)} มาตรการ".encode()


def _works_everywhere(coordinator: Visitor, reader: Visitor, database: Database, ours: World) -> None:
    tick(database, ours, "เผยแพร่แล้ว")
    assert "/reports/2566/6.toy" in coordinator.get("/reports/").text
    draft = coordinator.get("/reports/2566/6.toy")
    assert (draft.text, draft.content_type) == ("รายงานของ อบต.ตัวอย่าง มี 4 มาตรการ", "text/x-toy; charset=utf-8")
    assert "report-2566-6.toy" in draft.headers["Content-Disposition"]

    close_and_sign(coordinator)
    publish(coordinator)

    assert ">TOY</a>" in reader.get(HERE).text
    file = reader.get(f"{HERE}/report.toy")
    assert (file.text, file.content_type) == (draft.text, "text/x-toy; charset=utf-8")
    assert file.headers["Content-Disposition"].startswith("inline")
    described: list[dict[str, Any]] = reader.get(f"{HERE}/dataset.jsonld").get_json(force=True)["dcat:distribution"]
    [one] = [one for one in described if one["dct:title"] == "TOY"]
    assert one["dcat:mediaType"]["@id"].endswith("/text/x-toy")
    assert "dct:conformsTo" not in one
    assert coordinator.get("/reports/2566/6.toy").text == draft.text


def test_a_format_that_nobody_else_knows_of_works_everywhere(
    coordinator: Visitor, app: Flask, database: Database, ours: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "toy", Format("toy", "text/x-toy", written, text=True, in_place=True))
    with time_machine.travel(AFTER, tick=False):
        _works_everywhere(coordinator, Visitor(app.test_client()), database, ours)


def test_each_format_has_what_people_and_the_database_need() -> None:
    for name, one in FORMATS.items():
        assert one.name == name
        assert len(name) <= 8
        assert one.suffix == f".{name}"
    first = [one.offered_first for one in FORMATS.values() if one.offered_first]
    assert sorted(first) == ["officials", "readers"]
