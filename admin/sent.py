"""What a request sends, in its address or its form, as far as a database can take it.

A number that no row can have is no number, and U+0000, which comes along with text copied from some PDFs, is dropped:
PostgreSQL takes neither.
"""

from typing import Any

import flask
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1
"""The largest that a column of whole numbers holds on PostgreSQL."""


def whole(typed: object) -> int:
    """The number that was typed; ValueError where it is none, or too large for the database."""
    number = int(str(typed))
    if abs(number) > LARGEST:
        raise ValueError(typed)
    return number


class Sent(ImmutableMultiDict[str, str]):
    """The fields of an address or a form; asked for as ``int``, they are whole numbers that fit."""

    def __init__(self, sent: Any = ()) -> None:
        """Also holds the files of a form."""
        super().__init__(
            [
                (name, value.replace("\0", "") if isinstance(value, str) else value)
                for name, value in iter_multi_items(sent or ())
            ]
        )

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # noqa: A002
        return super().get(key, default, whole if type is int else type)

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002
        return super().getlist(key, whole if type is int else type)


class Request(flask.Request):
    """A request whose numbers fit."""

    parameter_storage_class = Sent


class RowNumber(IntegerConverter):
    """``<int:…>`` in a route: an address with a larger number is none of ours."""

    regex = r"\d{1,9}"
