"""The answer of one LINE user that is on its way, as its row keeps it, with what every turn on it needs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from tracker.channels.email.done_link import DoneLinks
from tracker.channels.line.flex_parts import Part
from tracker.clock import local
from tracker.line import recording
from tracker.line.answer import Answer, HandlerContext, IncomingEvent
from tracker.line.cards import Cards
from tracker.line.dialogue import Dialogue
from tracker.line.draft import Draft, draft_from
from tracker.line.reading import read_work, tasks_by_id, who_may_tick
from tracker.line.work import Work
from tracker.models import Evidence, LineConversation, Task
from tracker.thai.numerals import to_thai

ANSWER_WITHIN = timedelta(hours=1)
DRAFTS_KEPT = timedelta(hours=24)
"""How long an answer that nobody finished may still be gone on with."""


class KeptDraft:
    """The draft of the person whose event it is, None where nothing is on its way."""

    def __init__(self, session: Session, context: HandlerContext, arrived: IncomingEvent) -> None:
        self.session = session
        self.context = context
        self.arrived = arrived
        kept = select(LineConversation).where(LineConversation.user_id == arrived.user_id)
        self.row: LineConversation | None = session.scalar(kept)
        self.draft: Draft | None = draft_from(self.row.draft) if self.row else None

    @property
    def is_over(self) -> bool:
        """Whether what is typed is no longer taken for an answer."""
        return self.row is not None and self.row.expires_at <= self.arrived.happened_at

    @property
    def task_id(self) -> int:
        """The first task of the draft; 0 where it has none."""
        return self.draft.tasks[0] if self.draft and self.draft.tasks else 0

    @property
    def base_url(self) -> str:
        return self.context.settings.base_url

    def photos_are_late(self, draft: Draft) -> bool:
        """Whether a photo comes too late to be added to what was saved."""
        saved_at = datetime.fromisoformat(draft.saved_at)
        return self.arrived.happened_at >= saved_at + recording.PHOTOS_WITHIN

    def keep(self, draft: Draft, within: timedelta = ANSWER_WITHIN) -> None:
        """Keeps the draft for so long, a saved one as long as it may be undone."""
        assert self.row is not None  # noqa: S101
        if draft.state == "saved" and draft.saved_at:
            self.row.expires_at = datetime.fromisoformat(draft.saved_at) + recording.UNDO_WITHIN
        else:
            self.row.expires_at = self.arrived.happened_at + within
        self.row.draft = draft.as_json()
        self.draft = draft

    def end(self, *, forget: bool = False) -> tuple[str, ...]:
        """Ends the conversation; gives the files that nothing names any more, where they are to be forgotten."""
        self.session.execute(delete(LineConversation).where(LineConversation.user_id == self.arrived.user_id))
        self.row = None
        return unnamed_files(self.session, [self.draft]) if self.draft and forget else ()

    def first_task(self) -> Task:
        return self.session.get_one(Task, self.task_id)

    def work(self, tasks: Sequence[Task]) -> Work:
        return read_work(self.session, tasks, self.arrived.day, self._page_of(tasks[0]))

    def _page_of(self, task: Task) -> str:
        """Where the person answers for the task on the web: without a password, by a link as in a message."""
        user_id = self.arrived.user_id
        member = self.row.member if self.row else who_may_tick(self.session, user_id, task)
        if member is None:
            return f"{self.base_url}/tasks/{task.id}"
        return DoneLinks(self.context.key).page(self.base_url, member.id, task.id, self.arrived.day, user_id)

    def cards_of(self, tasks: Sequence[Task]) -> Cards:
        return Cards(self.work(tasks), self.context.key)

    def cards(self) -> Cards:
        assert self.draft is not None  # noqa: S101
        return self.cards_of(tasks_by_id(self.session, self.draft.offered))

    def dialogue(self) -> Dialogue:
        cards = self.cards()
        return Dialogue(cards.work, cards)

    def clock(self, at: datetime) -> str:
        """A local time of day, ๑๐.๑๕."""
        return to_thai(f"{local(at, self.context.settings.zone):%H.%M}")

    def answer(self, outcome: str, say: Sequence[Part], agency_id: int | None = None) -> Answer:
        known = agency_id or (self.row.agency_id if self.row else None)
        return Answer(outcome, tuple(say), known)


def forget_old_drafts(session: Session, at: datetime) -> tuple[str, ...]:
    """Erases answers a day after their time, photos without a task at once; gives the files that nothing names."""
    old = session.scalars(
        select(LineConversation).where(
            or_(
                LineConversation.expires_at < at - DRAFTS_KEPT,
                and_(LineConversation.task_id.is_(None), LineConversation.expires_at < at),
            )
        )
    ).all()
    drafts = [draft_from(row.draft) for row in old]
    for row in old:
        session.delete(row)
    return unnamed_files(session, drafts)


def unnamed_files(session: Session, drafts: Sequence[Draft]) -> tuple[str, ...]:
    """The files of the drafts that no recorded evidence names, be it withdrawn."""
    names = [str(photo["stored_name"]) for draft in drafts for photo in draft.photos if photo["stored_name"]]
    if not names:
        return ()
    recorded = set(session.scalars(select(Evidence.stored_name).where(Evidence.stored_name.in_(names))))
    return tuple(name for name in names if name not in recorded)
