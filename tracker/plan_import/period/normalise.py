"""The tokens of a period cell made ready: months spelt right, list marks tokens from ranges, replaced dates out."""

import re
from itertools import zip_longest

from tracker.plan_import.period.cadences import CADENCE_WORDS
from tracker.plan_import.period.facts import ParseResult
from tracker.plan_import.period.lexer import QUIET, Cell, Token, tokens
from tracker.plan_import.period.months import MARKS, fold_letters, nearest_month
from tracker.thai.calendar import MONTHS

_MONTH_GROUPS = ("month", "month2", "month3", "month4")
_NO_DATE = frozenset({*CADENCE_WORDS, "close", "open", "unknown", "continuous"})
_EVERY_MONTH = frozenset({"monthly", "monthly_times"})
_DAY_WORD = re.compile("(?:ทุก)?วันที่|(?:ล่วงหน้า)?ก่อน(?:ถึง)?วันที่")
_CLOSED = re.compile(r"(\d{1,2})\)")
_DAY = re.compile("[1-9]|[12][0-9]|3[01]")
_CHANGED_TO = re.compile("(?:เปลี่ยน(?:แปลง)?|ปรับ|แก้ไข|เลื่อน|ขยาย)(?:(?:ระยะ)?เวลา)?(?:ออก)?(?:ไป)?เป็น")
_TO_BE = re.compile("เป็น(?!ต้น)")
_NAMES_A_THING = re.compile(
    "(?<!เดือน)(?<!ใน)(?<!ถึง)(?<!แต่)(?<!ว่าง)(?<!จาก)(?<!และ)(?<!หรือ)(?<!ช่วง)(?<!เริ่ม)(?<!ก่อน)(?<=[ก-๎])$"
)
"""Before 2/2567: a word that does not lead to a month."""
_LONGEST_LEAD = 10
_LEADS_A_LINE = frozenset(
    {*CADENCE_WORDS, "term", "working_days", "continuous", "whole_year", "unknown", "filler", "label"}
)


def prepared(cell: Cell, facts: ParseResult) -> tuple[Cell, list[Token]]:
    """The cell with misspelt months put right (each with a warning) and its tokens for reading."""
    found = list(tokens(cell))
    while guess := _misspelt_month(found, cell):
        token, month = guess
        facts.warn(f"อ่าน “{cell.quote(token.start, token.end)}” เป็น {MONTHS[month - 1]} โปรดตรวจตัวสะกด")
        cell = cell.with_word(token.start, token.end, fold_letters(MONTHS[month - 1]))
        found = list(tokens(cell))
    found = _with_list_numbers(_with_closed_brackets(_with_running_numbers(found, cell), cell), cell, facts)
    found = _with_list_marks(_without_former(found, cell), cell)
    found = _with_days_of_every_month(found, cell)
    spoken = [token for token in found if token.kind not in QUIET | {"instead"}]
    return cell, _with_day_of_months(_with_months(spoken), cell)


def is_dash(token: Token, cell: Cell) -> bool:
    """Whether a word of range is a dash, which may also be a list mark."""
    return cell.folded[token.start] == "-"


def _misspelt_month(found: list[Token], cell: Cell) -> tuple[Token, int] | None:
    for token in found:
        if token.kind == "unknown" and (month := nearest_month(cell.folded[token.start : token.end])):
            return token, month
    return None


def _with_running_numbers(found: list[Token], cell: Cell) -> list[Token]:
    """The 2/2567 of ไตรมาส 1/2567, 2/2567 is a quarter; behind another word (ฉบับที่ 2/2567) it is no month."""
    read: list[Token] = []
    spoken: list[Token] = []
    for token in found:
        if token.kind == "month_year" and "month" in token.groups and cell.folded[token.start].isdigit():
            of_quarters = len(spoken) > 1 and spoken[-1].kind in ("joined", "to") and spoken[-2].kind == "quarters"
            if of_quarters and "year" in spoken[-2].groups:
                groups = {"numbers": token.groups["month"], "year": token.groups["year"]}
                token = Token("quarters", token.start, token.end, groups)  # noqa: PLW2901
            elif _NAMES_A_THING.search(cell.folded, max(0, token.start - _LONGEST_LEAD), token.start):
                token = Token("unknown", token.start, token.end)  # noqa: PLW2901
        read.append(token)
        spoken += [token] if token.kind not in QUIET else []
    return read


def _with_closed_brackets(found: list[Token], cell: Cell) -> list[Token]:
    """The ๑๖) of (วันที่ ๑ และ ๑๖) is a number that a bracket closes behind, no list mark."""
    tokens: list[Token] = []
    depth = 0
    for token in found:
        depth += (token.kind == "open") - (token.kind == "close")
        if depth > 0 and token.kind == "label" and (number := _CLOSED.fullmatch(cell.folded, token.start, token.end)):
            tokens.append(Token("number", token.start, token.end - 1, {"value": number[1]}))
            token = Token("close", token.end - 1, token.end)  # noqa: PLW2901
            depth -= 1
        tokens.append(token)
    return tokens


def _with_list_numbers(found: list[Token], cell: Cell, facts: ParseResult) -> list[Token]:
    """1. ต.ค. 65 over 2. ม.ค. 66 are list numbers, not days, where they run from 1 and begin lines or stand apart."""
    dotted = [token for token in found if token.groups.get("gap") == "."]
    starts_line = all(token.start in cell.line_starts or not token.start for token in dotted)
    apart = not dotted or (dotted[0].start == 0 and all(_stands_apart(token, cell) for token in dotted))
    in_list = apart or (starts_line and len(dotted) > 1)
    if not dotted or not in_list or [int(t.groups["day"]) for t in dotted] != [*range(1, len(dotted) + 1)]:
        return found
    if len(dotted) == 1:
        facts.warn(f"{cell.quoted(dotted[0].start, dotted[0].end)} อาจเป็นเลขข้อหรือวันที่ โปรดตรวจ")
    listed: list[Token] = []
    for token in found:
        if token in dotted:
            groups = {name: value for name, value in token.groups.items() if name not in ("day", "gap")}
            listed.append(Token("label", token.start, token.start + 2))
            token = Token("month", token.start + 2, token.end, groups)  # noqa: PLW2901
        listed.append(token)
    return listed


def _stands_apart(token: Token, cell: Cell) -> bool:
    """Whether a space follows the dot of a number: 1. ตุลาคม, not 1.ต.ค."""
    dot = token.start + len(token.groups["day"])
    return cell.places[dot + 1] > cell.places[dot] + 1


def _without_former(found: list[Token], cell: Cell) -> list[Token]:
    """The tokens without the range that จากเดิม … เป็น …, (เดิม …) or … เลื่อนจาก … has replaced."""
    index = _replacement(found, cell)
    if index is not None:
        found = found[index + (found[index].kind == "instead") :]
    kept: list[Token] = []
    former = False
    for index, token in enumerate(found):
        in_brackets = index and found[index - 1].kind == "open"
        moved_from = index and "จาก" in cell.folded[token.start : token.end]  # ม.ค. ๖๗ เลื่อนจาก พ.ย. ๖๖
        if token.kind == "former" and (in_brackets or moved_from):
            former = True
        if token.kind == "close":
            former = False
        if not former:
            kept.append(token)
    return kept


def _replacement(found: list[Token], cell: Cell) -> int | None:
    """Where what replaces the words before it begins: at the last เปลี่ยนเป็น, or at เป็น before a date.

    After a leading จากเดิม, any เป็น does (เป็นรายเดือน elsewhere only tells how often).
    """
    spoken = [index for index, token in enumerate(found) if token.kind not in QUIET]
    surely = [index for index in spoken[1:] if found[index].kind == "instead"]
    if surely or not spoken or found[spoken[0]].kind != "former":
        return surely[-1] if surely else None
    after = range(spoken[1] + 1, len(found)) if len(spoken) > 1 else ()
    changed = [index for index in after if _CHANGED_TO.match(cell.folded, found[index].start)]
    turned = [index for index in after if _TO_BE.match(cell.folded, found[index].start)]
    return changed[-1] if changed else next(iter(turned), None)


def _with_days_of_every_month(found: list[Token], cell: Cell) -> list[Token]:
    """วันที่ ๕ without a month, behind ทุกเดือน, is that day of each month."""
    at = next((index for index, token in enumerate(found) if token.kind in _EVERY_MONTH), len(found))
    read = found[:at]
    while at < len(found):
        first = at
        at += 1
        if found[first].kind == "within" and at < len(found):
            at += 1
        length = (
            _day_list(found[at:]) if _DAY_WORD.fullmatch(cell.folded, found[at - 1].start, found[at - 1].end) else 0
        )
        if length:
            days = cell.folded[found[at].start : found[at + length - 1].end]
            at += length
            read.append(Token("days_of_month", found[first].start, found[at - 1].end, {"days": days}))
        else:
            read.append(found[first])
            at = first + 1
    return read


def _day_list(found: list[Token]) -> int:
    """How many tokens list days of no month (๑ และ ๑๖); 0 where a month or another time follows."""
    length = 0
    while length < len(found) and found[length].kind == ("joined" if length % 2 else "number"):
        if found[length].kind == "number" and not _DAY.fullmatch(found[length].groups["value"]):
            return 0
        length += 1
    after = next((token.kind for token in found[length:] if token.kind not in QUIET), "close")
    return (length - 1) // 2 * 2 + 1 if length and after in _NO_DATE else 0


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


def _with_day_of_months(found: list[Token], cell: Cell) -> list[Token]:
    """วันที่ ๑๐ ของเดือนมกราคม เมษายน และกรกฎาคม: the day is that of each month."""
    dated: list[Token] = []
    day = ""
    for token in found:
        if token.kind == "day_month":
            day = token.groups["day"] if "ของ" in cell.folded[token.start : token.end] else ""
        elif token.kind == "month" and day and "month" in token.groups:
            token = Token("day_month", token.start, token.end, {**token.groups, "day": day})  # noqa: PLW2901
        elif token.kind != "joined":
            day = ""
        dated.append(token)
    return dated


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
