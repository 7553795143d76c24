"""Which known name a party of a document most likely means: a guess for a person to confirm, never taken alone. Pure.

It rests on what offices really vary: the word for the unit or post (ฝ่ายนิติการ, งานนิติการ, นิติกร), การ behind it
(กองการคลัง), the agency's name at the end, tone marks, and a long name cut at its และ (กองสาธารณสุข). Letters that are
merely alike prove nothing: งานนิติการ and งานธุรการ share most of theirs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.plan_import.parties import bracketed_aliases, party_key
from tracker.thai.text import fix_text, squeeze_spaces

_POST = r"(?:หัวหน้า|ผู้อำนวยการ|เจ้าหน้าที่(?:ประจำ)?)"
_UNIT = r"(?:สำนักงาน|สำนัก|กลุ่มงาน|กลุ่ม|กอง(?!ทุน)|ส่วน|ฝ่าย|แผนก|ศูนย์|งาน)"
_OFFICER = r"(?:เจ้าหน้าที่|เจ้าพนักงาน|นักวิชาการ|นัก)"
_LED = re.compile(rf"(?:{_POST}?{_UNIT}|{_OFFICER})(?:การ)?(?P<core>.{{2,}})")
_CALLED_GON = re.compile(r"(?P<core>.{2,})กร")
"""นิติกร does the work of งานนิติการ."""
_AGENCY = re.compile(
    r"(?:ของ)?(?:องค์การบริหารส่วน(?:ตำบล|จังหวัด)|อบต\.|อบจ\.|เทศบาล(?:ตำบล|เมือง|นคร)?|ท[ตมน]\.|โรงเรียน|จังหวัด|อำเภอ).*$"
)
_UNSURE = re.compile(r"[่้๊๋์็ะ]")
"""Marks that are left out and put in by mistake: สาธารณะสุข."""
_GOES_ON = re.compile(r"\s*(?:และ|,|\s)\s*")


@dataclass(frozen=True, slots=True)
class _Shape:
    """A name without what does not tell units apart.

    ``core`` and ``beginning`` (as far as its first และ) are None where no word for a unit or post leads it.
    """

    whole: str
    core: str | None
    beginning: str | None


def surely_means(party: str, names: Sequence[tuple[str, int]]) -> int | None:
    """The number of the one known thing that the party means; None where none does, or more than one may.

    ``names`` are the known names with the number of what each names.
    """
    shape = _shape(party)
    known = [(_shape(name), number) for name, number in _with_short(names)]
    same = {number for other, number in known if other.whole == shape.whole}
    alike = {number for other, number in known if shape.core is not None and other.core == shape.core}
    cut = {number for other, number in known if shape.whole == other.beginning or shape.beginning == other.whole}
    for found in (same, alike, cut):
        if found:
            return next(iter(found)) if len(found) == 1 else None
    return None


def _with_short(names: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(short, number) for name, number in names for short in (name, *bracketed_aliases(name))]


def _shape(name: str) -> _Shape:
    whole = _without_agency(party_key(name))
    beginning = _without_agency(party_key(_GOES_ON.split(squeeze_spaces(fix_text(name)), maxsplit=1)[0]))
    return _Shape(_firm(whole), _core(whole), _firm(beginning) if _core(beginning) else None)


def _core(key: str) -> str | None:
    led = _LED.fullmatch(key) or _CALLED_GON.fullmatch(key)
    return _firm(re.sub("(?:การ|กร)$", "", led["core"]) or led["core"]) if led else None


def _without_agency(key: str) -> str:
    return _AGENCY.sub("", key) or key


def _firm(key: str) -> str:
    return _UNSURE.sub("", key)
