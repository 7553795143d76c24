"""The readers: a file's content, not its name, decides which of them reads it."""

from typing import NoReturn

from tracker.errors import NotUnderstoodError
from tracker.plan_import.encoding import decode_text
from tracker.plan_import.grid import Document
from tracker.plan_import.package import Package
from tracker.plan_import.readers.delimited import holds_quoted_lines, read_delimited
from tracker.plan_import.readers.docx import read_docx
from tracker.plan_import.readers.html import looks_like_html, read_html
from tracker.plan_import.readers.text import has_paragraph_marks, read_text

MOST_BYTES = 20_000_000
"""The largest file that is read: a plan with some photos in it; what it unpacks to is limited by ``package``."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD_97 = "WordDocument".encode("utf-16-le")
_EXCEL_97 = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_HEAD = 2_000
"""Bytes at the beginning that tell what kind of file it is."""


def read_document(data: bytes, filename: str) -> Document:
    """The document in a file. Raises NotUnderstoodError where it is empty, broken, hostile or of another kind."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NotUnderstoodError("the file is empty; choose the plan's file again", "ไฟล์ว่างเปล่า ให้เลือกไฟล์แผนใหม่")
    if len(data) > MOST_BYTES:
        raise NotUnderstoodError(
            f"the file has more than {MOST_BYTES // 1_000_000} MB, more than any plan; remove pictures and save again",
            f"ไฟล์ใหญ่เกิน {MOST_BYTES // 1_000_000} MB ให้เอารูปภาพออกแล้วบันทึกใหม่",
        )
    if data.startswith(_OLE):
        return _read_old_office(data)
    if data.startswith(b"PK"):
        return _read_package(data)
    if b"%PDF" in data[:_HEAD].lstrip()[:1_024]:
        from tracker.plan_import.readers.pdf import read_pdf  # noqa: PLC0415  (few files are of this kind)

        return read_pdf(data)
    _refuse_others(data)
    return _read_text_file(decode_text(data), filename)


def _read_package(data: bytes) -> Document:
    package = Package(data)
    main = package.related("").get("officeDocument", "")
    if "mimetype" in package and b"opendocument" in package.bytes_of("mimetype")[:100]:
        return _read_opendocument(package)
    if "[Content_Types].xml" not in package:
        _other_kind("a zip archive or a file of another program", "ไฟล์ zip หรือไฟล์ของโปรแกรมอื่น")
    if b"macroEnabled" in package.checked_xml("[Content_Types].xml"):
        raise NotUnderstoodError(
            "the file may hold macros, which are never opened; save it as .docx or .xlsx without macros",
            "ไฟล์เป็นชนิดที่มีแมโครได้ ระบบไม่เปิดแมโคร ให้บันทึกเป็น .docx หรือ .xlsx ที่ไม่มีแมโคร",
        )
    if main.endswith(".bin"):
        _other_kind("a binary workbook (.xlsb)", "สมุดงานแบบไบนารี (.xlsb)")
    if main.startswith("word/") and main in package:
        return read_docx(package)
    if main.startswith("xl/") and main in package:
        from tracker.plan_import.readers.xlsx import read_xlsx  # noqa: PLC0415  (few need openpyxl, which loads slowly)

        return read_xlsx(package)
    return _other_kind("a file of another Office program", "ไฟล์ของโปรแกรมสำนักงานอื่น")


def _read_opendocument(package: Package) -> Document:
    kind = package.bytes_of("mimetype").decode("ascii", "replace")
    is_sheet = ".spreadsheet" in kind
    if "content.xml" not in package or not (is_sheet or ".opendocument.text" in kind):
        _other_kind(
            "an OpenDocument file of another kind than .odt and .ods", "ไฟล์ OpenDocument ชนิดอื่นที่ไม่ใช่ .odt หรือ .ods"
        )
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.bytes_of("META-INF/manifest.xml"):
        raise NotUnderstoodError(
            "the file is protected by a password; open it, remove the password, and save it again",
            "ไฟล์มีรหัสผ่าน ให้เปิดไฟล์ เอารหัสผ่านออก แล้วบันทึกใหม่",
        )
    from tracker.plan_import.readers.odf import read_odf  # noqa: PLC0415  (few files are of this kind)

    return read_odf(package, is_sheet=is_sheet)


def _read_text_file(text: str, filename: str) -> Document:
    if looks_like_html(text):
        return read_html(text)
    if has_paragraph_marks(text):
        return read_text(text)
    is_csv = filename.lower().endswith(".csv")
    if "\t" in text and not is_csv and not holds_quoted_lines(text):
        return read_text(text)
    return read_delimited(text)


def _read_old_office(data: bytes) -> Document:
    """A file of Word or Excel 97–2003, converted where LibreOffice is installed; refused with a way out where not."""
    if _ENCRYPTED in data:
        raise NotUnderstoodError(
            "the file is protected by a password; open it, remove the password, and save it again as .docx or .xlsx",
            "ไฟล์มีรหัสผ่าน ให้เปิดไฟล์ เอารหัสผ่านออก แล้วบันทึกใหม่เป็น .docx หรือ .xlsx",
        )
    is_word = _WORD_97 in data
    if not is_word and not any(name in data for name in _EXCEL_97):
        _other_kind("a file of an old Office program", "ไฟล์ของโปรแกรมสำนักงานรุ่นเก่า")
    from tracker.plan_import.readers.old_office import converted  # noqa: PLC0415  (few files are of this kind)

    package = converted(data, "doc" if is_word else "xls")
    if package is not None:
        return _read_package(package)
    if is_word:
        raise NotUnderstoodError(
            "this is a Word 97–2003 document (.doc); open it in Word, save it as a Word Document (.docx), import that",
            "ไฟล์เป็น Word รุ่นเก่า (.doc) ให้เปิดด้วย Word เลือก “บันทึกเป็น” ชนิด “เอกสาร Word (.docx)” แล้วนำเข้าไฟล์นั้น",
        )
    raise NotUnderstoodError(
        "this is an Excel 97–2003 workbook (.xls); save it in Excel as an Excel Workbook (.xlsx), import that",
        "ไฟล์เป็น Excel รุ่นเก่า (.xls) ให้เปิดด้วย Excel เลือก “บันทึกเป็น” ชนิด “สมุดงาน Excel (.xlsx)” แล้วนำเข้าไฟล์นั้น",
    )


def _refuse_others(data: bytes) -> None:
    head = data[:_HEAD].lstrip()
    if head.startswith(_IMAGES):
        _other_kind("a picture", "รูปภาพ")
    if head.startswith(b"{\\rtf"):
        _other_kind("a rich text file (.rtf)", "ไฟล์ .rtf")
    if head.lower().startswith(b"mime-version:") or b"\nmime-version:" in head.lower():
        _other_kind("a single-file web page (.mht)", "หน้าเว็บไฟล์เดียว (.mht)")
    if head.removeprefix(b"\xef\xbb\xbf").startswith((b'{"', b"{\n", b"{\r", b"[{", b"[\n")):
        _other_kind("a JSON file", "ไฟล์ JSON")
    if head.startswith(b"<?xml") and b"schemas-microsoft-com:office" in data[: _HEAD * 5]:
        _other_kind("an XML file of an old Office program", "ไฟล์ XML ของโปรแกรมสำนักงานรุ่นเก่า")


def _other_kind(kind: str, kind_th: str) -> NoReturn:
    raise NotUnderstoodError(
        f"this is {kind}, not a plan that can be read; save the table as .docx or .xlsx and import that",
        f"ไฟล์เป็น{kind_th} อ่านเป็นแผนไม่ได้ ให้บันทึกตารางเป็น .docx หรือ .xlsx แล้วนำเข้าไฟล์นั้น",
    )
