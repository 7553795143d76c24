"""The conversation on a task as a pure state machine: a draft and what arrived give an answer and the next draft.

The table of states stands in docs/rules.md, "Answering a message". Nothing is recorded here: a turn may ask its caller
to save, to take back or to tell the coordinator, and the caller says how that went.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tracker.channels.line.flex_parts import Part, said
from tracker.channels.line.postback import Button
from tracker.line.cards import REASONS, WAITS_FOR_OTHERS, Cards
from tracker.line.draft import UNKNOWN, Draft
from tracker.line.sentences import Kind, Reading, read_answer
from tracker.line.typed import plain, pressed_by_typing, typed_day, typed_months
from tracker.line.work import Work, carried_over, names_a_month
from tracker.store.storage import NewEvidence
from tracker.thai.named_days import MONTH, listed_days, month_number
from tracker.thai.numerals import to_thai

Deed = Literal["save", "undo", "unstarted", "append", "add_photo", "tasks"]

CANCELLED = "ยกเลิกแล้วค่ะ ยังไม่ได้บันทึกอะไร"
WELCOME = "ยินดีค่ะ"
NO_QUESTIONS = "ถ้ามีคำถาม กด “ถามผู้ประสานงาน” ได้ค่ะ ยังไม่บันทึกอะไร"
SAY_MORE = "ขอรายละเอียดสั้น ๆ ค่ะ รายงานจะพิมพ์ตามที่พิมพ์มา"
OLD_RECEIPT = "ใบนี้เก่าแล้ว ใบล่าสุดอยู่ด้านล่างค่ะ"
EDIT = "แก้แล้วกดส่งได้เลยค่ะ จะทำใบตรวจทานใบใหม่ให้ ใบเดิมใช้ไม่ได้แล้ว"
ASK_COORDINATOR = "ถามผู้ประสานงาน"
_FORGOT = re.compile(rf"(?P<month>{MONTH}) ?(?:จำ(?:วัน)?ไม่ได้|ไม่ทราบ)")
_FORGOT_ALL = re.compile(r"(?:จำ(?:วัน)?ไม่ได้|ไม่ทราบวัน|จำไม่ได้เลย)(?:ทั้งหมด|ทุกเดือน)?")


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes of an event: the next draft (None: ended), what to say, what to do, and a word for the record."""

    draft: Draft | None
    say: tuple[Part, ...] = ()
    outcome: str = "asked"
    deed: Deed | None = None


class Dialogue:
    """The rules of one conversation on one piece of work; every method is a function of draft and event."""

    def __init__(self, work: Work, cards: Cards) -> None:
        self._work = work
        self._cards = cards

    # --- beginnings ---

    def begin(self, draft: Draft) -> Turn:
        """Asks the first question of a fresh draft by its mode."""
        if draft.mode == "progress":
            return self._ask(replace(draft, state="progress", tasks=draft.tasks or draft.offered))
        if len(draft.offered) > 1 and not draft.tasks:
            return self._ask(replace(draft, state="months"))
        chosen = draft.tasks or draft.offered
        return self._ask(replace(draft, state="reason" if draft.mode == "cannot" else "words", tasks=chosen))

    def _ask(self, draft: Draft, before: str = "", outcome: str = "asked") -> Turn:
        """The open question of the draft's state; a receipt is made anew, under a new number."""
        if draft.state == "receipt":
            draft = replace(draft, number=draft.number + 1, paused=False)
            say = (said(before), self._cards.receipt(draft)) if before else (self._cards.receipt(draft),)
            return Turn(draft, say, outcome)
        question = self.question(draft)
        return Turn(replace(draft, paused=False), (said(before), question) if before else (question,), outcome)

    def question(self, draft: Draft) -> Part:
        """What the draft's state asks."""
        cards = self._cards
        asks: dict[str, Callable[[Draft], Part]] = {
            "months": cards.ask_months,
            "words": cards.ask_words,
            "day": cards.ask_day,
            "progress": cards.ask_progress,
            "reason": cards.ask_reason,
            "receipt": cards.receipt,
            "photo_month": cards.whose_photo,
        }
        match draft.state:
            case "asked":
                read = self._read(draft.pending)
                return cards.ask_about(draft, read.words, delay=read.kind == "delay", cannot=read.cannot)
            case "confirm":
                return cards.confirm_month(draft, self._pending_day(draft), self._work.of(draft.missing)[0])
            case "other":
                return said("กรุณาพิมพ์เหตุผลสั้น ๆ ค่ะ", [cards.cancel(draft)])
            case "saved":
                return cards.add_or_new(draft)
            case state:
                return asks[state](draft)

    # --- photos ---

    def photo(self, draft: Draft, piece: NewEvidence, *, is_last: bool) -> Turn:
        """A photo belongs to the answer in whatever order it comes; it is answered once a set."""
        if draft.state == "saved" and len(draft.tasks) == 1:
            return Turn(draft.with_photo(piece), (), "evidence", "add_photo")
        if draft.state in ("saved", "photo_month"):
            waiting = replace(draft.with_photo(piece), state="photo_month")
            return Turn(waiting, (self.question(waiting),) if is_last else (), "evidence")
        draft = draft.with_photo(piece)
        if not is_last:
            return Turn(draft, (), "evidence")
        got = to_thai(f"ได้รับรูป {len(draft.photos)} รูปค่ะ")
        if draft.state == "words":
            return Turn(draft, (said(f"{got} ทำอะไรไปแล้วคะ", [self._cards.cancel(draft)]),), "evidence")
        if draft.state == "day":
            return Turn(draft, (self._cards.ask_day(draft, f"{got} "),), "evidence")
        return replace(self._ask(draft, got), outcome="evidence")

    # --- buttons ---

    def press(self, draft: Draft, button: Button) -> Turn:
        """A pressed button; one that the state does not know asks the open question again."""
        if draft.paused and button.act not in ("resume", "discard", "drop", "save", "undo", "append"):
            draft = replace(draft, paused=False)
        handlers: dict[str, Callable[[Draft, Button], Turn]] = {
            "months": self._choose_months,
            "same": self._same_as_last_time,
            "use": lambda draft, _: self._take_words(draft, draft.pending),
            "again": lambda draft, _: self._ask(replace(draft, state="words", pending="", words="")),
            "later": lambda draft, _: self._to_progress(draft),
            "cannot": lambda draft, _: self._to_cannot(draft),
            "reason": self._choose_reason,
            "day": self._choose_day,
            "yes": lambda draft, _: self._confirm(draft, yes=True),
            "no": lambda draft, _: self._confirm(draft, yes=False),
            "edit": lambda draft, _: Turn(replace(draft, state=_words_state(draft)), (said(EDIT),), "asked"),
            "redate": lambda draft, _: self._ask(replace(draft, state="day", days={})),
            "waiting": lambda draft, _: self._to_receipt(replace(draft, words=WAITS_FOR_OTHERS)),
            "unstarted": lambda *_: Turn(None, (), "unstarted", "unstarted"),
            "resume": lambda draft, _: self._ask(draft),
            "save": self._save,
        }
        match button.act:
            case "drop" | "discard":
                return Turn(None, (said(CANCELLED),), "cancelled")
            case "undo" | "append" as deed:
                return Turn(draft, (), deed, deed)
            case "tasks":
                return Turn(draft, (), "tasks_shown", "tasks")
            case act if act in handlers and _fits(draft, act):
                return handlers[act](draft, button)
            case _:
                return self._ask(draft)

    def _choose_months(self, draft: Draft, button: Button) -> Turn:
        ids = (
            draft.offered
            if button.value == "all"
            else tuple(int(one) for one in button.value.split(".") if one.isdigit())
        )
        return self._with_months(draft, tuple(one for one in draft.offered if one in ids))

    def _with_months(self, draft: Draft, tasks: tuple[int, ...]) -> Turn:
        if not tasks:
            return self._ask(draft)
        return self.begin(replace(draft, tasks=tasks))

    def _same_as_last_time(self, draft: Draft, _: Button) -> Turn:
        last = self._work.last
        if last is None or (len(draft.tasks) > 1 and names_a_month(last.text)):
            return self._ask(replace(draft, state="words"))
        words, changed = carried_over(last, self._work.of(draft.tasks)[0])
        return self._take_words(draft, words, changed)

    def _to_progress(self, draft: Draft) -> Turn:
        return self._ask(replace(draft, mode="progress", state="progress", words="", pending="", replaces=False))

    def _to_cannot(self, draft: Draft) -> Turn:
        tasks = draft.tasks if len(draft.offered) == 1 or draft.tasks else ()
        begun = replace(draft, mode="cannot", tasks=tasks, words="", pending="", reason="", replaces=False)
        return self.begin(begun)

    def _choose_reason(self, draft: Draft, button: Button) -> Turn:
        if button.value not in REASONS:
            return self._ask(draft)
        draft = replace(draft, reason=button.value)
        return self._ask(replace(draft, state="other")) if button.value == "other" else self._to_receipt(draft)

    def _choose_day(self, draft: Draft, button: Button) -> Turn:
        if draft.state == "receipt":
            draft = replace(draft, days={})
        if button.value == UNKNOWN:
            for task in draft.missing:
                draft = draft.with_day(task, None)
            return self._to_receipt(draft)
        try:
            day = date.fromisoformat(button.value)
        except ValueError:
            return self._ask(draft)
        return self._with_day(draft, day)

    def _save(self, draft: Draft, button: Button) -> Turn:
        if button.number != draft.number:
            return self._ask(draft, OLD_RECEIPT, "old_receipt")
        return Turn(draft, (), "saved", "save")

    # --- words ---

    def say(self, draft: Draft, words: str) -> Turn:
        """A typed text: a button's words, else what the state waits for."""
        if button := pressed_by_typing(draft, words, self._work):
            return self.press(draft, button)
        if draft.paused:
            return Turn(draft, (self._cards.ask_to_go_on(draft, expired=False),))
        handlers: dict[str, Callable[[Draft, str], Turn]] = {
            "months": lambda draft, words: self._with_months(draft, typed_months(words, self._work.of(draft.offered))),
            "day": self._say_day,
            "confirm": self._say_day,
            "reason": self._say_reason,
            "other": self._say_reason,
            "progress": self._say_progress,
            "receipt": self._say_to_receipt,
            "saved": self._say_after_saving,
            "photo_month": lambda draft, _: self._ask(draft),
        }
        return handlers.get(draft.state, self._say_words)(draft, words)

    def _say_reason(self, draft: Draft, words: str) -> Turn:
        return self._to_receipt(replace(draft, reason="other", words=words))

    def _read(self, words: str) -> Reading:
        return read_answer(words, self._work.today, self._work.earliest)

    def _say_words(self, draft: Draft, words: str) -> Turn:
        """A sentence after ทำแล้ว: taken, or asked about where it does not tell a result."""
        read = self._read(words)
        if read.kind in ("denial", "delay"):
            return self._ask(replace(draft, state="asked", pending=words))
        if read.kind == "result":
            return self._take_words(draft, words)
        return self._not_an_answer(draft, read.kind, words)

    def _not_an_answer(self, draft: Draft, kind: Kind, words: str) -> Turn:
        cards = self._cards
        if kind == "courtesy":
            left = {"day": "เลือกวันที่ทำ แล้วกด “บันทึก”", "receipt": "กด “บันทึก”"}.get(draft.state, "พิมพ์ว่าทำอะไรไปแล้ว")
            message = said(f"ยินดีค่ะ ยังไม่บันทึกนะคะ เหลือ{left}", self._chips(draft))
        elif kind == "question":
            ask = {"type": "message", "label": ASK_COORDINATOR, "text": ASK_COORDINATOR}
            message = said(NO_QUESTIONS, [ask, *self._chips(draft)])
        else:
            draft = replace(draft, pending=words)
            quick = [cards.press("เหมือนครั้งก่อน", "same", draft)] if self._work.last else []
            quick += [cards.press("ใช้ข้อความนี้", "use", draft), cards.cancel(draft)]
            message = said(SAY_MORE, quick)
        return Turn(draft, (message,), f"{kind}_asked")

    def _chips(self, draft: Draft) -> list[Part]:
        """The quick replies of the open question: the next message would take them away."""
        items = self.question(draft).get("quickReply", {}).get("items", [])
        return [item["action"] for item in items] or [self._cards.cancel(draft)]

    def _take_words(self, draft: Draft, words: str, changed: str = "") -> Turn:
        if not words:
            return self._ask(replace(draft, state="words"))
        found = self._read(words).days
        named = tuple(f"{one.on.isoformat()}{'/end' if one.is_end else ''}" for one in found.past)
        draft = replace(draft, words=words, pending="", changed=changed, named=named)
        if not draft.missing:
            return self._to_receipt(draft)
        return self._ask_day(draft, found.impossible)

    def _say_progress(self, draft: Draft, words: str) -> Turn:
        kind = self._read(words).kind
        if kind in ("courtesy", "question"):
            return self._not_an_answer(draft, kind, words)
        return self._to_receipt(replace(draft, words=words))

    def _say_to_receipt(self, draft: Draft, words: str) -> Turn:
        if draft.mode == "cannot":
            return self._to_receipt(replace(draft, words=" ".join(filter(None, [draft.words, words]))))
        if draft.mode == "progress":
            return self._say_progress(draft, words)
        if len(draft.tasks) == 1 and (day := typed_day(words, self._work.today)):
            return self._with_day(replace(draft, days={}), day)
        return self._say_words(draft, words)

    def _say_after_saving(self, draft: Draft, words: str) -> Turn:
        if self._read(words).kind in ("courtesy", "empty"):
            return Turn(draft, (said(WELCOME),), "thanked")
        draft = replace(draft, pending=words)
        return Turn(draft, (self._cards.add_or_new(draft),))

    # --- days ---

    def _say_day(self, draft: Draft, words: str) -> Turn:
        typed = plain(words)
        if _FORGOT_ALL.fullmatch(typed):
            return self._choose_day(draft, Button("day", value=UNKNOWN))
        if len(draft.missing) > 1:
            return self._say_days(replace(draft, state="day"), typed)
        if day := typed_day(words, self._work.today):
            return self._with_day(replace(draft, state="day"), day)
        return self._say_around_a_day(replace(draft, state="day"), words)

    def _say_around_a_day(self, draft: Draft, words: str) -> Turn:
        """A sentence where a day was asked: it may hold one, or say that nothing was done."""
        read = self._read(words)
        if read.kind in ("denial", "delay"):
            return self._ask(replace(draft, state="asked", pending=words))
        if len(read.days.past) == 1 and read.kind != "question":
            return self._with_day(draft, read.days.past[0].on)
        if read.kind in ("courtesy", "question"):
            return self._not_an_answer(draft, read.kind, words)
        return self._ask_day(draft, read.days.impossible)

    def _ask_day(self, draft: Draft, impossible: str | None) -> Turn:
        before = to_thai(f"{impossible} ไม่มีในปฏิทิน ") if impossible else ""
        return Turn(replace(draft, state="day", paused=False), (self._cards.ask_day(draft, before),))

    def _say_days(self, draft: Draft, typed: str) -> Turn:
        """A day each: by month where a day falls in it, จำไม่ได้ after a month's name; what is left is asked."""
        for forgot in _FORGOT.finditer(typed):
            number = month_number(forgot["month"])
            for one in self._work.of(draft.missing):
                if one.ends_on and one.ends_on.month == number:
                    draft = draft.with_day(one.task_id, None)
        if self._read(_FORGOT.sub(" ", typed)).kind == "denial":
            return self._ask(replace(draft, state="asked", pending=typed))
        days, impossible = listed_days(typed, self._work.today, self._work.earliest)
        if impossible:
            return self._ask_day(draft, impossible)
        strangers = []
        for day in (one for one in days if one <= self._work.today):
            occasion = self._work.of_day(day, draft.missing)
            if occasion is None:
                strangers.append(day)
            else:
                draft = draft.with_day(occasion.task_id, day)
        if strangers and draft.missing:
            return self._ask(replace(draft, state="confirm", pending=strangers[0].isoformat()))
        return self._ask(draft) if draft.missing else self._to_receipt(draft)

    def _with_day(self, draft: Draft, day: date) -> Turn:
        """The day of the one occasion that wants it; one outside of the occasion's own time is asked about."""
        if day > self._work.today:
            return self._ask(replace(draft, state="day"), "วันนั้นยังมาไม่ถึงค่ะ")
        if day < self._work.earliest:
            return self._ask(replace(draft, state="day"), "วันนั้นอยู่ก่อนปีงบประมาณนี้ค่ะ")
        if not draft.missing:
            return self._to_receipt(draft)
        occasion = self._work.of(draft.missing)[0]
        if occasion.starts_on is not None and day < occasion.starts_on:
            return self._ask(replace(draft, state="confirm", pending=day.isoformat()))
        return self._next_day(draft.with_day(occasion.task_id, day))

    def _next_day(self, draft: Draft) -> Turn:
        return self._ask(replace(draft, state="day")) if draft.missing else self._to_receipt(draft)

    def _confirm(self, draft: Draft, *, yes: bool) -> Turn:
        if draft.state != "confirm":
            return self._ask(draft)
        day, draft = self._pending_day(draft), replace(draft, pending="", state="day")
        return self._next_day(draft.with_day(draft.missing[0], day)) if yes else self._ask(draft)

    def _pending_day(self, draft: Draft) -> date:
        return date.fromisoformat(draft.pending)

    def _to_receipt(self, draft: Draft) -> Turn:
        return self._ask(replace(draft, state="receipt"))


def _words_state(draft: Draft) -> Literal["words", "progress"]:
    return "progress" if draft.mode == "progress" else "words"


_NEEDS: dict[str, tuple[str, ...]] = {
    "months": ("months",),
    "same": ("words", "asked"),
    "use": ("asked", "words"),
    "again": ("asked",),
    "reason": ("reason", "receipt", "other"),
    "day": ("day", "receipt", "confirm"),
    "yes": ("confirm",),
    "no": ("confirm",),
    "edit": ("receipt",),
    "redate": ("receipt",),
    "waiting": ("progress",),
    "unstarted": ("progress",),
    "save": ("receipt",),
}


def _fits(draft: Draft, act: str) -> bool:
    """Whether the state knows the button: an old card's asks the open question again instead."""
    return draft.state in _NEEDS.get(act, (draft.state,))
