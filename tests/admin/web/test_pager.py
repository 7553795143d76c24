"""Which part of a long list a page shows."""

import pytest
from flask import Flask
from sqlalchemy import select

from admin.web.pager import asked_pager, page_with
from tracker.models import Task


@pytest.mark.parametrize(
    ("asked", "count", "page", "pages"),
    [
        ("", 0, 1, 1),
        ("page=1", 20, 1, 1),
        ("page=2", 21, 2, 2),
        ("page=9", 21, 2, 2),
        ("page=0", 21, 1, 2),
        ("page=-3", 21, 1, 2),
        ("page=x", 21, 1, 2),
    ],
)
def test_the_page_that_is_asked_for_or_the_nearest_there_is(asked: str, count: int, page: int, pages: int) -> None:
    with Flask(__name__).test_request_context(f"/?{asked}"):
        pager = asked_pager(count, 20)
    assert (pager.page, pager.pages) == (page, pages)


def test_the_entries_and_the_rows_of_a_page_are_the_same() -> None:
    with Flask(__name__).test_request_context("/?page=2"):
        pager = asked_pager(45, 20)
    assert list(pager.of(range(45))) == list(range(20, 40))
    query = str(pager.rows(select(Task.id)).compile(compile_kwargs={"literal_binds": True}))
    assert "LIMIT 20 OFFSET 20" in " ".join(query.split())


def test_the_page_on_which_an_entry_stands() -> None:
    assert [page_with(index, 20) for index in (0, 19, 20, 40)] == [1, 1, 2, 3]
