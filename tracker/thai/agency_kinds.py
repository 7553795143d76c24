"""Which kind of agency a name says, from the word that it begins with."""

import re
from dataclasses import dataclass
from enum import StrEnum

from tracker.thai.text import fix_text, squeeze_spaces


class AgencyKind(StrEnum):
    """Kinds whose usual units are known."""

    SUBDISTRICT = "subdistrict"
    MUNICIPALITY = "municipality"
    SCHOOL = "school"
    HOSPITAL = "hospital"


@dataclass(frozen=True, slots=True)
class NamedKind:
    """The kind, and the word of the name that says it."""

    kind: AgencyKind
    word: str


_OFFICE = r"(?:สำนักงาน|ที่ทำการ)?\s*"
_WORDS = (
    (AgencyKind.SUBDISTRICT, r"อ\.?บ\.?ต\.?(?![ก-ฮ]\.)|องค์?การ?บริหารส่วนตำบล|องค์กรบริหารส่วนตำบล"),
    (AgencyKind.MUNICIPALITY, r"เทศบาล(?:นคร|เมือง|ตำบล)?|ท[ตมน]\."),
    (AgencyKind.SCHOOL, r"โรงเรียน|ร\.?ร\."),
    (AgencyKind.HOSPITAL, r"โรงพยาบาล(?!ส่งเสริมสุขภาพ|สัตว์)|รพ\.(?!\s*สต)|ร\.พ\.(?!\s*สต)"),
)
_BEGINNINGS = [(kind, re.compile(f"{_OFFICE}(?P<word>{words})")) for kind, words in _WORDS]


def kind_of(name: str) -> NamedKind | None:
    """The kind that the name begins with; None where it says none whose units are known."""
    text = squeeze_spaces(fix_text(name))
    for kind, beginning in _BEGINNINGS:
        if found := beginning.match(text):
            return NamedKind(kind, found["word"])
    return None
