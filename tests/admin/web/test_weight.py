"""What a first visit costs a phone: bytes over the wire, and queries that do not grow with the rows."""

import gzip
import re

import pytest
from flask import Flask

from tests.admin.conftest import Visitor, counted_queries
from tests.factories import build_world
from tracker.store.db import Database

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
FIRST_PAGE = 100_000
_ASSET = re.compile(r'(?:href|src)="((?:/admin)?/static/[^"]+)"')
_FONT = re.compile(r'url\("(fonts/[^"]+)"\)')


def weight(visitor: Visitor, page: str) -> dict[str, int]:
    """The bytes of the page and of all that it loads, as a browser with an empty cache gets them."""
    answer = visitor.client.get(page, headers=GZIP)
    assert answer.status_code == 200
    text = gzip.decompress(answer.data).decode()
    weights = {page: len(answer.data)}
    for address in set(_ASSET.findall(text)):
        answer = visitor.client.get(address.replace("&amp;", "&"), headers=GZIP, buffered=True)
        weights[address.partition("?")[0]] = len(answer.data)
        if ".css" in address:
            for font in _FONT.findall(gzip.decompress(answer.data).decode()):
                weights[f"/static/{font}"] = len(visitor.client.get(f"/static/{font}", buffered=True).data)
    return weights


def a_task(head: Visitor) -> str:
    found = re.search(r"/tasks/(\d+)", head.get("/tasks/").text)
    assert found
    return found[1]


@pytest.mark.parametrize("page", ["/tasks/", "/tasks/{task}", "/overview/", "/executive/", "/all-tasks/", "/plan/"])
def test_a_first_visit_stays_under_a_hundred_kilobytes(coordinator: Visitor, head: Visitor, page: str) -> None:
    visitor = head if page.startswith("/tasks/") else coordinator
    weights = weight(visitor, page.format(task=a_task(visitor)) if "{" in page else page)
    assert any(name.endswith(".css") for name in weights)
    assert any(name.endswith(".woff2") for name in weights)
    assert sum(weights.values()) < FIRST_PAGE, weights


def test_a_stranger_who_takes_no_gzip_gets_plain_text(stranger: Visitor) -> None:
    answer = stranger.get("/sign-in")
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.text.startswith("<!doctype html>")


def test_how_long_a_page_is_tells_nothing_of_it(head: Visitor) -> None:
    lengths = {len(head.client.get("/tasks/", headers=GZIP).data) for _ in range(20)}
    assert len(lengths) > 3


def test_a_compressed_file_is_not_sent_again(stranger: Visitor) -> None:
    first = stranger.client.get("/static/app.css", headers=GZIP, buffered=True)
    assert first.headers["Content-Encoding"] == "gzip"
    plain = stranger.client.get("/static/app.css", buffered=True)
    assert gzip.decompress(first.data) == plain.data
    kept = {"If-None-Match": first.headers["ETag"]}
    again = stranger.client.get("/static/app.css", headers=GZIP | kept, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_evidence_and_fonts_are_left_as_they_are(stranger: Visitor) -> None:
    answer = stranger.client.get("/static/fonts/Sarabun-Regular.woff2", headers=GZIP, buffered=True)
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/tasks/", 6),
        ("/tasks/{task}", 16),
        ("/overview/", 12),
        ("/executive/", 20),
        ("/all-tasks/", 22),
        ("/plan/", 14),
        ("/reminders/", 14),
        ("/reminders/deliveries", 14),
        ("/people/", 14),
        ("/reports/", 14),
        ("/review/", 14),
    ],
)
def test_a_page_asks_as_often_for_many_tasks_as_for_few(app: Flask, database: Database, page: str, most: int) -> None:
    counts = []
    for name, steps in (("อบต.เล็ก", 1), ("อบต.ใหญ่", 10)):
        with database.writing() as session:
            world = build_world(session, name, f"s{steps}.example", monthly_steps=steps)
        visitor = Visitor(app.test_client())
        visitor.sign_in(world.email("head2" if page.startswith("/tasks/") else "coordinator"))
        address = page.format(task=a_task(visitor)) if "{" in page else page
        visitor.get(address)
        with counted_queries(database) as asked:
            assert visitor.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= most
