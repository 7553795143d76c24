"""Personal data in what strangers will read: numbers of persons and phones, addresses of mail, names after a title.

Whether it may stay is for people to say; who signs, and what the agency wants left alone, is passed over.
"""

import re
from collections.abc import Iterator

from tracker.bilingual import Bilingual
from tracker.proofreading.document import Document, Suggestion
from tracker.thai.numerals import to_arabic

_GAP = r"[ \u00a0–-]?"
_NATIONAL_ID = re.compile(rf"(?<![0-9])[1-8](?:{_GAP}[0-9]){{12}}(?![0-9])")
_PHONE = re.compile(
    rf"(?<![0-9])(?:\+66{_GAP}(?:\(0\){_GAP})?|0{_GAP})(?:[689](?:{_GAP}[0-9]){{8}}|[23457](?:{_GAP}[0-9]){{7}})(?![0-9])"
)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")

_LETTERS = "[ก-ฮะ-ฺเ-ๅ็-๎]"
_HEADS = "เทศ|องค์|อบ|สภา|สมาคม|สโมสร|รัฐ|เหล่า|เมือง|ตำบล|พัทยา|ฯ"
_POSTS = (
    rf"ก(?:{_HEADS}|(?!{_LETTERS}))|อำเภอ|ทะเบียน|ช่าง|ตรวจ|จ้าง|หน้า|ด่าน|สถานี|เวร|ประกัน|ไปรษณีย์|"
    "(?:สัตว)?แพทย์(?:สาธารณสุข|ชำนาญ|เชี่ยวชาญ|ปฏิบัติ)"
)
"""What makes of นาย a post: นายกเทศมนตรี, นายอำเภอ."""
_TITLE = (
    rf"(?:นางสาว|น\.\s?ส\.|นาง(?!(?:พยาบาล|รำ|งาม)(?!{_LETTERS}))|(?<!เจ้า)นาย(?!{_POSTS})(?:(?:สัตว)?แพทย์)?|"
    r"เด็กชาย|เด็กหญิง|ด\.\s?[ชญ]\.|ว่าที่(?:ร้อย|พัน)(?:ตรี|โท|เอก))(?:หญิง)?"
)
_NAME = re.compile(
    rf"(?<!{_LETTERS}){_TITLE}\s?{_LETTERS}{{2,}}(?:\s{{1,2}}{_LETTERS}{{2,}})?|{_TITLE}\s?{_LETTERS}{{2,}}\s{{1,2}}{_LETTERS}{{2,}}"
)

_REASONS = {
    "id": Bilingual("A national ID number; strangers will read it.", "เลขประจำตัวประชาชน ควรตัดออกก่อนเผยแพร่"),
    "phone": Bilingual(
        "A phone number; leave it only if it is the office's.", "หมายเลขโทรศัพท์ ถ้าไม่ใช่ของสำนักงาน ควรตัดออกก่อนเผยแพร่"
    ),
    "mail": Bilingual(
        "An e-mail address; leave it only if it is the office's.", "อีเมล ถ้าไม่ใช่ของสำนักงาน ควรตัดออกก่อนเผยแพร่"
    ),
    "name": Bilingual(
        "A person's name; strangers will read it. Leave it only where it must be told.",
        "ชื่อบุคคล ถ้าไม่จำเป็นต้องเปิดเผย ควรตัดออกหรือใช้ตำแหน่งแทน",
    ),
}


def personal_data(document: Document) -> Iterator[Suggestion]:
    """Everything of this kind in what the published report shows, in reading order."""
    for passage in (*document.passages(), *document.annex):
        for start, end, what in _found(_hidden(passage.text, document.shown)):
            yield Suggestion("personal", passage.place, passage.text[start:end], _REASONS[what])


def _found(text: str) -> list[tuple[int, int, str]]:
    found = []
    for match in _NATIONAL_ID.finditer(text):
        if _is_national_id(match[0]):
            found.append((*match.span(), "id"))
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    for what, pattern in (("phone", _PHONE), ("mail", _MAIL), ("name", _NAME)):
        found += [(*match.span(), what) for match in pattern.finditer(text)]
    return sorted(found)


def _is_national_id(written: str) -> bool:
    """By its check digit: the sum of the first twelve, weighed 13 to 2, modulo 11, from 11."""
    digits = [int(digit) for digit in re.sub(r"\D", "", written)]
    total = sum(digit * weight for digit, weight in zip(digits, range(13, 1, -1), strict=False))
    return (11 - total % 11) % 10 == digits[12]


def _hidden(text: str, names: tuple[str, ...]) -> str:
    """The text in Arabic digits, letter for letter, with spaces where something stands that may be read."""
    for name in names:
        text = text.replace(name, " " * len(name))
    return to_arabic(text)
