"""The annex: single reports by measure, their evidence numbered through, photos and links apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tracker.reports.data import AnnexEntry, EvidenceEntry, ReportData
from tracker.reports.wording import digits
from tracker.thai.calendar import format_date

TITLE = "ภาคผนวก"
SUBTITLE = "ผลการดำเนินการรายขั้นตอนและหลักฐาน"
HEADINGS = ("ขั้นที่", "ผู้รายงาน", "วันที่", "สิ่งที่ได้ดำเนินการ", "หลักฐาน")
"""Five columns, none headed as a measure: an annex that is read back must not pass for the table continued."""
EVIDENCE = "หลักฐานที่"
LINKS = "ลิงก์หลักฐาน"
LINK_HEADINGS = ("หลักฐานที่", "ที่อยู่เว็บ", "คิวอาร์โค้ด")
PHOTOS = "ภาพถ่าย"
IN_ANNEX = "ในภาคผนวก"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence with its number in the report and the single report it belongs to."""

    number: int
    entry: AnnexEntry
    evidence: EvidenceEntry

    @property
    def is_photo(self) -> bool:
        return (self.evidence.media_type or "").startswith("image/") and self.evidence.sha256 is not None

    @property
    def address(self) -> str | None:
        """The link, where it is one of the web."""
        link = self.evidence.link
        return link if link and link.startswith(("https://", "http://")) and len(link.split()) == 1 else None


@dataclass(frozen=True, slots=True)
class AnnexGroup:
    """The single reports of one measure: its heading and rows of cells, each a tuple of lines."""

    heading: str
    rows: tuple[tuple[tuple[str, ...], ...], ...]


def in_order(data: ReportData) -> list[AnnexEntry]:
    """The single reports by measure, step and date."""
    return sorted(data.annex, key=lambda entry: (entry.measure, entry.step, entry.scheduled_on or entry.done_on))


def exhibits(data: ReportData) -> tuple[Exhibit, ...]:
    """Every piece of evidence, numbered from one in the annex's order."""
    pieces = ((entry, piece) for entry in in_order(data) for piece in entry.evidence)
    return tuple(Exhibit(number, entry, piece) for number, (entry, piece) in enumerate(pieces, 1))


def groups(data: ReportData) -> tuple[AnnexGroup, ...]:
    """The annex by measure, steps and dates in order."""
    titles = {measure.number: measure.title for measure in data.measures}
    by_entry: dict[int, list[Exhibit]] = {}
    for exhibit in exhibits(data):
        by_entry.setdefault(id(exhibit.entry), []).append(exhibit)
    return tuple(
        AnnexGroup(
            f"มาตรการที่ {digits(number, data)} {titles.get(number, '')}".strip(),
            tuple(_row(entry, by_entry.get(id(entry), ()), data) for entry in entries),
        )
        for number, entries in groupby(in_order(data), key=lambda entry: entry.measure)
    )


def citations(data: ReportData) -> Mapping[int, str]:
    """What the narrative of a measure says of its evidence, by the measure's number."""
    cited = {}
    for measure, found in groupby(exhibits(data), key=lambda exhibit: exhibit.entry.measure):
        first, *others = [exhibit.number for exhibit in found]
        span = f"{first} – {others[-1]}" if others else str(first)
        cited[measure] = digits(f"({EVIDENCE} {span} {IN_ANNEX})", data)
    return cited


def caption(exhibit: Exhibit, data: ReportData) -> tuple[str, str]:
    """Under a photo: its number and name; where it belongs, who reported, when it was done."""
    entry = exhibit.entry
    day = format_date(entry.done_on, style="short", thai_digits=data.thai_digits)
    place = digits(f"มาตรการที่ {entry.measure} ขั้นที่ {entry.step}", data)
    return numbered(exhibit, data), f"{place} · {', '.join(entry.units)} · {day}"


def link_lines(exhibit: Exhibit, data: ReportData) -> tuple[str, ...]:
    """Beside a QR code: the link's name where it has one, its address written out, where it belongs."""
    name = () if exhibit.evidence.label == exhibit.evidence.link else (exhibit.evidence.label,)
    return (*name, exhibit.address or "", caption(exhibit, data)[1])


def numbered(exhibit: Exhibit, data: ReportData) -> str:
    """หลักฐานที่ ๓ and the name that its giver gave it."""
    return f"{EVIDENCE} {digits(exhibit.number, data)} {exhibit.evidence.label}"


def _row(entry: AnnexEntry, found: Sequence[Exhibit], data: ReportData) -> tuple[tuple[str, ...], ...]:
    done = f"แล้วเสร็จ {format_date(entry.done_on, style='short', thai_digits=data.thai_digits)}"
    due = entry.scheduled_on and format_date(entry.scheduled_on, style="short", thai_digits=data.thai_digits)
    outcome = (f"ผลลัพธ์: {entry.outcome}",) if entry.outcome else ()
    lines = tuple(line for exhibit in found for line in _evidence_lines(exhibit, data))
    return (
        (digits(entry.step, data),),
        entry.units,
        (f"กำหนด {due}", done) if due else (done,),
        (entry.result, *outcome),
        lines or ("–",),
    )


def _evidence_lines(exhibit: Exhibit, data: ReportData) -> tuple[str, ...]:
    piece = exhibit.evidence
    first = f"{EVIDENCE} {digits(exhibit.number, data)}" if piece.label == piece.link else numbered(exhibit, data)
    return tuple(line for line in (first, piece.link, piece.sha256 and f"SHA-256 {piece.sha256}") if line)
