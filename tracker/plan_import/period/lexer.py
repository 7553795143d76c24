"""The words of period cells: a cell folded for reading and cut into tokens, nothing left out.

Folding takes out spaces (Thai puts them anywhere, PDFs inside words), makes digits Arabic and dashes one; every
folded position knows its place in the text as written, so that warnings can quote it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tracker.plan_import.period.months import ENGLISH_MONTH, MONTH, MONTH_START, WEEKDAY, fold_letters, loosen
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text, squeeze_spaces

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣-~〜→➔"), "-")
_BRACKETS = {ord("["): "(", ord("]"): ")", ord("{"): "(", ord("}"): ")", ord("（"): "(", ord("）"): ")"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text as shown to people and folded for reading; ``places`` maps folded positions to shown ones."""

    shown: str
    folded: str
    places: tuple[int, ...]
    line_starts: frozenset[int]

    def quote(self, start: int, end: int) -> str:
        """What stands as written at a stretch of the folded text."""
        if start >= end:
            return ""
        return squeeze_spaces(self.shown[self.places[start] : self.places[end - 1] + 1])

    def quoted(self, start: int, end: int) -> str:
        """The same in quotation marks, as warnings have it."""
        return f"“{self.quote(start, end)}”"

    @property
    def whole(self) -> str:
        """The whole cell in quotation marks."""
        return self.quoted(0, len(self.folded))

    def with_word(self, start: int, end: int, word: str) -> "Cell":
        """The cell with a stretch of its folded text read as another word."""
        places = self.places[start : start + 1] * (len(word) - 1) + self.places[end - 1 : end]
        shift = len(word) - (end - start)
        return Cell(
            self.shown,
            self.folded[:start] + word + self.folded[end:],
            self.places[:start] + places + self.places[end:],
            frozenset(at if at <= start else at + shift for at in self.line_starts),
        )


def fold(text: str) -> Cell:
    """Fold a cell for reading; a space stays only between two digits or two Latin letters."""
    shown = fix_text(text).strip()
    plain = fold_letters(to_arabic(shown)).translate(_DASHES).translate(_BRACKETS)
    letters: list[str] = []
    places: list[int] = []
    line_starts: set[int] = set()
    space = line = False
    for place, letter in enumerate(plain):
        if letter.isspace():
            space = True
            line |= letter in "\n\r\v\f\x85\u2028\u2029"
            continue
        if space and letters and _kept_apart(letters[-1], letter):
            letters.append(" ")
            places.append(place)
        if line:
            line_starts.add(len(letters))
        space = line = False
        letters.append(letter.lower() if letter.isascii() else letter)
        places.append(place)
    return Cell(shown, "".join(letters), tuple(places), frozenset(line_starts))


def _kept_apart(left: str, right: str) -> bool:
    return (left.isdigit() and right.isdigit()) or (
        left.isascii() and left.isalpha() and right.isascii() and right.isalpha()
    )


@dataclass(frozen=True, slots=True)
class Token:
    """One understood word of a cell, or (kind ``unknown``) what stands between two of them."""

    kind: str
    start: int
    end: int
    groups: dict[str, str] = field(default_factory=dict)


QUIET = frozenset({"filler", "clock", "nights", "money"})

_UNITS = {
    "เอ็ด": 1, "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9,
}  # fmt: skip
_TENS = {"ยี่": 2, **{word: unit for word, unit in _UNITS.items() if unit > 2}}
_NUMBER_WORD = rf"(?:{'|'.join(_TENS)})?สิบ(?:{'|'.join(_UNITS)})?|{'|'.join(word for word in _UNITS if word != 'เอ็ด')}"
_N = rf"(?:\d{{1,3}}+(?!\d)|{_NUMBER_WORD})"
_SEP = r"(?:,|และ|กับ|&|/|-|ถึง|\ )"
_MONEY = r",\d{3}(?!\d)|(?:ล้าน|แสน|หมื่น|พัน|ร้อย)?บาท"
_YEAR_UNITS = (
    rf"(?!\d|{_MONEY}|วัน(?!ที่|เริ่ม|สิ้นสุด|แล้วเสร็จ|ครบ)|เดือน(?!{MONTH_START})|ครั้ง(?!ที่)|ชั่วโมง|ชม|รุ่น(?!ที่)|คน|\.\d|:\d|/\d)"
)
_YEAR = rf"['’‘´`]?(?P<year>\d{{4,5}}(?!\d|{_MONEY})|[4-9]\d{_YEAR_UNITS})"
_BE_CE = r"(?:พ\.?ศ\.?|ค\.?ศ\.?|พศ|คศ|a\.?d\.?|b\.?e\.?)"
_ERA = rf"(?:,?(?:ของ)?(?:ปี)?(?P<era>{_BE_CE})?,?\ ?)"
_FISCAL = (
    r"(?:(?:ของ|ใน|ตาม)?(?:ประจำ)?"
    r"(?:ปีงบประมาณ(?:ประจำปี)?|ปีงบฯ?(?!ประมาณ)|(?:ปี)?งปม\.?|งบปี|(?<![a-z])fy\.?|fiscal\ ?year(?![a-z])"
    r"|งบประมาณ(?:ประจำปี|ปี)?(?=พ\.?ศ|\d|ปี\d))"
    r"ฯ?(?:ปี)?(?P<era>พ\.?ศ\.?|ค\.?ศ\.?)?)"
)
_OF_YEAR_NUMBER = rf"(?:{_YEAR}(?![/\-]\d{{1,2}}[/\-]))"
_OVER_YEAR = r"(?:/(?P<year>\d{4}|\d\d)(?![\d/]))?"
_TH = "(?:ที่)?"
_OF_MONTH = r"(?:(?:ของ|ใน)(?:ทุก(?:ๆ)?|แต่ละ)?|ทุก(?:ๆ)?|แต่ละ)เดือน(?!แรก|กลาง|สุดท้าย|ท้าย|ที่(?:\d|หนึ่ง|สอง|สาม))"
_LAST_DAY = rf"(?:{_SEP}(?:ทุก)?(?:วัน)?สิ้นเดือน)?"
_MONTH_SET = rf"(?!เดือน{MONTH_START}|{MONTH_START})"
_DAYS = rf"(?:\d{{1,2}}(?:{_SEP}(?:ทุก)?(?:วันที่)?\d{{1,2}}(?!\d))*+)"
_TIMES = r"(?:ครั้ง|รอบ|หน|คราว)"
_AT_LEAST = "(?:อย่างน้อย|ไม่น้อยกว่า)?"
_MORE = rf"(?P<more>(?:-|ถึง|หรือ){_N})?"

_AMOUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?"
_BUDGET = r"(?:ใช้|มี|ภายใน)?(?:วงเงิน|งบ(?:ประมาณ)?)(?:ดำเนินการ|จำนวน|รวม|ทั้งสิ้น|เป็น|เงิน|:)*"

# Order matters: at one place the first that matches is taken.
_RULES: dict[str, str] = {
    "clock": (
        r"(?:ตั้งแต่)?(?:ช่วง)?เวลา\d{1,2}[.:]\d{2}(?:น\.?)?(?:(?:-|ถึง)(?:เวลา)?\d{1,2}[.:]\d{2})?(?:น\.?"
        r"|นาฬิกา)?(?:เป็นต้นไป|(?![ก-\u0e4e]))"
        r"|\d{1,2}[.:]\d{2}(?:น\.)?(?:-|ถึง)\d{1,2}[.:]\d{2}(?:น\.?|นาฬิกา)(?![ก-\u0e4e])"
        r"|\d{1,2}[.:]\d{2}(?:น\.|นาฬิกา)(?:เป็นต้นไป)?"
        r"|(?:ใน)?(?:วันและ)?เวลาราชการ"
    ),
    "money": (
        rf"(?:{_BUDGET})?(?:จำนวน)?(?:เงิน)?(?<![\d/]){_AMOUNT}(?:-{_AMOUNT})?(?:ล้าน|แสน|หมื่น|พัน|ร้อย)?บาท(?:ถ้วน)?"
        rf"|{_BUDGET}\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,2}})?(?!\d)"
        r"|ไม่(?:ได้)?(?:ต้อง)?(?:ใช้|มี)(?:งบประมาณ|งบ(?!ป))"
    ),
    "iso": r"(?P<year>(?:19|20|25|26)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
    "iso_slashed": r"(?P<year>(?:19|20|25|26)\d\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?!\d)",
    "numeric": (
        rf"(?:(?:วัน)?(?P<weekday>{WEEKDAY})(?:ที่)?|วันที่)?(?P<day>\d{{1,2}})"
        r"(?:/(?P<month>\d{1,2})/(?P<year>\d{4,5}|\d\d)|-(?P<month2>\d{1,2})-(?P<year2>\d{4,5}|\d\d)"
        r"|\.(?P<month3>\d{1,2})\.(?P<year3>\d{4,5}|\d\d)"
        r"|เดือน(?P<month4>\d{1,2})(?:ปี)?(?:/|พ\.?ศ\.?)(?P<year4>\d{4,5}|\d\d))(?![\d])"
    ),
    "month_year": (
        r"(?:เดือน)?(?P<month>1[0-2]|0?[1-9])/(?P<year>25\d\d|20\d\d)(?![\d/])"
        r"|เดือน(?P<month2>1[0-2]|0?[1-9])(?:/|พ\.?ศ\.?)(?P<year2>[4-9]\d|25\d\d|20\d\d)(?![\d/])"
    ),
    "days_of_quarter": (
        rf"(?:ภายใน|ทุก(?:ๆ)?)?วันที่(?P<days>{_DAYS})(?:ของ|ใน)?เดือน(?P<which>แรก|กลาง|สุดท้าย|ท้าย|ที่(?:[1-3](?!\d)|หนึ่ง|สอง|สาม))"
        r"(?:ของ|ใน)*(?P<each>ทุก(?:ๆ)?|แต่ละ|ราย)?ไตรมาส(?P<next>ถัดไป)?(?!ที่?\d|\d)"
    ),
    "days_of_month": (
        rf"(?:ทุก(?:ๆ)?วันที่|(?:ภายใน|ไม่เกิน|ก่อน)(?:ทุก)?วันที่|วันที่)"
        rf"(?P<days>\d{{1,2}}(?:{_SEP}(?:วันที่)?\d{{1,2}}(?!\d))*{_LAST_DAY})"
        rf"{_OF_MONTH}(?P<next>ถัดไป)?{_MONTH_SET}"
        rf"|ทุก(?:ๆ)?วันที่(?P<days4>{_DAYS})ของ(?:เดือน)?(?={MONTH}(?:{_ERA}{_YEAR})?(?:-|(?:จน)?ถึง)"
        rf"(?:เดือน)?{MONTH_START})"
        rf"|ทุก(?:ๆ)?วันที่(?P<days2>{_DAYS}{_LAST_DAY})"
        rf"(?!\d|[/\-.]\d|ของเดือน{MONTH_START}|เดือน{MONTH_START}|{MONTH_START})"
        rf"|(?P<days3>\d{{1,2}}(?:{_SEP}\d{{1,2}}(?!\d))*)(?:ของ|ใน)(?:ทุก(?:ๆ)?|แต่ละ)เดือน"
    ),
    "last_day_of_month": (
        r"(?:ภายใน|ใน)?(?:ทุก(?:ๆ)?)?(?:วัน)?(?:ทำการ)?(?:สิ้นเดือน|วันสุดท้ายของเดือน|สุดท้ายของเดือน)"
        rf"(?:ของ)?(?:ทุก(?:ๆ)?เดือน|แต่ละเดือน)|ทุก(?:ๆ)?(?:วัน)?สิ้นเดือน{_MONTH_SET}"
        rf"|(?:ภายใน)?วัน(?:ทำการ)?สุดท้ายของ(?:ทุก|แต่ละ)เดือน"
        rf"|ทุก(?:ๆ)?วัน(?:ทำการ)?สุดท้ายของเดือน{_MONTH_SET}"
    ),
    "day_month": (
        rf"(?:(?:ใน|ณ)?(?:วัน)?(?P<weekday>{WEEKDAY})(?:ที่)?,?|(?:ใน|ณ)?วันที่)?"
        rf"(?:(?P<day>\d{{1,2}})(?:(?:st|nd|rd|th)\ ?)?(?P<gap>[\-/.]?)(?:ของ)?)"
        rf"(?:เดือน)?(?P<month>{MONTH})(?:[\-/]?{_ERA}{_YEAR})?"
    ),
    "month_day": rf"(?P<month>{ENGLISH_MONTH})(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,\ ?(?P<year>\d{{4}})(?!\d)",
    "month": rf"(?:ประจำ)?(?:เดือน)?(?P<month>{MONTH})(?:{_ERA}{_YEAR})?",
    "same_year": (
        r"(?:ของ|ใน)?(?:ปี(?:พ\.?ศ\.?)?(?:เดียวกัน|ถัดไป|นั้น|ที่ได้รับ[ก-\u0e4e]*|หน้า|ก่อนหน้า"
        r"|ที่ผ่านมา|ต่อไป))"
    ),
    "relative_unit": (
        r"(?:ปี|เดือน|สัปดาห์|วันทำการ)ที่\d{1,2}(?:(?:-|,|และ|ถึง)(?:(?:ปี|เดือน"
        r"|สัปดาห์)ที่)?\d{1,2}(?!\d))*"
    ),
    "except": r"ยกเว้น|เว้น|ไม่รวม|(?:และ)?งด",
    "school": (
        r"(?:ปีการศึกษา|ภาคเรียน|ภาคการศึกษา|เทอม|ปิดภาค[ก-\u0e4e]*)(?:ที่)?(?:แรก|ต้น"
        r"|ปลาย)?(?:\d(?:/\d{2,4})?(?!\d)|\d{4}(?:[-/]\d{2,4})?)?"
    ),
    "festival": (
        r"(?:ใน|ช่วง){0,2}(?:วัน|เทศกาล|งาน|ประเพณี){1,3}(?:ขึ้นปีใหม่|ปีใหม่|สงกรานต์"
        r"|ลอยกระทง|เข้าพรรษา|ออกพรรษา|มาฆบูชา"
        r"|วิสาขบูชา|อาสาฬหบูชา|เด็กแห่งชาติ|แม่แห่งชาติ|พ่อแห่งชาติ|แม่|พ่อ|เด็ก|ผู้สูงอายุ|ท้องถิ่นไทย"
        r"|ต่อต้านคอร์รัปชัน(?:สากล)?)(?:ไทย|แห่งชาติ)?"
    ),
    "calendar_word": r"(?:ตลอด)?(?:ทั้ง)?ปีปฏิทิน(?:(?:พ\.?ศ\.?)?(?P<year>\d{4}))?",
    "round": (
        rf"(?:(?:ใน|ประจำ)?รอบ|ราย|ทุก(?:ๆ)?(?:รอบ)?(?:ระยะ)?)\(?(?P<months>{_N}(?:เดือน)?(?:{_SEP}?"
        rf"(?:รอบ)?\(?{_N}(?:เดือน)?\)?)*?)เดือน"
        rf"(?:(?P<part>แรก|หลัง|สุดท้าย)|(?!แรก|หลัง|สุดท้าย|\d"
        rf"|{_SEP}?(?:รอบ)?\d{{1,2}}(?:{_SEP}\d{{1,2}})*เดือน(?!แรก|หลัง)))"
    ),
    "yearly_times": (
        rf"(?:(?:ในแต่ละ|แต่ละ)?ปี(?:งบประมาณ)?ละ{_AT_LEAST}(?P<times>{_N})?{_MORE}{_TIMES}?"
        rf"|(?:จำนวน)?(?P<times2>{_N}){_TIMES}(?:ต่อ|/|ใน)(?:1|หนึ่ง)?ปี(?:งบประมาณ)?(?!\d))"
    ),
    "monthly_times": (
        rf"เดือนละ{_AT_LEAST}(?P<times>{_N})?{_MORE}{_TIMES}?|(?:จำนวน)?(?P<times2>{_N}){_TIMES}(?:ต่อ|/)(?:1"
        rf"|หนึ่ง)?เดือน"
    ),
    "quarterly_times": (
        rf"ไตรมาสละ{_AT_LEAST}(?P<times>{_N})?{_MORE}{_TIMES}?|(?:จำนวน)?(?P<times2>{_N}){_TIMES}(?:ต่อ|/)(?:1"
        rf"|หนึ่ง)?ไตรมาส"
    ),
    "quarterly": (
        r"(?:เป็น)?(?:ประจำ)?(?:ทุก(?:ๆ)?|ราย|รอบ|แต่ละ)(?:สิ้น|รอบ)?ไตรมาส(?!ที่?\d|\d)"
        r"|ทุก(?:ๆ)?(?:วัน)?สิ้นไตรมาส|(?:ของ)?(?:ทุก|แต่ละ)ไตรมาส"
        r"|(?:เป็น)?ประจำไตรมาส(?!ที่\d|\d)|(?:ภายใน)?สิ้นไตรมาส(?:ของ)?(?:ทุกไตรมาส|แต่ละไตรมาส)?(?!ที่\d"
        r"|\d)|(?<![a-z])(?:quarterly|(?:every|each|per)\ quarter)(?![a-z])"
    ),
    "half_yearly": (
        r"(?:ราย|ทุก(?:ๆ)?|รอบ)(?:ครึ่งปี|ครึ่งปีงบประมาณ)(?!แรก|หลัง|ที่)|ครึ่งปีละ(?:1|หนึ่ง)?ครั้ง"
        r"|(?<![a-z])(?:(?:every\ )?half[\- ]?year(?:ly)?|semi-?\ ?annual(?:ly)?)(?![a-z])"
    ),
    "some_day_of_month": (
        rf"(?:ใน|ภายใน)?(?:ทุก(?:ๆ)?)?(?:(?:วัน)?{WEEKDAY}|วันทำการ|สัปดาห์)(?:ที่)?(?:\d|แรก"
        rf"|สุดท้าย)(?:(?:และ|,|-)(?:ที่)?\d)*(?:ของ|ใน)(?:ทุก(?:ๆ)?|แต่ละ)?เดือน{_MONTH_SET}"
        r"|(?:ต้น|กลาง|ปลาย)(?:ของ)?(?:ทุก|แต่ละ)เดือน|ทุก(?:ต้น|กลาง|ปลาย)เดือน|(?:ภายใน)?สิ้นเดือน(?=$"
        r"|[^ก-\u0e4e\d])"
    ),
    "every_months": (
        rf"(?P<months>{_N})เดือน(?:/|ต่อ)?(?:1|หนึ่ง)?ครั้ง(?!ที่)"
        r"|(?<![a-z])every\ ?(?P<english>\d{1,2}|[a-z]+)\ ?months?(?![a-z])"
    ),
    "english_times": (
        r"(?<![a-z\d])(?:(?P<once>once|twice)|(?P<times>\d{1,2}|[a-z]+)\ ?times)\ (?:a|per|each|every)\ "
        r"(?:fiscal\ )?(?P<unit>month|quarter|year)(?![a-z])"
    ),
    "unfit_cadence": (
        rf"{_N}(?:ปี|สัปดาห์|วัน)(?:/|ต่อ)?(?:1|หนึ่ง)?ครั้ง(?!ที่)|"
        rf"(?:ทุก(?:ๆ)?|ราย)(?:{_N})?(?:สัปดาห์|ปักษ์|ชั่วโมง|วันทำการ|วันราชการ|วันหยุด)|(?:สัปดาห์|ปักษ์"
        rf"|วัน|อาทิตย์)ละ(?:{_N})?{_TIMES}?"
        rf"|ทุก(?:ๆ)?(?:{_N})วัน|ทุก(?:ๆ)?(?:วัน)?{WEEKDAY}(?:(?:-|,|และ"
        rf"|ถึง)(?:วัน)?{WEEKDAY})*(?:ของ(?:ทุก)?(?:สัปดาห์|เดือน))?"
        rf"|ทุก(?:ๆ)?วัน(?!ที่|สิ้น|{WEEKDAY})|รายวัน|รายปักษ์|เป็นระยะ(?:ๆ)?|เป็นครั้งคราว|ทุก(?:ๆ)?{_N}ปี"
        rf"|(?<![a-z])(?:weekly|daily|every\ (?:week|day))(?![a-z])"
        rf"|(?:วัน)?{WEEKDAY}(?:-|ถึง)(?:วัน)?{WEEKDAY}"
    ),
    "monthly": (
        rf"(?:เป็น)?(?:ประจำ|ของ|ใน)?(?:ทุก(?:ๆ)?(?:รอบ)?|แต่ละ|ราย|รอบ)เดือน(?!ละ|ที่)"
        rf"|(?:การ)?ประชุมประจำเดือน{_MONTH_SET}|(?:เป็น)?ประจำเดือน{_MONTH_SET}(?!ที่)|(?<![a-z])(?:monthly"
        rf"|(?:every|each|per)\ month)(?![a-z])"
    ),
    "every_date": r"ทุก(?:ๆ)?(?=วันที่\d)",
    "each_year": r"(?:เป็น)?(?:ประจำ|ของ|ใน)?(?:ทุก(?:ๆ)?|แต่ละ)ปี(?:งบประมาณ)?(?!\d)|(?:ของ|ใน)(?:ทุก|แต่ละ)ปี",
    "yearly": (
        r"(?:ราย|รอบ)ปี(?:งบประมาณ)?(?!\d|พ\.?ศ|ปฏิทิน)|ทุก(?:ๆ)?(?:วัน)?สิ้น(?:สุด)?ปีงบประมาณ(?!\d|พ\.?ศ)|(?:เป็น)?ประจำปี(?!งบ|\d|พ\.?ศ|ค\.?ศ|การ)"
        r"|(?<![a-z])(?:yearly|annually|annual|(?:every|each|per)\ (?:fiscal\ )?year)(?![a-z])"
    ),
    "quarters": (
        rf"(?:ใน)?(?:ไตรมาส{_TH}|(?<![a-z])q(?:uarter)?)(?P<numbers>[1-4](?!\d)"
        rf"(?:{_SEP}(?:ไตรมาส{_TH}|{_TH}|q(?:uarter)?)(?<!\ )[1-4](?!\d|/(?!\d{{4}})|\.|วัน|เดือน)"
        rf"|\ [1-4](?!\d|/|\.|วัน|เดือน|{MONTH_START}))*)"
        rf"{_OVER_YEAR}"
        r"|ไตรมาส(?P<ordinal>แรก|สุดท้าย)"
    ),
    "part": (
        r"(?:ใน)?(?:ช่วง)?(?:ครึ่งปี(?:งบประมาณ)?|ครึ่ง|(?P<months>\d{1,2})เดือน|(?P<one>เดือน)(?=(?:แรก"
        rf"|สุดท้าย)ของปีงบ))(?P<which>แรก|หลัง|สุดท้าย|ที่[12](?!\d)){_OVER_YEAR}"
        rf"|(?<![a-z])h(?P<half>[12])(?!\d){_OVER_YEAR.replace('year', 'year2')}"
        r"|(?<![a-z])(?P<english>first|second|1st|2nd)\ ?half(?:\ ?of)?(?:\ ?the)?(?![a-z])"
    ),
    "fiscal_edge": (
        rf"(?:(?:วัน)?(?P<edge>สิ้น(?:สุด)?|ต้น|เริ่ม(?:ต้น)?)|(?P<vague>กลาง"
        rf"|ปลาย))(?:ของ)?{_FISCAL}(?:\ ?{_OF_YEAR_NUMBER})?"
    ),
    "fiscal": rf"{_FISCAL}(?:\ ?{_OF_YEAR_NUMBER}|(?P<which>ถัดไป|หน้า|ต่อไป|ที่ผ่านมา|ก่อน))?(?:ปัจจุบัน|นี้)?",
    "calendar": (
        rf"(?:ประจำ|ของ|ใน)?(?:ปี(?P<era>{_BE_CE})?|(?P<era2>{_BE_CE})){_OF_YEAR_NUMBER}(?:/(?P<second>\d{{2,4}}))?"
    ),
    "year_edge": r"(?:วัน)?(?:สิ้น|ต้น|กลาง|ปลาย)ปี(?!งบ|\d|พ\.?ศ|ค\.?ศ)",
    "whole_year": (
        r"(?:ตลอด)?(?:ทั้ง|ตลอด)(?:ระยะเวลา)?(?:1|หนึ่ง)?ปี(?!งบ|\d|พ\.?ศ|ค\.?ศ|การ)"
        r"|(?<![a-z])(?:throughout|whole|all)(?:\ the)?(?:\ fiscal)?\ year(?:\ round)?(?![a-z]|\ ?\d)"
    ),
    "continuous": (
        r"ตลอด(?:ทั้ง)?(?:ระยะเวลา|ช่วงเวลา|เวลา)?(?:การ)?(?:ดำเนินการ|ดำเนินงาน|โครงการ|ปฏิบัติงาน)?"
        r"|(?<![a-z])throughout(?:\ the)?(?![a-z])"
        r"|(?:ดำเนินการ)?(?:อย่าง)?ต่อเนื่อง(?:ตลอด(?!(?:ทั้ง)?(?:ระยะเวลา)?(?:1|หนึ่ง)?ปี))?|(?:อย่าง)?สม่ำเสมอ|(?:เป็น)?ประจำ(?!ปี)"
    ),
    "onward": r"(?:เป็น)?(?:ต้น)(?:ไป|มา)|onwards?",
    "instead": (
        r"(?:(?:ขอ)?(?:เปลี่ยน(?:แปลง)?|ปรับ|ขยาย|แก้ไข|เลื่อน)(?:(?:ระยะ)?เวลา)?(?:ออก)?(?:ไป)?เป็น|เป็น)"
        rf"(?=(?:วัน|เดือน|ไตรมาส|ระหว่าง|ตั้งแต่|ช่วง|ภายใน|ปี)*(?:ที่)?(?:\d|{MONTH_START}))"
    ),
    "extended": r"(?:ขอ)?ขยาย(?:(?:ระยะ)?เวลา)?(?:ออก)?(?:ไป)?(?=จนถึง|ถึง)",
    "former": (
        r"(?:จาก)?(?:ของ)?เดิม(?:กำหนด)?|(?:เปลี่ยน(?:แปลง)?|ปรับ|ขยาย|แก้ไข"
        r"|เลื่อน)(?:(?:ระยะ)?เวลา)?จาก(?:เดิม)?"
    ),
    "counted_from": (
        r"(?:โดย)?นับ(?:ถัด)?(?:ตั้งแต่|จาก|แต่)(?:วันถัดจาก)?(?:วันที่(?=\d))?"
        r"|(?:ภาย)?หลัง(?:จาก)?(?=(?:วัน)?(?:สิ้น|ที่?\d))"
    ),
    "event": (
        r"หลังจาก|ภายหลัง|หลัง|เมื่อ|(?:หรือ)?จนกว่า(?:จะ)?|จนกระทั่ง|จน(?!ถึง|(?:วัน)?สิ้น(?:สุด)?ปีงบ)|ทุก(?:ๆ)?ครั้ง(?:ที่)?"
        r"|ตาม(?!ปีงบ|ลำดับ)|แล้วแต่|ขึ้น(?:อยู่)?กับ|กรณี|หาก|ถ้า|เนื่องใน|ในคราว|ในโอกาส|ก่อนการ|ก่อนมี"
        r"|ภายในวันถัดไป|นับถึง"
    ),
    "working_days": rf"(?P<number>{_N})วัน(?:ทำการ|ทาการ|ราชการ)",
    "nights": rf"\d{{1,2}}คืน|(?:จำนวน)?(?:{_N})(?:ชั่วโมง|ชม\.?|นาที)(?:ต่อวัน|/วัน)?",
    "term": (
        rf"(?P<number>{_N})(?:ปี(?P<half>ครึ่ง)?|(?P<month>เดือน)(?!{MONTH_START})(?P<half2>ครึ่ง)?"
        rf"|(?P<week>สัปดาห์|อาทิตย์)|(?P<day>วัน(?!ที่|เริ่ม|สิ้นสุด|{WEEKDAY})))(?:เต็ม)?"
    ),
    "instalments": rf"(?P<number>{_N})(?:งวด(?:งาน)?)",
    "label": (
        r"(?:ประชุม|สมัย|มติ|คำสั่ง|ประกาศ|ระเบียบ|หนังสือ|หลักสูตร)(?:ประชุม|สภา|สามัญ|วิสามัญ|คณะกรรมการ|ผู้บริหาร|เลข)*"
        r"(?:ที่)?\d{1,3}/25\d\d(?![\d/])"
        rf"|(?:ครั้ง|รุ่น|ระยะ|งวด|รอบ|ขั้น(?:ตอน)?|กิจกรรม|ข้อ|ช่วง|เฟส|phase"
        rf"|ฉบับ)(?:การ[ก-\u0e4e]{{2,12}})?(?:ที่)?\d{{1,2}}(?!\d)(?:/\d{{2,4}})?[.:]?"
        rf"|\(\d{{1,2}}\)|(?<![\d./])\d{{1,2}}\)|(?<![\d./])\d{{1,2}}\.(?!\d|{MONTH_START})"
    ),
    "times": rf"(?:จำนวน)?(?P<number>{_N})(?:ครั้ง|หน)",
    "before": (
        r"(?:ล่วงหน้า)?ก่อน(?:ถึง)?(?:วันที่(?=\d))?(?=(?:วัน|เดือน|ไตรมาส|ปี|สิ้น|\d"
        r"|(?:ช่วง)?" + MONTH_START + r"))|(?<![a-z])(?:before|prior\ to)(?![a-z])"
    ),
    "within": (
        r"(?:ให้)?(?:แล้ว)?(?:เสร็จ)?(?:สิ้น)?(?:ทัน)?(?:ภายในหรือก่อน|ภายใน|ไม่เกิน|ไม่ช้ากว่า"
        r"|ไม่ล่าช้ากว่า|อย่างช้า|อย่างช้าที่สุด"
        r"|(?<![a-z])(?:within|by|(?:no|not)\ later\ than)(?![a-z])(?:\ ?the)?"
        r"(?:\ ?end\ of)?(?:\ the)?(?![a-z]))(?:กำหนด)?(?:ช่วง)?(?:ระยะเวลา|เวลา)?"
    ),
    "from": r"(?:โดย)?(?:วัน(?:ที่)?)?เริ่ม(?:ต้น)?(?:ดำเนินการ)?(?:ตั้งแต่|จาก)?|ตั้งแต่|จาก|since|from",
    "to": (
        r"-+|จน(?=(?:วัน)?สิ้น(?:สุด)?ปีงบ)|(?:ไป)?(?:จน)?ถึง(?:สิ้น(?!เดือน|ปี|ไตรมาส|สุดปี))?|(?:วัน(?:ที่)?)?สิ้นสุด(?!ปี|ไตรมาส|เดือน)"
        r"|(?<![a-z])(?:to|until|till)(?![a-z])"
        rf"|(?:ให้)?(?:ดำเนินการ)?(?:แล้ว)?เสร็จ(?:สิ้น)?(?:ใน)?(?=(?:วันที่|เดือน|ช่วง)*(?:\d|{MONTH_START}))"
    ),
    "now": r"(?:ใน)?ปัจจุบัน|บัดนี้|วันนี้|ขณะนี้",
    "between": r"(?:ใน)?(?:ช่วง)?(?:เวลา)?ระหว่าง",
    "edge": rf"(?:วัน)?(?P<edge>สิ้น(?:สุด)?|วันสุดท้ายของ|ต้น|กลาง|ปลาย)(?=เดือน|ไตรมาส|ปี|{MONTH_START})",
    "vague": r"ประมาณ|ราว(?:ๆ)?|คาดว่า(?:จะ)?|โดยประมาณ",
    "joined": r"และ|กับ|รวมทั้ง|ตลอดจน|พร้อมทั้ง|[,;&/|+]|(?<![a-z])and(?![a-z])",
    "or": r"หรือ",
    "open": r"\(",
    "close": r"\)",
    "number": rf"(?:(?:วัน)?(?P<weekday>{WEEKDAY})(?:ที่)?)?(?P<value>\d+)",
    "weekday_mark": rf"(?:วัน)?(?P<weekday>{WEEKDAY})|(?<=\()(?:จ|อ|พ|พฤ|ศ|ส|อา)\.(?=\))",
    "filler": (
        r"ครั้ง(?:แรก|สุดท้าย)?|(?:ประจำ)?วันที่|(?:ใน)?ช่วง(?:เวลา)?|ห้วง(?:เวลา)?|(?:การ)?ดำเนิน(?:การ"
        r"|งาน)?(?:โครงการ|กิจกรรม)?|(?:มี|ให้)?(?:กำหนด)(?:การ|ส่ง|เวลา|ให้|แล้วเสร็จ|วัน)*"
        r"|ระยะเวลา|เวลา|(?:เป็น)(?:ระยะ)?เวลา|(?:การ)?รายงาน(?:ผล)?(?:การดำเนินงาน)?|(?:สรุป)(?:ผล"
        r"|รายงาน)*|(?:การ)?จัด(?:ทำ|ประชุม|กิจกรรม|อบรม|ส่ง)?|(?:การ|เข้าร่วม)?ประชุม"
        r"|(?:การ)?ติดตาม(?:ผล|และประเมินผล)?|(?:การ)?ประเมิน(?:ผล)?|(?:การ)?ทบทวน|(?:การ)?ตรวจ(?:สอบ)?"
        r"|(?:นำ)?ส่ง|เสนอ|เผยแพร่|ประชาสัมพันธ์|ประกาศ|แผน(?:ปฏิบัติการ|งาน)?|โครงการ|กิจกรรม|มาตรการ|อบรม"
        r"|(?:ให้)?(?:แล้ว)?เสร็จ(?:สิ้น)?(?:ทัน)?|อย่างน้อย|ไม่น้อยกว่า|จำนวน|โดย|ให้|คือ|เป็นต้น(?!ไป|มา)"
        r"|รวม(?:ทั้งสิ้น|ทั้งหมด|เป็น)?|ปฏิบัติ(?:งาน|การ)?|การ|ผล|ทำ|ครบ(?:กำหนด)?|งบประมาณ|ดังนี้|ได้แก่"
        r"|เป็น|ของ|ใน|ณ|ที่|นี้|น\."
        r"|(?:ของ)?(?:อบต\.?|อบจ\.?|เทศบาล|ทต\.|ทม\.|องค์การบริหารส่วน(?:ตำบล|จังหวัด))[ก-\u0e4e]*?(?=และ"
        r"|หรือ|ทุก|ราย|รอบ|ภายใน|ตั้งแต่|ระหว่าง|ปีละ|[^ก-\u0e4e]|$)"
        r"|[.:*'\"“”‘’!?…•·●○▪■□◦➢✓✔\u00b2\u00b3\u00b9\u2070-\u2079ฯๆ_=]+"
    ),
}
_NAMED = re.compile(r"\(\?P<(\w+)>")
_NAMES = {kind: tuple(_NAMED.findall(pattern)) for kind, pattern in _RULES.items()}


def _rule(kind: str, pattern: str) -> str:
    return f"(?P<{kind}>" + _NAMED.sub(lambda name: f"(?P<{kind}__{name[1]}>", pattern) + ")"


@cache
def _any_word() -> re.Pattern[str]:
    """All rules as one pattern; made at first use, which takes a fifth of a second."""
    return re.compile(loosen("|".join(_rule(kind, pattern) for kind, pattern in _RULES.items())))


_TIMELY = re.compile(
    loosen(
        r"\d|เดือน|ปี|สัปดาห์|ไตรมาส|รอบ|ครั้ง|คราว|เวลา|ก่อน|หลัง|ไม่|เว้น|เลื่อน|ขยาย|แต่(?!ง)|นับ|เมื่อ|จน|ถึง|งวด|ช่วง|ฤดู"
        r"|ทุก(?!คน|ส่วน|กอง|สำนัก|หน่วย|ฝ่าย|กลุ่ม|ตำบล|หมู่|ประเภท|ช่องทาง)|เทศกาล|งานประเพณี|งานวัน|สงกรานต์|ลอยกระทง|พรรษา|เสร็จ"
        r"|เริ่ม|สิ้น|ต้น|ปลาย|กลาง|ถัด|ล่วงหน้า|เดิม|แทน|ยกเลิก|งด|เกิน|กว่า|เฉพาะ|หาก|กรณี|แล้ว|ระหว่าง|คืน|เช้า|บ่าย|าคม|ายน|พันธ"
        r"|สลับ|เทอม|\."
    )
)


def bears_on_time(text: str, *, in_brackets: bool = False) -> bool:
    """Whether words that no rule knows may change what a period means; a day's name in brackets explains a date."""
    return bool(_TIMELY.search(text)) or (not in_brackets and "วัน" in text)


def tokens(cell: Cell) -> Iterator[Token]:
    """The cell's tokens from left to right; every folded letter belongs to exactly one."""
    done = 0
    for found in _any_word().finditer(cell.folded):
        if found.start() == found.end():
            continue
        if found.start() > done:
            yield Token("unknown", done, found.start())
        kind = found.lastgroup or "unknown"
        groups = {name: value for name in _NAMES[kind] if (value := found[f"{kind}__{name}"])}
        yield Token(kind, found.start(), found.end(), groups)
        done = found.end()
    if done < len(cell.folded):
        yield Token("unknown", done, len(cell.folded))


def numbers(text: str) -> list[int]:
    """The numbers in a list such as 6 9และ12, in digits or as Thai words."""
    return [number(word) for word in _NUMBER.findall(text)]


def number(word: str) -> int:
    """A number written in digits or as Thai words, สิบสอง, สามสิบ."""
    if word.isdigit():
        return int(word)
    tens, ten, units = word.rpartition("สิบ")
    return (_WORDS[tens] if tens else 1) * 10 * bool(ten) + (_WORDS[units] if units else 0)


_NUMBER = re.compile(fold_letters(_N))
_WORDS = {fold_letters(word): value for word, value in (_UNITS | _TENS).items()}
