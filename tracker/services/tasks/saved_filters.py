"""The filters of the task list that a person has named, to find them again above it."""

from collections.abc import Mapping

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Member
from tracker.thai.text import fix_text, squeeze_spaces

LONGEST_NAME = 40
MOST_FILTERS = 12
"""More than fit above the list would hide each other."""


def keep_filter(member: Member, name: str, asked: Mapping[str, str]) -> None:
    """Keeps what the list is asked for under a name, in place of what had that name.

    NotUnderstoodError without a name, or with one that is too long; ConflictError where there are too many.
    """
    written = squeeze_spaces(fix_text(name.replace("\x00", "")))
    if not written or len(written) > LONGEST_NAME:
        raise NotUnderstoodError(
            f"Give the filter a name of at most {LONGEST_NAME} characters.",
            f"กรุณาตั้งชื่อตัวกรองไม่เกิน {LONGEST_NAME} ตัวอักษร",
            field="name",
        )
    others = [one for one in member.task_filters if one["name"] != written]
    if len(others) >= MOST_FILTERS:
        raise ConflictError(
            f"{MOST_FILTERS} filters are kept already: forget one first.",
            f"จำตัวกรองไว้ครบ {MOST_FILTERS} ตัวแล้ว กรุณาเลิกจำบางตัวก่อน",
            field="name",
        )
    member.task_filters = [*others, {"name": written, "asked": dict(asked)}]


def forget_filter(member: Member, name: str) -> None:
    """Forgets the filter of this name, where there is one."""
    member.task_filters = [one for one in member.task_filters if one["name"] != name]
