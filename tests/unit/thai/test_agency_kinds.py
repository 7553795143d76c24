"""The kind that an agency's name says, and the word that says it."""

import pytest

from tracker.thai.agency_kinds import kind_of


@pytest.mark.parametrize(
    ("name", "kind", "word"),
    [
        ("องค์การบริหารส่วนตำบลเขาวาว", "subdistrict", "องค์การบริหารส่วนตำบล"),
        ("อบต.เขาวาว", "subdistrict", "อบต."),
        ("  อบต. เขาวาว อำเภอเขาวาว", "subdistrict", "อบต."),
        ("ที่ทำการองค์การบริหารส่วนตำบลหนองไผ่", "subdistrict", "องค์การบริหารส่วนตำบล"),
        ("องค์กรบริหารส่วนตำบลหนองไผ่", "subdistrict", "องค์กรบริหารส่วนตำบล"),
        ("เทศบาลตำบลบ้านใหม่", "municipality", "เทศบาลตำบล"),
        ("สำนักงานเทศบาลเมืองน่าน", "municipality", "เทศบาลเมือง"),
        ("เทศบาลนครลำปาง", "municipality", "เทศบาลนคร"),
        ("ทต.บ้านใหม่", "municipality", "ทต."),
        ("โรงเรียนเทศบาล ๑", "school", "โรงเรียน"),
        ("รร.บ้านใหม่", "school", "รร."),
        ("โรงพยาบาลพิชัย", "hospital", "โรงพยาบาล"),
        ("รพ.พิชัย", "hospital", "รพ."),
    ],
)
def test_a_name_says_its_kind_by_its_beginning(name: str, kind: str, word: str) -> None:
    found = kind_of(name)
    assert found is not None
    assert (found.kind, found.word) == (kind, word)


@pytest.mark.parametrize(
    "name",
    [
        "องค์การบริหารส่วนจังหวัดน่าน",
        "อบจ.น่าน",
        "รพ.สต.เขาวาว",
        "รพ. สต.เขาวาว",
        "โรงพยาบาลส่งเสริมสุขภาพตำบลเขาวาว",
        "ศูนย์พัฒนาเด็กเล็ก อบต.เขาวาว",
        "สำนักงานเขตพื้นที่การศึกษา",
        "กรมที่ดิน",
        "",
    ],
)
def test_nothing_is_guessed_of_another_name(name: str) -> None:
    assert kind_of(name) is None
