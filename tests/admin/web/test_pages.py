"""What holds for every page: headers, language and digits, no inline code, error pages, whole catalogues."""

import io
import re
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask

from admin.translations import FOLDER
from admin.translations.catalogues import extracted
from tests.admin.conftest import Visitor
from tests.factories import World
from tracker.store.db import Database

PAGES = (
    "/overview/", "/executive/", "/plan/", "/all-tasks/", "/tasks/1", "/tasks/1/not-possible", "/review/",
    "/reminders/", "/reminders/deliveries", "/reports/", "/reports/2566/6/edit/", "/reports/2566/12/close/",
    "/people/", "/people/divisions/", "/people/import/", "/people/invitations/", "/reminders/first/",
    "/help/first-day/", "/help/plan/", "/plan/import/", "/plan/copy/", "/plan/undo/1/", "/search/?q=คู่มือ",
    "/plan/measures/1/", "/account/", "/admin/",
    "/admin/unit/", "/admin/unit/new/", "/admin/unit/edit/?id=1", "/admin/role/", "/admin/day_off/new/",
    "/admin/settings/edit/?id=1",
    "/admin/task_records/", "/admin/events/", "/nowhere",
)  # fmt: skip


class Reader(HTMLParser):
    """Notes what a page must not have: inline code, fields without names, addresses of elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.inside: list[str] = []
        self.language = ""
        self.feed(html)
        self.problems += [f"{tag} {name} has no label" for tag, name in self.fields if name not in self.labels]
        self.problems += [f"id {name} twice" for name in set(self.ids) if self.ids.count(name) > 1]
        if self.headings.count(1) != 1:
            self.problems.append(f"{self.headings.count(1)} first headings")

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in pairs}
        self.inside.append(tag)
        if tag == "html":
            self.language = found.get("lang", "")
        if "id" in found:
            self.ids.append(found["id"])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "label":
            self.labels.add(found.get("for", ""))
        is_field = tag in ("input", "select", "textarea") and found.get("type") not in ("hidden", "submit")
        if is_field and "label" not in self.inside and "aria-label" not in found:
            self.fields.append((tag, found.get("id", "")))
        if tag == "script" and "src" not in found:
            self.problems.append("inline script")
        if tag == "style" or "style" in found:
            self.problems.append("inline style")
        self.problems += [f"{name} on {tag}" for name in found if name.startswith("on")]
        for name in ("src", "href", "action"):
            if found.get(name, "").startswith(("javascript:", "http:", "https:", "//")):
                self.problems.append(f"{tag} {name}={found[name]}")

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_sound_in_both_languages(coordinator: Visitor, page: str) -> None:
    for language in ("th", "en"):
        coordinator.get("/account/")
        coordinator.post("/account/reading", {"language": language, "digits": "thai"})
        answer = coordinator.get(page)
        reader = Reader(answer.text)
        assert reader.problems == [], page
        assert reader.language == language
        headers = answer.headers
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        if language == "en":
            shown = re.sub(r'<button name="language"[^>]*>ภาษาไทย|<option[^>]*>[^<]*|lang="th"', "", answer.text)
            shown = re.sub(r'<h1.*?</h1>|<textarea[^>]*>[^<]*|<div class="quote">[^<]*', "", shown)  # a report is Thai
            shown = re.sub(r'<table class="six".*?</table>', "", shown, flags=re.DOTALL)
            words = set(re.findall(r"(?:ภาพรวม|บันทึก|ทำแล้ว|รายงาน|แก้ไข|เมนู|ค้นหา)", shown))
            assert words == set(), page


def test_only_a_page_of_ours_frames_a_page(coordinator: Visitor) -> None:
    for site, ancestors, frames in (("same-origin", "'self'", "SAMEORIGIN"), ("cross-site", "'none'", "DENY")):
        asked = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": site}
        answer = coordinator.client.get("/tasks/", headers=asked)
        assert f"frame-ancestors {ancestors}" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == frames
        assert ('class="is-beside"' in answer.text) == (site == "same-origin")


def test_a_stranger_chooses_a_language_and_comes_back_to_the_page(stranger: Visitor) -> None:
    stranger.get("/sign-in")
    assert stranger.post("/language", {"language": "en", "next": "/sign-in"}).location == "/sign-in"
    assert "Sign in" in stranger.get("/sign-in").text
    assert stranger.post("/language", {"language": "th", "next": "https://evil.example"}).location == "/"
    assert stranger.post("/language", {"language": "xx", "next": "/sign-in"}).status_code == 302
    assert "เข้าสู่ระบบ" in stranger.get("/sign-in").text


def test_digits_follow_the_person(head: Visitor) -> None:
    head.get("/account/")
    head.post("/account/reading", {"language": "th", "digits": "arabic"})
    page = head.get("/tasks/").text
    assert "ปีงบประมาณ 2566" in page
    assert "อีก 2 วัน (31 มี.ค.)" in page
    head.post("/account/reading", {"language": "en", "digits": "thai"})
    page = head.get("/tasks/").text
    assert "6 tasks late, 3 tasks left this week" in page
    assert "in 2 days (31 Mar)" in page
    assert "29 days late (28 Feb)" in page


def test_a_page_escapes_the_values_of_its_sentences_and_not_the_sentences(app: Flask) -> None:
    page = """{{ _('<b>%(title)s</b> is 5 %%', title=title) }} {{ _('5 %%') }}
        {{ ngettext('<b>%(num)s</b> of %(title)s', '<b>%(num)s</b> in %(title)s', 2, title=title) }}"""
    with app.test_request_context():
        said = app.jinja_env.from_string(page).render(title="<i>&")
    assert said.split("\n")[0] == "<b>&lt;i&gt;&amp;</b> is 5 % 5 %"
    assert said.split("\n")[1].strip() == "<b>2</b> in &lt;i&gt;&amp;"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "ไม่พบหน้านี้"),
        ("/overview/", 403, "ไม่ได้เปิดให้บทบาทของท่าน"),
        ("/sign-out", 405, "ใช้ปุ่มในหน้า"),
    ],
)
def test_errors_are_pages_with_one_sentence(head: Visitor, path: str, status: int, words: str) -> None:
    answer = head.get(path)
    assert answer.status_code == status
    assert words in answer.text


def test_an_accident_says_that_nothing_was_saved(app: Flask, ours: World, monkeypatch: pytest.MonkeyPatch) -> None:
    app.testing = False
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email("head2"))
    monkeypatch.setattr("admin.pages.tasks.tasks.own_list", lambda *_: 1 / 0)
    answer = visitor.get("/tasks/")
    assert answer.status_code == 500
    assert "ระบบขัดข้อง ยังไม่ได้บันทึกข้อมูลใด" in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_too_much_at_once_is_answered_with_413(head: Visitor, app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    head.get("/tasks/")
    answer = head.post("/tasks/1", {"files": (io.BytesIO(b"x" * 5000), "x.pdf")})
    assert answer.status_code == 413
    assert "ใหญ่เกินไป" in answer.text


def test_the_supervisor_hears_that_we_live(stranger: Visitor, database: Database) -> None:
    assert database.is_sqlite
    assert stranger.get("/healthz").json == {"status": "ok"}


def test_the_first_page_is_small(stranger: Visitor) -> None:
    page = stranger.get("/sign-in")
    assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    size = len(page.data) + sum(len(stranger.get(address).data) for address in assets)
    assert size < 100_000
    assert "max-age=31536000" in stranger.get(assets[0]).headers["Cache-Control"]


def _words(catalogue: Catalog) -> dict[str, str]:
    """The first form of every message and of its translation."""
    found = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = message.string if isinstance(message.string, str) else message.string[0]
    return found


@pytest.mark.parametrize("domain", ["messages", "admin", "wtforms"])
def test_the_thai_catalogue_is_whole_and_compiled(domain: str) -> None:
    folder = FOLDER / "th" / "LC_MESSAGES"
    with (folder / f"{domain}.po").open("rb") as source, (folder / f"{domain}.mo").open("rb") as binary:
        written, compiled = _words(read_po(source, locale="th")), _words(read_mo(binary))
    assert all(written.values())
    assert written == compiled


def test_every_word_of_the_pages_is_in_the_catalogue() -> None:
    with (FOLDER / "th" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        written = _words(read_po(source, locale="th"))
    used = {message.id if isinstance(message.id, str) else message.id[0] for message in extracted() if message.id}
    assert used == set(written), "type `make catalogues`"
