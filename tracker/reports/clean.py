"""What no document may hold, taken out of a report's texts before any format is written."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

_T = TypeVar("_T")

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(value: _T) -> _T:
    """The same value with every text in it freed of control characters, lone surrogates and noncharacters."""
    # What comes back is of the type that came in, which mypy does not see through ``isinstance``.
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(clean(item) for item in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: clean(getattr(value, field.name)) for field in fields(value)})
    return value
