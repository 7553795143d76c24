"""The tokens of a period cell made ready: months spelt right, list marks told from ranges, replaced dates out."""

import re
from itertools import zip_longest

from tracker.plan_import.period_cadences import CADENCE_WORDS
from tracker.plan_import.period_facts import Facts
from tracker.plan_import.period_months import MARKS, fold_letters, nearest_month
from tracker.plan_import.period_words import QUIET, Cell, Token, tokens
from tracker.thai.calendar import MONTHS

_MONTH_GROUPS = ("month", "month2", "month3", "month4")
_LEADS_A_LINE = frozenset(
    {*CADENCE_WORDS, "term", "working_days", "continuous", "whole_year", "unknown", "filler", "label"}
)


def prepared(cell: Cell, facts: Facts) -> tuple[Cell, list[Token]]:
    """The cell with misspelt months put right (each with a warning) and its tokens for reading."""
    found = list(tokens(cell))
    while guess := _misspelt_month(found, cell):
        token, month = guess
        facts.warn(f"อ่าน “{cell.quote(token.start, token.end)}” เป็น {MONTHS[month - 1]} โปรดตรวจตัวสะกด")
        cell = cell.with_word(token.start, token.end, fold_letters(MONTHS[month - 1]))
        found = list(tokens(cell))
    found = _with_list_marks(_without_former(_with_list_numbers(found, cell)), cell)
    return cell, _with_months([token for token in found if token.kind not in QUIET | {"instead"}])


def is_dash(token: Token, cell: Cell) -> bool:
    """Whether a word of range is a dash, which may also be a list mark."""
    return cell.folded[token.start] == "-"


def _misspelt_month(found: list[Token], cell: Cell) -> tuple[Token, int] | None:
    for token in found:
        if token.kind == "unknown" and (month := nearest_month(cell.folded[token.start : token.end])):
            return token, month
    return None


def _with_list_numbers(found: list[Token], cell: Cell) -> list[Token]:
    """1. ต.ค. 65 over 2. ม.ค. 66 are list numbers, not days, where they begin lines and run from 1."""
    dotted = [token for token in found if token.groups.get("gap") == "."]
    starts_line = all(token.start in cell.line_starts or not token.start for token in dotted)
    if len(dotted) < 2 or not starts_line or [int(t.groups["day"]) for t in dotted] != [*range(1, len(dotted) + 1)]:
        return found
    listed: list[Token] = []
    for token in found:
        if token in dotted:
            groups = {name: value for name, value in token.groups.items() if name not in ("day", "gap")}
            listed.append(Token("label", token.start, token.start + 2))
            token = Token("month", token.start + 2, token.end, groups)  # noqa: PLW2901
        listed.append(token)
    return listed


def _without_former(found: list[Token]) -> list[Token]:
    """The tokens without the range that จากเดิม … เป็น … or (เดิม …) has replaced."""
    for index in range(len(found) - 1, 0, -1):
        if found[index].kind == "instead" and any(token.kind not in QUIET for token in found[:index]):
            found = found[index + 1 :]
            break
    kept: list[Token] = []
    former = False
    for index, token in enumerate(found):
        if token.kind == "former" and index and found[index - 1].kind == "open":
            former = True
        if token.kind == "close":
            former = False
        if not former:
            kept.append(token)
    return kept


def _with_list_marks(found: list[Token], cell: Cell) -> list[Token]:
    """Dashes that begin the cell and its lines, or a line of words, are list marks, not ranges."""
    starts = cell.line_starts | {0}
    listed = bool(found) and found[0].kind == "to" and is_dash(found[0], cell)
    marked: list[Token] = []
    for token, following in zip_longest(found, found[1:]):
        leads = token.kind == "to" and is_dash(token, cell) and token.start in starts
        worded = following is not None and following.kind in _LEADS_A_LINE
        names_day = following is not None and "วนที" in re.sub(MARKS, "", cell.folded[following.start :][:8])
        marked.append(
            Token("joined", token.start, token.end) if leads and (listed or (worded and not names_day)) else token
        )
    return marked


def _with_months(found: list[Token]) -> list[Token]:
    """Days whose month stands further on get it: the 1 of 1 - 30 เม.ย., the 5 and 12 of 5, 12 และ 19 มกราคม."""
    dated: list[Token] = []
    month, joins = "", False
    for token in reversed(found):
        named = next((token.groups[name] for name in _MONTH_GROUPS if name in token.groups), "")
        if token.kind in ("day_month", "numeric"):
            month, joins = named, False
        elif month and not joins and token.kind in ("to", "joined"):
            joins = True
        elif month and joins and token.kind == "number" and len(token.groups["value"]) <= 2:
            weekday = {name: token.groups[name] for name in ("weekday",) if name in token.groups}
            groups = {"day": token.groups["value"], "month": month, **weekday}
            token = Token("day_month", token.start, token.end, groups)  # noqa: PLW2901
            joins = False
        else:
            month, joins = "", False
        dated.append(token)
    return dated[::-1]
