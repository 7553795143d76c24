"""Evidence on disk: judged by its bytes, kept whole under a random name, found and forgotten again."""

import hashlib
import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from PIL import Image

from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.store.storage import EvidenceStore, link

LIMIT = 2**20


def picture(kind: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (4, 4)).save(data, kind)
    return data.getvalue()


def word() -> bytes:
    data = io.BytesIO()
    docx.Document().save(data)
    return data.getvalue()


def sheet() -> bytes:
    data = io.BytesIO()
    openpyxl.Workbook().save(data)
    return data.getvalue()


def packed(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name in names:
            package.writestr(name, "x" * 5000)
    return data.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "deep" / "evidence", LIMIT)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n%%EOF", "application/pdf"),
        (word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (sheet(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            packed("docProps/thumbnail.jpeg", "customXml/item1.xml", "word/document.xml", "[Content_Types].xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_what_people_attach_is_kept(store: EvidenceStore, data: bytes, media_type: str) -> None:
    kept = store.keep(data, "หลักฐาน การประชุม.bin")
    assert (kept.original_name, kept.media_type, kept.size) == ("หลักฐาน การประชุม.bin", media_type, len(data))
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert store.path(kept.stored_name or "").read_bytes() == data
    assert [path.name for path in store.folder.iterdir() if path.is_file()] == [kept.stored_name]
    store.remove(kept)
    store.remove(kept)
    with pytest.raises(NotFoundError):
        store.path(kept.stored_name or "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"<script>alert(1)</script>", "is not a photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a photo"),
        (b"MZ" + b"\0" * 200, "is not a photo"),
        (packed("a.txt"), "is not a photo"),
        (packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "is not a photo"),
        (b"PK\x03\x04" + b"\0" * 400, "is not a photo"),
        (b"%PDF-" + b"0" * LIMIT, "larger than 1 MB"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(store: EvidenceStore, data: bytes, said: str) -> None:
    with pytest.raises(NotUnderstoodError, match=said) as raised:
        store.keep(data, "a.pdf")
    assert raised.value.sentence_th != raised.value.sentence
    assert not store.folder.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\ก\ภาพ.png", "ภาพ.png"),
        ("a\x00\r\nb.png", "ab.png"),
        ("", "file"),
        ("ก" * 400 + ".pdf", "ก" * 196 + ".pdf"),
    ],
)
def test_the_original_name_is_only_a_name(store: EvidenceStore, given: str, kept: str) -> None:
    assert store.keep(b"%PDF-1.7\n%%EOF", given).original_name == kept


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "HEIF", "AVIF"])
def test_a_photo_is_kept_as_the_picture_alone(store: EvidenceStore, kind: str) -> None:
    kept = store.keep(picture(kind), f"ภาพ.1.{kind.lower()}")
    data = store.path(kept.stored_name or "").read_bytes()
    assert data[:3] == b"\xff\xd8\xff"
    assert (kept.media_type, kept.size, kept.sha256) == ("image/jpeg", len(data), hashlib.sha256(data).hexdigest())
    assert kept.original_name.endswith(".jpg")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("IMG_1.HEIC", "IMG_1.jpg"), ("LINE 09.00.30", "LINE 09.00.30.jpg"), ("ก" * 400 + ".png", "ก" * 196 + ".jpg")],
)
def test_a_photo_is_named_as_what_it_became(store: EvidenceStore, given: str, kept: str) -> None:
    assert store.keep(picture("PNG"), given).original_name == kept


def test_a_thumbnail_is_made_once_and_goes_with_its_photo(store: EvidenceStore) -> None:
    data = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(data, "JPEG")
    kept = store.keep(data.getvalue(), "ภาพ.jpg")
    small = store.thumbnail(kept.stored_name or "")
    made = small.stat().st_mtime_ns
    with Image.open(small) as picture_:
        assert picture_.size == (320, 213)
    assert store.thumbnail(kept.stored_name or "").stat().st_mtime_ns == made
    store.remove(kept)
    assert not small.exists()
    paper = store.keep(b"%PDF-1.7\n%%EOF", "a.pdf")
    with pytest.raises(NotFoundError):
        store.thumbnail(paper.stored_name or "")


def test_a_refusal_says_what_is_taken_and_how_large_it_may_be(store: EvidenceStore) -> None:
    with pytest.raises(NotUnderstoodError) as raised:
        store.keep(b"text", "บันทึก.txt")
    assert "JPEG PNG WebP HEIC" in raised.value.sentence_th
    assert "ไม่เกิน 1 MB" in raised.value.sentence_th
    with pytest.raises(NotUnderstoodError) as raised:
        store.keep(picture("JPEG")[:200], "ขาด.jpg")
    assert raised.value.sentence_th.startswith("ขาด.jpg: รูปนี้เสียหาย")


@pytest.mark.parametrize("name", ["../secret", "", "a" * 32 + "/..", "A" * 32, "g" * 32, "0" * 31])
def test_no_path_leads_outside(store: EvidenceStore, name: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "secret").write_text("x")
    with pytest.raises(NotFoundError):
        store.path(name)


def test_links() -> None:
    assert link(" https://example.go.th/ก?x=1 ").url == "https://example.go.th/ก?x=1"
    assert link("http://example.go.th").stored_name is None
    for bad in ("javascript:alert(1)", "example.go.th", "https://", "", "file:///etc/passwd", "https://[::1"):
        with pytest.raises(NotUnderstoodError):
            link(bad)
    with pytest.raises(NotUnderstoodError):
        link("https://example.go.th/" + "a" * 2000)
