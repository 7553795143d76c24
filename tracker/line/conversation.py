"""A person's conversation on a task: the draft is read, the dialogue decides, what was said yes to is recorded."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.channels.line.flex_parts import Action, Part, said
from tracker.channels.line.postback import Button, button_data
from tracker.clock import local
from tracker.errors import ConflictError, TrackerError
from tracker.kinds import TaskState
from tracker.line import messages, recording
from tracker.line.answer import Answer
from tracker.line.dialogue import WELCOME, Turn
from tracker.line.draft import Draft, Mode
from tracker.line.kept_draft import ANSWER_WITHIN, KeptDraft
from tracker.line.linking import linked_members
from tracker.line.own_tasks import own_tasks
from tracker.line.reading import standing, tasks_by_id, who_may_tick, why_closed
from tracker.line.sentences import read_answer
from tracker.models import LineConversation, Member, Task
from tracker.reminders.notices import tell_unstarted
from tracker.reminders.posts import post_of
from tracker.store.storage import NewEvidence
from tracker.thai.numerals import to_thai

MOST_FILES = 20
"""Photos of one answer: more than anybody looks through as evidence."""
_MOST_PARTS = 5
"""Messages of one reply that LINE takes."""
BEGINNINGS: dict[str, Mode] = {"done": "done", "later": "progress", "cannot": "cannot"}


class Conversation(KeptDraft):
    """One event of one person within, or beginning, a conversation."""

    # --- what arrives ---

    def press(self, button: Button) -> Answer:
        """A button of ours was pressed."""
        if button.act in BEGINNINGS and (turn := self._begin(button)):
            return turn
        if self.row is None or self.draft is None or not self.row.task_id:
            return self._press_alone(button)
        if self.is_over and self.draft.has_content and button.act not in ("resume", "undo", "discard", "drop"):
            return self._ask_to_go_on(expired=True)
        return self._press_within(self.draft, button)

    def _press_within(self, draft: Draft, button: Button) -> Answer:
        """A button while an answer is on its way or was just saved."""
        is_elsewhere = button.task not in (0, *draft.offered)
        if button.act == "undo":
            return self._undo(button.task or self.task_id, draft if button.task in (0, *draft.tasks) else None)
        if is_elsewhere:
            return self._ask_to_go_on(expired=False) if draft.has_content else self._press_alone(button)
        if draft.state == "saved" and button.act == "save":
            return self._again_saved(button)
        if button.act == "photo":
            return self._place_photos(button)
        return self._apply(self.dialogue().press(draft, button))

    def say(self, words: str) -> Answer | None:
        """A typed text; None where no conversation wants it."""
        if self.row is None or self.draft is None:
            return None
        if self.is_over:
            return self._say_too_late(words)
        if not self.row.task_id:
            return self.answer("hinted", (self._ask_whose_photos(),)) if self.draft.photos else None
        return self._apply(self.dialogue().say(self.draft, words))

    def photo(self) -> Answer:
        """A photo or file: it belongs to the answer, or waits to be told whose it is."""
        arrived = self.arrived
        if arrived.problem or arrived.file is None:
            return self.answer("refused", (said(arrived.problem or messages.ONLY_PHOTOS),))
        draft = self.draft if self.row and not self.is_over else None
        if draft and draft.state in ("saved", "photo_month") and self.photos_are_late(draft):
            draft = None
        if draft is None or self.row is None:
            if self.draft and self.is_over and self.draft.has_content:
                return self._ask_to_go_on(expired=True)
            return self._photo_first()
        if len(draft.photos) >= MOST_FILES:
            return self.answer("refused", (said(messages.ENOUGH_FILES),))
        if not self.row.task_id:
            return self._photo_first(draft)
        turn = self.dialogue().photo(draft, arrived.file, is_last=arrived.is_last_of_set)
        return replace(self._apply(turn), keeps_file=True) if turn.deed is None else self._add_photo(turn)

    def pause(self) -> Part | None:
        """Something else was asked for: an answer with content is kept and told of, an empty one ends."""
        if self.row is None or self.draft is None:
            return None
        is_unsaved = self.draft.state != "saved" and bool(self.row.task_id)
        if not is_unsaved:
            return None
        if not self.draft.has_content:
            self.end()
            return None
        self.keep(replace(self.draft, paused=True))
        return self.cards().ask_to_go_on(self.draft, expired=False)

    # --- beginnings ---

    def _begin(self, button: Button) -> Answer | None:
        """One of the three answers to a task of a message; None where it belongs to the answer on its way."""
        running = self.draft if self._is_about_a_task() and not self.is_over else None
        if running and _changes_the_answer(running, button):
            if button.act != "done":
                return None
            return self._apply(self.dialogue().begin(replace(running, mode="done", state="words", words="", reason="")))
        if self._is_about_a_task() and self.draft and self.draft.has_content:
            same = button.task in self.draft.offered and not self.is_over
            return self._apply(self._resumed()) if same else self._ask_to_go_on(expired=self.is_over)
        ids = [int(one) for one in button.value.split(".") if one.isdigit()] or [button.task]
        own = [task for task in tasks_by_id(self.session, ids) if self._member_for(task) is not None]
        if not own:
            return self.answer("not_yours", (said(messages.NOT_YOURS),))
        opened = [task for task in own if task.is_open]
        return self._start(button, opened) if opened else self._closed(own[0], Draft("words"))

    def _start(self, button: Button, tasks: Sequence[Task]) -> Answer:
        """A new answer to these open tasks of the person's own, with photos that were sent before."""
        waits_for_a_task = self.row is not None and not self.row.task_id and not self.is_over
        photos = self.draft.photos if waits_for_a_task and self.draft else ()
        offered = tuple(task.id for task in tasks)
        begun = Draft("words", BEGINNINGS[button.act], offered=offered, photos=photos)
        member = self._member_for(tasks[0])
        assert member is not None  # noqa: S101  (they are the person's own)
        self.end()
        self.row = LineConversation(
            agency_id=tasks[0].agency_id,
            user_id=self.arrived.user_id,
            member=member,
            task_id=tasks[0].id,
            draft={},
            expires_at=self.arrived.happened_at + ANSWER_WITHIN,
        )
        self.session.add(self.row)
        self.draft = begun
        return self._apply(self.dialogue().begin(begun))

    def _is_about_a_task(self) -> bool:
        return self.row is not None and bool(self.row.task_id)

    def _member_for(self, task: Task) -> Member | None:
        """As whom the sender may tick the task off; None where it is not theirs."""
        return who_may_tick(self.session, self.arrived.user_id, task)

    def _resumed(self) -> Turn:
        assert self.draft is not None  # noqa: S101
        return self.dialogue().press(replace(self.draft, paused=False), Button("resume"))

    def _photo_first(self, draft: Draft | None = None) -> Answer:
        """A photo before any press: kept for half an hour, and asked whose it is."""
        members = linked_members(self.session, self.arrived.user_id)
        if not members or self.arrived.file is None:
            return self.answer("ignored", (messages.text(messages.GREETING),))
        waiting = (draft or Draft("pick")).with_photo(self.arrived.file)
        if draft is None:
            self.end()
            self.row = LineConversation(
                agency_id=members[0].agency_id, user_id=self.arrived.user_id, member=members[0], draft={}
            )
            self.session.add(self.row)
        self.draft = waiting
        self.keep(waiting, recording.PHOTOS_WITHIN)
        say = self._whose_photos() if self.arrived.is_last_of_set else ()
        return replace(self.answer("evidence", say), keeps_file=True)

    def _whose_photos(self) -> tuple[Part, ...]:
        assert self.row is not None  # noqa: S101
        member, day = self.row.member, self.arrived.day
        tasks = own_tasks(self.session, member, day, self.base_url, self.context.key, listed=True)
        return (self._ask_whose_photos(), tasks) if tasks else (self._ask_whose_photos(),)

    def _ask_whose_photos(self) -> Part:
        assert self.draft is not None  # noqa: S101
        count = to_thai(f"ได้รับรูป {len(self.draft.photos)} รูปค่ะ เก็บไว้ให้ ๓๐ นาที เป็นรูปของงานไหนคะ")
        data = button_data(self.context.key, Button("discard"))
        label = "ไม่ใช่รูปงาน ลบทิ้ง"
        drop: Action = {"type": "postback", "label": label, "data": data, "displayText": label}
        return said(f"{count} กด “ทำแล้ว” ของงานนั้น", [drop])

    # --- turns ---

    def _apply(self, turn: Turn) -> Answer:
        """Does what the turn asks for and keeps its draft."""
        deeds: dict[str, Callable[[], Answer]] = {
            "save": lambda: self._save(turn),
            "undo": lambda: self._undo(self.task_id, self.draft),
            "append": self._append,
            "unstarted": self._tell_unstarted,
            "tasks": self._tasks,
        }
        if turn.deed in deeds:
            return deeds[turn.deed]()
        if turn.draft is None:
            dropped = self.end(forget=True)
            return replace(self.answer(turn.outcome, turn.say), forget=dropped)
        self.keep(turn.draft)
        return self.answer(turn.outcome, turn.say)

    def _save(self, turn: Turn) -> Answer:
        draft = turn.draft
        assert draft is not None  # noqa: S101
        assert self.row is not None  # noqa: S101
        tasks = tasks_by_id(self.session, draft.tasks)
        mine = [one for one in tasks if who_may_tick(self.session, self.arrived.user_id, one)]
        if len(mine) < len(draft.tasks):
            self.end()
            return self.answer("not_yours", (said(messages.NOT_YOURS),))
        for task in tasks:
            self.session.refresh(task)
        closed = next((task for task in tasks if not task.is_open and not draft.replaces), None)
        if closed is not None:
            return self._closed(closed, draft)
        member, today = self.row.member, self.arrived.day
        try:
            saved = recording.save(self.session, draft, tasks, member, today, self.context.at)
        except ConflictError:
            self.session.refresh(tasks[0])
            return self._closed(next((task for task in tasks if not task.is_open), tasks[0]), draft)
        except TrackerError as error:
            return self.answer("refused", (said(error.sentence_th),))
        self.keep(saved, recording.UNDO_WITHIN)
        return self.answer("saved", (self._saved_card(saved, tasks[0]),))

    def _saved_card(self, saved: Draft, task: Task) -> Part:
        cards = self.cards()
        if saved.mode == "progress":
            return cards.noted(saved)
        until = self.clock(datetime.fromisoformat(saved.saved_at) + recording.PHOTOS_WITHIN)
        return cards.saved(saved, standing(self.session, task, self.arrived.day), until)

    def _again_saved(self, button: Button) -> Answer:
        """บันทึก was tapped twice: one record, the same card."""
        assert self.draft is not None  # noqa: S101
        if button.number not in (0, self.draft.number):
            return self.answer("ignored", ())
        return self.answer("saved_already", (self._saved_card(self.draft, self.first_task()),))

    def _closed(self, task: Task, draft: Draft) -> Answer:
        """Somebody was first, or the task is no longer wanted; what was typed is kept where it can be added."""
        completion = task.completion
        if task.state in (TaskState.DONE, TaskState.SUBMITTED) and completion is not None:
            cards = self.cards() if self.row else self.cards_of([task])
            if self.row and draft.has_content:
                self.keep(replace(draft, paused=True))
            when = f"{local(completion.entered_at, self.context.settings.zone):%d/%m %H.%M} น."
            told = cards.done_by(draft, post_of(completion.entered_by), to_thai(when), completion.result)
            return self.answer("closed_already", (told,), task.agency_id)
        self.end()
        words = why_closed(self.session, task, self.context.settings.zone)
        return self.answer("closed_already", (said(words),), task.agency_id)

    def _append(self) -> Answer:
        """The words are added to what was recorded: a new receipt, which stands in its place once it is saved."""
        assert self.draft is not None  # noqa: S101
        draft = self.draft
        tasks = tasks_by_id(self.session, draft.tasks)
        before = next((task.completion for task in tasks if task.completion and not task.is_open), None)
        if before is None:
            return self._apply(self._resumed())
        mine = draft.pending if draft.state == "saved" else draft.words or draft.pending
        days = {str(one.id): self._recorded_day(one) for one in tasks}
        photos = () if draft.state == "saved" else draft.photos
        joined = replace(
            draft,
            mode="done",
            state="receipt",
            words="\n".join(filter(None, [before.result, mine])),
            pending="",
            days=days,
            photos=photos,
            replaces=True,
            paused=False,
            completions=(),
        )
        return self._apply(self.dialogue().press(joined, Button("resume")))

    def _recorded_day(self, task: Task) -> str:
        completion = task.completion
        return completion.done_on.isoformat() if completion and completion.done_on else "unknown"

    def _undo(self, task_id: int, draft: Draft | None) -> Answer:
        task = self.session.get(Task, task_id)
        member = who_may_tick(self.session, self.arrived.user_id, task)
        undone = recording.undo(self.session, draft, task, member, self.context.at) if task and member else None
        if not undone:
            ask = {"type": "message", "label": messages.ASK, "text": messages.ASK}
            return self.answer("too_late", (said(messages.UNDO_TOO_LATE, [ask]),))
        if draft is None or draft.state != "saved" or task is None:
            label = ", ".join(one.label for one in self.work(undone).occasions)
            return self.answer("undone", (said(f"เลิกทำแล้วค่ะ งาน {label} กลับเป็น “ยังไม่ทำ”"),), undone[0].agency_id)
        back = replace(draft, state="receipt", saved_at="", completions=(), number=draft.number + 1, paused=True)
        self.keep(back)
        until = self.clock(self.context.at + ANSWER_WITHIN)
        return self.answer("undone", (self.cards().undone(back, until),))

    def _add_photo(self, turn: Turn) -> Answer:
        """A photo after saving becomes evidence of what was saved."""
        draft, file = turn.draft, self.arrived.file
        assert draft is not None  # noqa: S101
        assert file is not None  # noqa: S101
        return self._put_photos(draft, tasks_by_id(self.session, draft.tasks), [file])

    def _place_photos(self, button: Button) -> Answer:
        """The months whose photos they are were chosen."""
        assert self.draft is not None  # noqa: S101
        ids = self.draft.tasks if button.value == "all" else (int(button.value or 0),)
        tasks = [task for task in tasks_by_id(self.session, self.draft.tasks) if task.id in ids]
        before = {piece.stored_name for task in tasks if task.completion for piece in task.completion.evidence}
        pieces = [piece for piece in self.draft.evidence() if piece.stored_name not in before]
        return self._put_photos(replace(self.draft, state="saved"), tasks, pieces)

    def _put_photos(self, draft: Draft, tasks: Sequence[Task], pieces: Sequence[NewEvidence]) -> Answer:
        assert self.row is not None  # noqa: S101
        try:
            recording.add_photo(self.session, draft, tasks, pieces, self.row.member, self.context.at)
        except TrackerError as error:
            self.end()
            return self.answer("refused", (said(error.sentence_th),))
        self.row.draft = draft.as_json()
        got = to_thai(f"เก็บรูปแล้ว รวม {len(draft.photos)} รูปค่ะ")
        say = (said(got),) if self.arrived.is_last_of_set or not self.arrived.is_file else ()
        return replace(self.answer("evidence", say), keeps_file=True)

    def _tell_unstarted(self) -> Answer:
        task = self.first_task()
        assert self.row is not None  # noqa: S101
        tell_unstarted(self.session, task, post_of(self.row.member), self.context.at)
        self.end()
        return self.answer("unstarted", (said("แจ้งผู้ประสานงานแล้วค่ะ งานนี้ยังค้างอยู่ และไม่พิมพ์ในรายงาน"),), task.agency_id)

    # --- outside of an answer ---

    def _press_alone(self, button: Button) -> Answer:
        if button.act == "undo":
            return self._undo(button.task, None)
        if button.act == "tasks":
            return self._tasks()
        if button.act in ("discard", "drop"):
            dropped = self.end(forget=True)
            return replace(self.answer("cancelled", (said(messages.CANCELLED),)), forget=dropped)
        return self.answer("stale_button", (said(messages.NOTHING_OPEN),))

    def _tasks(self) -> Answer:
        note = self.pause()
        members = linked_members(self.session, self.arrived.user_id)
        found = [
            own_tasks(self.session, member, self.arrived.day, self.base_url, self.context.key) for member in members
        ]
        shown = [message for message in found if message] or [messages.text(messages.NO_TASKS)]
        return self.answer("tasks_shown", (*shown[: _MOST_PARTS - 1], note) if note else tuple(shown[:_MOST_PARTS]))

    def _say_too_late(self, words: str) -> Answer | None:
        """An hour is over: what was typed is told of and asked, never taken for an answer by itself."""
        assert self.draft is not None  # noqa: S101
        assert self.row is not None  # noqa: S101
        folded = " ".join(words.split())
        if self.draft.state == "saved":
            if folded == messages.UNDO:
                return self._undo(self.task_id, self.draft)
            kind = read_answer(words, self.arrived.day).kind
            return self.answer("thanked", (said(WELCOME),)) if kind == "courtesy" else None
        if folded in messages.CANCEL_WORDS or folded == "ทิ้ง":
            dropped = self.end(forget=True)
            return replace(self.answer("cancelled", (said(messages.CANCELLED),)), forget=dropped)
        if self.draft.has_content and self.row.task_id:
            if folded == "ทำต่อ":
                return self._apply(self._resumed())
            return self._ask_to_go_on(expired=True)
        self.end(forget=True)
        return None

    def _ask_to_go_on(self, *, expired: bool) -> Answer:
        assert self.draft is not None  # noqa: S101
        return self.answer("asked", (self.cards().ask_to_go_on(self.draft, expired=expired),))


def _changes_the_answer(draft: Draft, button: Button) -> bool:
    """Whether another of the three answers was pressed for the task of an answer that is on its way."""
    return draft.state != "saved" and button.task in draft.offered and BEGINNINGS[button.act] != draft.mode
