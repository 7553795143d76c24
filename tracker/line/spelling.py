"""One spelling for the ways in which people type on a telephone: ยังมะได้ทามม, เเร้ว, พุ่งนี้, ยัง ไม่ ได้."""

import re

from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text, squeeze_spaces

_VARIANTS = (
    (r"([^\d.\s])\1{2,}", r"\1"),
    (r"([\u0e48-\u0e4b])[\u0e48-\u0e4b]+", r"\1"),
    ("แร้ว|แล้[งส](?=$| )|แล่ว|แล๊ว|แลว(?=$| |ค|จ|น)|(?<=[ำปจ])ละ(?=$| |ค|จ|น)", "แล้ว"),
    ("เส(?:ร็|็|ร้|ร)[ดตจ]", "เสร็จ"),
    ("ยั[้๊๋]ง(?=ไม|ค|มะ|จ)|ยงั|ยัว(?=ไม)", "ยัง"),
    ("(?<=ยัง)ไม(?=[กดทเสมพจ])|ม่าย|ไม้(?=ได้|เสร็จ|ทัน)|(?:มะ|มิ|บ่)(?=ได้|เสร็จ|ทัน)", "ไม่"),
    ("ได่|ด้าย|(?<=ไม่)ได(?!้)|(?<=ไม่)ด้(?!า)", "ได้"),
    ("(?<![ก-๙])เดียว(?=จะ|ทำ|ส่ง|ค่อย|ลง|ถาม|แจ้ง|นะ|ค่ะ|ครับ)|เดี๊ยว|เด[๋๊]ว|เดว(?=$| |ทำ|ส่ง|น)|เดี่ยว(?=ทำ|ส่ง|จะ|ค่อย)", "เดี๋ยว"),
    (r"พ[รล]?ุ[่้]ง?นี้?|(?<![ก-๙])พน\.?(?=$| |ทำ|ส่ง|นะ|ค)", "พรุ่งนี้"),
    (r"สัป(?:ดา)?(?=หน้า|นี้)", "สัปดาห์"),
    ("อาทิ[ดต](?:ย์?)?(?=หน้า|นี้)", "อาทิตย์"),
    (r"คร?[ัา้๊]+[บพปฟ](?=$|[ ๆ.!]|ผ|พ|น)", "ครับ"),
    ("ขอบคุน|ขอบคุ[นณ]$", "ขอบคุณ"),
    ("เรีย(?:บ|ป)ร้?[อ]?ย", "เรียบร้อย"),
)
_PATTERNS = [(re.compile(found), meant) for found, meant in _VARIANTS]
_SPELT_APART = re.compile(r"(?<![ก-๙])(ยัง|ไม่|ไม่ได้) (?=(?:ไม่|ได้|เสร็จ|ทัน|ทำ)(?![ก-ฮ]{3}))")


def as_meant(text: str) -> str:
    """The text on one line with arabic digits, lower case and the common slips of typing put right."""
    typed = to_arabic(squeeze_spaces(fix_text(text))).casefold()
    for found, meant in _PATTERNS:
        typed = found.sub(meant, typed)
    return _SPELT_APART.sub(r"\1", typed)
