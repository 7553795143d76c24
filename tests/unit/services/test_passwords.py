"""Passwords are judged by length and by what guessing programs try first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.services.accounts.first_sign_in import generated_password
from tracker.services.accounts.passwords import LONGEST, SHORTEST, password_problem

OWN = ["head2@tua.example", "สมชาย ใจดี", "อบต.ตัวอย่าง"]


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("ฝนตกหนัก แต่รถไม่ติด", None),
        ("แม่น้ำสายยาวไหลช้า", None),
        ("correct horse battery staple", None),
        ("k3f9-x8sd-2ksd-99ab", None),
        ("short", "short"),
        ("x" * 201, "long"),
        ("password1234", "leaked"),
        ("Password2566!", "leaked"),
        ("P@ssw0rd2566", "leaked"),
        ("1q2w3e4r5t6y", "leaked"),
        ("รหัสผ่าน1234", "leaked"),
        ("tracker12345", "leaked"),
        ("1212121212121212", "pattern"),
        ("กกกกกกกกกกกกก", "pattern"),
        ("qwertyuiop[]", "pattern"),
        ("กขคงจฉชซฌญฎฏ", "pattern"),
        ("ประเทศไทย123", "pattern"),
        ("head2-head2-1", "personal"),
        ("สมชาย25662566", "personal"),
        ("อบต.ตัวอย่าง1", "personal"),
        ("measuretracker", "guessable"),
    ],
)
def test_each_weakness_has_its_reason(password: str, problem: str | None) -> None:
    assert password_problem(password, OWN) == problem


def test_own_words_of_one_person_say_nothing_of_another() -> None:
    assert password_problem("สมชาย25662566", OWN) == "personal"
    assert password_problem("วิไลวรรณ สายลม", ["สมชาย ใจดี"]) is None
    assert password_problem("วิไลวรรณ สายลม", ["วิไลวรรณ สายลม"]) == "personal"
    assert password_problem("วิไลวรรณ สายลม", ["สมชาย ใจดี"]) is None


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=0, max_size=60))
def test_any_text_is_judged_and_length_comes_first(password: str) -> None:
    problem = password_problem(password, OWN)
    assert (problem == "short") == (len(password) < SHORTEST)
    assert len(password) <= LONGEST


def test_generated_passwords_pass() -> None:
    assert [password_problem(generated_password()) for _ in range(20)] == [None] * 20
