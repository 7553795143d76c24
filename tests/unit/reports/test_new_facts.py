"""What is new under a saved text: offered a sentence at a time, own words never struck out, nothing asked twice."""

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reports.new_facts import News, facts_as_json, known_with, new_facts, take
from tracker.reports.own_words import to_paragraphs
from tracker.reports.rollup import TextFact
from tracker.thai.paragraphs import Paragraphs

UNITS = {1: "สำนักปลัด", 2: "กองคลัง", 3: "กองการศึกษา", 4: "กองช่าง"}
SAVED = to_paragraphs(
    "๑. ดำเนินการแล้ว ๒ จาก ๔ ส่วนราชการ ดังนี้\n๑.๑ สำนักปลัด จัดทำคู่มือ ๑๔ กระบวนงาน\n๑.๒ กองคลัง จัดทำคู่มือ ๗ กระบวนงาน\n"
    "๒. ยังไม่ได้รายงานผล (ครบกำหนด ๓๐ เมษายน ๒๕๖๖)"
)
NOW = to_paragraphs("๑. ดำเนินการแล้ว ๓ จาก ๔ ส่วนราชการ ดังนี้\n๒. ยังไม่ได้รายงานผล")


def fact(task: int, text: str, step: int = 0) -> TextFact:
    return TextFact(f"{task}:{text}", task, step, "done", text)


OLD = [fact(1, "จัดทำคู่มือ ๑๔ กระบวนงาน"), fact(2, "จัดทำคู่มือ ๗ กระบวนงาน")]
GROWN = fact(2, "จัดทำคู่มือ ๗ กระบวนงาน และติดประกาศ ณ จุดรับชำระ")
NEW = fact(3, "จัดทำคู่มือ ๓ กระบวนงาน")


def news(facts: Sequence[TextFact], text: Paragraphs = SAVED) -> tuple[News, ...]:
    return new_facts(text, facts_as_json(OLD), facts, UNITS, {0})


def typed(text: Paragraphs) -> list[str]:
    return [one.typed() for one in text]


def test_only_what_was_added_to_a_result_is_offered_and_goes_on_where_the_result_stands() -> None:
    (grown,) = news([OLD[0], GROWN])
    assert (grown.sentence, grown.gone, grown.instead) == ("และติดประกาศ ณ จุดรับชำระ", False, OLD[1].facts_key)
    taken = take(SAVED, grown, to_paragraphs("๑. ดำเนินการแล้ว ๒ จาก ๔ ส่วนราชการ"), [1, 2])
    assert typed(taken.paragraphs)[2] == "๑.๒ กองคลัง จัดทำคู่มือ ๗ กระบวนงาน และติดประกาศ ณ จุดรับชำระ"
    assert (taken.places, taken.continued, taken.counts) == ((), 2, ())
    assert known_with(facts_as_json(OLD), [grown]) == facts_as_json([OLD[0], GROWN])


def test_a_new_result_is_the_next_sub_item_and_the_count_moves_with_it() -> None:
    (new,) = news([*OLD, NEW])
    assert new.sentence == "กองการศึกษา จัดทำคู่มือ ๓ กระบวนงาน"
    taken = take(SAVED, new, NOW, [1, 2])
    assert typed(taken.paragraphs)[0] == "๑. ดำเนินการแล้ว ๓ จาก ๔ ส่วนราชการ ดังนี้"
    assert typed(taken.paragraphs)[3] == "๑.๓ กองการศึกษา จัดทำคู่มือ ๓ กระบวนงาน"
    assert (taken.places, taken.counts) == ((3,), ((0, "ดำเนินการแล้ว ๒ จาก ๔ ส่วนราชการ"),))


def test_the_words_of_one_unit_go_on_in_its_own_line() -> None:
    text = to_paragraphs("๑. กองคลัง ติดประกาศ แจ้งเวียน\n๒. กองช่าง ติดประกาศ")
    (one,) = new_facts(text, facts_as_json([fact(4, "ติดประกาศ")]), [fact(4, "ติดประกาศ และอบรม")], UNITS, {0})
    taken = take(text, one, (), [None])
    assert typed(taken.paragraphs) == ["๑. กองคลัง ติดประกาศ แจ้งเวียน", "๒. กองช่าง ติดประกาศ และอบรม"]


def test_nothing_yet_gives_way_to_the_first_result() -> None:
    (new,) = new_facts(SAVED, facts_as_json(OLD), [*OLD, fact(4, "ประชุมชี้แจง", 1)], UNITS)
    taken = take(SAVED, new, NOW, [1, 2])
    assert typed(taken.paragraphs)[3:] == ["๒. ประชุมชี้แจง"]
    assert taken.places == (3,)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("จัดทำคู่มือ ๗ กระบวนงาน", "จัดทำคู่มือ ๘ กระบวนงาน"),
        ("จัดทำคู่มือ ๗ กระบวนงาน", "จัดทำคู่มือ ๗ กระบวนงานย่อย"),
        ("ติดประกาศที่ทำการ", "ติดประกาศที่ทำการ และแจ้งเวียน"),  # what was said does not stand in the text
    ],
)
def test_a_result_that_says_another_thing_is_new_and_the_old_one_gone(before: str, now: str) -> None:
    found = new_facts(SAVED, facts_as_json([fact(2, before)]), [fact(2, now)], UNITS, {0})
    assert [(one.sentence, one.gone) for one in found] == [(f"กองคลัง {now}", False), (f"กองคลัง {before}", True)]


def test_further_lines_of_a_result_follow_its_own() -> None:
    (grown,) = news([OLD[0], fact(2, "จัดทำคู่มือ ๗ กระบวนงาน\nติดประกาศ\nแจ้งเวียน")])
    taken = take(SAVED, grown, to_paragraphs("๑. ดำเนินการแล้ว ๓ จาก ๔ ส่วนราชการ"), [1, 2])
    assert typed(taken.paragraphs)[2:5] == ["๑.๒ กองคลัง จัดทำคู่มือ ๗ กระบวนงาน", "ติดประกาศ", "แจ้งเวียน"]
    assert (taken.places, taken.continued) == ((3, 4), 2)


_WORDS = st.sampled_from(["จัดทำคู่มือ", "ประชุม", "ติดประกาศ", "๗ กระบวนงาน", "แจ้งเวียน", "ณ ที่ทำการ"])
_RESULT = st.lists(_WORDS, min_size=1, max_size=3, unique=True).map(" ".join)
_KNOWN = st.dictionaries(st.sampled_from([1, 2, 3, 4]), _RESULT, max_size=4)


def _written(known: dict[int, str], own: str) -> Paragraphs:
    lines = [f"ดำเนินการแล้ว {len(known)} จาก 4 ส่วนราชการ", own]
    return to_paragraphs("\n".join([*lines, *(f"{UNITS[task]} {words}" for task, words in known.items())]))


@given(_KNOWN, st.dictionaries(st.sampled_from([1, 2, 3, 4]), _RESULT), _RESULT, st.data())
def test_whatever_is_taken_own_words_stay_and_nothing_is_asked_twice(
    known: dict[int, str], more: dict[int, str], own: str, data: st.DataObject
) -> None:
    """Results grow or come in; each piece of news is taken or left, in any order."""
    facts = [fact(task, f"{known.get(task, '')} {more.get(task, '')}".strip()) for task in sorted({*known, *more})]
    text, kept = _written(known, own), facts_as_json([fact(*one) for one in known.items()])
    composed = to_paragraphs(f"ดำเนินการแล้ว {len(facts)} จาก 4 ส่วนราชการ")
    before = text
    for _ in range(9):
        offered = new_facts(text, kept, facts, UNITS, {0})
        if not offered:
            break
        one = data.draw(st.sampled_from(offered))
        if one.gone or data.draw(st.booleans()):
            kept = known_with(kept, [one], left=True)
            continue
        after = take(text, one, composed, [None]).paragraphs
        assert one.stands_in(after) or one.sentence.split()[-1] in " ".join(each.text for each in after)
        text, kept = after, known_with(kept, [one])
    assert not new_facts(text, kept, facts, UNITS, {0})
    rest = iter(word for line in text[1:] for word in line.text.split())
    assert all(word in rest for line in before[1:] for word in line.text.split())


@given(_KNOWN, st.dictionaries(st.sampled_from([1, 2, 3, 4]), _RESULT))
def test_the_same_facts_are_no_news(known: dict[int, str], more: dict[int, str]) -> None:
    facts = [fact(*one) for one in (known | more).items()]
    assert not new_facts(_written(known, "ข้อความ"), facts_as_json(facts), facts, UNITS, {0})
    for order in list(permutations(facts))[:6]:
        assert not new_facts((), facts_as_json(order), facts, UNITS)
