"""Numbers and instants of requests: a number that no row can have is none, and no instant is without its zone."""

from datetime import datetime
from typing import Any

import flask
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1
"""The largest that a column of whole numbers holds on PostgreSQL."""


def whole(typed: object) -> int:
    """The number that was typed; ValueError where it is none, or too large for the database."""
    number = int(str(typed))
    if abs(number) > LARGEST:
        raise ValueError(typed)
    return number


def instant(typed: str) -> datetime:
    """The instant that a page of ours wrote into its form; ValueError for anything else."""
    found = datetime.fromisoformat(typed)
    if found.tzinfo is None:
        raise ValueError(typed)
    return found


class Sent(ImmutableMultiDict[str, str]):
    """The fields of an address or a form; asked for as ``int``, they are whole numbers that fit."""

    # override: Werkzeug also lets ``type`` stand second, which no call of ours does.
    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002
        return super().get(key, default, whole if type is int else type)

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002
        return super().getlist(key, whole if type is int else type)


class Request(flask.Request):
    """A request whose numbers fit."""

    parameter_storage_class = Sent


class RowNumber(IntegerConverter):
    """``<int:…>`` in a route: an address with a larger number is none of ours."""

    regex = r"\d{1,9}"
