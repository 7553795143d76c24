"""Month and weekday names as people write them in plans: full, short, undotted, misspelt, mangled by a PDF, English.

Patterns are made for the folded text of ``period_words``: no spaces, Arabic digits, ำ as า, ฏ as ฎ, lower case.
"""

import re
from functools import lru_cache

from tracker.thai.calendar import MONTHS, MONTHS_ENGLISH, MONTHS_SHORT

MARKS = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
WORD_END = r"(?=$|[^ก-\u0e4e]|ถึง|จน|และ|หรือ|กับ|ของ|ปี|พ\.?ศ|ค\.?ศ|เป็น|ทุก|ใน|เวลา|รวม|ฯ)"

_SPACING_FOLD = str.maketrans("ำฏ", "าฎ")
_THAI_RUN = re.compile("[\u0e01-\u0e4e]+")
_MARK = re.compile(MARKS)

# Misspellings counted in public documents that another consonant frame sets apart from the right one.
_KNOWN_MISSPELT = {
    1: ("มกรมคม", "มกรคม", "มกราค(?!ม)"),
    2: ("กุมภาพัน", "กุมพาพันธ์", "กุมภาพันท์", "กุมภาพันธฺ์"),
    3: ("มีนาค(?!ม)",),
    4: ("เมษายาน", "เมษยน"),
    5: ("พฤษาคม", "พฤภาคม"),
    6: ("มิถุยายน", "มิถุนาย(?!น)", "มิถุนนายน"),
    7: ("กรกฎค(?:า)?ม", "กรกาคม"),
    8: ("สิงหาค(?!ม)", "สิงหคม"),
    9: ("กันยายาน", "กันยาน"),
    10: ("ตุลคม", "ตุลาค(?!ม)"),
    11: ("พฤศจิการยน", "พฤศจิกายาน", "พฤศจิยน", "พฤจิกายน", "พฤศจิกยน"),
    12: ("ธันวามคม", "ธันวคม", "ธันวาค(?!ม)"),
}


def fold_letters(text: str) -> str:
    """Letters that PDFs and typists confuse, as one, position for position."""
    return text.translate(_SPACING_FOLD)


def loosen(pattern: str) -> str:
    """A pattern whose longer Thai words match with marks lost or moved (ปงบประมาณ, ตลุาคม); short words stay exact."""

    def loose(match: re.Match[str]) -> str:
        frame = _MARK.sub("", match[0])
        if len(frame) < 4:
            return match[0]
        return "".join(letter + (MARKS + "*+" if "ก" <= letter <= "ฮ" else "") for letter in frame)

    return _THAI_RUN.sub(loose, fold_letters(pattern))


def _full(name: str) -> str:
    return re.sub("[ศษส]", "[ศษส]", loosen(name))


def _short(name: str) -> str:
    first, second = name.rstrip(".").split(".")
    return rf"{first}[.,]?{second}(?:[.,]|{WORD_END})"


def _english(name: str) -> str:
    short = "sept?" if name == "september" else name[:3]
    return rf"(?<![a-z])(?:{name}|{short}\.?)(?![a-z])"


def _month(number: int) -> str:
    name = MONTHS[number - 1]
    stem = re.sub("(?:คม|ยน|พันธ์)$", "", fold_letters(name))
    forms = [
        _full(name),
        *(loosen(word) for word in _KNOWN_MISSPELT[number]),
        stem + WORD_END,
        _short(MONTHS_SHORT[number - 1]),
        _english(MONTHS_ENGLISH[number - 1]),
    ]
    return "|".join(forms)


_MONTH_PATTERNS = [re.compile(_month(number)) for number in range(1, 13)]
MONTH = "(?:" + "|".join(pattern.pattern for pattern in _MONTH_PATTERNS) + ")"
MONTH_START = (  # enough to tell a month from other words where one must not, or must, follow
    "(?:มกร|กุมภ|มีน|เมษ|พฤ[ศษส]|มิถ|กรก|สิงห|กันย|ตุล|ธันว|ม[.,]ค|ก[.,]พ|มี[.,]?ค|เม[.,]?ย|พ[.,]ค|มิ[.,]?ย|ก[.,]ค|ส[.,]ค|ก[.,]ย|ต[.,]?ค"
    "|พ[.,]ย|ธ[.,]?ค|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
ENGLISH_MONTH = "(?:" + "|".join(map(_english, MONTHS_ENGLISH)) + ")"

_WEEKDAY_STEMS = ("จันทร์", "อังคาร", "พุธ", "พฤหัส(?:บดี)?", "ศุกร์", "เสาร์", "อาทิตย์")
WEEKDAY = "(?:" + "|".join(_WEEKDAY_STEMS) + ")"
_WEEKDAY_PATTERNS = [re.compile(loosen(stem)) for stem in _WEEKDAY_STEMS]


@lru_cache(maxsize=1024)
def month_number(word: str) -> int:
    """The month (1 to 12) that a word matched by MONTH names."""
    return next(number for number, pattern in enumerate(_MONTH_PATTERNS, 1) if pattern.match(word))


def weekday_number(word: str) -> int:
    """The weekday (Monday 0) that a word matched by WEEKDAY names."""
    return next(number for number, pattern in enumerate(_WEEKDAY_PATTERNS) if pattern.match(word))


def nearest_month(word: str) -> int | None:
    """The one month whose name lies within two letters of an unknown word, or None."""
    frame = _MARK.sub("", word)
    if not 4 <= len(frame) <= 11:
        return None
    far = sorted((distance(frame, _MARK.sub("", fold_letters(name))), number) for number, name in enumerate(MONTHS, 1))
    (best, number), (second, _) = far[0], far[1]
    return number if best < second and best <= min(2, len(frame) // 3) else None


def without_marks(text: str) -> str:
    """A text's letters without vowels and tones above and below, which PDFs move and typists miss."""
    return _MARK.sub("", text)


def distance(left: str, right: str) -> int:
    """How many letters must be added, left out or changed to make one text the other."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]
