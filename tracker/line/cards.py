"""What the official account says in a conversation on a task: the cards and questions, in the words of the drawings."""

from collections.abc import Sequence
from datetime import date

from tracker.channels.line.flex_parts import (
    DONE,
    LATE,
    LONGEST_LABEL,
    QUIET,
    Action,
    Part,
    box,
    bubble,
    button,
    fact,
    flex,
    row_of,
    said,
    separator,
    text,
)
from tracker.channels.line.postback import Button, button_data
from tracker.line.card_words import due_of, months_of, named_label, timeliness, title
from tracker.line.draft import UNKNOWN, Draft
from tracker.line.work import LastTime, Occasion, Work, yesterday
from tracker.reminders.wording import short_day
from tracker.thai.calendar import WEEKDAYS, format_date
from tracker.thai.numerals import to_thai

LONGEST_FILL_IN = 300
"""Characters that LINE lets a button put into the field that people type in."""
MOST_MONTH_CHIPS = 9
"""Months to choose from below a card: with the other choices within LINE's thirteen."""
LONGEST_QUOTE = 300
"""Characters of somebody's words that a card quotes: enough to know them again."""
LONGEST_SHOWN = 1_500
"""Characters of an answer on its card: with the rest of it under the size that LINE takes; all is saved."""
_LONGEST_ASK = 1_000
"""Characters of a question that quotes what was typed: it stays one screen."""
REASONS = {
    "no_budget": ("ไม่ได้รับงบประมาณ", "ไม่ได้รับงบประมาณ"),
    "policy_changed": ("นโยบายเปลี่ยน", "นโยบายผู้บริหารเปลี่ยนแปลง"),
    "staff_shortage": ("บุคลากรไม่พอ", "บุคลากรไม่เพียงพอ"),
    "other": ("เหตุอื่น", "เหตุอื่น"),
}
"""By its name in the database: on its chip, and in full."""
CAMERA: tuple[Action, ...] = (
    {"type": "camera", "label": "ถ่ายรูป"},
    {"type": "cameraRoll", "label": "เลือกรูป"},
)
WAITS_FOR_OTHERS = "อยู่ระหว่างรอผู้ที่เกี่ยวข้องดำเนินการ"


class Cards:
    """The messages on one piece of work; ``key`` signs the buttons."""

    def __init__(self, work: Work, key: str) -> None:
        self.work = work
        self._key = key

    # --- buttons ---

    def press(self, label: str, act: str, draft: Draft, value: str = "", **more: str) -> Action:
        """A button whose press the chat shows as if it had been typed."""
        task = draft.tasks[0] if draft.tasks else draft.offered[0] if draft.offered else 0
        number = draft.number if act == "save" else 0
        data = button_data(self._key, Button(act, task, number, value))
        return {"type": "postback", "label": label[:LONGEST_LABEL], "data": data, "displayText": label, **more}

    def _pick_day(self, label: str, draft: Draft) -> Action:
        chosen = [day for task in draft.tasks if (day := draft.day_of(task))]
        due = [one.due_on for one in self.work.of(draft.tasks) if one.due_on]
        start = (chosen or due or [self.work.today])[0]
        return {
            "type": "datetimepicker",
            "label": label,
            "data": self.press(label, "day", draft, "picked")["data"],
            "mode": "date",
            "initial": max(self.work.earliest, min(start, self.work.today)).isoformat(),
            "max": self.work.today.isoformat(),
            "min": min(self.work.earliest, self.work.today).isoformat(),
        }

    def cancel(self, draft: Draft) -> Action:
        return self.press("ยกเลิก", "drop", draft)

    # --- questions ---

    def ask_months(self, draft: Draft) -> Part:
        what = "ทำไม่ได้ของเดือนไหนบ้างคะ" if draft.mode == "cannot" else "ทำของเดือนไหนแล้วบ้างคะ"
        offered = self.work.of(draft.offered)
        quick = [self.press(to_thai(f"ทั้ง {len(offered)} เดือน"), "months", draft, "all")]
        quick += [self.press(one.label, "months", draft, f"{one.task_id}") for one in offered[:MOST_MONTH_CHIPS]]
        if len(offered) > MOST_MONTH_CHIPS:
            quick.append({"type": "uri", "label": "เลือกในหน้าเว็บ", "uri": self.work.page})
        return said(f"{what} กดเลือก หรือพิมพ์ เช่น “ต.ค. ถึง ธ.ค.”", [*quick, self.cancel(draft)])

    def ask_words(self, draft: Draft) -> Part:
        several = len(draft.tasks) > 1
        ask = "ทำอะไรไปแล้วคะ พิมพ์สั้น ๆ ได้เลย"
        ask += " ถ้าเหมือนกันทุกเดือน พิมพ์ครั้งเดียวพอ" if several else ""
        contents = [*self._head(draft), text(f"{ask}\nจะส่งรูปก่อนหรือหลังข้อความก็ได้", margin="lg")]
        if last := self.work.last:
            contents.append(self._last_time(last))
            if not several or len(last.text) <= LONGEST_FILL_IN:
                contents.append(row_of([button(self.press("เหมือนครั้งก่อน", "same", draft))]))
        quick = [*CAMERA, self.press("ยังไม่เสร็จ", "later", draft), self.cancel(draft)]
        return flex(f"{self.work.step}: ทำอะไรไปแล้วคะ", bubble(contents), quick)

    def ask_about(self, draft: Draft, words: Sequence[str], *, delay: bool, cannot: bool) -> Part:
        """M5: the sentence says that it is not done; nothing is recorded of it."""
        ask = "ทำเสร็จแล้วหรือยังคะ" if delay else "ยังไม่ได้ทำใช่ไหมคะ"
        quoted = " และ ".join(f"“{word}”" for word in words[:3])
        later = button(self.press("ยังไม่เสร็จ", "later", draft), filled=not cannot)
        cannot_do = button(self.press("ทำไม่ได้", "cannot", draft), filled=cannot)
        contents = [
            text(ask, weight="bold", size="lg"),
            text(f"ในข้อความมีคำว่า {quoted} จึงยังไม่บันทึกว่าทำแล้ว", size="sm", color=QUIET, margin="sm"),
            row_of([later]),
            row_of([button(self.press("ทำแล้ว จะพิมพ์ใหม่", "again", draft))]),
            row_of([button(self.press("ทำแล้ว ใช้ข้อความนี้", "use", draft))]),
            row_of([cannot_do, button(self.cancel(draft), quiet=True)]),
        ]
        return flex(ask, bubble(contents))

    def ask_day(self, draft: Draft, before: str = "") -> Part:
        """M3 of one occasion that wants a day, M4 of several."""
        missing = self.work.of(draft.missing)
        if len(missing) > 1:
            ask = (
                "แต่ละเดือนทำวันไหนคะ\nพิมพ์เรียงกัน เช่น “๑๒ ต.ค. ๑๐ พ.ย.”\nเดือนไหนจำไม่ได้ พิมพ์ “จำไม่ได้”"
                if len(missing) == len(draft.tasks)
                else f"เหลือเดือน {' '.join(one.label for one in missing)} ทำวันไหนคะ"
            )
            page: Action = {"type": "uri", "label": "เลือกในหน้าเว็บ", "uri": self.work.page}
            quick = [self.press("จำวันไม่ได้ทั้งหมด", "day", draft, UNKNOWN), page, self.cancel(draft)]
            return said(f"{before}{ask}", quick)
        ask = f"เดือน {missing[0].label} ทำวันไหนคะ" if len(draft.tasks) > 1 and missing else "ทำวันไหนคะ"
        return said(f"{before}{ask}", self._day_chips(draft))

    def _day_chips(self, draft: Draft) -> list[Action]:
        today = self.work.today
        named = {one.split("/")[0]: named_label(one) for one in draft.named[:3]}
        near = {today.isoformat(): "วันนี้", yesterday(today).isoformat(): "เมื่อวาน"}
        return [
            *(self.press(label, "day", draft, day) for day, label in named.items()),
            *(self.press(label, "day", draft, day) for day, label in near.items() if day not in named),
            self._pick_day("เลือกวัน", draft),
            self.press("จำวันไม่ได้", "day", draft, UNKNOWN),
            self.cancel(draft),
        ]

    def confirm_month(self, draft: Draft, day: date, occasion: Occasion) -> Part:
        ask = f"{short_day(day)} เป็นของ{self._named(occasion)} ใช่ไหมคะ"
        quick = [
            self.press(f"ใช่ ของ {occasion.label}"[:LONGEST_LABEL], "yes", draft),
            self.press("ไม่ใช่ พิมพ์ใหม่", "no", draft),
            {"type": "uri", "label": "เลือกในหน้าเว็บ", "uri": self.work.page},
        ]
        return said(ask, quick)

    def _named(self, occasion: Occasion) -> str:
        return f"เดือน {occasion.label}" if len(occasion.label) <= 6 else f"งาน {occasion.label}"

    def ask_progress(self, draft: Draft) -> Part:
        words = (
            "ถึงไหนแล้วคะ ถ้าปิดรอบแล้วยังไม่เสร็จ รายงานจะพิมพ์ข้อความนี้\n\nถ้ายังไม่เริ่ม กดปุ่มด้านล่าง จะแจ้งผู้ประสานงาน แต่ไม่พิมพ์ในรายงาน"
        )
        quick = [
            self.press("ยังไม่เริ่ม", "unstarted", draft),
            self.press("กำลังรอผู้อื่น", "waiting", draft),
            self.cancel(draft),
        ]
        return said(words, quick)

    def ask_reason(self, draft: Draft) -> Part:
        quick = [self.press(chip, "reason", draft, name) for name, (chip, _) in REASONS.items()]
        return said("ทำไม่ได้เพราะอะไรคะ เลือกเหตุผลด้านล่าง หรือพิมพ์เองก็ได้", [*quick, self.cancel(draft)])

    def ask_to_go_on(self, draft: Draft, *, expired: bool) -> Part:
        typed = draft.words or draft.pending
        about = typed or self.work.step or "รูปที่ส่งมา"
        ask = f"เกินเวลาแล้ว ยังไม่ได้บันทึก “{about}” ทำต่อไหมคะ" if expired else f"ยังมีใบตรวจทานของ “{about}” ที่ยังไม่บันทึก"
        return said(ask[:_LONGEST_ASK], [self.press("ทำต่อ", "resume", draft), self.press("ทิ้ง", "discard", draft)])

    # --- cards ---

    def _head(self, draft: Draft) -> list[Part]:
        occasions = self.work.of(draft.tasks)
        place = " · ".join(filter(None, [self.work.unit, months_of(occasions), due_of(occasions)]))
        late = any(one.due_on and one.due_on < self.work.today for one in occasions)
        return [
            text(self.work.step, weight="bold"),
            text(place, size="sm", color=LATE if late else QUIET, margin="xs"),
        ]

    def _last_time(self, last: LastTime) -> Part:
        return box(
            [
                text(f"ครั้งก่อน ({last.label})", size="sm", color=QUIET),
                text(last.text[:LONGEST_QUOTE], size="sm", margin="xs"),
            ],
            backgroundColor="#F0F3F4",
            cornerRadius="8px",
            paddingAll="md",
            margin="md",
        )

    def receipt(self, draft: Draft) -> Part:
        """Everything that บันทึก would record, and nothing recorded yet."""
        match draft.mode:
            case "progress":
                return self._receipt_of_progress(draft)
            case "cannot":
                return self._receipt_of_cannot(draft)
            case _:
                return self._receipt_of_done(draft)

    def _receipt_of_done(self, draft: Draft) -> Part:
        occasions = self.work.of(draft.tasks)
        several = len(occasions) > 1
        count = to_thai(f" {len(occasions)} เดือน") if several else ""
        notes = ["ข้อความนี้จะพิมพ์ในรายงาน"] if not several else [to_thai(f"ใช้กับทั้ง {len(occasions)} เดือน")]
        notes += [draft.changed] if draft.changed else []
        contents = [
            *title(f"ตรวจก่อนบันทึก{count}"),
            fact("งาน", *self._what(occasions if not several else ())),
            fact(
                "ทำอะไร",
                text(draft.words[:LONGEST_SHOWN], size="sm"),
                *(text(one, size="xs", color=QUIET) for one in notes),
            ),
        ]
        if several:
            contents.append(separator())
            contents += [self._month_row(draft, one) for one in occasions]
        else:
            contents.append(fact("ทำเมื่อ", *self._day_words(draft.day_of(occasions[0].task_id), occasions[0])))
        photos = to_thai(f"{len(draft.photos)} รูป") if draft.photos else "ยังไม่มี · ส่งมาได้เลย"
        contents.append(fact("รูป", text(photos, size="sm")))
        save = to_thai(f"บันทึกทั้ง {len(occasions)} เดือน") if several else "บันทึก"
        contents += [
            row_of([button(self.press(save, "save", draft), filled=True)]),
            row_of([button(self._edit(draft)), button(self._redate(draft))]),
            row_of([button(self.cancel(draft), quiet=True)]),
        ]
        return flex(f"ตรวจก่อนบันทึก: {self.work.step}", bubble(contents))

    def _receipt_of_progress(self, draft: Draft) -> Part:
        note = "จะพิมพ์ในรายงานถ้ายังไม่เสร็จเมื่อปิดรอบ"
        told_on = f"วันนี้ {format_date(self.work.today, style='short')}"
        contents = [
            *title("ความคืบหน้า"),
            fact("งาน", *self._what(self.work.of(draft.tasks), due=True)),
            fact("ถึงไหน", text(draft.words[:LONGEST_SHOWN], size="sm"), text(note, size="xs", color=QUIET)),
            fact("วันที่แจ้ง", text(told_on, size="sm")),
            row_of([button(self.press("บันทึก", "save", draft), filled=True)]),
            row_of([button(self._edit(draft)), button(self.cancel(draft), quiet=True)]),
        ]
        return flex(f"ความคืบหน้า: {self.work.step}", bubble(contents))

    def _receipt_of_cannot(self, draft: Draft) -> Part:
        reason = REASONS[draft.reason][1]
        more = (
            text(draft.words[:LONGEST_SHOWN], size="sm")
            if draft.words
            else text("ไม่มี · พิมพ์ได้เลยถ้าจะเพิ่ม", size="sm", color=QUIET)
        )
        contents = [
            *title("ตรวจก่อนบันทึกว่าทำไม่ได้"),
            fact("งาน", *self._what(self.work.of(draft.tasks), only=True)),
            fact("เหตุผล", text(reason, size="sm")),
            fact("เพิ่มเติม", more),
            row_of([button(self.press("บันทึกว่าทำไม่ได้", "save", draft), filled=True)]),
            row_of([button(self.press("เปลี่ยนเหตุผล", "cannot", draft)), button(self.cancel(draft), quiet=True)]),
        ]
        return flex(f"ตรวจก่อนบันทึกว่าทำไม่ได้: {self.work.step}", bubble(contents))

    def _edit(self, draft: Draft) -> Action:
        label = "แก้ข้อความ"
        if len(draft.words) > LONGEST_FILL_IN:
            return {"type": "uri", "label": label, "uri": self.work.page}
        return self.press(label, "edit", draft, inputOption="openKeyboard", fillInText=draft.words or " ")

    def _redate(self, draft: Draft) -> Action:
        return self._pick_day("เปลี่ยนวัน", draft) if len(draft.tasks) == 1 else self.press("แก้วัน", "redate", draft)

    def _what(self, occasions: Sequence[Occasion], *, only: bool = False, due: bool = False) -> list[Part]:
        months = months_of(tuple(occasions))
        place = [self.work.unit, f"เฉพาะ {months}" if only and months else months, due_of(occasions) if due else ""]
        return [
            text(self.work.step, size="sm"),
            text(" · ".join(filter(None, place)) or " ", size="xs", color=QUIET),
        ]

    def _day_words(self, day: date | None, occasion: Occasion) -> list[Part]:
        if day is None:
            return [text("จำวันไม่ได้", size="sm"), text("ไม่ทราบวัน จะไม่นับว่าทันกำหนด", size="xs", color=QUIET)]
        words, colour = timeliness(day, occasion.due_on, self.work.today)
        full = f"{WEEKDAYS[day.weekday()]} {format_date(day, style='short')}"
        return [text(full, size="sm"), text(words, size="xs", color=colour)]

    def _month_row(self, draft: Draft, occasion: Occasion) -> Part:
        day = draft.day_of(occasion.task_id)
        words, colour = (
            ("ไม่ทราบวัน", QUIET) if day is None else timeliness(day, occasion.due_on, self.work.today, brief=True)
        )
        return box(
            [
                text(occasion.label, size="sm", flex=3),
                text(short_day(day) if day else "จำวันไม่ได้", size="sm", flex=4),
                text(words, size="sm", color=colour, align="end", flex=4),
            ],
            "horizontal",
            margin="sm",
        )

    def saved(self, draft: Draft, standing: str, photos_until: str) -> Part:
        """What was recorded, how the unit stands, and the way back."""
        occasions = self.work.of(draft.tasks)
        several = to_thai(f"ทั้ง {len(occasions)} เดือน") if len(occasions) > 1 else ""
        undo = button(self.press(f"เลิกทำ{several}", "undo", draft), quiet=True)
        following = button(self.press("งานค้างถัดไป", "tasks", draft))
        if draft.mode == "cannot":
            months = months_of(occasions)
            note = f"ผู้ประสานงานจะเห็นเหตุผลนี้ และจะไม่เตือนงาน {months} อีก งานเดือนอื่นยังเตือนตามปกติ"
            contents = [text("บันทึกว่าทำไม่ได้แล้ว", weight="bold", size="lg"), text(note, size="sm", margin="md")]
            return flex("บันทึกว่าทำไม่ได้แล้ว", bubble([*contents, row_of([following, undo])]))
        heading = to_thai(f"บันทึกแล้ว {len(occasions)} เดือน") if several else "บันทึกแล้ว"
        heading = "ส่งให้ผู้ประสานงานตรวจแล้ว" if self.work.review else heading
        days = [draft.day_of(one.task_id) for one in occasions]
        on = f"ทำเมื่อ {format_date(days[0], style='short')}" if days[0] else "ไม่ทราบวันที่ทำ"
        facts = [f"{self.work.step} {months_of(occasions)}".strip()]
        facts += [on if not several else self._counted(draft, occasions)]
        facts += [to_thai(f"รูป {len(draft.photos)} รูป")] if draft.photos else []
        contents = [
            text(f"✓ {heading}", weight="bold", size="lg", color=DONE),
            text(facts[0], size="sm", margin="md"),
            text(" · ".join(facts[1:]), size="sm"),
            text(f"ขอบคุณค่ะ {standing}\nส่งรูปเพิ่มได้ถึง {photos_until} น.", size="sm", color=QUIET, margin="md"),
        ]
        return flex(f"{heading}: {self.work.step}", bubble([*contents, row_of([following, undo])]))

    def _counted(self, draft: Draft, occasions: Sequence[Occasion]) -> str:
        days = [(draft.day_of(one.task_id), one.due_on) for one in occasions]
        late = sum(day is not None and due is not None and day > due for day, due in days)
        unknown = sum(day is None for day, _ in days)
        counts = {"ทันกำหนด": len(days) - late - unknown, "ล่าช้า": late, "ไม่ทราบวัน": unknown}
        return to_thai(" · ".join(f"{name} {count}" for name, count in counts.items() if count))

    def noted(self, draft: Draft) -> Part:
        quick = [
            self.press("ทำแล้ว", "done", draft),
            self.press("เลิกทำ", "undo", draft),
            self.press("งานค้างถัดไป", "tasks", draft),
        ]
        return said("บันทึกแล้วค่ะ งานนี้ยังค้างอยู่", quick)

    def undone(self, draft: Draft, until: str) -> Part:
        what = {"done": "กลับเป็น “ยังไม่ทำ”", "cannot": "กลับเป็น “ยังไม่ทำ”", "progress": "ไม่มีข้อความนี้แล้ว"}[draft.mode]
        words = f"เลิกทำแล้วค่ะ งาน {months_of(self.work.of(draft.tasks))} {what} ข้อความและรูปยังเก็บไว้ให้ถึง {until} น."
        quick = [
            self.press("แก้แล้วบันทึกใหม่", "resume", draft),
            self.press("ยังไม่เสร็จ", "later", draft),
            self.press("ไม่ต้องทำอะไร", "discard", draft),
        ]
        return said(words, quick)

    def add_or_new(self, draft: Draft) -> Part:
        quick = [self.press("เพิ่มในงานเดิม", "append", draft), self.press("งานใหม่", "tasks", draft)]
        return said("จะเพิ่มในงานเดิมหรือเป็นงานใหม่คะ", quick)

    def done_by(self, draft: Draft, who: str, when: str, words: str) -> Part:
        """A colleague was first; what this person typed is not lost."""
        message = f"{who} บันทึกงานนี้แล้วเมื่อ {when}: “{words[:LONGEST_QUOTE]}”"
        if not draft.has_content:
            return said(message)
        quick = [self.press("เพิ่มต่อท้าย", "append", draft), self.press("ทิ้งของฉัน", "discard", draft)]
        return said(f"{message} ข้อความของท่านยังอยู่", quick)

    def whose_photo(self, draft: Draft) -> Part:
        quick = [self.press("ทุกเดือน", "photo", draft, "all")]
        quick += [
            self.press(one.label, "photo", draft, f"{one.task_id}")
            for one in self.work.of(draft.tasks)[:MOST_MONTH_CHIPS]
        ]
        return said("เป็นรูปของเดือนไหนคะ", quick)
