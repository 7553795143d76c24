"""The coordinator's Word template on the web: tried, kept, used for DOCX, taken back."""

from io import BytesIO

import docx
from sqlalchemy import select

from tests.admin.conftest import Visitor
from tracker.models import Event, ReportTemplate
from tracker.store.db import Database

PAGE = "/reports/template/"


def word(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def first_line(visitor: Visitor) -> str:
    answer = visitor.client.get("/reports/2566/6.docx")
    return docx.Document(BytesIO(answer.data)).paragraphs[0].text


def test_a_template_is_tried_kept_used_and_taken_back(coordinator: Visitor, database: Database) -> None:
    good = word("แบบของ {{ agency }}", "{{ table }}")
    answer = coordinator.post(PAGE, {"document": (BytesIO(good), "แบบ.docx")})
    assert answer.status_code == 302
    assert "แบบ.docx" in coordinator.client.get(PAGE).text
    assert first_line(coordinator).startswith("แบบของ ")
    assert coordinator.client.get(f"{PAGE}current.docx").data == good
    assert coordinator.post(f"{PAGE}remove", {}).status_code == 302
    assert first_line(coordinator) == "รายงานผลการดำเนินการ"
    with database.reading() as session:
        assert session.scalar(select(ReportTemplate)) is None
        kinds = session.scalars(select(Event.kind).where(Event.kind.startswith("report_template"))).all()
    assert sorted(kinds) == ["report_template_kept", "report_template_removed"]


def test_a_wrong_template_is_answered_with_its_place_and_nothing_is_kept(
    coordinator: Visitor, database: Database
) -> None:
    bad = word("แบบของ {{ agncy }}", "{{ table }}")
    answer = coordinator.post(PAGE, {"document": (BytesIO(bad), "แบบ.docx")})
    assert answer.status_code == 422
    assert "{{ agncy }} ในย่อหน้าที่ 1 ของแม่แบบ" in answer.text
    with database.reading() as session:
        assert session.scalar(select(ReportTemplate)) is None


def test_the_starter_can_be_uploaded_as_it_is(coordinator: Visitor) -> None:
    starter = coordinator.client.get(f"{PAGE}starter.docx").data
    answer = coordinator.post(PAGE, {"document": (BytesIO(starter), "a.docx")})
    assert answer.status_code == 302
