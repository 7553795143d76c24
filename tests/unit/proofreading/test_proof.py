"""The proof-reader: each kind of slip is found at its place, and clean text stays alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import nlpo3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.plan_import import read_plan
from tracker.proofreading import KINDS, proofread
from tracker.proofreading.document import Document, Place, ProofRow, ProofStep
from tracker.proofreading.spelling import misspellings
from tracker.sample.text import plan_document, step_words
from tracker.thai.paragraphs import Paragraph
from tracker.thai.text import fix_text

STARTS, MARCH, ENDS = date(2022, 10, 1), date(2023, 3, 31), date(2023, 9, 30)
AGENCY = "องค์การบริหารส่วนตำบลเขาขาว"

SLIPS = {
    "รับผิดชอบ": "รับผิชอบ",
    "ประชาสัมพันธ์": "ประชาสัมพันธ",
    "ปฏิบัติ": "ปฎิบัติ",
    "งบประมาณ": "งบประมาน",
    "ผลประโยชน์": "ผลประโยชน",
    "ประเมิน": "ประเมิณ",
    "เผยแพร่": "เผยแพร",
    "ร้องเรียน": "ร้องเรียณ",
    "เว็บไซต์": "เว็ปไซต์",
    "จัดซื้อจัดจ้าง": "จัดชื้อจัดจ้าง",
    "มาตรฐาน": "มาตรฐาณ",
    "บุคลากร": "บุคคลากร",
    "กระบวนงาน": "กระบวณงาน",
    "ความพึงพอใจ": "ความพึงพอไจ",
    "ข้อเสนอแนะ": "ข้อเสนแนะ",
    "ตรวจสอบ": "ตวรจสอบ",
    "วิเคราะห์": "วิเคราะห",
    "คณะกรรมการ": "คณะกรมการ",
    "เจตนารมณ์": "เจตนารมย์",
    "ทุจริต": "ทุจริด",
    "ผู้บริหาร": "ผู้บรืหาร",
    "โทรศัพท์": "โทรศัพย์",
    "ระยะเวลา": "ระยะเวบา",
    "เจ้าหน้าที่": "เจ้าหน้าที",
    "หัวหน้าส่วน": "หัวหนาส่วน",
    "ชี้แจง": "ซี้แจง",
    "กรกฎาคม": "กรกฏาคม",
    "อนุญาต": "อนุญาติ",
    "ประสิทธิภาพ": "ประสิทธภาพ",
    "คุณธรรม": "คุณธรมม",
}


def row(**changes: Any) -> ProofRow:
    plain = ProofRow(
        number=1,
        title=(Paragraph(1, "การให้บริการแก่บุคคลภายนอก"),),
        steps=(ProofStep("จัดทำคู่มือการปฏิบัติงาน", 1), ProofStep("เผยแพร่คู่มือให้ประชาชนทราบ", 2)),
        responsible="ทุกส่วนราชการ",
        period="ตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖",
        summary=(
            Paragraph(1, "จัดทำคู่มือแล้วเสร็จ ๑๔ เรื่อง เมื่อวันที่ ๑๔ มีนาคม ๒๕๖๖"),
            Paragraph(2, "นำคู่มือขึ้นเว็บไซต์ของหน่วยงานเมื่อวันที่ ๒๐ มีนาคม ๒๕๖๖"),
        ),
        outcome=(Paragraph(None, "ประชาชนทราบขั้นตอนและระยะเวลาก่อนมาติดต่อ"),),
    )
    return replace(plain, **changes)


def document(*rows: ProofRow, **changes: Any) -> Document:
    plain = Document(AGENCY, (AGENCY, "อำเภอทุ่งสง จังหวัดนครศรีธรรมราช"), rows or (row(),), STARTS, ENDS)
    return replace(plain, **changes)


def found(document_: Document, kind: str) -> list[tuple[Place, str, str | None]]:
    assert kind in KINDS
    return [(one.place, one.quote, one.proposal) for one in proofread(document_) if one.kind == kind]


def summary(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(number, text) for number, text in enumerate(texts, 1))


def sample_texts() -> list[str]:
    plan = read_plan(plan_document(2566), "plan.txt", 2566)
    texts = [text for one in plan.measures for text in (one.title, *(step.text for step in one.steps))]
    for words in step_words().values():
        texts += [*words.results, words.outcome]
    return texts


def test_a_clean_document_is_left_alone() -> None:
    assert proofread(document()) == ()


@pytest.mark.parametrize(("written", "meant"), [("วัฒนะธรรม", "วัฒนธรรม"), ("พิจารนา", "พิจารณา"), ("เสมอพาค", "เสมอภาค")])
def test_a_word_written_by_ear_is_found(written: str, meant: str) -> None:
    assert [one.meant for one in misspellings(f"ร่วมกัน{written}ในหน่วยงาน")] == [meant]


def test_seeded_misspellings_are_found_and_nothing_else() -> None:
    texts = sample_texts()
    clean = [(text, one.written) for text in texts for one in misspellings(text)]
    told = missed = wrong = 0
    lines = []
    for right, slip in SLIPS.items():
        carrier = next((text for text in texts if right in text), f"มีการดำเนินการเรื่อง{right}ของหน่วยงานแล้ว")
        suggestions = list(misspellings(carrier.replace(right, slip, 1)))
        good = [one for one in suggestions if one.written in slip or slip in one.written]
        told += bool(good)
        missed += not good
        wrong += len(suggestions) - len(good)
        lines.append(f"{slip}: {', '.join(f'{one.written} → {one.meant}' for one in suggestions) or 'nothing'}")
    recall, precision = told / (told + missed), told / (told + wrong + len(clean))
    report = f"recall {recall:.2f}, precision {precision:.2f}\n" + "\n".join([*lines, *map(str, clean)])
    assert recall >= 0.95, report
    assert precision >= 0.97, report


@pytest.mark.untraced
def test_a_letter_dropped_from_any_long_word_is_mostly_found() -> None:
    told, cases = 0, []
    for text in sample_texts():
        for word in dict.fromkeys(nlpo3.segment(text, "proof") if list(misspellings(text)) == [] else []):
            if len(word) < 7 or not ("ก" <= word[0] <= "ไ"):
                continue
            middle = len(word) // 2
            broken = text.replace(word, word[:middle] + word[middle + 1 :], 1)
            good = bool(list(misspellings(broken)))
            told += good
            cases.append((word, good))
    recall = told / len(cases)
    missed = [word for word, good in cases if not good]
    assert recall >= 0.84, f"recall {recall:.2f} of {len(cases)}; missed {missed}"


def test_the_real_report(seed: bytes) -> None:
    plan = read_plan(seed, "report.txt", 2566)
    rows = tuple(
        ProofRow(
            one.number,
            (Paragraph(one.number, one.title), *one.details),
            tuple(ProofStep(step.text, step.number) for step in one.steps),
            one.responsible.text,
            one.period.text,
            one.summary,
            one.outcome,
        )
        for one in plan.measures
    )
    whole = document(*rows, agency=plan.agency, cover=(plan.agency or "", plan.place))
    assert [(quote, proposal) for _, quote, proposal in found(whole, "spelling")] == [
        ("รับผิชอบ", "รับผิดชอบ"),
        ("เบี่ยยังชีพ", "เบี้ยยังชีพ"),
        ("องค์กรบริหารส่วนตำบล", "องค์การบริหารส่วนตำบล"),
    ]
    assert found(whole, "agency_name") == [
        (Place(None, "cover", 1), "องค์การบริหารส่วนตำบลเขาวาว", "องค์การบริหารส่วนตำบลเขาขาว")
    ]
    assert [place for place, _, _ in found(whole, "brackets")] == [Place(6, "steps", 1)]
    assert [place.measure for place, _, _ in found(whole, "repeats_step")] == [2, 4, 4]
    assert [place for place, _, _ in found(whole, "pasted")] == [Place(5, "outcome", 2)]
    assert len(found(whole, "no_date")) == 11
    assert len(proofread(whole)) == 20, [one.as_json() for one in proofread(whole)]


@pytest.mark.parametrize(
    "text",
    [
        "นายสมชัย ใจดีศรีสุข และนางสาวกัลยาณี วงศ์ไพศาล ลงนาม",
        "จัดประชุม ณ ศาลาประชาคมตำบลบ้านนาสาร อำเภอทุ่งสง",
        "รายงานตามแบบ สขร.๑ ต่อ ก.ท. และ อบต. พ.ศ. ๒๕๖๖ ฯลฯ",
        "ผ่าน Facebook และ https://www.example.go.th/แผน แล้วสแกนคิวอาร์โค้ด",
        "ประชาชนต่างๆ ได้รับรู้ขั้นตอนฯ ทุกๆ เดือน",
        "",
    ],
)
def test_names_abbreviations_and_latin_are_no_misspellings(text: str) -> None:
    assert list(misspellings(text)) == []


def test_no_word_that_is_spelt_right_is_called_misspelt() -> None:
    data = files("tracker.proofreading") / "data"
    misspelt = dict(line.split("\t") for line in (data / "misspelt.tsv").read_text(encoding="utf-8").splitlines())
    common = [line.split("\t")[0] for line in (data / "frequencies_th.tsv").read_text(encoding="utf-8").splitlines()]
    told = [word for word in (*common, *misspelt.values()) if word not in misspelt and list(misspellings(word))]
    assert told == []


def test_a_word_that_the_agency_knows_is_left_alone() -> None:
    broken = document(row(outcome=(Paragraph(None, "ประชาชนได้รับเบี่ยยังชีพ"),)))
    assert found(broken, "spelling") == [(Place(1, "outcome", 1), "เบี่ยยังชีพ", "เบี้ยยังชีพ")]
    assert found(replace(broken, names=("เบี่ยยังชีพ",)), "spelling") == []


def test_the_name_in_the_settings_wins_a_tie_and_other_agencies_are_none_of_ours() -> None:
    texts = row(outcome=(Paragraph(None, "ประชาชนในอบต.เขาขาวและองค์การบริหารส่วนตำบลเขาขาบพอใจ"),))
    assert [(quote, proposal) for _, quote, proposal in found(document(texts), "agency_name")] == [
        ("องค์การบริหารส่วนตำบลเขาขาบ", AGENCY)
    ]
    other = row(outcome=(Paragraph(None, "ดูงานที่องค์การบริหารส่วนตำบลน้ำตกพลิ้ว"),))
    assert found(document(other), "agency_name") == []
    assert found(document(other, agency="กรมการปกครอง"), "agency_name") == []


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("อบรม 25 คน ในวันที่ ๑๔ มีนาคม ๒๕๖๖", "digits", "25"),
        ("อบรมเมื่อมีนาคม ๒๕๖5", "digits", "๒๕๖5"),
        ("ประชุม  ครั้งแรกมีนาคม ๒๕๖๖", "spaces", "ประชุม  ครั้งแรก"),
        ("บริการ (E-Service บนเว็บไซต์ มีนาคม ๒๕๖๖", "brackets", "(E-Service"),
        ("บริการ E-Service) มีนาคม ๒๕๖๖", "brackets", "E-Service)"),
        ("ประชุม “ครั้งแรก มีนาคม ๒๕๖๖", "brackets", "“ครั้งแรก"),
        ("ด\u0e4d\u0e32เนินการแล้วมีนาคม ๒๕๖๖", "split_am", "ด\u0e4d\u0e32เนิน"),
        ("เเจ้งเวียนแล้วมีนาคม ๒๕๖๖", "split_am", "เเจ้ง"),
        ("อบรมแล้วเมื่อวันที่ ๕ ตุลาคม ๒๕๖๖", "date_outside", "๕ ตุลาคม ๒๕๖๖"),
        ("อบรมแล้วเมื่อวันที่ ๓๐ กันยายน ๒๕๖๕", "date_outside", "๓๐ กันยายน ๒๕๖๕"),
        ("อบรมแล้วเมื่อ ๓๑ มิถุนายน ๒๕๖๖", "date_outside", "๓๑ มิถุนายน ๒๕๖๖"),
        ("อบรมแล้วเมื่อ ๕/๑๐/๒๕๖๖", "date_outside", "๕/๑๐/๒๕๖๖"),
    ],
)
def test_careless_marks_and_wrong_days(text: str, kind: str, quote: str) -> None:
    slipped = document(row(summary=summary(text, "นำคู่มือขึ้นเว็บไซต์เมื่อวันที่ ๒๐ มีนาคม ๒๕๖๖")))
    (one,) = found(slipped, kind)
    assert one[0] == Place(1, "summary", 1)
    assert one[1].strip("…") in text
    assert quote in one[1]


@pytest.mark.parametrize(
    "text",
    [
        "ดำเนินการ ดังนี้ 1) อบรม 2) ติดตาม มีนาคม ๒๕๖๖",
        "ก) อบรมเมื่อวันที่ ๑๔ มีนาคม ๒๕๖๖",
        "ประเมินตามแบบ IIT (แบบวัดการรับรู้) และ “EIT” มีนาคม ๒๕๖๖",
    ],
)
def test_list_marks_and_pairs_are_whole(text: str) -> None:
    assert found(document(row(summary=summary(text))), "brackets") == []


def test_latin_words_and_links_keep_their_digits() -> None:
    text = "ลงระบบ GFMIS2 ที่ https://example.go.th/2566 เมื่อมีนาคม ๒๕๖๖ ติดต่อ saraban02@example.go.th"
    assert found(document(row(summary=summary(text))), "digits") == []


def test_a_day_of_the_next_round_is_outside_of_this_one() -> None:
    text = row(summary=summary("อบรมเมื่อวันที่ ๑๔ เมษายน ๒๕๖๖", "ติดตามผลในมีนาคม ๒๕๖๖"))
    assert found(document(text), "date_outside") == []
    assert [quote for _, quote, _ in found(document(text, ends=MARCH), "date_outside")] == ["๑๔ เมษายน ๒๕๖๖"]


def test_a_measure_without_result_and_steps_that_nobody_reported() -> None:
    assert [place for place, _, _ in found(document(row(summary=())), "no_result")] == [Place(1, "summary", 1)]
    steps = (ProofStep("จัดทำคู่มือ", 1, reported=True), ProofStep("เผยแพร่คู่มือ", 2, reported=False))
    assert [place for place, _, _ in found(document(row(steps=steps)), "no_result")] == [Place(1, "steps", 2)]


def test_a_typed_result_with_items_too_few_leaves_out_the_step_least_like_them() -> None:
    steps = tuple(
        ProofStep(text, number) for number, text in enumerate(("จัดทำคู่มือ", "อบรมเจ้าหน้าที่ใหม่", "เผยแพร่คู่มือทางเว็บไซต์"), 1)
    )
    texts = summary("จัดทำคู่มือแล้วในมีนาคม ๒๕๖๖", "เผยแพร่คู่มือทางเว็บไซต์แล้วในมีนาคม ๒๕๖๖")
    assert [place for place, _, _ in found(document(row(steps=steps, summary=texts)), "no_result")] == [
        Place(1, "steps", 2)
    ]


def test_results_without_a_day() -> None:
    texts = (
        *summary("จัดทำคู่มือแล้วเสร็จ", "อบรมแล้วในไตรมาสที่ ๒", "ประชุมเมื่อ ๑๔/๓/๖๖", "รายงานประจำเดือนมีนาคม"),
        Paragraph(5, "อยู่ระหว่างดำเนินการ: จัดพิมพ์"),
    )
    assert [place.paragraph for place, _, _ in found(document(row(summary=texts)), "no_date")] == [1]


def test_a_list_and_the_line_that_leads_it_are_one_result() -> None:
    texts = (Paragraph(None, "จัดช่องทางร้องเรียน ดังนี้"), Paragraph(1, "เว็บไซต์"), Paragraph(2, "ตู้รับเรื่องร้องเรียน"))
    assert [place.paragraph for place, _, _ in found(document(row(summary=texts)), "no_date")] == [1]


LONG = "จัดประชุมชี้แจงให้บุคลากรภายในทราบเรื่องการให้บริการอย่างเท่าเทียมกัน เมื่อวันที่ ๑๔ มีนาคม ๒๕๖๖"


def test_text_that_was_pasted_twice_even_with_small_changes() -> None:
    other = row(number=2, summary=summary(LONG.replace("ชี้แจง", "เพื่อชี้แจง")), steps=(), outcome=())
    twice = document(row(summary=summary(LONG), steps=()), other)
    assert [place for place, _, _ in found(twice, "pasted")] == [Place(2, "summary", 1)]


def test_lines_that_count_may_be_alike_and_want_no_day() -> None:
    counted = "ยังไม่ได้รายงานผล ๑ ส่วนราชการ (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖) ได้แก่"
    texts = summary(counted, counted.replace("๑ ส่วน", "๔ ส่วน"), "ยกเลิกการดำเนินการ")
    of_counts = document(row(summary=texts, steps=()))
    assert found(of_counts, "pasted") + found(of_counts, "no_date") == []


def test_a_measure_of_which_nothing_is_due_yet_misses_no_result() -> None:
    assert found(document(row(summary=(), steps=(ProofStep("ปลูกต้นไม้", 1, reported=True),))), "no_result") == []
    missing = row(summary=(), steps=(ProofStep("ปลูกต้นไม้", 1, reported=False),))
    assert [place for place, _, _ in found(document(missing), "no_result")] == [Place(1, "summary", 1)]


def test_an_outcome_that_repeats_the_summary_and_a_result_that_repeats_its_step() -> None:
    repeated = document(row(summary=summary(LONG), outcome=(Paragraph(None, LONG),), steps=(ProofStep(LONG, 1),)))
    assert [place for place, _, _ in found(repeated, "outcome_repeats")] == [Place(1, "outcome", 1)]
    assert [place for place, _, _ in found(repeated, "repeats_step")] == [Place(1, "summary", 1)]
    assert found(repeated, "pasted") == []


THAI = st.text(alphabet="กขคงดตนบปมยรลวสหอ\u0e30\u0e31\u0e32\u0e33\u0e34\u0e35\u0e48\u0e49\u0e4cเแ 12๓(“)", max_size=60)


@given(st.lists(THAI, max_size=4), st.lists(THAI, max_size=3))
def test_any_text_is_read_without_fail_and_quotes_what_stands_there(
    results_: Iterable[str], outcomes: list[str]
) -> None:
    texts = [text for text in results_ if text.strip()]
    whole = document(row(summary=summary(*texts), outcome=summary(*(text for text in outcomes if text.strip()))))
    for one in proofread(whole):
        if one.kind in ("spelling", "brackets", "spaces", "split_am"):
            passages = {passage.place: passage.text for passage in whole.passages()}
            quoted = one.quote.strip("…")
            assert quoted in passages[one.place] or quoted in fix_text(passages[one.place])
