"""What a person's position says of the duty in the agency: ผู้อำนวยการกองคลัง leads กองคลัง, ปลัด is an executive.

Also the other way round: which unit a position names, and which words begin one.
"""

import re
from dataclasses import dataclass

from tracker.kinds import RoleName
from tracker.thai.text import fix_text, fold_name, squeeze_spaces


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody is; ``rank`` counts for executives, ``acting`` marks a head in another's place (รก.)."""

    role: RoleName
    rank: int = 1
    acting: bool = False


DUTIES: dict[str, Duty] = {
    "head": Duty(RoleName.HEAD),
    "acting": Duty(RoleName.HEAD, acting=True),
    "deputy": Duty(RoleName.DEPUTY),
    "staff": Duty(RoleName.STAFF),
    "executive": Duty(RoleName.EXECUTIVE),
    "executive2": Duty(RoleName.EXECUTIVE, rank=2),
    "coordinator": Duty(RoleName.COORDINATOR),
}
"""What a person can be, by the word that forms send."""

_ACTING = re.compile(
    r"^(?:รก\.?(?:น\.)?|รรก\.?|รักษาการ(?:ในตำแหน่ง|แทน)?|รักษาราชการแทน|ปฏิบัติหน้าที่(?:แทน)?|ปฏิบัติราชการแทน)\s*"
)
_TOP = r"นายก(?!สมาคม)|ผู้อำนวยการ(?:สถานศึกษา|โรงเรียน|โรงพยาบาล|วิทยาลัย)|ผอ\.?\s*(?:โรงเรียน|ร\.?ร\.|โรงพยาบาล|รพ\.|วิทยาลัย)"
_SECOND = r"ปลัด(?!กระทรวง)"
_HEAD = r"ผู้อำนวยการ|ผอ\.?|หัวหน้า|หน\.?(?=\s*[ก-ฮเ-ไ])|ประธาน"
_DEPUTY = r"(?:รอง|ผู้ช่วย)\s*(?:ผู้อำนวยการ|ผอ\.?|หัวหน้า|หน\.)"
_BEGINS_TOP, _BEGINS_SECOND, _BEGINS_DEPUTY, _BEGINS_HEAD = (
    re.compile(rf"^(?:{words})") for words in (_TOP, _SECOND, _DEPUTY, _HEAD)
)
_POST = re.compile(
    rf"(?:{_ACTING.pattern.removeprefix('^')})?(?:{_TOP}|{_SECOND}|{_DEPUTY}|{_HEAD}|รอง(?:ปลัด|นายก)|นัก(?=[ก-ฮ])|นิติกร|นายช่าง|เจ้าพนักงาน"
    r"|เจ้าหน้าที่|จพง\.|พนักงาน|ครู|วิศวกร|พยาบาล|เภสัชกร|ทันตแพทย์|แพทย์|ผู้ช่วย|ผู้จัดการ|ผู้ประสานงาน|เลขานุการ)"
)
_TITLES = re.compile(
    r"^(?:นางสาว|น\.ส\.|นาง(?!สาว)|นาย(?!ก|ช่าง)|ว่าที่|ดร\.|จ\.ส\.[อตท]\.|พ\.จ\.[อตท]\.|ส\.[อตท]\.|[รพส]\.ต\.[อตท]?\.?)"
)

_WORDS: dict[str, Duty] = {
    fold_name(word): duty
    for duty, words in (
        (Duty(RoleName.HEAD), "head หัวหน้า หัวหน้าหน่วยงาน ผู้อำนวยการ ผอ."),
        (Duty(RoleName.HEAD, acting=True), "รก. รักษาการ หัวหน้า(รก.)"),
        (Duty(RoleName.DEPUTY), "deputy ผู้แทน ผู้แทนหัวหน้า รอง ผู้ช่วย"),
        (Duty(RoleName.STAFF), "staff เจ้าหน้าที่ ผู้ปฏิบัติ"),
        (Duty(RoleName.COORDINATOR), "coordinator ผู้ประสานงาน ผู้รับผิดชอบแผน"),
        (Duty(RoleName.EXECUTIVE), "executive ผู้บริหาร ปลัด ผู้บริหาร(7วัน)"),
        (Duty(RoleName.EXECUTIVE, rank=2), "นายก ผู้บริหารสูงสุด ผู้บริหาร(30วัน)"),
    )
    for word in words.split()
}


def duty_of_word(word: str) -> Duty | None:
    """The duty that a cell of the column หน้าที่ names; None where it names none."""
    return _WORDS.get(fold_name(word))


def duty_of_position(position: str) -> Duty | None:
    """The duty that a position says by its beginning; None where it says none (นิติกร, รองปลัด)."""
    text = squeeze_spaces(fix_text(position))
    bare = _ACTING.sub("", text)
    acting = bare != text
    if _BEGINS_TOP.match(bare):
        return Duty(RoleName.EXECUTIVE, rank=2, acting=acting)
    if _BEGINS_SECOND.match(bare):
        return Duty(RoleName.EXECUTIVE, acting=acting)
    if _BEGINS_DEPUTY.match(bare):
        return Duty(RoleName.DEPUTY)
    if _BEGINS_HEAD.match(bare):
        return Duty(RoleName.HEAD, acting=acting)
    return Duty(RoleName.COORDINATOR) if bare.startswith("ผู้ประสานงาน") else None


def unit_words(position: str) -> str:
    """What stands behind the post of a position: กองคลัง of รก. ผอ.กองคลัง; empty where nothing does."""
    bare = _ACTING.sub("", squeeze_spaces(fix_text(position)))
    found = _BEGINS_DEPUTY.match(bare) or _BEGINS_HEAD.match(bare)
    return bare[found.end() :].strip() if found else ""


def post_in(text: str) -> int | None:
    """Where a post begins in a line of a chat; None where none does."""
    found = next(
        (match for match in _POST.finditer(text) if match.start() == 0 or not text[match.start() - 1].isalpha()), None
    )
    return found.start() if found else None


def begins_with_title(text: str) -> bool:
    """Whether a text begins as a person's name does: นาย, นาง, นางสาว, a rank."""
    return _TITLES.match(text) is not None
