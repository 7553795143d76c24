"""What people wrote, as paragraphs, and how parties are named. Pure."""

import re
from collections.abc import Iterable

from tracker.reports.occasions import joined
from tracker.thai.numerals import to_arabic
from tracker.thai.paragraphs import Paragraph, Paragraphs, with_subnumbers
from tracker.thai.text import fix_text, squeeze_spaces

_TYPED_NUMBER = re.compile(r"\(?([0-9๐-๙]{1,2})[.)](?![0-9๐-๙])\s*(?=\S)")


def to_paragraphs(text: str) -> Paragraphs:
    """A person's text as paragraphs: one a line, with the list numbers that were typed before them taken off."""
    lines = (squeeze_spaces(line) for line in fix_text(text).splitlines())
    return with_subnumbers(_paragraph(line) for line in lines if line)


def party_name(units: Iterable[str]) -> str:
    """A party by its name; joint units are one party: งานประชาสัมพันธ์ และงานนิติการ."""
    return joined(list(units))


def _paragraph(line: str) -> Paragraph:
    match = _TYPED_NUMBER.match(line)
    return Paragraph(int(to_arabic(match[1])), line[match.end() :]) if match else Paragraph(None, line)
