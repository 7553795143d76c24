"""Names in the order of Thai dictionaries."""

from tracker.thai.order import dictionary_key

LISTED = [
    "กา",
    "เก",
    "แก",
    "โก",
    "ขา",
    "ข้าม",
    "เข้า",
    "คลองที่ ๒",
    "คลองที่ ๓",
    "ป่า",
    "เป้า",
    "แป้น",
    "อบต.ก",
    "อบต.เก",
    "อบต.ข",
]


def test_a_vowel_before_its_consonant_counts_after_it_and_tone_marks_do_not_count() -> None:
    shuffled = LISTED.copy()
    shuffled.reverse()
    assert sorted(shuffled, key=dictionary_key) == LISTED
    assert sorted(LISTED) != LISTED


def test_digits_of_both_kinds_and_capitals_are_alike() -> None:
    assert dictionary_key("ตำบล ๑๒ ABC") == dictionary_key("ตำบล 12 abc")
