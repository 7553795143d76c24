"""Reading whole plans: the real report, every format alike, rows, headers, warnings."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import REPORT, shared
from tests.unit.plan_import.import_files import HEADER, WRITERS, as_csv, as_text, as_xlsx, row
from tracker.errors import NotUnderstoodError
from tracker.plan_draft import DraftMeasure, DraftPlan
from tracker.plan_import import read_plan

FIRST = row("๑. มาตรการแรก", "๑. จัดทำ\n๒. เผยแพร่", "ทุกส่วนราชการ", "ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖", "๑.ทำแล้ว\nครบ", "ดี")
SECOND = row("๒.มาตรการที่สอง\n๑.รายละเอียด", "๑.ประชุม", "งานนิติการ", "๓๐ กันยายน ๒๕๖๖", "", "")


def read(data: bytes, name: str = "plan.txt", **options: object) -> DraftPlan:
    return read_plan(data, name, 2566, **options)  # type: ignore[arg-type]


def messages(plan: DraftPlan) -> str:
    return "\n".join(f"{warning.where}: {warning.message}" for warning in plan.warnings)


@pytest.fixture(scope="module")
def seed() -> DraftPlan:
    report = shared(REPORT)
    return read(report.read_bytes(), report.name)


class TestSeed:
    def test_it_has_six_measures_and_twelve_steps(self, seed: DraftPlan) -> None:
        assert [measure.number for measure in seed.measures] == [1, 2, 3, 4, 5, 6]
        assert [len(measure.steps) for measure in seed.measures] == [3, 3, 2, 2, 1, 1]
        assert all(step.number == at for m in seed.measures for at, step in enumerate(m.steps, 1))

    def test_its_parties_are_as_the_page_has_them(self, seed: DraftPlan) -> None:
        assert [(m.responsible.mode, m.responsible.parties) for m in seed.measures] == [
            ("each", ("ทุกส่วนราชการ",)),
            ("jointly", ("งานนิติการ",)),
            ("each", ("หัวหน้าส่วนทุกส่วน",)),
            ("jointly", ("คณะกรรมการสนับสนุนการประเมิน ITA",)),
            ("each", ("เจ้าหน้าที่ทุกคนขององค์การบริหารส่วนตำบลเขาขาว",)),
            ("jointly", ("เจ้าหน้าที่ฝ่ายประชาสัมพันธ์", "นิติกร")),
        ]

    def test_every_text_of_the_file_is_in_the_draft_and_nothing_else(self, seed: DraftPlan) -> None:
        source = shared(REPORT).read_text("utf-8")
        drafted = json.dumps(seed.as_json(), ensure_ascii=False)
        cells = [line for line in source.splitlines() if line.startswith("<p>")]
        for paragraph in "\t".join(cells).replace("\t", " ").replace("<p>", "").split("</p>"):
            text = paragraph.strip().lstrip("๐๑๒๓๔๕๖๗๘๙").lstrip(". ")
            assert text in drafted or paragraph.strip() in drafted

    def test_the_sixth_measure_has_details_and_a_mixed_summary(self, seed: DraftPlan) -> None:
        sixth = seed.measures[5]
        assert sixth.title == "ช่องทางการติดต่อสื่อสาร"
        assert [(p.number, p.text) for p in sixth.details] == [
            (1, "ช่องทางการร้องเรียนร้องทุกข์"),
            (2, "ช่องทางการร้องเรียนการทุจริตของเจ้าหน้าที่"),
            (3, "ช่องทางการบริการประชาชน (E-Service)"),
        ]
        assert [p.number for p in sixth.summary] == [None, 1, 2, 3]
        assert [p.number for p in sixth.outcome] == [None]

    def test_the_cover_is_read_and_its_contradiction_with_the_body_named(self, seed: DraftPlan) -> None:
        assert seed.agency == "องค์การบริหารส่วนตำบลเขาวาว"
        (warning,) = [w for w in seed.warnings if w.where == "cover"]
        assert "เขาวาว" in warning.message
        assert "“องค์การบริหารส่วนตำบลเขาขาว” 13 ครั้ง" in warning.message


class TestFormats:
    @pytest.mark.parametrize("kind", WRITERS)
    def test_each_format_gives_the_same_plan(self, kind: str) -> None:
        plan = read(WRITERS[kind]([FIRST, SECOND]), f"plan.{kind}")
        first, second = plan.measures
        assert plan.agency == "องค์การบริหารส่วนตำบลเขาขาว"
        assert (first.number, first.title) == (1, "มาตรการแรก")
        assert [(s.number, s.text) for s in first.steps] == [(1, "จัดทำ"), (2, "เผยแพร่")]
        assert [(p.number, p.text) for p in first.summary] == [(1, "ทำแล้ว"), (None, "ครบ")]
        assert [(p.number, p.text) for p in second.details] == [(1, "รายละเอียด")]
        assert second.summary == ()
        assert not plan.warnings, messages(plan)

    @pytest.mark.parametrize("kind", WRITERS)
    def test_the_last_two_columns_may_be_absent(self, kind: str) -> None:
        plan = read(WRITERS[kind]([FIRST[:4]], HEADER[:4]), f"plan.{kind}")
        assert plan.measures[0].summary == plan.measures[0].outcome == ()
        assert not plan.warnings, messages(plan)

    def test_the_seed_reads_the_same_from_every_format(self, seed: DraftPlan) -> None:
        rows = [_cells(measure) for measure in seed.measures]
        cover = ["ประจำปีงบประมาณ ๒๕๖๖", seed.agency or ""]
        for kind, write in WRITERS.items():
            assert read(write(rows, HEADER, cover), f"x.{kind}").as_json() == seed.as_json(), kind


def _cells(measure: DraftMeasure) -> list[list[str]]:
    def shown(number: int | None, text: str) -> str:
        return text if number is None else f"{number}. {text}"

    return [
        [shown(measure.number, measure.title), *(shown(p.number, p.text) for p in measure.details)],
        [shown(step.number, step.text) for step in measure.steps],
        [measure.responsible.text],
        [measure.period.text],
        [shown(p.number, p.text) for p in measure.summary],
        [shown(p.number, p.text) for p in measure.outcome],
    ]


WORDS = st.sampled_from(["จัดทำ", "คู่มือ", "ประชุม", "บุคลากร", "(ITA)", "๒๕๖๖", "E-Service", "๓.๕ ล้านบาท", "และ", "น้ำ"])
TEXT = st.lists(WORDS, min_size=1, max_size=5).map(" ".join).map(lambda text: f"ก{text}")
PARAGRAPHS = st.lists(TEXT, max_size=3)


@st.composite
def plans(draw: st.DrawFn) -> list[list[list[str]]]:
    rows = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        steps = draw(st.lists(TEXT, min_size=1, max_size=3))
        rows.append(
            [
                [f"{number}. {draw(TEXT)}", *draw(PARAGRAPHS)],
                [f"{at}.{text}" for at, text in enumerate(steps, 1)],
                [draw(st.sampled_from(["ทุกกอง", "กองคลัง/กองช่าง", "งานนิติการ"]))],
                [draw(st.sampled_from(["มกราคม ๒๕๖๖", "ต.ค. ๖๕ - ก.ย. ๖๖"]))],
                [f"{at}) {text}" if draw(st.booleans()) else text for at, text in enumerate(draw(PARAGRAPHS), 1)],
                draw(PARAGRAPHS),
            ]
        )
    return rows


@pytest.mark.untraced
@settings(max_examples=40, deadline=None)
@given(plans())
def test_every_format_reads_as_the_text_form_does(rows: list[list[list[str]]]) -> None:
    expected = read(as_text(rows)).as_json()
    assert len(expected["measures"]) == len(rows)
    assert [_cells(m)[0][0] for m in read(as_text(rows)).measures] == [cells[0][0] for cells in rows]
    for kind, write in WRITERS.items():
        assert read(write(rows), f"plan.{kind}").as_json() == expected, kind


class TestHeaders:
    @settings(max_examples=25, deadline=None)
    @given(st.permutations(range(6)))
    def test_columns_are_found_in_any_order(self, order: list[int]) -> None:
        shuffled = as_csv([[FIRST[at] for at in order]], [HEADER[at] for at in order])
        assert read(shuffled, "x.csv").measures == read(as_csv([FIRST]), "x.csv").measures

    @pytest.mark.parametrize(
        "header",
        [
            ("มาตรการ", "วิธีดำเนินการ", "ผู้รับผิดชอบ", "ระยะเวลา", "ผลการดำเนินการ", "ผลสัมฤทธิ์"),
            ("แนวทาง", "กิจกรรม", "หน่วยงานที่รับผิดชอบ", "ห้วงเวลา", "สรุปผลการดำเนินงาน", "ความสำเร็จ"),
            ("กิจกรรม/โครงการ", "ขั้นตอนการดำเนินงาน", "ส่วนราชการ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน", "ผลที่ได้รับ"),
            ("มาตรการ/ แนวทาง", "ขั้นตอน / วิธีปฏิบัติ", "หน่วยงาน ผู้รับผิดชอบ", "ระยะเวลา ดำเนินการ", "รายงานผล", "ผลลัพธ์"),
            ("มาตรการ", "การดำเนินการ", "ผู้รับผิดชอบ", "กำหนดเวลา", "ผลการดำเนินการ", "ผลลัพธ์ / ความสำเร็จ"),
            ("Measure", "Steps", "Responsible", "Period", "Summary", "Outcome"),
        ],
    )
    def test_synonyms_name_the_columns(self, header: tuple[str, ...]) -> None:
        plan = read(as_csv([FIRST, SECOND], header), "x.csv")
        assert plan.measures == read(as_csv([FIRST, SECOND]), "x.csv").measures
        assert not plan.warnings, messages(plan)

    def test_main_and_joint_parties_and_the_ends_of_a_period_may_have_columns_of_their_own(self) -> None:
        header = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบหลัก", "ผู้รับผิดชอบร่วม", "วันเริ่มต้น", "วันสิ้นสุด", "การติดตาม/รายงานผล")
        plan = read(
            as_csv([row("๑.ก", "๑.ข", "กองคลัง", "กองช่าง", "๑ ต.ค. ๖๕", "๓๐ ก.ย. ๖๖", "ทุกเดือน")], header), "x.csv"
        )
        (measure,) = plan.measures
        assert measure.responsible.parties == ("กองคลัง", "กองช่าง")
        assert (str(measure.period.start), str(measure.period.end)) == ("2022-10-01", "2023-09-30")
        assert measure.summary == ()
        assert "การติดตาม/รายงานผล" in messages(plan)

    def test_a_lone_activity_column_is_the_measure(self) -> None:
        plan = read(as_csv([row("ประชุม", "กองคลัง", "มกราคม ๒๕๖๖")], ("กิจกรรม", "ผู้รับผิดชอบ", "ระยะเวลา")), "x.csv")
        (measure,) = plan.measures
        assert [step.text for step in measure.steps] == ["ประชุม"]
        assert "ไม่มีช่อง “ขั้นตอน/วิธีปฏิบัติ”" in messages(plan)

    def test_a_column_may_be_named(self) -> None:
        header = ("มาตรการ", "สิ่งที่ต้องทำ", "ใคร", "เมื่อไร")
        named = {"steps": "สิ่งที่ต้องทำ", "responsible": "ใคร", "period": " เมื่อไร "}
        plan = read(as_csv([FIRST[:4]], header), "x.csv", columns=named)
        assert plan.measures == read(as_csv([FIRST[:4]], HEADER[:4]), "x.csv").measures

    def test_a_named_column_that_is_not_there_is_an_error_that_lists_the_headers(self) -> None:
        with pytest.raises(NotUnderstoodError, match=r"นัดหมาย.*มาตรการ/แนวทาง"):
            read(as_csv([FIRST]), "x.csv", columns={"period": "นัดหมาย"})

    def test_an_unknown_field_is_an_error_that_lists_the_fields(self) -> None:
        with pytest.raises(NotUnderstoodError, match=r'"budget".*measure, steps'):
            read(as_csv([FIRST]), "x.csv", columns={"budget": "งบประมาณ"})

    def test_no_table_is_an_error_that_names_what_was_sought_and_seen(self) -> None:
        with pytest.raises(NotUnderstoodError, match=r"มาตรการ/แนวทาง.*ชื่อ \| อายุ"):
            read("ชื่อ,อายุ,ที่อยู่\nก,๑,ข\n".encode(), "x.csv")

    def test_other_columns_are_reported_with_what_they_hold(self) -> None:
        rows = [[["1"], *FIRST[:4], ["๕,๐๐๐ บาท"], ["-"]]]
        plan = read(as_csv(rows, ("ลำดับ", *HEADER[:4], "งบประมาณ", "หมายเหตุ")), "x.csv")
        assert [w.where for w in plan.warnings] == ["column “งบประมาณ”"]
        assert "มาตรการ 1: “๕,๐๐๐ บาท”" in messages(plan)

    def test_the_ordinal_column_numbers_measures_without_a_number(self) -> None:
        rows = [[["๑"], ["ก"], *FIRST[1:4]], [["๒"], ["ข"], *FIRST[1:4]]]
        plan = read(as_csv(rows, ("ที่", *HEADER[:4])), "x.csv")
        assert [(m.number, m.title) for m in plan.measures] == [(1, "ก"), (2, "ข")]
        assert not plan.warnings

    def test_a_header_of_two_rows(self) -> None:
        rows = [row("", "", "", "เริ่มต้น", "สิ้นสุด"), row("๑.ก", "๑.ข", "กองคลัง", "๑ ตุลาคม ๒๕๖๕", "๓๐ กันยายน ๒๕๖๖")]
        plan = read(as_csv(rows, ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลาดำเนินการ", "")), "x.csv")
        period = plan.measures[0].period
        assert (str(period.start), str(period.end)) == ("2022-10-01", "2023-09-30")

    @pytest.mark.parametrize(
        ("marks", "start", "end"),
        [
            (["✓", "✓", "", "", "", ""], "2022-10-01", "2022-11-30"),
            (["", "", "", "/", "", ""], "2023-01-01", "2023-01-31"),
            (["", "X", "X", "X", "X", "X"], "2022-11-01", "2023-03-31"),
        ],
    )
    def test_marks_under_months_are_a_period_and_said_to_be(self, marks: list[str], start: str, end: str) -> None:
        header = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลาดำเนินการ", "", "", "", "", "")
        rows = [
            row("", "", "", "พ.ศ. ๒๕๖๕", "", "", "พ.ศ. ๒๕๖๖", "", ""),
            row("", "", "", "ต.ค.", "พ.ย.", "ธ.ค.", "ม.ค.", "ก.พ.", "มี.ค."),
            row("๑.ก", "๑.ข", "กองคลัง", *marks),
        ]
        plan = read(as_csv(rows, header), "x.csv")
        period = plan.measures[0].period
        assert (str(period.start), str(period.end)) == (start, end), period
        assert "อ่านจากเครื่องหมาย" in messages(plan)

    def test_a_row_that_numbers_the_columns_is_no_measure(self) -> None:
        rows = [row("(๑)", "(๒)", "(๓)", "(๔)", "(๕)", "(๖)"), FIRST]
        assert len(read(as_csv(rows), "x.csv").measures) == 1


class TestRows:
    def test_rows_without_a_measure_go_on_with_the_one_above(self) -> None:
        rows = [
            row("๑.ก", "๑.หนึ่ง", "กองคลัง", "มกราคม ๒๕๖๖", "๑.ทำ", ""),
            row("", "๒.สอง", "กองช่าง", "", "๒.ทำอีก", "ดี"),
            row("", "๓.สาม", "", "มีนาคม ๒๕๖๖", "", ""),
        ]
        (measure,) = read(as_csv(rows), "x.csv").measures
        assert [s.text for s in measure.steps] == ["หนึ่ง", "สอง", "สาม"]
        assert measure.responsible.parties == ("กองคลัง",)
        assert [s.responsible and s.responsible.parties for s in measure.steps] == [None, ("กองช่าง",), ("กองช่าง",)]
        assert [s.period and str(s.period.end) for s in measure.steps] == [None, None, "2023-03-31"]
        assert [p.text for p in measure.summary] == ["ทำ", "ทำอีก"]

    def test_a_measure_repeated_on_the_next_page_is_one_measure(self) -> None:
        rows = [FIRST[:4], row("๑. มาตรการแรก (ต่อ)", "๓.ติดตาม", "ทุกส่วนราชการ", "ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖")]
        (measure,) = read(as_csv(rows, HEADER[:4]), "x.csv").measures
        assert [(s.number, s.text, s.responsible, s.period) for s in measure.steps] == [
            (1, "จัดทำ", None, None),
            (2, "เผยแพร่", None, None),
            (3, "ติดตาม", None, None),
        ]

    def test_a_step_that_runs_over_the_page_is_one_step(self) -> None:
        rows = [row("๑.ก", "๑.จัดทำ", "กองคลัง", "มกราคม ๒๕๖๖"), row("", "และเผยแพร่", "", "")]
        (measure,) = read(as_csv(rows, HEADER[:4]), "x.csv").measures
        assert [s.text for s in measure.steps] == ["จัดทำ\nและเผยแพร่"]

    def test_a_row_that_repeats_only_the_measures_number_goes_on_with_it(self) -> None:
        rows = [row("๑. ก", "๑.จัดทำ", "กองคลัง", "มกราคม ๒๕๖๖"), row("๑.", "๒.เผยแพร่", "", "")]
        (measure,) = read(as_csv(rows, HEADER[:4]), "x.csv").measures
        assert [(s.number, s.text) for s in measure.steps] == [(1, "จัดทำ"), (2, "เผยแพร่")]

    def test_a_party_or_period_of_a_pages_length_is_reported_and_kept(self) -> None:
        long = "กองคลัง" + "ก" * 3_000
        plan = read(as_csv([row("๑.ก", "๑.ข", long, "ม" * 3_000)], HEADER[:4]), "x.csv")
        (measure,) = plan.measures
        assert measure.responsible.text == long
        assert all(len(party) <= 201 for party in measure.responsible.parties)
        assert [w.where for w in plan.warnings] == ["measure 1, หน่วยงานผู้รับผิดชอบ", "measure 1, ระยะเวลาดำเนินการ"]

    def test_ditto_marks_repeat_the_cell_above(self) -> None:
        rows = [FIRST[:4], row("๒.ข", "๑.ค", "”", '"')]
        first, second = read(as_csv(rows, HEADER[:4]), "x.csv").measures
        assert (second.responsible, second.period) == (first.responsible, first.period)

    def test_a_row_before_any_measure_is_reported(self) -> None:
        plan = read(as_csv([row("", "๑.ค้าง", "", "", "", ""), FIRST]), "x.csv")
        assert len(plan.measures) == 1
        assert "row 6: " in messages(plan)
        assert "๑.ค้าง" in messages(plan)

    def test_headings_and_signatures_between_rows_are_reported_not_measures(self) -> None:
        rows = [row("ด้านที่ ๑ ความโปร่งใส"), FIRST, row("ลงชื่อ นายก"), row("หมายเหตุ: ก")]
        plan = read(as_csv(rows), "x.csv")
        assert [m.number for m in plan.measures] == [1]
        assert all(text in messages(plan) for text in ("ด้านที่ ๑", "ลงชื่อ", "หมายเหตุ"))

    def test_numbers_that_jump_or_repeat_are_reported(self) -> None:
        rows = [FIRST, row("๓.ก", "๑.ข", "กองคลัง", "มกราคม ๒๕๖๖"), row("๓.ค", "๑.ข", "กองคลัง", "มกราคม ๒๕๖๖")]
        plan = read(as_csv(rows), "x.csv")
        assert [m.number for m in plan.measures] == [1, 3, 3]
        assert messages(plan).count("เลขลำดับไม่ต่อเนื่อง") == 2

    def test_measures_without_numbers_are_counted(self) -> None:
        plan = read(as_csv([row("ก", "ข", "กองคลัง", "มกราคม ๒๕๖๖"), row("ค", "ง", "กองช่าง", "มกราคม ๒๕๖๖")]), "x.csv")
        assert [m.number for m in plan.measures] == [1, 2]
        assert not plan.warnings

    def test_missing_cells_are_reported_at_their_place(self) -> None:
        plan = read(as_csv([row("๑.ก", "", "", "")], HEADER[:4]), "x.csv")
        assert [w.where for w in plan.warnings] == [
            "measure 1, หน่วยงานผู้รับผิดชอบ",
            "measure 1, ระยะเวลาดำเนินการ",
            "measure 1, ขั้นตอน/วิธีปฏิบัติ",
        ]
        assert [s.text for s in plan.measures[0].steps] == ["ก"]

    def test_what_the_period_parser_doubts_is_a_warning_of_the_measure(self) -> None:
        plan = read(as_csv([row("๑.ก", "๑.ข", "กองคลัง", "๓๑ มิถุนายน ๒๕๖๖")]), "x.csv")
        assert [w.where for w in plan.warnings] == ["measure 1, ระยะเวลาดำเนินการ"]

    def test_an_overview_with_fewer_columns_is_left_out_and_reported(self) -> None:
        overview = as_text([row("๑.ก", "กองคลัง")], ("มาตรการ", "ผู้รับผิดชอบ"))
        plan = read(overview + "\nต่อไปเป็นแผน\n".encode() + as_text([FIRST], cover=()))
        assert [m.title for m in plan.measures] == ["มาตรการแรก"]
        assert "กองคลัง" in messages(plan)

    def test_a_cover_line_repeated_on_each_page_and_page_numbers_are_no_news(self) -> None:
        plan = read(as_text([FIRST]) + "\n- ๒ -\nรายงานผลการดำเนินการ\n".encode() + as_text([SECOND], cover=()))
        assert len(plan.measures) == 2
        assert not plan.warnings, messages(plan)

    def test_text_after_the_table_is_reported(self) -> None:
        plan = read(as_text([FIRST]) + "\nผู้รายงาน นางสาวก".encode())
        assert "ผู้รายงาน นางสาวก" in messages(plan)


class TestCover:
    def test_another_fiscal_year_on_the_cover_is_reported(self) -> None:
        plan = read(as_text([FIRST], cover=["ประจำปีงบประมาณ พ.ศ. ๒๕๖๕", "เทศบาลตำบลนาดี"]))
        assert plan.agency == "เทศบาลตำบลนาดี"
        assert "2565" in messages(plan)

    @pytest.mark.parametrize(
        ("line", "agency"),
        [
            ("องค์การบริหารส่วนตำบลเขาขาว อำเภอทุ่งสง จังหวัดนครศรีธรรมราช", "องค์การบริหารส่วนตำบลเขาขาว"),
            ("แผนปฏิบัติการของเทศบาลเมืองทุ่งสง ประจำปีงบประมาณ ๒๕๖๖", "เทศบาลเมืองทุ่งสง"),
            ("สำนักปลัด อบต.เขาขาว", "อบต.เขาขาว"),
            ("โรงพยาบาลพิชัย จังหวัดอุตรดิตถ์", "โรงพยาบาลพิชัย"),
            ("องค์การบริหารส่วนจังหวัดกระบี่", "องค์การบริหารส่วนจังหวัดกระบี่"),
            ("แผนของเรา", None),
            ("อำเภอทุ่งสง จังหวัดนครศรีธรรมราช", None),
            ("รายงานของกรมอนามัย ประจำปี ๒๕๖๖", "กรมอนามัย"),
            ("ส่งเสริมความโปร่งใสภายในสำนักงานเขตบางรัก", "สำนักงานเขตบางรัก"),
        ],
    )
    def test_the_agency_is_found_in_a_cover_line(self, line: str, agency: str | None) -> None:
        assert read(as_text([FIRST], cover=[line])).agency == agency

    def test_in_a_workbook_the_cover_is_above_the_header(self) -> None:
        plan = read(as_xlsx([FIRST], cover=["เทศบาลตำบลนาดี"]), "x.xlsx")
        assert (plan.agency, plan.warnings) == ("เทศบาลตำบลนาดี", ())
