"""People as they are pasted: headings and their synonyms, no headings, old encodings, lines of a chat."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from tracker.errors import NotUnderstoodError
from tracker.services.organisation.pasted_people import PastedPerson, is_old_table, read_pasted
from tracker.services.organisation.people_form import people_form
from tracker.thai.duties import duty_of_position, duty_of_word, unit_words

HEAD = "ที่\tชื่อ-สกุล\tตำแหน่ง\tสังกัด\tอีเมล\tมือถือ\n"
ROW = "๑\tนายช่าง ดี\tผู้อำนวยการกองช่าง\tช่าง\tworks@x.example\t๐๘๑-๒๓๔ ๑๑๐๙\n"
PERSON = PastedPerson(2, "นายช่าง ดี", "ผู้อำนวยการกองช่าง", "ช่าง", "", "works@x.example", "๐๘๑-๒๓๔ ๑๑๐๙")


def read(text: str) -> list[PastedPerson]:
    return list(read_pasted(text.encode(), "pasted.txt").people)


def test_a_table_of_excel_is_read_by_its_headings() -> None:
    found = read_pasted((HEAD + ROW).encode(), "pasted.txt")
    assert found.people == (PERSON,)
    assert found.columns[0] == ("ที่", None)
    assert dict(found.columns)["สังกัด"] == "unit"


@pytest.mark.parametrize(
    "text",
    [
        "ชื่อ,ตำแหน่งในสายงาน,กอง,e-mail,โทร\nนายช่าง ดี,ผู้อำนวยการกองช่าง,ช่าง,works@x.example,๐๘๑-๒๓๔ ๑๑๐๙\n",
        "โทรศัพท์;email;ส่วนราชการ;ตำแหน่ง;รายชื่อ\n๐๘๑-๒๓๔ ๑๑๐๙;works@x.example;ช่าง;ผู้อำนวยการกองช่าง;นายช่าง ดี\n",
    ],
)
def test_order_separator_and_synonyms_do_not_matter(text: str) -> None:
    assert read(text) == [PERSON]
    assert list(read_pasted(text.encode("cp874"), "list.csv").people) == [PERSON]


def test_the_title_and_the_surname_may_stand_apart() -> None:
    found = read("คำนำหน้า\tชื่อ\tนามสกุล\tหน่วยงาน\nนาง\tแก้ว\tดี\tกองคลัง\n")
    assert [(one.name, one.unit) for one in found] == [("นางแก้ว ดี", "กองคลัง")]


def test_words_above_the_headings_are_no_people() -> None:
    assert read(f"รายชื่อหัวหน้า อบต.เขาวาว\t\t\t\t\t\n{HEAD}{ROW}")[0].name == "นายช่าง ดี"


def test_a_row_without_a_name_is_shown_as_unread() -> None:
    found = read_pasted(f"{HEAD}{ROW}๒\t\tนักวิชาการ\tคลัง\t\t\n".encode(), "pasted.txt")
    assert len(found.people) == 1
    assert found.unread == ("๒ · นักวิชาการ · คลัง",)


def test_without_headings_the_cells_say_what_they_are() -> None:
    rows = "1\tนางเอ ดี\tผอ.กองคลัง\tกองคลัง\ta@x.example\n2\tนายบี ดี\tนิติกร\tสำนักปลัด\tb@x.example\n"
    assert [(one.name, one.position, one.unit, one.email) for one in read(rows)] == [
        ("นางเอ ดี", "ผอ.กองคลัง", "กองคลัง", "a@x.example"),
        ("นายบี ดี", "นิติกร", "สำนักปลัด", "b@x.example"),
    ]


def test_lines_of_a_chat_are_people_and_greetings_are_not() -> None:
    found = read_pasted(
        "สวัสดีค่ะ ส่งรายชื่อให้แล้วนะคะ\n"
        "ผอ.คลัง 081-234-1107\n"
        "ช่าง - ผอ.กองช่าง works@khaowao.example\n"
        "หน.สป. 081 234 1103 ค่ะ\n"
        "4. นายสมชาย ใจดี นักพัฒนาชุมชน โทร 0812341111\n".encode(),
        "pasted.txt",
    )
    assert [(one.name, one.position, one.unit, one.email, one.phone) for one in found.people] == [
        ("ผอ.คลัง", "ผอ.คลัง", "", "", "081-234-1107"),
        ("ผอ.กองช่าง", "ผอ.กองช่าง", "ช่าง", "works@khaowao.example", ""),
        ("หน.สป.", "หน.สป.", "", "", "081 234 1103"),
        ("นายสมชาย ใจดี", "นักพัฒนาชุมชน", "", "", "0812341111"),
    ]
    assert found.unread == ("สวัสดีค่ะ ส่งรายชื่อให้แล้วนะคะ",)


def test_a_saved_chat_is_read_by_what_was_said() -> None:
    text = "09:41\tปุ้ย\tผอ.คลัง 081-234-1107\n09:42\tปุ้ย\tขอบคุณค่ะ\n"
    found = read_pasted(text.encode(), "pasted.txt")
    assert [(one.name, one.phone) for one in found.people] == [("ผอ.คลัง", "081-234-1107")]


@pytest.mark.parametrize("text", ["", "ขอบคุณค่ะ", "ก ข ค\nวันนี้อากาศดี"])
def test_nonsense_names_nobody(text: str) -> None:
    with pytest.raises(NotUnderstoodError) as error:
        read(text)
    assert error.value.sentence_th == "อ่านไม่พบชื่อคน"


def test_the_form_offers_units_and_is_read_again() -> None:
    book = load_workbook(io.BytesIO(people_form(["กองคลัง", "กองช่าง"])))
    sheet = book["รายชื่อ"]
    assert [cell.value for cell in sheet[1]] == ["ชื่อ-สกุล", "ตำแหน่ง", "สังกัด", "หน้าที่", "อีเมล", "มือถือ"]
    assert [cell.value for cell in book["ตัวเลือก"]["A"]][:2] == ["กองคลัง", "กองช่าง"]
    sheet.append(["นางเอ", "นักวิชาการ", "กองคลัง", "ผู้แทน", "a@x.example", "0812345678"])
    filled = io.BytesIO()
    book.save(filled)
    (person,) = read_pasted(filled.getvalue(), "people.xlsx").people
    assert (person.name, person.duty, person.phone) == ("นางเอ", "ผู้แทน", "0812345678")


def test_the_table_of_the_command_line_is_known_by_its_columns() -> None:
    assert is_old_table(b"unit,unit_kind,name,role,email\nx,division,y,head,\n", "people.csv")
    assert not is_old_table((HEAD + ROW).encode(), "pasted.txt")
    book = Workbook()
    book.create_sheet("a", 0).append(["unit", "name", "role", "parent"])
    kept = io.BytesIO()
    book.save(kept)
    assert is_old_table(kept.getvalue(), "people.xlsx")


@pytest.mark.parametrize(
    ("position", "role", "rank", "acting"),
    [
        ("ผู้อำนวยการกองคลัง", "head", 1, False),
        ("ผอ.กองคลัง", "head", 1, False),
        ("หน.สป.", "head", 1, False),
        ("หัวหน้าฝ่ายการเงิน", "head", 1, False),
        ("รก. ผอ.กองสวัสดิการสังคม", "head", 1, True),
        ("รักษาราชการแทนผู้อำนวยการกองช่าง", "head", 1, True),
        ("ปลัด อบต.", "executive", 1, False),
        ("ปลัดเทศบาล", "executive", 1, False),
        ("นายกเทศมนตรี", "executive", 2, False),
        ("ผู้อำนวยการโรงเรียนบ้านใหม่", "executive", 2, False),
        ("รองผู้อำนวยการกองช่าง", "deputy", 1, False),
        ("ผู้ช่วยหัวหน้าสำนักปลัด", "deputy", 1, False),
        ("ผู้ประสานงาน ITA", "coordinator", 1, False),
    ],
)
def test_a_position_says_the_duty(position: str, role: str, rank: int, acting: bool) -> None:
    duty = duty_of_position(position)
    assert duty is not None
    assert (duty.role, duty.rank, duty.acting) == (role, rank, acting)


@pytest.mark.parametrize("position", ["นิติกรชำนาญการ", "รองปลัด อบต.", "รองนายก อบต.", "นายช่างโยธา", ""])
def test_other_positions_say_no_duty(position: str) -> None:
    assert duty_of_position(position) is None


def test_a_position_names_its_unit_and_a_word_its_duty() -> None:
    assert unit_words("รก. ผอ.กองสวัสดิการสังคม") == "กองสวัสดิการสังคม"
    assert unit_words("นิติกร") == ""
    deputy, highest = duty_of_word("ผู้แทน"), duty_of_word("ผู้บริหาร (30 วัน)")
    assert deputy is not None
    assert highest is not None
    assert (deputy.role, highest.role, highest.rank) == ("deputy", "executive", 2)
    assert duty_of_word("อะไรก็ได้") is None
