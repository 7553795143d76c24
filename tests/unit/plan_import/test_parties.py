"""Splitting a responsible-party cell into its parties."""

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import shared
from tracker.plan_import.parties import bracketed_aliases, fans_out, party_key, split_parties

RESOLVED_ELSEWHERE = {"กลุ่มงานบรหิ ารวิชาการ": "damaged by a PDF", "สนง.ภาคใต้": "an alias names the office"}


def test_the_shared_real_cells() -> None:
    with shared("examples/parties.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows
    for row in rows:
        text = row["expression"].replace("\\n", "\n")
        expected = re.sub(r" \((?:committee|all)\)", "", row['parties (separated by " | ")']).split(" | ")
        if text not in RESOLVED_ELSEWHERE:
            assert list(split_parties(text).parties) == expected, text
        assert (split_parties(text).mode == "each") == (row["kind"] in ("all units", "everyone") or "ทุก" in text)


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("เจ้าหน้าที่ฝ่ายประชาสัมพันธ์/นิติกร", ["เจ้าหน้าที่ฝ่ายประชาสัมพันธ์", "นิติกร"]),
        ("สำนักปลัด\nกองคลัง\nกองช่าง", ["สำนักปลัด", "กองคลัง", "กองช่าง"]),
        ("- สำนักปลัด\n- กองคลัง", ["สำนักปลัด", "กองคลัง"]),
        ("๑) สำนักปลัด\n๒) กองคลัง", ["สำนักปลัด", "กองคลัง"]),
        ("๑. สำนักปลัด ๒. กองคลัง", ["สำนักปลัด", "กองคลัง"]),
        ("สำนักปลัด, กองคลัง และกองช่าง", ["สำนักปลัด", "กองคลัง", "กองช่าง"]),
        ("กองคลัง และ/หรือ กองช่าง", ["กองคลัง", "กองช่าง"]),
        ("กองคลังร่วมกับกองช่าง", ["กองคลัง", "กองช่าง"]),
        ("กองสาธารณสุขและสิ่งแวดล้อม", ["กองสาธารณสุขและสิ่งแวดล้อม"]),
        ("กองสาธารณสุข\nและสิ่งแวดล้อม", ["กองสาธารณสุขและสิ่งแวดล้อม"]),
        ("กองสาธารณสุขและสิ่งแวดล้อมและกองช่าง", ["กองสาธารณสุขและสิ่งแวดล้อม", "กองช่าง"]),
        ("กองการศึกษา ศาสนาและวัฒนธรรม", ["กองการศึกษา ศาสนาและวัฒนธรรม"]),
        ("กองส่งเสริม\nการเกษตร", ["กองส่งเสริมการเกษตร"]),
        ("คณะกรรมการจัดทำแผนและติดตามประเมินผล", ["คณะกรรมการจัดทำแผนและติดตามประเมินผล"]),
        ("คณะกรรมการส่งเสริมคุณธรรมและงานจริยธรรม", ["คณะกรรมการส่งเสริมคุณธรรมและงานจริยธรรม"]),
        ("คณะกรรมการ ITA และสำนักปลัด", ["คณะกรรมการ ITA", "สำนักปลัด"]),
        ("กองคลัง อบต.เขาขาว", ["กองคลัง อบต.เขาขาว"]),
        ("ปลัด อบต. / หัวหน้าสำนักปลัด", ["ปลัด อบต.", "หัวหน้าสำนักปลัด"]),
        ("ผู้อำนวยการ กองคลัง", ["ผู้อำนวยการ กองคลัง"]),
        ("นักทรัพยากรบุคคลปฏิบัติการ/ชำนาญการ", ["นักทรัพยากรบุคคลปฏิบัติการ/ชำนาญการ"]),
        ("กองสวัสดิการเด็ก สตรี และผู้สูงอายุ", ["กองสวัสดิการเด็ก สตรี และผู้สูงอายุ"]),
        ("ศูนย์รับเรื่องร้องเรียน/ร้องทุกข์", ["ศูนย์รับเรื่องร้องเรียน", "ร้องทุกข์"]),
        ("ผู้รับผิดชอบหลัก: กองคลัง\nผู้รับผิดชอบร่วม: กองช่าง", ["กองคลัง", "กองช่าง"]),
        ("กองคลัง (หลัก) สำนักปลัด (ผู้รับผิดชอบร่วม)", ["กองคลัง", "สำนักปลัด"]),
        ("และกองคลัง", ["กองคลัง"]),
        ("กองคลัง/กองคลัง", ["กองคลัง"]),
        ("สำนักปลัด + กองคลัง", ["สำนักปลัด", "กองคลัง"]),
        ("กองคลัง | กองช่าง", ["กองคลัง", "กองช่าง"]),
        ("", []),
    ],
)
def test_joint_parties(text: str, parties: list[str]) -> None:
    read = split_parties(text)
    assert (read.text, read.mode, list(read.parties)) == (text, "jointly", parties)


@pytest.mark.parametrize(
    "text",
    [
        "ทุกส่วนราชการ",
        "หัวหน้าส่วนทุกส่วน",
        "หัวหน้าส่วน ทุกส่วน",
        "หัวหน้าส่วนราชการทุกส่วน",
        "ทุกกอง",
        "ทุกสำนัก/กอง",
        "ทุกส่วนราชการ/กอง",
        "สำนัก/กองทุกแห่ง",
        "สำนัก/กอง ทุกแห่ง",
        "กอง/ฝ่าย/งาน ทุกงาน",
        "ทุกสำนัก/ทุกกอง/ทุกหน่วยงาน",
        "ทุกๆ ส่วนราชการ",
        "ทุก ๆ กอง",
        "ทุก ส่วน ราชการ",
        "หัวหน้าสำนัก/ผู้อำนวยการกองทุกกอง",
        "เจ้าหน้าที่ทุกคนขององค์การบริหารส่วนตำบลเขาขาว",
        "บุคลากรทุกระดับในองค์การบริหารส่วนตำบลฝางคำ",
        "พนักงานส่วนตำบลทุกคน",
        "บุคลากรทั้งหมด",
        "ทุกคณะ/สำนัก/สถาบัน",
        "ทุกภาควิชา",
        "คณบดีทุกคณะ",
        "อำเภอทุกอำเภอ",
        "ทุก รพ.สต.",
        "ทุกหอผู้ป่วย",
        "ทุกสายงาน",
        "ทุกกระทรวง/กรม",
        "คณะ/สำนัก/สถาบัน",
        "กรม/สำนัก/กอง",
        "ทุกคณะ สำนัก สถาบัน",
        "ครูและบุคลากรทางการศึกษาทุกคน",
        "พนักงานส่วนตำบลและพนักงานจ้างทุกคน",
    ],
)
def test_fan_outs_are_one_party(text: str) -> None:
    read = split_parties(text)
    assert (read.mode, read.parties) == ("each", (text,))


@pytest.mark.parametrize(
    "text", ["ศูนย์รับเรื่องร้องทุกข์", "คณะกรรมการซึ่งมาจากทุกส่วนราชการ", "กองคลัง", "ทุกขั้นตอน", "ทุกคณะกรรมการ"]
)
def test_what_only_sounds_like_everyone_does_not_fan_out(text: str) -> None:
    assert not fans_out(text)


def test_a_known_name_is_never_split() -> None:
    known = ["ศูนย์รับเรื่องร้องเรียน/ร้องทุกข์", "งานป้องกันและงานบรรเทา", "ฝ่าย ก ข"]
    assert split_parties("ศูนย์รับเรื่องร้องเรียน / ร้องทุกข์/กองคลัง", known).parties == (
        "ศูนย์รับเรื่องร้องเรียน / ร้องทุกข์",
        "กองคลัง",
    )
    assert split_parties("งานป้องกันและงานบรรเทา", known).parties == ("งานป้องกันและงานบรรเทา",)


def test_known_names_may_stand_beside_a_blank() -> None:
    assert split_parties("ธุรการ ประชาสัมพันธ์", ["ธุรการ", "ประชาสัมพันธ์"]).parties == ("ธุรการ", "ประชาสัมพันธ์")
    assert split_parties("ธุรการ ประชาสัมพันธ์").parties == ("ธุรการ ประชาสัมพันธ์",)


def test_keys_of_one_party_are_equal() -> None:
    assert party_key("เจ้าหน้าที่ฝ่าย ประชาสัมพันธ์") == party_key("ฝ่ายประชาสัมพันธ์")
    assert party_key("สนง.ปลัด") == party_key("สำนักงานปลัด")
    assert party_key("สำนักงบประมาณ (สงป.)") == party_key("สำนักงบประมาณ")
    assert party_key("ผู้อํานวยการ") == party_key("ผู้อำนวยการ")
    assert party_key("เจ้าหน้าที่ทุกคน") != party_key("ทุกคน")
    assert bracketed_aliases("สำนักงบประมาณ (สงป.)") == ("สงป.",)


PIECES = st.sampled_from([*"กขค/,-()\n ๑๒.", "และ", "กอง", "สำนักปลัด", "ทุก", "คณะกรรมการ", "อบต.", "งานนิติการ", ": "])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_letter_is_lost_or_added(text: str) -> None:
    """What is left out of the parties are list marks, labels and the words between names."""
    left_over = text
    for party in split_parties(text).parties:
        for word in re.findall(r"[ก-๎]+", party):
            assert word[:1] in left_over
    assert split_parties(text) == split_parties(text)


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("สถาบันวัคซีน ข (องค์การมหาชน)", ["สถาบันวัคซีน ข (องค์การมหาชน)"]),
        ("กรมบังคับคดี (ส่วนกลาง)", ["กรมบังคับคดี (ส่วนกลาง)"]),
        ("สำนักงานเขต [กลุ่มงานปกครอง/ทะเบียน]", ["สำนักงานเขต [กลุ่มงานปกครอง/ทะเบียน]"]),
        ("กองช่าง (งานสถาปัตย์)", ["กองช่าง: งานสถาปัตย์"]),
        ("งานสถาปัตย์ (กองช่าง)", ["กองช่าง: งานสถาปัตย์"]),
        ("งานจัดเก็บรายได้ กองคลัง", ["กองคลัง: งานจัดเก็บรายได้"]),
        ("ฝ่ายอำนวยการ สำนักปลัด และงานผังเมือง กองช่าง", ["สำนักปลัด: ฝ่ายอำนวยการ", "กองช่าง: งานผังเมือง"]),
        ("ครูผู้ช่วย (กองการศึกษา)", ["กองการศึกษา: ครูผู้ช่วย"]),
        ("งานพัสดุ งานบัญชี กองคลัง", ["งานพัสดุ", "งานบัญชี", "กองคลัง"]),
    ],
)
def test_a_unit_of_a_parent_and_brackets_of_a_name(text: str, parties: list[str]) -> None:
    assert list(split_parties(text).parties) == parties


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("ผู้รับผิดชอบหลัก : กองช่าง ผู้รับผิดชอบรอง : กองคลัง", ["กองช่าง", "กองคลัง"]),
        ("เจ้าภาพหลัก กองการศึกษา เจ้าภาพร่วม สำนักปลัด", ["กองการศึกษา", "สำนักปลัด"]),
        ("รับผิดชอบร่วม ได้แก่ กองคลัง และกองช่าง", ["กองคลัง", "กองช่าง"]),
        ("หน่วยงานที่รับผิดชอบ นายทดสอบ ระบบดี", ["นายทดสอบ ระบบดี"]),
        ("ผู้รับผิดชอบโครงการ", ["ผู้รับผิดชอบโครงการ"]),
        ("กองคลัง และหน่วยงานสนับสนุน", ["กองคลัง", "หน่วยงานสนับสนุน"]),
    ],
)
def test_labels_name_nobody(text: str, parties: list[str]) -> None:
    assert list(split_parties(text).parties) == parties


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("ผู้อ านวยการกองช่าง", ["ผู้อำนวยการกองช่าง"]),
        ("สานักงานปลัด / ก านัน", ["สำนักงานปลัด", "กำนัน"]),
        ("กองจัดก ารน้ำ", ["กองจัดการน้ำ"]),
        ("กองช่าง* กองคลัง**", ["กองช่าง", "กองคลัง"]),
        ("สำนักปลัด³", ["สำนักปลัด"]),
        ("โรงเรียนเทศบาล ๑", ["โรงเรียนเทศบาล ๑"]),
    ],
)
def test_damage_and_footnotes_are_mended(text: str, parties: list[str]) -> None:
    assert list(split_parties(text).parties) == parties


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Planning Division; Audit Office", ["Planning Division", "Audit Office"]),
        ("Planning Division, Audit Office and IT Section", ["Planning Division", "Audit Office", "IT Section"]),
        ("Office of Audit and Inspection", ["Office of Audit and Inspection"]),
        ("ธุรการ; พัสดุ", ["ธุรการ", "พัสดุ"]),
    ],
)
def test_semicolons_and_english_names(text: str, parties: list[str]) -> None:
    assert list(split_parties(text).parties) == parties


@pytest.mark.parametrize("text", ["แต่ละส่วนราชการ", "หัวหน้าแต่ละกอง", "แต่ละสำนัก/กอง", "All divisions", "each department"])
def test_each_fans_out_too(text: str) -> None:
    read = split_parties(text)
    assert (read.mode, read.parties) == ("each", (text,))


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("กองช่าง (งานผังเมือง/งานประปา)", ["กองช่าง: งานผังเมือง", "กองช่าง: งานประปา"]),
        ("กองคลัง (งานพัสดุ งานจัดเก็บรายได้)", ["กองคลัง: งานพัสดุ", "กองคลัง: งานจัดเก็บรายได้"]),
        ("งานนิติการ สังกัดสำนักปลัด", ["สำนักปลัด: งานนิติการ"]),
        ("งานนิติการของสำนักปลัด", ["สำนักปลัด: งานนิติการ"]),
        ("สำนักปลัด โดยงานนิติการ", ["สำนักปลัด: งานนิติการ"]),
        ("สำนักปลัด งานนิติการ", ["สำนักปลัด: งานนิติการ"]),
        ("สำนักปลัด: งานนิติการ", ["สำนักปลัด: งานนิติการ"]),
        ("สำนักปลัด > งานนิติการ", ["สำนักปลัด: งานนิติการ"]),
        ("สำนักปลัด กองคลัง งานตรวจสอบ", ["สำนักปลัด", "กองคลัง", "งานตรวจสอบ"]),
    ],
)
def test_units_of_a_parent_in_other_words(text: str, parties: list[str]) -> None:
    assert list(split_parties(text).parties) == parties


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("กองคลัง โทร. ๐๒-๑๒๓-๔๕๖๗", ["กองคลัง"]),
        ("กองคลัง (โทร 1234)", ["กองคลัง"]),
        ("กองช่าง ๑)", ["กองช่าง"]),
        ("เจ้าภาพหลัก - กองช่าง", ["กองช่าง"]),
        ("ไม่มี", []),
        ("กอง/ฝ่ายที่เกี่ยวข้อง", ["กอง/ฝ่ายที่เกี่ยวข้อง"]),
        ("กลุ่ม/ฝ่าย/งาน ที่เกี่ยวข้อง", ["กลุ่ม/ฝ่าย/งาน ที่เกี่ยวข้อง"]),
        ("สำนักปลัด 1/", ["สำนักปลัด"]),
        ("กองการเจ้าหน้าท่ี", ["กองการเจ้าหน้าที่"]),
        ("กลุ่มงานทรัพย\u2028ากรบุคคล", ["กลุ่มงานทรัพยากรบุคคล"]),
    ],
)
def test_what_is_no_part_of_a_name(text: str, parties: list[str]) -> None:
    assert list(split_parties(text).parties) == parties


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("ผอ.รร./รอง ผอ.รร.", ["ผอ.รร.", "รอง ผอ.รร."]),
        ("นายสมมุติ ใจดี (หัวหน้า), นางสาวตัวอย่าง มีสุข", ["นายสมมุติ ใจดี (หัวหน้า)", "นางสาวตัวอย่าง มีสุข"]),
        ("ฝ่ายกิจการ\u2028นักเรียน", ["ฝ่ายกิจการนักเรียน"]),
        ("ผู้ช่วย ผอ.กองคลัง และนิติกร", ["ผู้ช่วย ผอ.กองคลัง", "นิติกร"]),
        ("๑. นายสมมุติ ตัวอย่าง ๒. นางตัวอย่าง สมมุติ", ["นายสมมุติ ตัวอย่าง", "นางตัวอย่าง สมมุติ"]),
        ("กองคลัง ผู้กำกับดูแล ปลัดเทศบาล", ["กองคลัง", "ปลัดเทศบาล"]),
        ("ผู้กำกับการสถานีตำรวจภูธรเมือง", ["ผู้กำกับการสถานีตำรวจภูธรเมือง"]),
        ("สำนักปลัด (โทร ๐๗๕-๑๒๓๔๕๖ ต่อ ๑๒)", ["สำนักปลัด"]),
        ("สำนักปลัด โทร. 075-123456 ต่อ 12, 13", ["สำนักปลัด"]),
        ("กองคลัง[1]", ["กองคลัง"]),
        ("ส ำนักปลัด", ["สำนักปลัด"]),
    ],
)
def test_posts_persons_extensions_and_marks(text: str, parties: list[str]) -> None:
    assert list(split_parties(text).parties) == parties
