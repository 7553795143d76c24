"""A pasted table of agencies and their coordinators."""

import pytest

from tracker.services.organisation import founding
from tracker.services.organisation.agency_table import read_agencies


@pytest.mark.parametrize(
    "text",
    [
        "เทศบาลตำบลหนึ่ง,นางหนึ่ง,one@x.example",
        "เทศบาลตำบลหนึ่ง;one@x.example;นางหนึ่ง",
        "หน่วยงาน\tชื่อ\temail\r\n\r\nเทศบาลตำบลหนึ่ง\tนางหนึ่ง\tONE@x.example\r\n",
    ],
)
def test_a_table_of_agencies_is_read(text: str) -> None:
    assert read_agencies(text) == [founding.Founding("เทศบาลตำบลหนึ่ง", "นางหนึ่ง", "one@x.example")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ก\tข\tx@y.example\nค\tง", "บรรทัดที่ 2"),
        ("ก\tข\tx@y.example\nก\tง\tz@y.example", "สองครั้ง"),
        ("ก\tข\tx@y", "ไม่ใช่อีเมล"),
        ("ไม่มีอะไร", "บรรทัดที่ 1"),
        ("\n\n", "ไม่พบหน่วยงาน"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(text: str, said: str) -> None:
    with pytest.raises(founding.NotUnderstoodError) as error:
        read_agencies(text)
    assert said in error.value.sentence_th
