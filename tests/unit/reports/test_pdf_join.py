"""A long report is set in parts, which one file joins: it reads as if it had been set at once."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from tests.unit.reports.report_sample import measure, report
from tracker.reports import as_pdf, render

_ROWS = [measure(number) for number in range(1, 7)]


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, bytes]:
    """A report set at once, and in four parts: three of two measures, one of what follows."""
    monkeypatch.setattr(as_pdf, "_CHUNK", 2)
    whole = render(report(*_ROWS), "pdf")
    monkeypatch.setattr(as_pdf, "_PART", 2)
    return whole, render(report(*_ROWS), "pdf")


def tags(content: bytes) -> list[str]:
    with pikepdf.open(BytesIO(content)) as pdf:
        return [str(tag.S) for tag in below(pdf.Root.StructTreeRoot)]


def below(tag: pikepdf.Object) -> Iterator[pikepdf.Object]:
    children = tag.get("/K", pikepdf.Array())
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from below(child)


def test_text_tags_and_bookmarks_are_those_of_a_report_set_at_once(both: tuple[bytes, bytes]) -> None:
    whole, parts = (PdfReader(BytesIO(content)) for content in both)
    assert [page.extract_text() for page in parts.pages] == [page.extract_text() for page in whole.pages]
    assert [str(one.title) for one in flat(parts.outline)] == [str(one.title) for one in flat(whole.outline)]
    assert [parts.get_destination_page_number(one) for one in flat(parts.outline)] == [
        whole.get_destination_page_number(one) for one in flat(whole.outline)
    ]
    assert tags(both[1]) == tags(both[0])


def flat(outline: list) -> Iterator:  # type: ignore[type-arg]
    for one in outline:
        if isinstance(one, list):
            yield from flat(one)
        else:
            yield one


def test_each_tag_is_found_from_its_page_and_by_its_name(both: tuple[bytes, bytes]) -> None:
    with pikepdf.open(BytesIO(both[1])) as pdf:
        assert not pdf.check_pdf_syntax()
        tree = pdf.Root.StructTreeRoot
        by_page = pikepdf.NumberTree(tree.ParentTree)
        for page in pdf.pages:
            owners = [one for one in by_page[int(page.obj.StructParents)] if one is not None]
            assert {one.Pg.objgen for one in owners if "/Pg" in one} == {page.obj.objgen}
        named = {str(name): tag.objgen for name, tag in pikepdf.NameTree(tree.IDTree).items()}
        found = [tag for tag in below(tree) if "/ID" in tag]
        assert len(found) == len(named) > 12
        assert all(named[str(tag.ID)] == tag.objgen for tag in found)
        headers = {
            str(name)
            for tag in below(tree)
            for one in (tag.get("/A", []) if isinstance(tag.get("/A"), pikepdf.Array) else [])
            for name in one.get("/Headers", [])
        }
        assert headers
        assert headers <= named.keys()
        for tag in (tree.K[0], *found):
            children = [child for child in tag.K if isinstance(child, pikepdf.Dictionary) and "/S" in child]
            assert all(child.P.objgen == tag.objgen for child in children)


def test_the_standards_are_claimed_once_and_the_number_is_that_of_the_content(both: tuple[bytes, bytes]) -> None:
    again = render(report(*_ROWS), "pdf")
    other = render(report(*_ROWS[:-1], replace(_ROWS[-1], title="อีกมาตรการหนึ่ง")), "pdf")
    assert again == both[1]
    described = []
    for content in (again, other):
        with pikepdf.open(BytesIO(content)) as pdf:
            described.append(pdf.Root.Metadata.read_bytes())
            assert b"<xmpTPg:NPages>%d<" % len(pdf.pages) in described[-1]
            with pdf.open_metadata() as told:
                assert told.pdfa_status == "2A"
    instances = [one.partition(b"<xmpMM:InstanceID>")[2].partition(b"<")[0] for one in described]
    assert instances[0] != instances[1]


def test_bookmarks_of_several_parts_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_pdf, "_PART", 10)
    monkeypatch.setattr(as_pdf, "_CELLS_A_PAGE", 1)
    content = render(report(*_ROWS[:1]), "pdf")
    titles = [str(one.title) for one in PdfReader(BytesIO(content)).outline if not isinstance(one, list)]
    assert [title.split(" ")[1] for title in titles] == ["ก", "ข"]
    with pikepdf.open(BytesIO(content)) as pdf, pdf.open_outline() as outline:
        assert [one.title for one in outline.root] == titles
