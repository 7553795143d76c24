"""The annex: what was done when, its evidence numbered through and each piece once, photos, links and hashes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.reports.data import AnnexEntry, EvidenceEntry, ReportData
from tracker.reports.published import is_photo, piece_key
from tracker.reports.wording import digits
from tracker.thai.calendar import format_date

TITLE = "ภาคผนวก ก"
SUBTITLE = "การดำเนินการรายขั้นตอนและรายงวด"
EXHIBITS_TITLE = "ภาคผนวก ข หลักฐานและภาพถ่าย"
EVIDENCE = "หลักฐานที่"
PHOTO = "ภาพที่"
EXHIBIT_HEADINGS = ("หลักฐานที่", "ที่อยู่หรือเอกสาร", "ใช้แสดงผลของ", "เปิดด้วยโทรศัพท์")
EXHIBIT_WIDTHS = (1.8, 9.2, 11.5, 3.2)
"""Centimetres; the last one holds the largest QR code."""
PHOTOS = "ภาพถ่าย"
HASHES = "ค่าตรวจสอบไฟล์ (SHA-256) ใช้เทียบว่าไฟล์เป็นไฟล์เดียวกับที่แนบ"
HASH_HEADINGS = ("เลขที่", "ชื่อไฟล์", "SHA-256")
IN_ANNEX = "ในภาคผนวก"
UNKNOWN_DAY = "ไม่ทราบวัน"
_MOST_UNITS = 5
_QR_SIDE, _LARGE_QR_SIDE = 2.2, 2.8
LONG_ADDRESS = 400
"""Letters from which on a QR code is drawn larger."""
_PICTURE_NAMES = (".jpg", ".jpeg", ".png", ".heic", ".webp", ".gif")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence with its number in the report and every single report that it proves.

    Photos and all other evidence are numbered apart.
    """

    number: int
    evidence: EvidenceEntry
    entries: tuple[AnnexEntry, ...]

    @property
    def is_photo(self) -> bool:
        return is_photo(self.evidence) and self.evidence.sha256 is not None

    @property
    def address(self) -> str | None:
        """The link, where it is one of the web."""
        link = self.evidence.link
        return link if link and link.startswith(("https://", "http://")) and len(link.split()) == 1 else None

    @property
    def qr_side(self) -> float:
        """Centimetres at which a telephone still reads its code."""
        return _LARGE_QR_SIDE if len(self.address or "") >= LONG_ADDRESS else _QR_SIDE


def in_order(data: ReportData) -> list[AnnexEntry]:
    """The single reports by measure, step and date."""
    return sorted(
        data.annex, key=lambda entry: (entry.measure, entry.step, entry.scheduled_on or entry.done_on or date.max)
    )


def exhibits(data: ReportData) -> tuple[Exhibit, ...]:
    """Every piece of evidence once, however many single reports it proves, in the order of first mention."""
    pieces: dict[str, EvidenceEntry] = {}
    proved: dict[str, list[AnnexEntry]] = {}
    for entry in in_order(data):
        for piece in entry.evidence:
            pieces.setdefault(piece_key(piece), piece)
            proved.setdefault(piece_key(piece), []).append(entry)
    counts = {True: 0, False: 0}
    found = []
    for key, piece in pieces.items():
        one = Exhibit(0, piece, tuple(proved[key]))
        counts[one.is_photo] += 1
        found.append(Exhibit(counts[one.is_photo], piece, one.entries))
    return tuple(found)


def documents(data: ReportData) -> list[Exhibit]:
    """The exhibits that are no photos."""
    return [one for one in exhibits(data) if not one.is_photo]


def citations(data: ReportData) -> Mapping[int, str]:
    """What the narrative of a measure says of its evidence, by the measure's number."""
    numbers: dict[int, dict[str, list[int]]] = {}
    for exhibit in exhibits(data):
        for measure in dict.fromkeys(entry.measure for entry in exhibit.entries):
            kinds = numbers.setdefault(measure, {EVIDENCE: [], PHOTO: []})
            kinds[PHOTO if exhibit.is_photo else EVIDENCE].append(exhibit.number)
    return {measure: digits(f"({_cited(kinds)} {IN_ANNEX})", data) for measure, kinds in sorted(numbers.items())}


def caption(exhibit: Exhibit, data: ReportData) -> tuple[str, str]:
    """Under a photo: its number and what is seen; where it belongs, who reported, when it was done."""
    first = exhibit.entries[0]
    label = exhibit.evidence.label
    seen = first.result.split("\n")[0] if label.lower().endswith(_PICTURE_NAMES) or not label.strip() else label
    return f"{numbered(exhibit, data)} {seen}".strip(), " · ".join(used_for(exhibit, data, style="long"))


def exhibit_lines(exhibit: Exhibit) -> tuple[str, ...]:
    """An exhibit's name where it has one, and its address or where it lies."""
    piece = exhibit.evidence
    if piece.link:
        return (piece.link,) if piece.label == piece.link else (piece.label, piece.link)
    keepers = list(dict.fromkeys(unit for entry in exhibit.entries for unit in entry.units))
    return piece.label, f"เก็บไว้ที่{' '.join(keepers[:_MOST_UNITS])} ขอดูต้นฉบับได้" if keepers else "ขอดูต้นฉบับได้"


def used_for(exhibit: Exhibit, data: ReportData, *, style: str = "short") -> Iterator[str]:
    """What an exhibit proves: a line a step, with the day, or how many times and from when to when."""
    by_step: dict[tuple[int, int], list[AnnexEntry]] = {}
    for entry in exhibit.entries:
        by_step.setdefault((entry.measure, entry.step), []).append(entry)
    for (measure, step), entries in by_step.items():
        place = digits(f"มาตรการที่ {measure} ขั้นที่ {step}", data)
        if len(entries) == 1:
            yield f"{place} · {', '.join(entries[0].units)} · {day_of(entries[0].done_on, data, style)}"
        else:
            yield place + digits(f" รวม {len(entries)} ครั้ง", data) + _span(entries, data) + _counts(entries, data)


def hash_lines(data: ReportData) -> list[tuple[str, str, str]]:
    """Of each file that is kept: its number, its name where it is no photo, and its SHA-256."""
    return [
        (numbered(one, data), "" if one.is_photo else one.evidence.label, one.evidence.sha256)
        for one in sorted(exhibits(data), key=lambda one: one.is_photo)
        if one.evidence.sha256
    ]


def numbered(exhibit: Exhibit, data: ReportData) -> str:
    """หลักฐานที่ ๓ or ภาพที่ ๓."""
    return f"{PHOTO if exhibit.is_photo else EVIDENCE} {digits(exhibit.number, data)}"


def day_of(day: date | None, data: ReportData, style: str = "short") -> str:
    """A day as a report writes it, or that nobody knows it."""
    if day is None:
        return UNKNOWN_DAY
    return format_date(day, style="long" if style == "long" else "short", thai_digits=data.thai_digits)


def _span(entries: Sequence[AnnexEntry], data: ReportData) -> str:
    days = sorted(entry.done_on for entry in entries if entry.done_on)
    return f" ({day_of(days[0], data)} – {day_of(days[-1], data)})" if days else ""


def _counts(entries: Sequence[AnnexEntry], data: ReportData) -> str:
    """Up to five units, each with how many times."""
    units = [", ".join(entry.units) for entry in entries]
    names = list(dict.fromkeys(units))
    if not 1 < len(names) <= _MOST_UNITS:
        return f" {names[0]}" if len(names) == 1 else ""
    return " · " + " ".join(f"{name} {digits(units.count(name), data)}" for name in names)


def _cited(kinds: Mapping[str, Sequence[int]]) -> str:
    return " และ".join(f"{kind} {', '.join(_runs(numbers))}" for kind, numbers in kinds.items() if numbers)


def _runs(numbers: Iterable[int]) -> Iterator[str]:
    """๑ – ๔, ๗: what follows each other as one."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return (f"{run[0]} – {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
