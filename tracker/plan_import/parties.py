"""Reads a responsible-party cell: its names, split by docs/rules.md, "Who a cell names". Pure.

A slash, a semicolon, a line break and a list mark part names; และ, a comma and a space do so only where both sides
are known names or begin with a word for a unit or post. Nothing parts a known name, a group such as ทุกสำนัก/กอง, or
a bracket.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from tracker.plan_draft import Responsible
from tracker.plan_import.grid import WRAP
from tracker.plan_import.party_names import (
    is_above,
    is_part_of_name,
    is_unit_of,
    linked_parent,
    mended,
    names_nobody,
    without_footnote,
)
from tracker.thai.text import fix_text, fold_name, squeeze_spaces

_GENERIC_UNITS = "ส่วนราชการ|ส่วนงาน|หน่วยงาน|สำนักงาน|สำนัก|กลุ่มงาน|กลุ่ม|กอง|ฝ่าย|แผนก|ศูนย์|หน่วย|ส่วน|งาน|โรงเรียน"
_PARTS_OF_OTHERS = (
    r"คณะ(?!กรรมการ|อนุ|ทำงาน)|สถาบัน|สถานี|สถานศึกษา|วิทยาลัย|วิทยาเขต|ภาควิชา|สาขา(?:วิชา)?|หลักสูตร|สายงาน|กรม|กระทรวง|จังหวัด|อำเภอ"
    r"|เทศบาล|โรงพยาบาล|รพ\.(?:สต\.)?|หอผู้ป่วย|ตึก|เขต|ภาค(?!ส่วน)"
)
"""Units of universities, hospitals, ministries and state enterprises; without ทุก before them they name no group."""
_GENERIC_POSTS = r"(?:รอง)?ผู้อำนวยการ|ผอ\.?|หัวหน้า|หน\.?|เจ้าหน้าที่|จนท\.?|พนักงาน|(?:รอง)?(?:นายก|ปลัด)"
_COMMITTEES = r"คณะ(?:อนุ)?กรรมการ|คณะทำงาน|คกก\."
_UNIT = (
    r"กอง(?!ทุน)|สำนัก|ฝ่าย|งาน|กลุ่ม(?!เปราะบาง|เป้าหมาย|เสี่ยง)|ส่วน(?!ร่วม|ตัว|รวม|ใหญ่|หนึ่ง)|แผนก|ศูนย์|หน่วย|โรงเรียน"
    r"|โรงพยาบาล|รพ\.|กรม|กระทรวง|จังหวัด|อำเภอ|ที่ว่าการ|ที่ทำการ|เทศบาล|องค์การ|องค์กร|สภา(?!พ)|สถาบัน|สถานี|มหาวิทยาลัย"
    r"|วิทยาลัย|คณะ|สมาคม|ชมรม|มูลนิธิ|สนง|คกก\.|ทุก(?!ข์)|แต่ละ"
)
_POST = (
    r"ผู้(?=อำนวยการ|บริหาร|ช่วย|จัดการ|ดูแล|รับผิดชอบ|ประสาน|นำ|แทน|ใหญ่|ว่าราชการ|ตรวจ|ปฏิบัติ|กำกับ|เกี่ยวข้อง|ที่เกี่ยวข้อง|บังคับ)"
    r"|ผอ\.|หัวหน้า|หน\.|นายก|รอง(?!รับ)|ปลัด|เจ้าหน้าที่|จนท|เจ้าพนักงาน|นัก(?!เรียน|ศึกษา)|นิติกร|นายช่าง|ครู|พนักงาน|ข้าราชการ|บุคลากร|ลูกจ้าง"
    r"|เลขา|สมาชิก|กำนัน|วิศวกร|สถาปนิก|พยาบาล|แพทย์|ทันตแพทย์|เภสัชกร|ประธาน|กรรมการ|คนงาน|อาสาสมัคร"
)
_ABBREVIATION = r"(?:[ก-ฮ]{1,6}\.)+"
_BEGINS = re.compile(rf"(?:{_UNIT}|{_POST}|{_ABBREVIATION})")
_BEGINS_WITH_POST = re.compile(rf"(?:{_POST})")
_BEGINS_FIRMLY = re.compile(rf"(?:กอง(?!ทุน)|สำนัก|ฝ่าย|{_COMMITTEES}|หัวหน้า|ผู้อำนวยการ|ทุก(?!ข์))")
_BEGINS_WITH_UNIT = re.compile(rf"(?:{_UNIT})")
_IS_ABBREVIATION = re.compile(rf"{_ABBREVIATION}[ก-ฮ]*")
_IS_GENERIC = re.compile(rf"(?:{_GENERIC_UNITS}|{_GENERIC_POSTS}|{_COMMITTEES}|สนง\.?|รพ\.?)")
_IS_GENERIC_POST = re.compile(rf"(?:{_GENERIC_POSTS})")
_COMMITTEE = re.compile(rf"(?:{_COMMITTEES})")
_AGENCY = re.compile(r"(?:อบต\.|อบจ\.|ทต\.|ทม\.|ทน\.|เทศบาล|องค์การบริหารส่วน)")
_RANK = re.compile(r"(?:ปฏิบัติการ|ปฏิบัติงาน|ชำนาญการ(?:พิเศษ)?|ชำนาญงาน|อาวุโส|เชี่ยวชาญ|ทรงคุณวุฒิ)")

_ROLE = (
    r"(?:หน่วยงาน|ส่วนราชการ|ผู้)(?:ที่)?(?:รับผิดชอบ)?(?:หลัก|รอง|ร่วม|สนับสนุน)?|ผู้(?:ดำเนินการ|ปฏิบัติ|ประสานงาน|กำกับ(?:ดูแล|ติดตาม)?)"
    r"|รับผิดชอบ(?:หลัก|รอง|ร่วม)?|เจ้าภาพ(?:หลัก|รอง|ร่วม)?|หลัก|รอง|ร่วม|สนับสนุน"
)
_ROLE_WORD = (
    r"(?:หน่วยงาน|ส่วนราชการ|ผู้|เจ้าภาพ)(?:ที่)?(?:รับผิดชอบ(?:หลัก|รอง|ร่วม|สนับสนุน)?|หลัก|รอง|ร่วม|สนับสนุน)"
    r"|รับผิดชอบ(?:หลัก|รอง|ร่วม)?|ผู้กำกับ(?:ดูแล|ติดตาม)"
)
_LISTS = "(?:เช่น|ได้แก่|คือ|ประกอบด้วย)"
_PERSON = r"นาย|นาง|น\.ส\.|ว่าที่|ดร\."
_IS_PERSON = re.compile(rf"(?:{_PERSON})")
_LABEL = re.compile(
    rf"(?:{_ROLE})\s*(?:[::]|[-–—](?=\s))\s*(?:{_LISTS}\s*)?|(?:{_ROLE_WORD})(?:\s*{_LISTS}\s*|\s+(?=(?:{_PERSON})|{_BEGINS.pattern}))"
)
_INLINE_LABEL = re.compile(rf"(?<=[\s,;])(?={_LABEL.pattern})")
_LABEL_ALONE = re.compile(r"(?:หน่วยงาน|ส่วนราชการ|ผู้|เจ้าภาพ)(?:ที่)?(?:รับผิดชอบ)?(?:หลัก|รอง|ร่วม|สนับสนุน)")
_LEADING_WORD = re.compile(r"^\s*(?:และ|หรือ|ร่วมกับ)\s*")
_ROLE_BEHIND = re.compile(rf"\s*\((?:{_ROLE})\)\s*$")
_MARK = re.compile(r"(?:[-–—•·●○*▪➢✓]+|[(\[]?[0-9๐-๙]{1,2}\s?[.)\]]+(?![0-9๐-๙]))\s*")
_INLINE_MARK = re.compile(rf"\s+(?:[(\[]?[0-9๐-๙]{{1,2}}[.)\]]+|[-–•●])\s*(?={_BEGINS.pattern}|(?:{_PERSON}))")
_GOES_ON = re.compile(
    r"(?:และ|หรือ|ของ|แห่ง|ใน|ที่(?!ว่าการ|ทำการ)|ประจำ|ด้าน|การ(?!ไฟฟ้า|ประปา|เคหะ|ท่าเรือ|รถไฟ|กีฬา)|ความ|[(/,])"
)
_OPEN_END = re.compile(r"(?:และ|หรือ|ทุก|ของ|[(/,])$")
_NEEDS_MORE = re.compile(
    r"(?:องค์การบริหาร(?:ส่วน)?|หน่วย|หัวหน้า|ผู้|รอง|นายก|เจ้าหน้าที่|ประจำ|สังกัด|คณะ|สำนัก|กลุ่ม|ฝ่าย|กอง|ศูนย์|การ|พัฒนา|ส่งเสริม)$"
)
"""The end of a line that a page wrapped within a name, though the next line could begin one."""
_BEGINS_WITHIN_A_WORD = re.compile("[ะ-ฺ็-๎]")
_NEEDS_PLACE = re.compile("(?:ตำบล|อำเภอ|จังหวัด)$")
_BREAK = re.compile(
    r"(?P<slash>\s*(?<!และ)/\s*)|(?P<semicolon>\s*;\s*)|\s*(?:และ/หรือ|และ|หรือ|ร่วมกับ|&)\s*|\s+(?:กับ\s*|and\s+)"
    r"|\s*[,、+|]\s*|(?P<space>\s+)"
)
_BREAK_FIRMLY = re.compile(r"[/;,\n]|และ|กับ")
_ENGLISH_BREAK = re.compile(r"\s*[,;/&]\s*|\s+and\s+")
_ENGLISH_UNIT = re.compile(
    r"[a-z][a-z0-9.' -]*\b(?:division|department|office|unit|section|team|bureau|center|centre|committee|group)s?",
    re.IGNORECASE,
)

_FAN_OUT = re.compile(
    rf"(?:ทุกๆ?|แต่ละ)(?:{_GENERIC_UNITS}|{_PARTS_OF_OTHERS}|สังกัด|ภาคส่วน|คน|ระดับ|ท่าน|ตำแหน่ง|แห่ง|ประเภท|องค์กร|องค์การ|ราย)"
    rf"|(?:{_GENERIC_UNITS}|เจ้าหน้าที่|บุคลากร|พนักงาน|ข้าราชการ|ลูกจ้าง).*(?:ทั้งหมด|ทั้งหลาย)$"
    r"|^(?:all|every|each)(?:the)?(?:division|department|office|unit|section|staff|employee|official)"
)
_GROUP_PIECE = re.compile(
    rf"(?:ทุกๆ?|แต่ละ)?(?:หัวหน้า|ผู้อำนวยการ|ผอ\.?)?(?:{_GENERIC_UNITS}|{_PARTS_OF_OTHERS})"
    rf"(?:ทุก(?:{_GENERIC_UNITS}|{_PARTS_OF_OTHERS}|แห่ง)|ในสังกัด|ทั้งหมด)*"
)
_KIND = rf"(?:{_GENERIC_UNITS}|คณะ(?!กรรมการ|อนุ|ทำงาน)|สถาบัน|วิทยาลัย|วิทยาเขต|ภาควิชา|สาขา(?:วิชา)?|กรม)"
_KIND_LIST = re.compile(rf"{_KIND}(?:/{_KIND})+")
"""คณะ/สำนัก/สถาบัน: kinds of units and no unit's name, which stand for every unit of these kinds."""
_EVERY = re.compile("ทุก|ทั้งหมด|แต่ละ")
_EVERY_ALONE = re.compile(r"ทุก\s*ๆ?|แต่ละ")
_STAFF = re.compile("ผู้บริหาร|ข้าราชการ|พนักงาน|ลูกจ้าง|ครู|อาจารย์|คณาจารย์|บุคลากร|เจ้าหน้าที่")
_STAFF_OF_ALL_KINDS = re.compile(rf"(?:{_STAFF.pattern})[^/;,\n]*ทุก(?:คน|ระดับ|ท่าน|ตำแหน่ง|ประเภท)")
_BEFORE_A_POST = re.compile("รอง|ผู้ช่วย|รักษาการ(?:แทน|ในตำแหน่ง)?")
_GROUP_ENDS = re.compile(rf"\s+(?!ทุก(?:{_GENERIC_UNITS}|แห่ง))|และ|หรือ|[,;、+|(]")

_SHORT_FORMS = (
    ("สนง.", "สำนักงาน"),
    ("ผอ.", "ผู้อำนวยการ"),
    ("จนท.", "เจ้าหน้าที่"),
    ("หน.", "หัวหน้า"),
    ("คกก.", "คณะกรรมการ"),
)
_STAFF_OF = re.compile(r"เจ้าหน้าที่(?:ประจำ)?(?=กอง|สำนัก|ฝ่าย|งาน|กลุ่ม|ส่วน|แผนก|ศูนย์|หน่วย)")
_LONGEST_LIST = 500
"""Letters of a cell that can be nothing but names."""
_LONGEST_PARTY = 100
"""Letters of the longest party that only its first word tells to be one."""
_SOFT = "\ufdd0"
"""Before a line that a page may have wrapped: a character that no text holds."""
_BRACKETED = re.compile(r"\s*\(([^()]*)\)")
_SUBUNIT = re.compile(rf"(?P<parent>[^()]+?)\s*\((?P<unit>(?:{_UNIT})[^()]+)\)")


def split_parties(text: str, known_names: Collection[str] = ()) -> Responsible:
    """The names in a party cell, and whether each of them (a fan-out) or they jointly are responsible.

    A unit in brackets behind the full name of its parent is written ``parent: unit``.
    """
    known = _known(frozenset(known_names))
    parties: list[str] = []
    for chunk in _chunks(mended(fix_text(text)), known):
        for name in _with_parents(_split(chunk, known)):
            for party in _units_in_bracket(_tidied(name, known), known):
                if party and party not in parties and not names_nobody(party):
                    parties.append(party)
    return Responsible(text, "each" if any(map(fans_out, parties)) else "jointly", tuple(parties))


def fans_out(party: str) -> bool:
    """Whether a party stands for every division (ทุกส่วนราชการ) or all their staff (เจ้าหน้าที่ทุกคน…)."""
    name = fold_name(party)
    return not _COMMITTEE.match(name) and bool(_FAN_OUT.search(name) or _KIND_LIST.fullmatch(name))


def names_units(text: str) -> bool:
    """Whether a text is nothing but names of parties, each of which begins with a word for a unit or post."""
    parties = split_parties(text).parties if len(text) <= _LONGEST_LIST else ()
    return bool(parties) and all(len(party) <= _LONGEST_PARTY and _is_named(party) for party in parties)


def _is_named(party: str) -> bool:
    return bool(_BEGINS.match(party) or _ENGLISH_UNIT.fullmatch(party)) or fans_out(party)


def party_key(name: str) -> str:
    """The form in which two writings of one party are equal.

    Spaces, the script of digits, short forms (สนง.) and an abbreviation in brackets do not matter, and
    เจ้าหน้าที่ฝ่าย X is ฝ่าย X.
    """
    key = fold_name(_BRACKETED.sub("", name)) or fold_name(name)
    for short, full in _SHORT_FORMS:
        if key.startswith(short):
            key = full + key.removeprefix(short)
    return _STAFF_OF.sub("", key)


def bracketed_aliases(name: str) -> tuple[str, ...]:
    """The short names that stand in brackets behind a name: สำนักงบประมาณ (สงป.) gives สงป."""
    return tuple(alias for found in _BRACKETED.findall(name) if (alias := squeeze_spaces(found)))


class _Known:
    """Known names, found in a text without regard to spaces."""

    def __init__(self, names: Collection[str]) -> None:
        longest_first = sorted((key for key in map(_letters, names) if key), key=len, reverse=True)
        self.keys = set(map(fold_name, names))
        self.pattern = re.compile("|".join(r"\s*".join(map(re.escape, key)) for key in longest_first))

    def __contains__(self, name: str) -> bool:
        return fold_name(name) in self.keys

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in self.pattern.finditer(text) if match[0]]

    def begins(self, text: str) -> bool:
        match = self.pattern.match(text)
        return match is not None and bool(match[0]) and not re.match("[ก-๎]", text[match.end() :])


@lru_cache(maxsize=16)
def _known(names: frozenset[str]) -> _Known:
    return _Known(names)


def _letters(name: str) -> str:
    return re.sub(r"\s+", "", fix_text(name))


def _chunks(text: str, known: _Known) -> Iterator[str]:
    """The cell's lines without labels and list marks, lines that go on within a name joined."""
    parted = _INLINE_LABEL.sub("\n", text).replace(WRAP, f"\n{_SOFT}")
    lines = [line for line in map(squeeze_spaces, parted.split("\n")) if line.strip(_SOFT)]
    if len(lines) > 1:
        lines = [line for line in lines if not _LABEL_ALONE.fullmatch(line)] or lines
    marked = any(_MARK.match(line) for line in lines)
    chunk = ""
    for shown in lines:
        line = shown.removeprefix(_SOFT).strip()
        bare = _LABEL.sub("", line, count=1) if _LABEL.match(line) else line
        bare = _MARK.sub("", bare, count=1) if _MARK.match(bare) else bare
        goes_on = bool(chunk) and bare == line and (marked or _wraps(chunk, line, known, soft=shown != line))
        if goes_on:
            chunk += line if re.match("[ก-ฮะ-ฺเ-๎]", line) and not re.match(_ABBREVIATION, line) else f" {line}"
        else:
            yield from _INLINE_MARK.split(chunk)
            chunk = bare
    yield from _INLINE_MARK.split(chunk)


def _wraps(chunk: str, line: str, known: _Known, *, soft: bool) -> bool:
    """Whether a line without a list mark goes on within the name that the line before it began.

    ``soft`` says that a page may have wrapped the line there.
    """
    joined = f"{chunk}\n{line}"
    if any(start < len(chunk) < end for start, end in known.spans(joined)):
        return True
    if soft and (_NEEDS_MORE.search(chunk) or _BEGINS_WITHIN_A_WORD.match(line)):
        return True
    if chunk.count("(") > chunk.count(")") or _OPEN_END.search(chunk) or _IS_GENERIC.fullmatch(chunk):
        return True
    if _GOES_ON.match(line):
        return True
    if chunk in known or known.begins(line) or _BEGINS.match(line):
        return False
    return (
        soft
        or _NEEDS_PLACE.search(chunk) is not None
        or (_BEGINS_WITH_UNIT.match(chunk) is not None and re.match("[ก-๎]", line) is not None)
    )


def _with_parents(names: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """The names; of two beside each other, งานนิติการ สำนักปลัด, the first is a unit of the second."""
    runs: list[list[str]] = []
    for name, spaced in names:
        if spaced:
            runs[-1].append(name)
        else:
            runs.append([name])
    for run in runs:
        if len(run) == 2 and is_unit_of(run[0], run[1]):
            yield f"{run[1]}: {run[0]}"
        elif len(run) == 2 and run[1].startswith("งาน") and is_unit_of(run[1], run[0]):  # สำนักปลัด งานนิติการ
            yield f"{run[0]}: {run[1]}"
        else:
            yield from run


def _split(chunk: str, known: _Known) -> Iterator[tuple[str, bool]]:
    """The names of a chunk, each with whether only a space parts it from the one before."""
    linked = None if chunk in known else linked_parent(chunk)
    if linked is not None and not any(map(_BREAK_FIRMLY.search, linked)):
        yield f"{linked[1]}: {linked[0]}", False
        return
    whole = known.spans(chunk) + [match.span() for match in re.finditer(r"\([^()]*\)?|\[[^\[\]]*\]?", chunk)]
    start = 0
    spaced = False
    for match in _BREAK.finditer(chunk):
        left, right = chunk[start : match.start()], chunk[match.end() :]
        if not left or not right or any(begin < match.end() and match.start() < end for begin, end in whole):
            continue
        if _parts(left, match, right, known):
            yield left, spaced
            start, spaced = match.end(), match["space"] is not None
    yield chunk[start:], spaced


def _units_in_bracket(party: str, known: _Known) -> Iterator[str]:
    """กองคลัง: งานพัสดุ/งานการเงิน are two units of one parent."""
    parent, colon, units = party.partition(": ")
    if not colon or party in known or units in known:
        yield party
        return
    names = [name for name, _ in _split(units, known)]
    yield from (f"{parent}: {name}" for name in names) if all(map(_BEGINS.match, names)) else (party,)


def _parts(left: str, found: re.Match[str], right: str, known: _Known) -> bool:
    next_break = _BREAK.search(right)
    following = right[: next_break.start()] if next_break and next_break.start() else right
    if found["semicolon"] is not None:
        return True
    if _ENGLISH_UNIT.fullmatch(left) and _ENGLISH_UNIT.fullmatch(_ENGLISH_BREAK.split(right, maxsplit=1)[0]):
        return found["space"] is None
    if found["slash"] is not None:
        return _parts_at_slash(left, right, following)
    persons = found["space"] is None and _IS_PERSON.match(left) and _IS_PERSON.match(right)
    if persons or not (known.begins(right) or _BEGINS.match(right)) or not (left in known or _BEGINS.match(left)):
        return bool(persons)
    everybody = _STAFF.match(left) and _STAFF_OF_ALL_KINDS.match(right)  # ครูและบุคลากรทางการศึกษาทุกคน
    within_committee = _COMMITTEE.match(left) and not (known.begins(right) or _BEGINS_FIRMLY.match(right))
    if everybody or within_committee:
        return False
    return found["space"] is None or _parts_at_space(left, right, following)


def _parts_at_slash(left: str, right: str, following: str) -> bool:
    digits = left[-1].isdigit() and right[0].isdigit()
    group = (
        _IS_GENERIC.fullmatch(left)
        or _KIND_LIST.fullmatch(fold_name(f"{left}/{following}"))
        or _is_group(left, following)
        or _is_group(left, _GROUP_ENDS.split(right, maxsplit=1)[0])
    )
    return not (digits or _RANK.match(right) or group)


def _parts_at_space(left: str, right: str, following: str) -> bool:
    if _EVERY_ALONE.fullmatch(left) or _BEFORE_A_POST.fullmatch(left):
        return False
    if _IS_GENERIC.fullmatch(left):
        return bool(_IS_GENERIC_POST.fullmatch(left) and _BEGINS_WITH_POST.match(right))
    if _AGENCY.match(right) and not _AGENCY.match(left):
        return False
    return not re.match("ทุก(?:คน|ระดับ|ท่าน|ตำแหน่ง|แห่ง|ประเภท|ส่วน$)", following) and not _is_group(left, following)


def _is_group(left: str, right: str) -> bool:
    whole = (*fold_name(left).split("/"), *fold_name(right).split("/"))
    words = re.split(r"[/\s]+", f"{left.strip()}/{right.strip()}")  # ทุกคณะ สำนัก สถาบัน
    of_kinds = any(all(map(_GROUP_PIECE.fullmatch, pieces)) for pieces in (whole, words))
    return of_kinds and _EVERY.search(left + right) is not None


def _tidied(name: str, known: _Known) -> str:
    party = without_footnote(squeeze_spaces(_ROLE_BEHIND.sub("", _LEADING_WORD.sub("", name))).strip(" ,;:-–•"))
    subunit = _SUBUNIT.fullmatch(party)
    if (
        subunit
        and party not in known
        and not _IS_ABBREVIATION.fullmatch(subunit["parent"])
        and not fans_out(subunit["parent"])
        and not is_part_of_name(subunit["unit"])
    ):
        if is_above(subunit["unit"], subunit["parent"]):  # งานนิติการ (สำนักปลัด)
            return f"{subunit['unit']}: {subunit['parent']}"
        return f"{subunit['parent']}: {subunit['unit']}"
    return party
