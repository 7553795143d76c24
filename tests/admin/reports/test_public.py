"""A report is signed, published, amended and withdrawn; strangers read it, check it, and get no further."""

import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from jsonschema import Draft202012Validator
from PIL import Image

from admin.app import create_app
from admin.web.context import site
from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.factories import TEST, World, task_of
from tracker.models import Agency
from tracker.services.reports import publishing
from tracker.services.reports.record_check import record_problems
from tracker.services.tasks import progress
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import link

CLOSE, PUBLISH, VERIFY = (f"/reports/2566/6/{name}/" for name in ("close", "publish", "verify"))
HERE = "/public/tua-example/2566/6"
AFTER = datetime(2023, 4, 3, 5, tzinfo=UTC)
PDF = b"%PDF-1.4\nscan of the signed paper\n%%EOF"


@pytest.fixture(autouse=True)
def _after_the_round() -> object:
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def reader(app: Flask) -> Visitor:
    """A citizen's browser."""
    return Visitor(app.test_client())


def tick(database: Database, world: World, result: str, unit: str = "กองคลัง") -> None:
    with database.writing() as session:
        task = task_of(session, world, unit, 2, date(2022, 12, 31))
        progress.tick_off(
            session, task, result=result, done_on=date(2023, 3, 20), today=date(2023, 3, 29), by=TEST, at=NOON
        )


def close_and_sign(coordinator: Visitor, **more: object) -> None:
    coordinator.get(CLOSE)
    assert coordinator.post(CLOSE, {"sure": "y"}).status_code == 302
    coordinator.get(CLOSE)
    signed = {"name": ["นายสมชาย ใจดี", ""], "position": ["ปลัด", ""], "signed_on": "3/4/2566", **more}
    assert coordinator.post(CLOSE + "sign", signed).status_code == 302


def publish(coordinator: Visitor, **more: object) -> None:
    coordinator.get(PUBLISH)
    chosen = {"slug": "tua-example", "public_signers": "y", **more}
    assert coordinator.post(PUBLISH, {name: value for name, value in chosen.items() if value}).status_code == 302


def published(coordinator: Visitor, database: Database, world: World, result: str) -> None:
    tick(database, world, result)
    close_and_sign(coordinator)
    publish(coordinator)


def shown_files(page: str) -> dict[str, str]:
    """Format to hash, as the page lists them."""
    return {
        name.lower(): sha256
        for name, sha256 in re.findall(r"<dt>([A-Z]+) · [^<]*</dt>\s*<dd>\s*<code>([0-9a-f]{64})</code>", page)
    }


def test_a_signed_report_is_published_for_everybody(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    tick(database, ours, "เผยแพร่บนเว็บไซต์แล้ว")
    coordinator.get(PUBLISH)
    assert coordinator.post(PUBLISH, {"slug": "tua-example"}).status_code == 409
    close_and_sign(coordinator, scan=(BytesIO(PDF), "ลงนาม.pdf"))
    assert coordinator.get(CLOSE + "scan").data == PDF
    publish(coordinator, scan="y")
    page = reader.get(HERE)
    assert page.status_code == 200
    assert "เผยแพร่บนเว็บไซต์แล้ว" in page.text
    assert "นายสมชาย ใจดี" in page.text
    files = shown_files(page.text)
    assert set(files) == {"docx", "pdf", "xlsx", "html", "json", "csv"}
    for ending, sha256 in files.items():
        for path in (f"{HERE}/v1/report.{ending}", f"{HERE}/report.{ending}"):
            answer = reader.get(path)
            assert hashlib.sha256(answer.data).hexdigest() == sha256, path
            assert answer.headers["ETag"] == f'"{sha256}"'
    assert reader.get(f"{HERE}/v1/signed").data == PDF
    assert reader.get("/public/").text.count("อบต.ตัวอย่าง") == 1
    assert HERE in reader.get("/public/tua-example/").text
    assert reader.get(f"{HERE}/").status_code == 200


def test_nothing_public_knows_a_session_and_all_of_it_is_cached(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    published(coordinator, database, ours, "เผยแพร่แล้ว")
    pages = (HERE, f"{HERE}/v1", "/public/", "/public/tua-example/", f"{HERE}/v1/report.pdf", f"{HERE}/dataset.jsonld")
    for path in pages:
        strange, known = reader.get(path), coordinator.get(path)
        assert strange.data == known.data, path
        assert "Set-Cookie" not in strange.headers
        assert "Cookie" not in strange.headers.get("Vary", "")
        assert strange.headers["Cache-Control"].startswith("public, "), path
        assert reader.client.get(path, headers={"Accept-Language": "en"}).data == strange.data
        again = reader.client.get(path, headers={"If-None-Match": strange.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
    assert "Proof and open data" in reader.get(f"{HERE}?lang=en").text
    links = set(re.findall(r'(?:href|src|action)="(/[^"]*)"', reader.get(HERE).text))
    assert {link for link in links if not link.startswith(("/public/", "/static/"))} == set()
    with counted_queries(database) as statements:
        reader.get(HERE)
    assert len(statements) <= 4


def test_published_shows_of_people_only_what_the_agency_chose(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 3, date(2023, 1, 31))
        progress.tick_off(
            session, task, result="ชี้แจงแล้ว", done_on=date(2023, 1, 31), today=date(2023, 3, 29), by=TEST, at=NOON,
            evidence=[link("https://photos.example/face-of-somchai")],
        )  # fmt: skip
    close_and_sign(coordinator)
    publish(coordinator, licence="CC0-1.0", public_signers="")
    private = ("สมชาย", "face-of-somchai", "หัวหน้ากองคลัง", "tua.example", "ผู้ประสานงาน")
    for path in (HERE, f"{HERE}/report.html", f"{HERE}/report.json", f"{HERE}/report.csv", f"{HERE}/dataset.jsonld"):
        text = reader.get(path).text
        assert [word for word in private if word in text] == [], path
    assert "CC0-1.0" in reader.get(HERE).text
    assert "face-of-somchai" in coordinator.get("/reports/2566/6.html").text


def test_an_amended_report_says_what_changed_and_the_old_one_stays(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    published(coordinator, database, ours, "เผยแพร่แล้ว")
    first = reader.get(f"{HERE}/report.docx").data
    coordinator.get(CLOSE)
    coordinator.post(CLOSE + "reopen", {"why": "แก้คำผิด"})
    assert reader.get(f"{HERE}/report.docx").data == first
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31))
        progress.send_back(session, task, note="แก้คำ", by=TEST, at=NOON)
        progress.tick_off(
            session, task, result="เผยแพร่ทางเว็บไซต์แล้ว", done_on=date(2023, 3, 20), today=date(2023, 3, 29),
            by=TEST, at=NOON,
        )  # fmt: skip
    close_and_sign(coordinator)
    publish(coordinator)
    page = reader.get(HERE).text
    assert "ฉบับที่ ๒" in page
    assert "แก้คำผิด" in page
    assert re.search(r"<del>เผยแพร่แล้ว[^<]*</del>.*<ins>เผยแพร่ทางเว็บไซต์แล้ว[^<]*</ins>", page, re.DOTALL)
    old = reader.get(f"{HERE}/v1")
    assert "นี่เป็นฉบับเก่า" in old.text
    assert "ไปฉบับปัจจุบัน ฉบับที่ ๒" in old.text
    assert reader.get(f"{HERE}/v1/report.docx").data == first
    assert reader.get(f"{HERE}/report.docx").data != first
    verified = coordinator.get(f"{VERIFY}?version=1").text
    assert '<ins class="cell">เผยแพร่ทางเว็บไซต์แล้ว</ins>' in verified


def test_closing_again_without_a_change_keeps_every_byte_and_the_signatures(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    tick(database, ours, "เผยแพร่แล้ว")
    close_and_sign(coordinator)
    endings = ("docx", "pdf", "xlsx", "html", "json", "csv")
    before = [coordinator.get(f"/reports/2566/6.{ending}").data for ending in endings]
    coordinator.get(CLOSE)
    coordinator.post(CLOSE + "reopen", {"why": "ตรวจอีกครั้ง"})
    coordinator.get(CLOSE)
    with time_machine.travel(AFTER + timedelta(days=400), tick=False):
        coordinator.sign_in(ours.email("coordinator"))
        coordinator.get(CLOSE)
        coordinator.post(CLOSE, {"sure": "y"})
        assert [coordinator.get(f"/reports/2566/6.{ending}").data for ending in endings] == before
        page = coordinator.get(CLOSE).text
    assert "นายสมชาย ใจดี" in page
    assert "ปิดครั้งที่ ๑" in page


def test_a_withdrawn_report_leaves_a_tombstone(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    published(coordinator, database, ours, "เผยแพร่แล้ว")
    pdf = reader.get(f"{HERE}/report.pdf").data
    coordinator.get(PUBLISH)
    assert coordinator.post(PUBLISH + "withdraw", {"why": " "}).status_code == 422
    assert coordinator.post(PUBLISH + "withdraw", {"why": "มีข้อมูลส่วนบุคคล"}).status_code == 302
    for path in (HERE, f"{HERE}/v1", f"{HERE}/report.pdf", f"{HERE}/v1/report.json", f"{HERE}/dataset.jsonld"):
        answer = reader.get(path)
        assert answer.status_code == 410, path
        assert "มีข้อมูลส่วนบุคคล" in answer.text
    assert "อบต.ตัวอย่าง" not in reader.get("/public/").text
    checked = reader.client.post("/public/check", data={"file": (BytesIO(pdf), "report.pdf")})
    assert "เคยเผยแพร่ และถูกถอนภายหลัง" in checked.text
    coordinator.get(PUBLISH)
    publish(coordinator)
    assert reader.get(f"{HERE}/v2/report.pdf").data == pdf
    again = reader.client.post("/public/check", data={"file": (BytesIO(pdf), "report.pdf")}).text
    assert "ไฟล์นี้เป็นฉบับจริง" in again
    assert all(f"{HERE}/v{edition}" in again for edition in (1, 2))


def test_what_was_withdrawn_comes_back_as_an_edition_of_its_own(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    tick(database, ours, "เผยแพร่แล้ว")
    close_and_sign(coordinator, scan=(BytesIO(PDF), "ลงนาม.pdf"))
    publish(coordinator, scan="y")
    first = reader.get(f"{HERE}/report.pdf").data
    signed = coordinator.get("/reports/2566/6.pdf").data
    coordinator.get(PUBLISH)
    coordinator.post(PUBLISH + "withdraw", {"why": "เลือกผิด"})
    coordinator.get(PUBLISH)
    publish(coordinator, scan="y", public_signers="")
    page = reader.get(HERE).text
    assert "ฉบับที่ ๒" in page
    assert "นายสมชาย ใจดี" not in page
    second = reader.get(f"{HERE}/report.pdf").data
    assert second != first
    assert reader.get(f"{HERE}/v2/signed").data == PDF
    assert coordinator.get("/reports/2566/6.pdf").data == signed
    assert coordinator.get(CLOSE + "scan").data == PDF
    assert "ฉบับนี้ครบถ้วน" in coordinator.get(VERIFY).text
    for path in (f"{HERE}/v1", f"{HERE}/v1/report.pdf", f"{HERE}/v1/signed"):
        gone = reader.get(path)
        assert gone.status_code == 410, path
        assert "ฉบับที่ ๑" in gone.text
    for content, told, edition in ((first, "ถูกถอนภายหลัง", 1), (second, "ไฟล์นี้เป็นฉบับจริง", 2)):
        checked = reader.client.post("/public/check", data={"file": (BytesIO(content), "report.pdf")}).text
        assert told in checked
        assert f"{HERE}/v{edition}" in checked


def test_words_of_a_withdrawn_edition_are_not_told_by_the_next(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    tick(database, ours, "โทรแจ้งนางคำ 081-234-5678 แล้ว")
    close_and_sign(coordinator)
    assert "ที่อาจเป็นข้อมูลส่วนบุคคล" in coordinator.get(PUBLISH).text
    publish(coordinator)
    coordinator.get(PUBLISH)
    coordinator.post(PUBLISH + "withdraw", {"why": "มีข้อมูลส่วนบุคคล"})
    coordinator.get(CLOSE)
    coordinator.post(CLOSE + "reopen", {"why": "ตัดข้อมูลส่วนบุคคล"})
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31))
        progress.send_back(session, task, note="ตัดเบอร์", by=TEST, at=NOON)
    tick(database, ours, "แจ้งผู้เกี่ยวข้องแล้ว")
    close_and_sign(coordinator)
    assert "ที่อาจเป็นข้อมูลส่วนบุคคล" not in coordinator.get(PUBLISH).text
    publish(coordinator)
    page = reader.get(HERE).text
    assert "สรุปผลดำเนินการ</b>" in page
    assert "081-234-5678" not in page
    assert "081-234-5678" not in str([one.data for one in map(reader.get, (f"{HERE}/v2", f"{HERE}/dataset.jsonld"))])


def test_signatures_are_corrected_after_a_withdrawal(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    published(coordinator, database, ours, "เผยแพร่แล้ว")
    coordinator.get(CLOSE)
    again = coordinator.post(CLOSE + "sign", {"name": "นายอื่น", "position": "ปลัด", "signed_on": "3/4/2566"})
    assert again.status_code == 409
    assert "ถอนรายงาน" in again.text
    coordinator.get(PUBLISH)
    coordinator.post(PUBLISH + "withdraw", {"why": "ชื่อผู้ลงนามผิด"})
    coordinator.get(CLOSE)
    coordinator.post(CLOSE + "reopen", {"why": "ลงนามใหม่"})
    close_and_sign(coordinator, name="นางสาวสมศรี ดีใจ", position="ปลัด")
    publish(coordinator)
    page = reader.get(HERE).text
    assert "ฉบับที่ ๒" in page
    assert "นางสาวสมศรี ดีใจ" in page
    assert "นายสมชาย ใจดี" not in page


def test_a_file_is_checked_against_what_was_published(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    published(coordinator, database, ours, "เผยแพร่แล้ว")
    pdf = reader.get(f"{HERE}/report.pdf").data
    good = reader.client.post("/public/check", data={"file": (BytesIO(pdf), "รายงาน.pdf")})
    assert "ไฟล์นี้เป็นฉบับจริง" in good.text
    assert f"{HERE}/v1" in good.text
    bad = reader.client.post("/public/check", data={"file": (BytesIO(pdf + b" "), "รายงาน.pdf")})
    assert "ไฟล์นี้ไม่ได้เผยแพร่ที่นี่" in bad.text
    assert reader.client.post("/public/check", data={}).status_code == 422
    sha256 = hashlib.sha256(pdf).hexdigest()
    assert "ไฟล์นี้เป็นฉบับจริง" in reader.get(f"/public/check?sha256={sha256.upper()}").text
    assert reader.get("/public/check?sha256=<script>").status_code == 422
    told = {"CONTENT_LENGTH": str(26 * 2**20)}
    large = reader.client.post("/public/check", data={"file": (BytesIO(pdf), "x.pdf")}, environ_overrides=told)
    assert large.status_code == 413
    for _ in range(40):
        last = reader.client.post("/public/check", data={})
    assert last.status_code == 429


def test_the_open_data_say_what_they_are(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    published(coordinator, database, ours, "เผยแพร่แล้ว")
    schema = json.loads(reader.get("/public/schema/report.json").data)
    Draft202012Validator.check_schema(schema)
    report = json.loads(reader.get(f"{HERE}/report.json").data)
    assert list(Draft202012Validator(schema).iter_errors(report)) == []
    report["measures"][0]["progress"]["done"] = "one"
    assert [error.json_path for error in Draft202012Validator(schema).iter_errors(report)] == [
        "$.measures[0].progress.done"
    ]
    dataset = json.loads(reader.get(f"{HERE}/dataset.jsonld").data)
    assert dataset["@type"] == "dcat:Dataset"
    assert dataset["dct:publisher"]["foaf:name"]["@value"] == "อบต.ตัวอย่าง"
    assert dataset["dct:temporal"]["dcat:startDate"]["@value"] == "2022-10-01"
    assert dataset["dct:temporal"]["dcat:endDate"]["@value"] == "2023-03-31"
    assert dataset["dct:license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"
    files = shown_files(reader.get(HERE).text)
    told = {
        one["dct:title"].lower(): one["spdx:checksum"]["spdx:checksumValue"]["@value"]
        for one in dataset["dcat:distribution"]
    }
    assert told == files
    catalog = json.loads(reader.get("/public/catalog.jsonld").data)
    assert [one["@id"] for one in catalog["dcat:dataset"]] == [dataset["@id"]]


def test_the_address_is_the_agencys_own_and_stays(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    tick(database, ours, "เผยแพร่แล้ว")
    close_and_sign(coordinator)
    for wrong in ("", "ab", "ตัวอย่าง", "../x", "check", "a b c"):
        coordinator.get(PUBLISH)
        answer = coordinator.post(PUBLISH, {"slug": wrong})
        assert answer.status_code == 422, wrong
        assert "ชื่อในที่อยู่เว็บใช้ตัวอักษร" in answer.text
    publish(coordinator)
    page = coordinator.get(PUBLISH).text
    assert "/public/tua-example/2566/6" in page
    assert 'name="slug"' not in page
    for path in ("/public/nobody/", "/public/tua-example/2566/12", "/public/tua-example/2566/7", f"{HERE}/v2"):
        answer = reader.get(path)
        assert answer.status_code == 404, path
        assert "ไปหน้ารายงานที่เผยแพร่ทั้งหมด" in answer.text


def test_a_better_scan_takes_the_place_of_the_first(coordinator: Visitor, settings: Settings) -> None:
    close_and_sign(coordinator, scan=(BytesIO(PDF), "ลงนาม.pdf"))
    kept = set((settings.data_dir / "evidence").iterdir())
    better = PDF + b" straight"
    coordinator.get(CLOSE)
    signed = {"name": "นายสมชาย ใจดี", "position": "ปลัด", "signed_on": "3/4/2566"}
    assert coordinator.post(CLOSE + "sign", signed | {"scan": (BytesIO(better), "ลงนาม.pdf")}).status_code == 302
    assert coordinator.get(CLOSE + "scan").data == better
    now = set((settings.data_dir / "evidence").iterdir())
    assert len(now) == len(kept)
    assert all(path.read_bytes() != PDF for path in now if path.is_file())


def test_a_scan_is_checked_by_its_content_and_signatures_by_sense(coordinator: Visitor) -> None:
    coordinator.get(CLOSE)
    coordinator.post(CLOSE, {"sure": "y"})
    coordinator.get(CLOSE)
    good = {"name": "ก", "position": "ปลัด", "signed_on": "3/4/2566"}
    wrong: list[dict[str, object]] = [
        {"scan": (BytesIO(b"MZ not a scan"), "scan.pdf")},
        {"name": ""},
        {"position": ""},
        {"signed_on": "2/4/2566"},
        {"signed_on": "4/4/2566"},
        {"signed_on": "วันดี"},
    ]
    for change in wrong:
        answer = coordinator.post(CLOSE + "sign", good | change)
        assert answer.status_code == 422, change
        assert "ลงนามแล้ว</span>" not in answer.text
    assert coordinator.post(CLOSE + "sign", good).status_code == 302


def test_every_wrong_public_address_is_answered_in_its_frame(app: Flask) -> None:
    app.testing = False
    client = app.test_client()
    for path in ("/public/a/b/c/d", "/public/x/y/z", "/public/tua-example/2566/6/report", "/public/x/-1/6"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert '<body class="public">' in answer.text
        assert "This page does not exist" in client.get(f"{path}?lang=en").text
        assert "Set-Cookie" not in answer.headers
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert client.post("/public/tua-example/").status_code == 405


def test_a_public_page_that_fails_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(publishing, "count_publishing", fails)
    app.testing = False
    answer = app.test_client().get("/public/?lang=en")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "inside" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_withdrawal_is_seen_at_once(coordinator: Visitor, reader: Visitor, database: Database, ours: World) -> None:
    published(coordinator, database, ours, "เผยแพร่แล้ว")
    for path in (HERE, f"{HERE}/report.pdf", "/public/tua-example/"):
        assert reader.get(path).headers["Cache-Control"] == "public, no-cache", path
    coordinator.get(PUBLISH)
    coordinator.post(PUBLISH + "withdraw", {"why": "เลือกผิด"})
    assert reader.get(HERE).status_code == 410


def test_one_form_shows_and_chooses_what_will_be_public(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    tick(database, ours, "เผยแพร่แล้ว")
    close_and_sign(coordinator)
    page = coordinator.get(PUBLISH).text
    form = page[page.index('name="seen"') : page.index("</form>", page.index('name="seen"'))]
    main = page.partition("<main")[2].partition("</main>")[0]
    assert main.count('method="post"') == 1
    assert "checked" not in form
    assert 'value="agency-' not in page
    for words in ("นายสมชาย ใจดี", 'name="public_signers"', 'name="licence"', 'name="slug"', "ชื่อผู้บันทึกงาน"):
        assert words in form
    publish(coordinator, licence="CC0-1.0", public_signers="")
    text = reader.get(HERE).text + reader.get(f"{HERE}/report.html").text
    assert "สมชาย" not in text
    assert "CC0-1.0" in text


def published_pieces(text: str) -> list[str]:
    return [name for name in ("minutes.pdf", "plan.pdf", "face.jpg") if name in text]


def test_each_piece_of_evidence_is_chosen_and_the_preview_is_what_is_published(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World, app: Flask
) -> None:
    with app.app_context():
        store = site().evidence
    kept = [store.keep(b"%PDF-1.4 " + name.encode(), name) for name in ("minutes.pdf", "plan.pdf")]
    picture = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "JPEG")
    kept.append(store.keep(picture.getvalue(), "face.jpg"))
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 3, date(2023, 1, 31))
        progress.tick_off(
            session, task, result="ชี้แจงแล้ว", done_on=date(2023, 1, 31), today=date(2023, 3, 29), by=TEST, at=NOON,
            evidence=kept,
        )  # fmt: skip
    close_and_sign(coordinator)
    page = coordinator.get(PUBLISH).text
    for piece in kept:
        assert f'value="{piece.sha256}"' in page
    chosen = {
        "slug": "tua-example", "licence": "CC0-1.0", "public_signers": "", "public_evidence": "y",
        "hide": [kept[1].sha256],
    }  # fmt: skip
    preview = coordinator.post(PUBLISH + "preview", chosen)
    assert preview.status_code == 200
    assert "ยังไม่เผยแพร่" in preview.text
    assert "ไม่แสดง – ชื่อผู้ลงนาม: ๑" in preview.text
    assert "ไม่แสดง – เอกสารและลิงก์: ๑" in preview.text
    assert "ไม่แสดง – ภาพถ่าย: ๑" in preview.text
    assert preview.headers["Cache-Control"] == "no-store"
    assert "'unsafe-inline'" not in preview.headers["Content-Security-Policy"]
    assert reader.get(HERE).status_code == 404
    publish(coordinator, **chosen)
    public = reader.get(HERE).text
    for text in (preview.text, public, reader.get(f"{HERE}/report.html").text, reader.get(f"{HERE}/report.json").text):
        assert "สมชาย" not in text
        assert published_pieces(text) in ([], ["minutes.pdf"])
    assert published_pieces(preview.text) == published_pieces(public) == ["minutes.pdf"]
    main = public[public.index('<div class="report-body"') : public.index('<section class="proof">')]
    assert main in preview.text
    assert "CC0-1.0" in preview.text
    assert "เอกสารและลิงก์: ๑" in coordinator.get(PUBLISH).text


def test_a_publication_is_undone_for_ten_minutes_without_a_trace(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    published(coordinator, database, ours, "เผยแพร่แล้ว")
    sha256 = hashlib.sha256(reader.get(f"{HERE}/report.pdf").data).hexdigest()
    assert "เลิกทำ (เหลือ ๑๐ นาที)" in coordinator.get(PUBLISH).text
    assert coordinator.post(PUBLISH + "undo").status_code == 302
    for path in (HERE, f"{HERE}/v1", f"{HERE}/report.pdf", f"{HERE}/v1/report.pdf", "/public/tua-example/"):
        assert reader.get(path).status_code == 404, path
    assert "อบต.ตัวอย่าง" not in reader.get("/public/").text
    assert "tua-example" not in reader.get(f"/public/check?sha256={sha256}").text
    assert coordinator.post(PUBLISH + "undo").status_code == 409
    publish(coordinator, slug="another-name", public_signers="")
    assert reader.get("/public/another-name/2566/6").status_code == 200
    assert "สมชาย" not in reader.get("/public/another-name/2566/6").text
    with database.reading() as session:
        assert record_problems(session, ours.agency_id, None) == []
    with time_machine.travel(AFTER + timedelta(minutes=10), tick=False):
        assert "เลิกทำ (" not in coordinator.get(PUBLISH).text
        assert coordinator.post(PUBLISH + "undo").status_code == 409
    assert reader.get("/public/another-name/2566/6").status_code == 200


def test_an_undone_edition_shows_the_one_before_it_again(
    coordinator: Visitor, reader: Visitor, database: Database, ours: World
) -> None:
    published(coordinator, database, ours, "เผยแพร่แล้ว")
    first = reader.get(f"{HERE}/report.docx").data
    with time_machine.travel(AFTER + timedelta(hours=1), tick=False):
        coordinator.get(CLOSE)
        coordinator.post(CLOSE + "reopen", {"why": "แก้ผล"})
        with database.writing() as session:
            waiting = task_of(session, ours, "กองช่าง", 3, date(2023, 1, 31))
            progress.tick_off(
                session,
                waiting,
                result="ชี้แจงเพิ่ม",
                done_on=date(2023, 1, 31),
                today=date(2023, 3, 29),
                by=TEST,
                at=AFTER,
            )
        close_and_sign(coordinator)
        publish(coordinator)
        assert "ชี้แจงเพิ่ม" in reader.get(HERE).text
        assert coordinator.post(PUBLISH + "undo").status_code == 302
        assert "ชี้แจงเพิ่ม" not in reader.get(HERE).text
        assert reader.get(f"{HERE}/report.docx").data == first
        assert reader.get(f"{HERE}/v2").status_code == 404


def test_the_address_is_suggested_checked_and_then_fixed(
    coordinator: Visitor, database: Database, ours: World, theirs: World
) -> None:
    tick(database, ours, "เผยแพร่แล้ว")
    close_and_sign(coordinator)
    assert 'value="tua"' in coordinator.get(PUBLISH).text
    with database.writing() as session:
        session.get_one(Agency, theirs.agency_id).slug = "tua"
    assert 'value="tua"' not in coordinator.get(PUBLISH).text
    check = PUBLISH + "address?text="
    assert "หน่วยงานอื่นใช้ที่อยู่" in coordinator.get(check + "TUA").text
    assert "ตัวอักษร a–z" in coordinator.get(check + "<b>").text
    assert "“tua-2” ยังว่าง" in coordinator.get(check + "tua-2").text
    assert coordinator.post(PUBLISH, {"slug": "tua"}).status_code == 409
    publish(coordinator, slug="tua-2")
    page = coordinator.get(PUBLISH).text
    assert 'name="slug"' not in page
    assert "จึงเปลี่ยนไม่ได้" in coordinator.get(check + "tua-3").text


def test_a_local_address_keeps_from_publishing_and_says_the_ways_out(
    settings: Settings, database: Database, ours: World
) -> None:
    at_home = settings.model_copy(update={"base_url": "http://127.0.0.1:8000"})
    desk = Visitor(create_app(at_home, database).test_client())
    desk.sign_in(ours.email("coordinator"))
    tick(database, ours, "เผยแพร่แล้ว")
    close_and_sign(desk)
    page = desk.get(PUBLISH).text
    assert "คนภายนอกเปิดที่อยู่นี้ไม่ได้: http://127.0.0.1:8000/public/" in page
    refused = desk.post(PUBLISH, {"slug": "tua-example"})
    assert refused.status_code == 409
    assert "TRACKER_BASE_URL" in refused.text
    publish(desk, local="y")


def test_what_was_closed_anew_meanwhile_is_looked_at_first(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    tick(database, ours, "เผยแพร่แล้ว")
    close_and_sign(coordinator)
    coordinator.get(PUBLISH)
    assert coordinator.post(PUBLISH, {"slug": "tua-example", "seen": "0" * 64}).status_code == 409
    assert "ปิดรอบใหม่ระหว่างนี้" in coordinator.post(PUBLISH, {"slug": "tua-example", "seen": "0" * 64}).text
