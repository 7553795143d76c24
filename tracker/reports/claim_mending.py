"""A sentence that claims too much, with the count that was ticked in place of its claim. Pure."""

import re

from tracker.reports.claims import Claim
from tracker.thai.numerals import to_thai
from tracker.thai.paragraphs import Paragraph

_WHAT = r"(?:ส่วนราชการ|หน่วยงาน|สำนัก|กอง|ฝ่าย|ส่วน|เดือน|ไตรมาส|ครั้ง|ขั้นตอน)"
_COUNTED = re.compile(rf"(?:ทั้ง|ทุก)?\s*(?:จำนวน)?\s*[0-9๐-๙]*\s*{_WHAT}|\s*[0-9๐-๙]+(?!\S)")
"""What may follow "complete": every unit, all five units, or a bare number."""
_ALREADY = "แล้ว"


def counted(claim: Claim, *, thai_digits: bool = True) -> str:
    """What was ticked, as the sentence should say it: ๓ จาก ๔ ส่วนราชการ."""
    words = f"{claim.done} จาก {claim.whole} {'ส่วนราชการ' if claim.of_units else 'ครั้ง'}"
    return to_thai(words) if thai_digits else words


def with_count(claim: Claim, *, thai_digits: bool = True) -> Paragraph:
    """The paragraph with the count instead of the words that claim too much; the rest of it stays as it was typed."""
    before, quote, after = claim.paragraph.text.partition(claim.quote)
    lead = ""
    if quote.startswith(("ครบ", "แล้วเสร็จ")):
        lead = "" if before.rstrip().endswith(_ALREADY) else _ALREADY
        if quote.startswith("ครบ") and (more := _COUNTED.match(after)):
            after = after[more.end() :]
    elif quote.startswith("รวม"):
        lead = "รวม"
    start = f"{before}{lead}"
    gap = "" if not start or start[-1].isspace() else " "
    return Paragraph(claim.paragraph.number, f"{start}{gap}{counted(claim, thai_digits=thai_digits)}{after}")
