"""Fifty names of real kinds of agencies, with a bar wherever a line of print may end in them."""

import re

from tests.unit.reports.report_sample import measure, party, period, report
from tracker.plan_draft import DraftStep
from tracker.reports.data import ReportData, ReportMeasure
from tracker.thai.paragraphs import Paragraph

NAMES = (
    "องค์การ|บริหาร|ส่วน|ตำบล|เขา|ขาว",
    "องค์การ|บริหาร|ส่วน|ตำบล|หนอง|กุง|ธนสาร",
    "องค์การ|บริหาร|ส่วน|ตำบล|บ้าน|ใหม่|หนอง|ไทร",
    "องค์การ|บริหาร|ส่วน|จังหวัด|นคร|ศรี|ธรรม|ราช",
    "องค์การ|บริหาร|ส่วน|จังหวัด|พระ|นคร|ศรี|อยุธยา",
    "เทศบาล|ตำบล|ทุ่ง|ใหญ่",
    "เทศบาล|ตำบล|เกาะ|แก้ว",
    "เทศบาล|เมือง|ทุ่ง|สง",
    "เทศบาล|เมือง|แสน|สุข",
    "เทศบาล|นคร|เชียง|ใหม่",
    "เทศบาล|นคร|นคร|ราช|สีมา",
    "เมือง|พัทยา",
    "กรุงเทพ|มหานคร",
    "โรง|พยาบาล|ส่ง|เสริม|สุขภาพ|ตำบล|เขา|ขาว",
    "โรง|พยาบาล|ส่ง|เสริม|สุขภาพ|ประจำ|ตำบล|หนอง|หาร",
    "โรง|พยาบาล|มหาราช|นคร|เชียง|ใหม่",
    "โรง|พยาบาล|สมเด็จ|พระ|ยุพราช|ฉวาง",
    "โรง|พยาบาล|ทุ่ง|สง",
    "สถาบัน|สุขภาพ|เด็ก|แห่ง|ชาติ|มหา|ราชินี",
    "โรง|เรียน|วัด|เขา|ขาว",
    "โรง|เรียน|บ้าน|หนอง|บัว",
    "โรง|เรียน|เทศบาล|วัด|ท่า|แพ",
    "โรง|เรียน|ราช|ประชา|นุ|เคราะห์",
    "วิทยาลัย|อาชีว|ศึกษา|นคร|ศรี|ธรรม|ราช",
    "วิทยาลัย|เทคนิค|ทุ่ง|สง",
    "วิทยาลัย|เกษตร|และ|เทคโน|โลยี|เชียง|ใหม่",
    "มหา|วิทยาลัย|เทคโน|โลยี|ราช|มงคล|ศรี|วิชัย",
    "มหา|วิทยาลัย|ราชภัฏ|นคร|ศรี|ธรรม|ราช",
    "มหา|วิทยาลัย|สงขลา|นครินทร์",
    "สำนัก|งาน|เขต|พื้น|ที่|การ|ศึกษา|ประถม|ศึกษา|เชียง|ใหม่",
    "สำนัก|งาน|เขต|พื้น|ที่|การ|ศึกษา|มัธยม|ศึกษา|ภูเก็ต",
    "สำนัก|งาน|คณะ|กรรม|การ|การ|ศึกษา|ขั้น|พื้น|ฐาน",
    "สำนัก|งาน|คณะ|กรรม|การ|ป้อง|กัน|และ|ปราบ|ปราม|การ|ทุจริต|แห่ง|ชาติ",
    "สำนัก|งาน|คณะ|กรรม|การ|กำกับ|หลัก|ทรัพย์",
    "สำนัก|งาน|สาธารณ|สุข|จังหวัด|นคร|ศรี|ธรรม|ราช",
    "สำนัก|งาน|สาธารณ|สุข|อำเภอ|ทุ่ง|สง",
    "สำนัก|งาน|ส่ง|เสริม|การ|ปกครอง|ท้อง|ถิ่น|จังหวัด|สงขลา",
    "สำนัก|งาน|พัฒนา|สังคม|และ|ความ|มั่นคง|ของ|มนุษย์",
    "สำนัก|งาน|ปลัด|กระทรวง|มหาด|ไทย",
    "สำนัก|งาน|ทรัพยากร|ธรรม|ชาติ|และ|สิ่ง|แวด|ล้อม",
    "สำนัก|งาน|สรรพากร|พื้น|ที่|สงขลา",
    "กรม|ส่ง|เสริม|การ|ปกครอง|ท้อง|ถิ่น",
    "กรม|พัฒนา|พลังงาน|ทดแทน|และ|อนุรักษ์|พลังงาน",
    "กรม|ป้อง|กัน|และ|บรรเทา|สาธารณ|ภัย",
    "กรม|สวัสดิ|การ|และ|คุ้ม|ครอง|แรง|งาน",
    "การ|ไฟ|ฟ้า|ฝ่าย|ผลิต|แห่ง|ประเทศ|ไทย",
    "การ|ประปา|ส่วน|ภูมิภาค",
    "การ|รถไฟ|แห่ง|ประเทศ|ไทย",
    "ธนาคาร|เพื่อ|การ|เกษตร|และ|สหกรณ์|การ|เกษตร",
    "องค์การ|อุตสาห|กรรม|ป่า|ไม้",
)

assert len(NAMES) == 50


def without_bars(name: str) -> str:
    """The name as it is written."""
    return name.replace("|", "")


def report_of_names() -> ReportData:
    """A report whose measures have one name each in every column."""
    measures = (_measure(number, without_bars(name)) for number, name in enumerate(NAMES, 1))
    return report(*measures, annex=(), signers=(), names=tuple(map(without_bars, NAMES)))


def _measure(number: int, name: str) -> ReportMeasure:
    said = (Paragraph(None, f"ประชาชนของ{name}"),)
    return measure(
        number,
        title=f"มาตรการของ{name}",
        details=said,
        steps=(DraftStep(1, f"เจ้าหน้าที่{name}"),),
        responsible=party(f"บุคลากรของ{name}"),
        period=period(name),
        summary=said,
        outcome=said,
    )


def broken_elsewhere(text: str) -> set[str]:
    """Names in the text of pages that a line's end parts where none may, each with a bar at every line's end."""
    text = re.sub(r"[ \u200b]*\r?\n", "\n", text).replace("\u200b", "")
    wrong = set()
    for name in NAMES:
        found = re.findall("\n?".join(map(re.escape, without_bars(name))), text)
        assert found, name
        wrong |= {one.replace("\n", "|") for one in found if not _places(one, "\n") <= _places(name, "|")}
    return wrong


def _places(name: str, bar: str) -> set[int]:
    return {len("".join(name.split(bar)[:count])) for count in range(1, name.count(bar) + 1)}
