"""An agency's own Word template: which placeholders it may hold, and where one is wrong.

A template is text with names in it and no program: only names, loops and conditions are taken, nothing is called or
computed. An error names the placeholder and its place in one sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from docx.document import Document
from docx.oxml.ns import qn
from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tracker.errors import NotUnderstoodError

TEXTS = {
    "agency": "ชื่อหน่วยงาน",
    "place": "อำเภอและจังหวัด",
    "fiscal_year": "ปีงบประมาณ",
    "round": "รอบ (๖ หรือ ๑๒ เดือน)",
    "title": "ชื่อรายงานในบรรทัดเดียว",
    "running_title": "ชื่อรายงานสำหรับท้ายกระดาษ",
    "as_of": "ข้อมูล ณ วันที่",
    "draft_note": "คำว่าร่าง (ว่างเมื่อปิดรอบแล้ว)",
}
BLOCKS = {
    "table": "ตารางรายงานหกคอลัมน์",
    "signatures": "ช่องลงนาม",
    "progress": "หน้าความก้าวหน้า",
    "annex": "ภาคผนวก",
}
ROWS = {
    "measure": "มาตรการ/แนวทาง",
    "steps": "ขั้นตอน/วิธีปฏิบัติ",
    "responsible": "หน่วยงานผู้รับผิดชอบ",
    "period": "ระยะเวลาดำเนินการ",
    "summary": "สรุปผลดำเนินการ",
    "outcome": "ผลลัพธ์/ความสำเร็จ",
}
SIGNERS = {"name": "ชื่อผู้ลงนาม", "position": "ตำแหน่ง"}
LISTS = {"rows": ROWS, "signers": SIGNERS}

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_PREFIX = re.compile(r"^(\{%)(?:tr|tc|p|r)(?=\s)")
_DEEPEST = 3
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.For, nodes.If,
    nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip


class _PlainTemplates(ImmutableSandboxedEnvironment):
    """Runs names, loops and conditions alone, wherever in a document they hide: a picture's description, a bookmark.

    A call, a sum or a loop within a loop would fill the memory, or never end.
    """

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _must_be_plain(tree)
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        """None: what stands behind a dot is the key of a row or a signer."""
        return False


def environment() -> ImmutableSandboxedEnvironment:
    """Where templates run: sandboxed, every value escaped, no function and no filter within reach.

    It raises SecurityError for a template that does more than show what there is.
    """
    made = _PlainTemplates(autoescape=True)
    made.globals.clear()
    made.filters.clear()
    return made


@dataclass(slots=True)
class _Open:
    word: str
    tag: str
    where: tuple[str, str]
    name: str | None = None


@dataclass(slots=True)
class _Checker:
    """Reads the placeholders of one part in the order of the document."""

    opened: list[_Open] = field(default_factory=list)
    lists: dict[str, dict[str, str]] = field(default_factory=dict)

    def read(self, text: str, where: tuple[str, str], *, alone_allowed: bool) -> None:
        loose = _LOOSE.search(_TAG.sub("", text))
        if loose:
            _wrong(text.strip()[:60], where, "its braces are not closed", "วงเล็บปีกกาไม่ครบคู่")
        for tag in _TAG.findall(text):
            plain = _PREFIX.sub(r"\1", tag)
            if tag.startswith("{{"):
                self._names(plain, plain, tag, where)
                name = plain[2:-2].strip()
                if name in BLOCKS and (not alone_allowed or text.strip() != tag):
                    _wrong(
                        tag, where, "it must stand alone in a paragraph outside tables",
                        "ต้องอยู่ลำพังในย่อหน้าของเนื้อหา ไม่อยู่ในตาราง หัวกระดาษ หรือท้ายกระดาษ",
                    )  # fmt: skip
            else:
                self._statement(plain, tag, where)

    def finish(self) -> None:
        if self.opened:
            last = self.opened[-1]
            _wrong(last.tag, last.where, f"it is never closed by end{last.word}", f"ไม่มี {{% end{last.word} %}} ปิด")

    def _statement(self, plain: str, tag: str, where: tuple[str, str]) -> None:
        words = plain.strip("{}%- \n").split()
        word = words[0] if words else ""
        if word == "for":
            self._names(f"{plain}{{% endfor %}}", plain, tag, where)
            name = words[1].strip(",") if len(words) > 1 else ""
            of = self.lists.get(name) or LISTS.get(words[3] if len(words) > 3 else "")
            if of is None or len(words) != 4 or words[2] != "in" or words[3] not in LISTS:
                _wrong(tag, where, f"a loop runs over {' or '.join(LISTS)}", f"วนซ้ำได้เฉพาะ {' หรือ '.join(LISTS)}")
            self.lists[name] = LISTS[words[3]]
            self._open("for", tag, where, name)
        elif word == "if":
            self._names(f"{plain}{{% endif %}}", plain, tag, where)
            self._open("if", tag, where)
        elif word == "elif":
            self._inside("if", tag, where)
            self._names(f"{{% if 0 %}}{plain}{{% endif %}}", plain, tag, where)
        elif word == "else":
            self._inside("if", tag, where)
        elif word in ("endfor", "endif"):
            self._inside(word.removeprefix("end"), tag, where)
            closed = self.opened.pop()
            if closed.name:
                self.lists.pop(closed.name, None)
        else:
            _wrong(tag, where, "only for, if and their ends may be used", "ใช้ได้เฉพาะคำสั่ง for, if และคำปิดของสองคำสั่งนี้")

    def _open(self, word: str, tag: str, where: tuple[str, str], name: str | None = None) -> None:
        if name and any(one.name for one in self.opened):
            _wrong(tag, where, "it stands within another loop", "วนซ้ำซ้อนอยู่ในการวนซ้ำอื่นไม่ได้")
        self.opened.append(_Open(word, tag, where, name))
        if len(self.opened) > _DEEPEST:
            _wrong(tag, where, f"it is nested deeper than {_DEEPEST}", f"ซ้อนกันเกิน {_DEEPEST} ชั้น")

    def _inside(self, word: str, tag: str, where: tuple[str, str]) -> None:
        if not self.opened or self.opened[-1].word != word:
            _wrong(tag, where, f"there is no open {word} before it", f"ไม่มี {word} ที่เปิดอยู่ก่อนหน้า")

    def _names(self, source: str, plain: str, tag: str, where: tuple[str, str]) -> None:
        """Every name of the placeholder is known, and nothing is called or computed."""
        try:
            tree = environment().parse(source)
        except SecurityError:
            _wrong(tag, where, "it calls or computes something", "มีการเรียกใช้หรือคำนวณ ซึ่งแม่แบบทำไม่ได้")
        except TemplateSyntaxError:
            _wrong(tag, where, "it is not written as a placeholder", "เขียนไม่ถูกรูปแบบ")
        inner = plain.strip("{}%- \n")
        loop = inner.split()[1].strip(",") if inner.startswith("for ") and len(inner.split()) > 1 else None
        for node in _all(tree):
            if isinstance(node, nodes.Name) and node.name != loop:
                self._known(node.name, tag, where)
            if isinstance(node, nodes.Getattr):
                self._attribute(node, tag, where)

    def _known(self, name: str, tag: str, where: tuple[str, str]) -> None:
        if name not in TEXTS and name not in BLOCKS and name not in LISTS and name not in self.lists:
            _wrong(tag, where, f"there is no “{name}”", f"ไม่มีชื่อ “{name}” ให้ใช้")

    def _attribute(self, node: nodes.Getattr, tag: str, where: tuple[str, str]) -> None:
        of = self.lists.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if of is None or node.attr not in of:
            _wrong(tag, where, f"there is no “.{node.attr}”", f"ไม่มี “.{node.attr}” ให้ใช้")


def check_placeholders(document: Document) -> set[str]:
    """The names that the template uses; NotUnderstoodError names the first wrong placeholder and its place."""
    used: set[str] = set()
    for place, element in _parts(document):
        checker = _Checker()
        for text, where, in_table in _paragraphs(element, place):
            checker.read(text, where, alone_allowed=place is None and not in_table)
            used |= set(re.findall(r"[A-Za-z_]+", " ".join(_TAG.findall(text))))
        checker.finish()
    if not used & {"table", "rows"}:
        raise NotUnderstoodError(
            "The template shows no report: put {{ table }} alone into a paragraph where the table belongs.",
            "แม่แบบนี้ไม่มีตารางรายงาน กรุณาพิมพ์ {{ table }} ลำพังในย่อหน้าที่จะวางตาราง",
        )
    return used


def _parts(document: Document) -> Iterator[tuple[tuple[str, str] | None, object]]:
    """The body, then headers and footers, each with its words; the body has none."""
    yield None, document.element.body
    for section in document.sections:
        for part, place in (
            (section.header, ("header", "หัวกระดาษ")), (section.footer, ("footer", "ท้ายกระดาษ")),
            (section.first_page_header, ("first header", "หัวกระดาษหน้าแรก")),
            (section.first_page_footer, ("first footer", "ท้ายกระดาษหน้าแรก")),
        ):  # fmt: skip
            if not part.is_linked_to_previous:
                yield place, part._element


def _paragraphs(element: Any, place: tuple[str, str] | None) -> Iterator[tuple[str, tuple[str, str], bool]]:
    """Every paragraph's text with its place: counted through outside tables, by table, row and cell inside."""
    before = (f"{place[0]}, ", f"{place[1]} ") if place else ("", "")
    number = tables = 0
    for child in element:
        if child.tag == qn("w:p"):
            number += 1
            yield _text(child), (f"{before[0]}paragraph {number}", f"{before[1]}ย่อหน้าที่ {number}"), False
        elif child.tag == qn("w:tbl"):
            tables += 1
            for row_number, row in enumerate(child.iter(qn("w:tr")), 1):
                for cell_number, cell in enumerate(row.findall(qn("w:tc")), 1):
                    where = (
                        f"{before[0]}table {tables}, row {row_number}, cell {cell_number}",
                        f"{before[1]}ตารางที่ {tables} แถวที่ {row_number} ช่องที่ {cell_number}",
                    )
                    for paragraph in cell.findall(qn("w:p")):
                        yield _text(paragraph), where, True
        elif child.tag == qn("w:sdt"):
            for paragraph in child.iter(qn("w:p")):
                where = (f"{before[0]}content control", f"{before[1]}กล่องควบคุมเนื้อหา")
                yield _text(paragraph), where, True


def _text(paragraph: Any) -> str:
    return "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


def _must_be_plain(node: nodes.Node, *, looping: bool = False) -> None:
    if isinstance(node, nodes.For):
        plain = not (looping or node.test or node.recursive)
        looping = True
    else:
        plain = isinstance(node, _PLAIN)
    if not plain:
        raise SecurityError("a template only shows what there is; it calls and computes nothing")
    for child in node.iter_child_nodes():
        _must_be_plain(child, looping=looping)


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _wrong(tag: str, where: tuple[str, str], why: str, why_thai: str) -> NoReturn:
    raise NotUnderstoodError(
        f"Placeholder {tag} in {where[0]} of the template: {why}.",
        f"ตัวแทนข้อความ {tag} ใน{where[1]} ของแม่แบบ: {why_thai}",
    )
