"""Misspellings that the proof-reader's lists were not made from: these decide whether it finds what people write.

Never take a word of this list into the lists; write a new list instead.
"""

import re

from babel.messages.pofile import read_po

from tests.conftest import ROOT
from tracker.proofreading.spelling import misspellings

HELD_OUT = """
ประสานงาณกับหน่วยงานในพื้นที่|งาณ
ตรวจสอบทรัพย์สิณของทางราชการปีละครั้ง|ทรัพย์สิณ
มอบเกียรติบัติแก่ผู้ปฏิบัติงานดีเด่น|เกียรติบัติ
รายงานความก้าวหน้าทุกไตรมาศ|ไตรมาศ
สอดคล้องกับวิสัยทัศของหน่วยงาน|วิสัยทัศ
เชื่อมโยงกับแผนยุทธศาตร์ชาติ|ยุทธศาตร์
ส่งเสริมจรยธรรมของพนักงานส่วนตำบล|จรยธรรม
อำนวยควาสะดวกแก่ผู้พิการและผู้สูงอายุ|ควาสะดวก
พัฒนาศักยะภาพบุคลากรด้านกฎหมาย|ศักยะภาพ
จัดทำทะเบียนครุภัณท์ให้เป็นปัจจุบัน|ครุภัณท์
ป้องกันและปราบปราบการทุจริตในหน่วยงาน|ปราบปราบ
กำหนดตัวชี้วักความสำเร็จของโครงการ|ชี้วัก
ให้บริการด้วยอัธยาศัยไมตรีที่ดีและเสมอพาค|เสมอพาค
แจ้งเวียนหนังสือให้ทุกกองถือปฎิบัติ|ปฎิบัติ
ผู้ฝ่าฝืนต้องได้รับบทลงโทดทางวินัย|ลงโทด
สร้างความตระหนัดรู้เรื่องการขัดกันแห่งผลประโยชน์|ตระหนัด
ประชาชนตรวจสอบขั้นตอนการขออนุยาตได้|อนุยาต
เปิดโอกาศให้ผู้มีส่วนได้ส่วนเสียแสดงความคิดเห็น|โอกาศ
จัดเก็บภาษีอย่างเป็นทำและตรวจสอบได้|เป็นทำ
ลงพื้นที่สำรวดความต้องการของชุมชน|สำรวด
""".strip().split("\n")
FEWEST_FOUND, MOST_FALSE = 15, 1
_LONG = re.compile("(?:[ก-๎][^ก-๎]*){20}")


def test_fifteen_of_twenty_new_misspellings_are_found() -> None:
    lost = []
    for line in HELD_OUT:
        text, wrong = line.split("|")
        assert wrong in text
        if not any(
            one.written in wrong or wrong in one.written or wrong[:4] in one.written for one in misspellings(text)
        ):
            lost.append(wrong)
    assert len(HELD_OUT) - len(lost) >= FEWEST_FOUND, lost


def test_at_most_one_of_four_hundred_real_passages_is_called_misspelt() -> None:
    """What the tracker says to people in Thai, and the rules of the assessment as they were published."""
    found = set[str]()
    for file in (ROOT / "docs" / "th").glob("*.md"):
        found.update(file.read_text(encoding="utf-8").splitlines())
    for file in (ROOT / "tracker" / "ita" / "data").glob("*.toml"):
        found.update(re.findall(r'"([^"\n]+)"', file.read_text(encoding="utf-8")))
    catalogue = ROOT / "admin/translations/th/LC_MESSAGES/messages.po"
    words = read_po(catalogue.read_text(encoding="utf-8").splitlines())
    found.update(word.string for word in words if isinstance(word.string, str))
    passages = sorted(one for one in found if _LONG.search(one))
    assert len(passages) >= 400
    wrong = [(one, suggestions) for one in passages if (suggestions := misspellings(one))]
    assert len(wrong) <= MOST_FALSE, wrong
