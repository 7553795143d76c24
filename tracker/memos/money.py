"""Money as people type it in Thai offices, kept in satang so that sums are exact."""

import re

from tracker.errors import NotUnderstoodError
from tracker.thai.numerals import to_arabic
from tracker.thai.text import squeeze_spaces

MOST = 100_000_000_000_000
"""A million million baht, in satang: more than any agency has."""

_AMOUNT = re.compile(r"(?P<baht>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<satang>[0-9]{1,2}))?")


def parse_baht(text: str) -> int | None:
    """The satang of ``๑๒,๕๐๐`` or ``12500.50 บาท``; None for nothing or a dash.

    Raises NotUnderstoodError for what is no amount, is negative, or is more than any agency has.
    """
    typed = squeeze_spaces(to_arabic(text)).removesuffix("บาท").strip()
    if typed in ("", "-", "–"):
        return None
    match = _AMOUNT.fullmatch(typed)
    amount = int(match["baht"].replace(",", "")) * 100 + int((match["satang"] or "0").ljust(2, "0")) if match else MOST
    if amount >= MOST:
        raise NotUnderstoodError(
            f"“{squeeze_spaces(text)[:40]}” is no amount of baht, such as 12,500 or 12500.50.",
            f"อ่านจำนวนเงิน “{squeeze_spaces(text)[:40]}” ไม่ได้ โปรดพิมพ์เช่น 12,500 หรือ 12500.50",
        )
    return amount


def as_baht(satang: int | None) -> str:
    """The amount with thousands apart, and satang only where there are some: ``12,500``, ``12,500.50``."""
    if satang is None:
        return ""
    return f"{satang // 100:,}" + (f".{satang % 100:02}" if satang % 100 else "")
