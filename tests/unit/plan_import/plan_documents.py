"""Whole Word plans as agencies make them, each with what a careful reader takes from it.

Files in other formats that say the same kind of things are beside the tests, in ``test_import_documents``.
"""

from collections.abc import Callable

from tests.unit.plan_import.import_files import HEADER
from tests.unit.plan_import.word_xml import (
    BREAK,
    MERGED,
    TAB,
    cell,
    control,
    deleted,
    hidden,
    inserted,
    lists,
    paragraph,
    row,
    table,
    text_box,
    word,
)

FOUR, SIX = HEADER[:4], HEADER
DOCUMENTS: dict[str, tuple[Callable[[], bytes], str]] = {}


def document(filename: str, expected: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Registers a document under its builder's name, with what it says (see ``told``)."""

    def register(build: Callable[[], bytes]) -> Callable[[], bytes]:
        DOCUMENTS[f"{build.__name__}/{filename}"] = (build, expected)
        return build

    return register


_MONTHS = ("ต.ค.", "พ.ย.", "ธ.ค.", "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.")


@document(
    "plan.docx",
    """
    1 บริการ
      step 1 จัดทำคู่มือ
      by กองคลัง
      in 2022-10-01 to 2022-12-31
    2 งบประมาณ
      step 1 รายงาน
      by กองช่าง
      in 2022-12-01 to 2023-03-31
    warns table 1, row 3: ต.ค. พ.ศ. ๒๕๖๕ - ธ.ค. พ.ศ. ๒๕๖๕
    warns table 1, row 4: ธ.ค. พ.ศ. ๒๕๖๕, มี.ค. พ.ศ. ๒๕๖๖
    """,
)
def arrows_and_ticks_under_months_that_no_word_for_time_heads() -> bytes:
    years = (cell("พ.ศ. ๒๕๖๕", span=3), cell("พ.ศ. ๒๕๖๖", span=9))
    return word(
        table(
            row(*(cell(text, down=True) for text in FOUR[:3]), *years),
            row(MERGED, MERGED, MERGED, *_MONTHS),
            row("๑. บริการ", "๑. จัดทำคู่มือ", "กองคลัง", "←", "-", "→", *[""] * 9),
            row("๒. งบประมาณ", "๑. รายงาน", "กองช่าง", "-", "-", "✓", "-", "-", "✓", *["-"] * 6),
        )
    )


@document(
    "plan.docx",
    """
    1 บริการ
      step 1 จัดทำคู่มือ
      step 2 เผยแพร่
      by กองคลัง
      in 2022-10-01 to 2023-06-30
    2 กิจกรรม 5 ส
      step กิจกรรม 5 ส
      in 2023-07-01 to 2023-09-30
    warns table 1, row 3: ไตรมาส ๑, ไตรมาส ๓
    warns table 1, row 5: ไตรมาส ๔
    warns measure 2, หน่วยงานผู้รับผิดชอบ: ไม่ได้ระบุ
    warns measure 2, ขั้นตอน/วิธีปฏิบัติ: กิจกรรม 5 ส
    """,
)
def quarters_headed_by_their_numbers_and_cells_of_dashes() -> bytes:
    return word(
        table(
            row(*(cell(text, down=True) for text in ("ที่", *FOUR[:3])), cell("ระยะเวลา (ไตรมาส)", span=4)),
            row(*[MERGED] * 4, "๑", "๒", "๓", "๔"),
            row("๑", "บริการ", "๑. จัดทำคู่มือ", "กองคลัง", "/", "", "/", ""),
            row("", "๑. (ต่อ)", "๒. เผยแพร่", "", "", "", "", ""),
            row("๒", "กิจกรรม 5 ส", "-", "-", "", "", "", "/"),
        )
    )


@document(
    "plan.docx",
    """
    1 ยกระดับการให้บริการ
      step 1 จัดทำคู่มือ
      step 2 จัดอบรม @ กองการศึกษา @ 2023-01-01 to 2023-01-31
      step 3 ประเมินความพึงพอใจ @ 2023-07-01 to 2023-09-30
      by สำนักปลัด
      in 2022-10-01 to 2022-10-31
    2 จัดซื้อจัดจ้างโปร่งใส
      step 1 ประกาศแผน
      step 2 สรุปผล
      by กองคลัง
      in 2022-10-01 to 2023-09-30 monthly
    """,
)
def a_row_for_each_step_with_its_own_party_and_period() -> bytes:
    return word(
        table(
            row(*FOUR),
            row(cell("๑. ยกระดับการให้บริการ", down=True), "๑. จัดทำคู่มือ", "สำนักปลัด", "ตุลาคม ๒๕๖๕"),
            row(MERGED, "๒. จัดอบรม", "กองการศึกษา", "มกราคม ๒๕๖๖"),
            row(MERGED, "๓. ประเมินความพึงพอใจ", "สำนักปลัด", "ไตรมาส ๔"),
            row(
                cell("๒. จัดซื้อจัดจ้างโปร่งใส", down=True),
                "๑. ประกาศแผน",
                cell("กองคลัง", down=True),
                cell("ทุกเดือน", down=True),
            ),
            row(MERGED, "๒. สรุปผล", MERGED, MERGED),
        )
    )


@document(
    "plan.docx",
    """
    1 สร้างวัฒนธรรมสุจริต
      step 1 ประชุมชี้แจง
      step 2 ลงนาม
      step 3 เผยแพร่ประกาศ
      by each ทุกกอง
      in 2022-10-01 to 2023-09-30
      did 1 ประชุมแล้ว
      did 2 ลงนามแล้ว
      did 3 เผยแพร่แล้ว
      got บุคลากรรับทราบ
    2 ระบบร้องเรียน
      step 1 เปิดช่องทาง
      by งานนิติการ
      in 2022-11-01 to 2022-11-30
      did เปิดแล้ว
      got ไม่มีเรื่องร้องเรียน
    """,
)
def a_measure_that_goes_on_in_the_table_after_a_page_break() -> bytes:
    first = ("๑. สร้างวัฒนธรรมสุจริต", "๑. ประชุมชี้แจง\n๒. ลงนาม", "ทุกกอง", "๑ ต.ค. ๖๕ – ๓๐ ก.ย. ๖๖")
    second = ("๒. ระบบร้องเรียน", "๑. เปิดช่องทาง", "งานนิติการ", "พ.ย. ๖๕", "เปิดแล้ว", "ไม่มีเรื่องร้องเรียน")
    return word(
        table(row(*SIX), row(*first, "๑. ประชุมแล้ว\n๒. ลงนามแล้ว", "บุคลากรรับทราบ"))
        + paragraph('<w:r><w:br w:type="page"/></w:r>')
        + table(row("", "๓. เผยแพร่ประกาศ", "", "", "๓. เผยแพร่แล้ว", ""), row(*second))
    )


@document(
    "plan.docx",
    """
    1 พัฒนาบุคลากร
      step 1 สำรวจ
      step 2 จัดอบรม
      step 3 ติดตามผล
      by สำนักปลัด
      in 2022-10-01 to 2023-03-31
    2 จัดการความรู้
      step 1 จัดทำคลังความรู้
      step 2 แบ่งปัน @ 2023-08-01 to 2023-08-31
      by กองการศึกษา ศาสนาและวัฒนธรรม
      in 2023-07-01 to 2023-07-31
    """,
)
def the_header_typed_again_above_rows_merged_with_those_before_it() -> bytes:
    again = ("มาตรการ / แนวทาง", "ขั้นตอน / วิธีปฏิบัติ", "หน่วยงาน ผู้รับผิดชอบ", "ระยะเวลา ดำเนินการ")
    return word(
        table(
            row(*FOUR),
            row("๑. พัฒนาบุคลากร", "๑. สำรวจ\n๒. จัดอบรม", "สำนักปลัด", "ต.ค. ๖๕ - มี.ค. ๖๖"),
            row(*again),
            row("๑. พัฒนาบุคลากร (ต่อ)", "๓. ติดตามผล", "", ""),
            row("๒. จัดการความรู้", "๑. จัดทำคลังความรู้", "กองการศึกษา ศาสนาและวัฒนธรรม", "ก.ค. ๖๖"),
            row(*again),
            row(MERGED, "๒. แบ่งปัน", MERGED, "ส.ค. ๖๖"),
        )
    )


@document(
    "plan.docx",
    """
    1 ส่งเสริมคุณธรรม
      step 1 จัดทำแผน
      step 2 ประกาศใช้
      step 3 รายงานผล
      by สำนักปลัด
      in 2022-10-01 to 2022-10-01
    2 ส่งเสริมความโปร่งใส
      step 1 เผยแพร่ข้อมูล
      by กองคลัง
      in 2022-10-01 to 2023-03-31
    3 ด้านบุคลากร
      step ๓.๑ อบรมจริยธรรม
      step ๓.๒ ประเมินพฤติกรรม
      by งานการเจ้าหน้าที่
      in 2022-10-01 to 2023-09-30
    """,
)
def lists_made_by_word_in_thai_digits_mixed_with_typed_numbers() -> bytes:
    made = lists(
        (("thaiNumbers", "%1."), ("thaiNumbers", "%1.%2")),
        (("thaiCounting", "%1)"),),
        restarts=((3, 2),),
    )
    steps = paragraph("จัดทำแผน", numbered=(2, 0)) + paragraph("ประกาศใช้", numbered=(2, 0)) + paragraph("๓) รายงานผล")
    levels = paragraph("อบรมจริยธรรม", numbered=(1, 1)) + paragraph("ประเมินพฤติกรรม", numbered=(1, 1))
    return word(
        table(
            row(*FOUR),
            row(cell(paragraph("ส่งเสริมคุณธรรม", numbered=(1, 0))), cell(steps), "สำนักปลัด", "๑ ตุลาคม ๒๕๖๕"),
        )
        + table(
            row(*FOUR),
            row(
                cell(paragraph("ส่งเสริมความโปร่งใส", numbered=(1, 0))),
                cell(paragraph("เผยแพร่ข้อมูล", numbered=(3, 0))),
                "กองคลัง",
                "ไตรมาส ๑-๒",
            ),
            row(cell(paragraph("ด้านบุคลากร", numbered=(1, 0))), cell(levels), "งานการเจ้าหน้าที่", "ตลอดปีงบประมาณ"),
        ),
        made,
    )


@document(
    "plan.docx",
    """
    1 ปรับปรุงกระบวนงาน
      step 1 ทบทวนเวทีประชาคม
      step 2 ลดระยะเวลา
      step 3 แจ้งประชาชน
      by กองช่าง
      by กองคลัง
      in 2023-04-01 to 2023-09-30
    2 คุ้มครองข้อมูล
      step 1 ตั้งคณะทำงาน
      by คณะทำงาน PDPA
      in 2022-12-01 to 2023-01-31
    warns table 1, row 2: ลับ
    warns paragraph: แนบ ๒
    """,
)
def soft_breaks_changes_controls_boxes_and_hidden_text() -> bytes:
    steps = paragraph(
        *("๑.", TAB, "ทบทวน", deleted("ประชุม"), inserted("เวทีประชาคม"), BREAK, "๒.\u00a0ลดระยะเวลา", BREAK),
        *("๓. แจ้งประชาชน", hidden("ลับ")),
    )
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{''.join(cell(paragraph(deleted('เก่า'))) for _ in FOUR)}</w:tr>"
    period = paragraph(control("<w:r><w:t>๑ ธันวาคม ๒๕๖๕ ถึง ๓๑ มกราคม ๒๕๖๖</w:t></w:r>"))
    return word(
        paragraph("แผน", text_box("แนบ ๑"))
        + control(
            table(
                row(*FOUR),
                row(
                    cell(paragraph("๑", ".", TAB, "ปรับปรุง", "กระบวนงาน")),
                    cell(steps),
                    cell(paragraph("กองช่าง", BREAK, "กองคลัง")),
                    cell(paragraph("เมษายน ๒๕๖๖ –", BREAK, "กันยายน ๒๕๖๖")),
                ),
                gone,
                control(
                    row(
                        "๒. คุ้มครองข้อมูล",
                        cell(control(paragraph("๑. ตั้งคณะทำงาน"))),
                        control(cell("คณะทำงาน PDPA")),
                        cell(period),
                    )
                ),
            )
        )
        + paragraph(text_box("แนบ ๒"))
    )


@document(
    "plan.docx",
    """
    1 พัฒนาเว็บไซต์
      step 1 สำรวจข้อมูล
      step 2 นำขึ้นเว็บไซต์
      by กองยุทธศาสตร์ฯ
      by กองคลัง
      in 2022-12-01 to 2023-08-31
    2 วันต่อต้านคอร์รัปชัน
      step จัดนิทรรศการ
      by สำนักปลัดเทศบาล
      in 2022-12-09 to 2022-12-09
    warns column: งบประมาณ
    warns column: ตัวชี้วัด
    """,
)
def other_columns_in_another_order() -> bytes:
    header = ("ที่", "ระยะเวลา\nดำเนินการ", "มาตรการ", "ผู้รับผิดชอบ", "วิธีดำเนินการ", "งบประมาณ\n(บาท)", "ตัวชี้วัด")
    steps = "1. สำรวจข้อมูล\n2. นำขึ้นเว็บไซต์"
    return word(
        table(
            row(*header),
            row("1", "ธ.ค. 65 - ส.ค. 66", "พัฒนาเว็บไซต์", "กองยุทธศาสตร์ฯ และกองคลัง", steps, "20,000", "ร้อยละ 80"),
            row("2", "9 ธันวาคม 2565", "วันต่อต้านคอร์รัปชัน", "สำนักปลัดเทศบาล", "จัดนิทรรศการ", "-", "1 ครั้ง"),
        )
    )


@document(
    "plan.docx",
    """
    agency องค์การบริหารส่วนจังหวัดตาก
    1 ตรวจสอบภายใน
      step 1 จัดทำแผนตรวจสอบ
      by หน่วยตรวจสอบภายใน
      in 2022-10-01 to 2023-06-30
      did ตรวจ ๔ กอง
      got ข้อทักท้วงลดลง
    """,
)
def titles_inside_the_table_and_a_header_of_two_rows() -> bytes:
    return word(
        table(
            row(cell("แผนส่งเสริมคุณธรรม ปีงบประมาณ พ.ศ. ๒๕๖๖", span=7)),
            row(cell("องค์การบริหารส่วนจังหวัดตาก", span=7)),
            row(
                *(cell(text, down=True) for text in ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ")),
                cell("ระยะเวลาดำเนินการ", span=2),
                cell("ผลการดำเนินการ", span=2),
            ),
            row(MERGED, MERGED, MERGED, "เริ่มต้น", "สิ้นสุด", "สรุปผล", "ผลลัพธ์"),
            row("(๑)", "(๒)", "(๓)", "(๔)", "(๕)", "(๖)", "(๗)"),
            row(
                *("๑. ตรวจสอบภายใน", "๑. จัดทำแผนตรวจสอบ", "หน่วยตรวจสอบภายใน", "๑ ต.ค. ๖๕", "๓๐ มิ.ย. ๖๖"),
                *("ตรวจ ๔ กอง", "ข้อทักท้วงลดลง"),
            ),
        )
    )


@document(
    "plan.docx",
    """
    1 มาตรการที่ ๑ บริการโปร่งใส
      step จัดอบรม
      step เผยแพร่ @ กองคลัง
      by สำนักปลัด
      in 2023-03-01 to 2023-03-31
    2 มาตรการที่ ๒ ลดการใช้ดุลพินิจ
      step ออกประกาศ
      by กองช่าง
      in 2022-10-01 to 2023-09-30 monthly
    """,
)
def measures_named_by_rows_over_their_steps() -> bytes:
    return word(
        table(
            row("กิจกรรม", "ผู้รับผิดชอบ", "ระยะเวลา"),
            row(cell("มาตรการที่ ๑ บริการโปร่งใส", span=3)),
            row("จัดอบรม", "สำนักปลัด", "มี.ค. ๖๖"),
            row("เผยแพร่", "กองคลัง", "มี.ค. ๖๖"),
            row(cell("มาตรการที่ ๒ ลดการใช้ดุลพินิจ", span=3)),
            row("ออกประกาศ", "กองช่าง", "ทุกเดือน"),
        )
    )


@document(
    "plan.docx",
    """
    1 ประกาศเจตนารมณ์
      step 1 จัดพิธี
      by นายก อบต.
      in 2022-11-01 to 2022-11-30
    2 บริการเท่าเทียม
      step 1 ทำคู่มือ
      step 2 อบรม
      by กองคลัง
      in ? to 2023-10-30
    warns table 1, row 2: ด้านที่ ๑
    warns table 1, row 4: ด้านที่ ๒
    warns paragraph: หมายเหตุ
    warns table 2: ลงชื่อ
    """,
)
def headings_between_the_rows_and_signatures_below_them() -> bytes:
    return word(
        table(
            row(*FOUR),
            row(cell("ด้านที่ ๑ คุณธรรม", span=4)),
            row("๑. ประกาศเจตนารมณ์", "๑. จัดพิธี", "นายก อบต.", "พฤศจิกายน ๒๕๖๕"),
            row(cell("ด้านที่ ๒ ความโปร่งใส", span=4)),
            row("๒. บริการเท่าเทียม", "๑. ทำคู่มือ\n๒. อบรม", "กองคลัง", "ภายใน ๓๐ วัน นับจากสิ้นสุดปีงบประมาณ"),
            row("", "", "", ""),
        )
        + paragraph("หมายเหตุ : อาจเปลี่ยนแปลงได้")
        + table(row("ลงชื่อ........ผู้รายงาน", "ลงชื่อ........ผู้อนุมัติ"))
    )


@document(
    "plan.docx",
    """
    1 ช่องทางการสื่อสาร
      detail 1 เว็บไซต์
      detail 2 เฟซบุ๊ก
      step 1 จัดทำช่องทาง
      step 2 ดูแล
      by เจ้าหน้าที่ฝ่ายประชาสัมพันธ์
      by นิติกร
      in 2022-10-01 to 2023-09-30
      did มีช่องทาง
      did 1 เว็บไซต์
      did รวม ๒ ช่องทาง
      did มีช่องทาง
      did 1 เว็บไซต์
      did รวม ๒ ช่องทาง
      got 1 สะดวก
    """,
)
def the_same_result_in_the_rows_of_two_steps() -> bytes:
    said = "มีช่องทาง\n๑.เว็บไซต์\nรวม ๒ ช่องทาง"
    merged = (cell("เจ้าหน้าที่ฝ่ายประชาสัมพันธ์/นิติกร", down=True), cell("๑ ตุลาคม ๒๕๖๕ – ๓๐ กันยายน ๒๕๖๖", down=True))
    title = cell("๑.ช่องทางการสื่อสาร\n๑.เว็บไซต์\n๒.เฟซบุ๊ก", down=True)
    return word(
        table(
            row(*SIX),
            row(title, "๑.จัดทำช่องทาง", *merged, said, cell("๑.สะดวก", down=True)),
            row(MERGED, "๒.ดูแล", MERGED, MERGED, said, MERGED),
        )
    )
