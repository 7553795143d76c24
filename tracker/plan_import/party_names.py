"""Names of parties put right: lost sara am, footnote marks, and which of two units is the other's parent."""

import re

_LOST_AM = re.compile(r"(?<=[ก-ฮ])\u0e4d?([\u0e48-\u0e4b]?)[ \t]+[าำ]")
"""No word begins with า or ำ: a PDF has parted ำ from its consonant (ส านักปลัด)."""
_WITHOUT_AM = re.compile("(?<=ส)า(?=นัก)|(?<=อ)า(?=นวย|เภอ)|(?<=ช)า(?=นาญ)|(?<=ด)า(?=เนิน)|(?<=ก)า(?=นัน)|(?<=ต)า(?=บล)")
_NO_AM = re.compile("กำร(?!าบ)")
_FOOTNOTE = re.compile(
    r"(?:\s*[\u00b9\u00b2\u00b3\u2070\u2074-\u2079*†‡]+|\s*\(\*+\)|\s*\(?[1-9๑-๙]\)|\s*\[[1-9๑-๙]\]|\s+[1-9๑-๙]/)+$"
)
_TELEPHONE = re.compile(
    r"\s*[(\[]?\s*(?:(?:หมายเลข)?โทร(?:ศัพท์)?|เบอร์(?:โทร)?|tel)[\s.:]*(?:ภายใน\s*)?[0-9๐-๙][0-9๐-๙\s,./-]{2,}(?:ต่อ\s*[0-9๐-๙\s,-]+)?[)\]]?$"
    r"|\s+0[0-9][0-9-]{7,11}$",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"(?:ไม่มี|ไม่ระบุ|ยังไม่(?:มี|ระบุ|กำหนด)|n/?a|none)\.?", re.IGNORECASE)
_OF = re.compile(r"\s*(?:สังกัด|ภายใต้|ของ|โดย|>|»|›|:|\u2192)\s*")

_PART_OF_NAME = re.compile("องค์การมหาชน|สำนักงานใหญ่|ส่วน(?:กลาง|ภูมิภาค|ท้องถิ่น|หน้า)|องค์กรอิสระ|หน่วยงานในกำกับ.*")
_LEVELS = tuple(
    map(
        re.compile,
        (
            r"กระทรวง|กรม|จังหวัด|อำเภอ|เทศบาล|องค์การ|อบต\.|อบจ\.",
            r"กอง(?!ทุน)|สำนัก|สถาบัน|มหาวิทยาลัย|วิทยาลัย|คณะ(?!กรรมการ|อนุ|ทำงาน)|โรงพยาบาล|รพ\.",
            r"กลุ่ม(?!งาน)|ส่วน(?!ราชการ)|ศูนย์|โรงเรียน|สถานี",
            r"ฝ่าย|กลุ่มงาน",
            r"งาน|แผนก|หน่วย(?!งาน)",
            r"นัก(?!เรียน)|นิติกร|เจ้าพนักงาน|เจ้าหน้าที่|นายช่าง|ครู|พนักงาน|วิศวกร|ผู้ช่วย|ลูกจ้าง",
        ),
    )
)
_DIVISION, _SUBDIVISIONS, _POSTS = 1, (3, 4), 5


def mended(text: str) -> str:
    """The text with every ำ that a PDF lost or parted from its consonant."""
    return _NO_AM.sub("การ", _LOST_AM.sub(r"\1ำ", _WITHOUT_AM.sub("ำ", text)))


def without_footnote(name: str) -> str:
    """The name without the mark of a footnote (กองคลัง*, กองคลัง¹, กองช่าง ๑)) and the telephone number behind it."""
    return _FOOTNOTE.sub("", _TELEPHONE.sub("", name))


def names_nobody(name: str) -> bool:
    """Whether a cell says that there is no party (ไม่มี, N/A)."""
    return _NOBODY.fullmatch(name) is not None


def linked_parent(text: str) -> tuple[str, str] | None:
    """A unit and its parent, in this order, that a word or sign joins: งานนิติการ สังกัดสำนักปลัด, สำนักปลัด โดย งานนิติการ."""
    for found in _OF.finditer(text):
        one, other, word = text[: found.start()], text[found.end() :], found[0].strip()
        if not one or not other or _OF.search(one) or _OF.search(other):
            continue
        if word in ("สังกัด", "ภายใต้", "ของ"):
            return (one, other) if _is_below(one, other) else None
        return (other, one) if _is_below(other, one) else None
    return None


def _is_below(unit: str, parent: str) -> bool:
    return _level(parent) == _DIVISION and _level(unit) in (*_SUBDIVISIONS, _POSTS)


def is_part_of_name(bracket: str) -> bool:
    """Whether words in brackets say what kind of body a name is of (องค์การมหาชน), and name no unit of it."""
    return _PART_OF_NAME.fullmatch(bracket.strip()) is not None


def is_above(unit: str, other: str) -> bool:
    """Whether a unit is of a higher kind than another unit or post: สำนักปลัด than งานนิติการ, than นิติกร."""
    one, two = _level(unit), _level(other)
    return one is not None and two is not None and one < two


def is_unit_of(unit: str, parent: str) -> bool:
    """Whether งานนิติการ สำนักปลัด, without a word between, names a unit and the division that it is of."""
    return _level(unit) in _SUBDIVISIONS and _level(parent) == _DIVISION


def _level(name: str) -> int | None:
    return next((level for level, pattern in enumerate(_LEVELS) if pattern.match(name)), None)
