"""The one place that says which part of a long list a page shows, and how many pages there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request
from sqlalchemy import Select

_T = TypeVar("_T")
_Q = TypeVar("_Q", bound=Select[Any])


@dataclass(frozen=True)
class Pager:
    """A list of ``count`` entries by ``size``; ``page`` is the one that is shown, from 1."""

    count: int
    size: int
    page: int

    @property
    def pages(self) -> int:
        """How many there are; an empty list has one."""
        return max(1, -(-self.count // self.size))

    @property
    def start(self) -> int:
        """How many entries stand on the pages before."""
        return (self.page - 1) * self.size

    def of(self, entries: Sequence[_T]) -> Sequence[_T]:
        """The entries of the page."""
        return entries[self.start : self.start + self.size]

    def rows(self, query: _Q) -> _Q:
        """The query for the rows of the page."""
        return query.limit(self.size).offset(self.start)


def asked_pager(count: int, size: int) -> Pager:
    """With the page that ``?page=`` names: the nearest there is."""
    whole = Pager(count, size, 1)
    return Pager(count, size, min(max(1, request.args.get("page", 1, type=int)), whole.pages))


def page_with(index: int, size: int) -> int:
    """The page on which the entry of that index, from 0, stands."""
    return index // size + 1
