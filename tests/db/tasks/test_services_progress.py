"""What may happen to a task in which state, what is recorded of it, and two people at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select, text
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from tests.db.agency_of_seed import BANGKOK, BY, bring_people, bring_plan, tasks_of_measure, the_agency, the_plan
from tracker.errors import ConflictError, NotUnderstoodError, TrackerError
from tracker.kinds import OPEN_STATES
from tracker.models import Completion, Event, Evidence, Task
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.reports.compose import report_data
from tracker.services.tasks import progress
from tracker.services.tasks.generate import generate_tasks
from tracker.store.db import Database
from tracker.store.storage import link

AT = datetime(2023, 3, 1, 3, tzinfo=UTC)
TODAY = date(2023, 3, 1)
SHORT = (
    "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
    "<p>๑. มาตรการ</p>\t<p>๑. ทำ</p>\t<p>กองคลัง/กองช่าง</p>\t<p>มีนาคม ๒๕๖๖</p>\n"
    "<p>๒. อีกเรื่อง</p>\t<p>๑. ทำด้วย</p>\t<p>ทุกกอง</p>\t<p>เมษายน ๒๕๖๖</p>"
)


def do(session: Session, task: Task, verb: str, at: datetime = AT) -> None:
    """One verb with plain words."""
    by = BY
    verbs: dict[str, Callable[[], object]] = {
        "tick_off": lambda: progress.tick_off(session, task, result="ทำแล้ว", done_on=TODAY, today=TODAY, by=by, at=at),
        "not_possible": lambda: progress.not_possible(session, task, reason="no_budget", text=None, by=by, at=at),
        "note_progress": lambda: progress.note_progress(session, task, text="กำลังทำ", noted_on=TODAY, by=by, at=at),
        "withdraw": lambda: progress.withdraw(session, task, by=by, at=at),
        "accept": lambda: progress.accept(session, task, by=by, at=at),
        "send_back": lambda: progress.send_back(session, task, note="แนบหลักฐานด้วย", by=by, at=at),
        "move_due": lambda: progress.move_due(session, task, (task.due_on or TODAY) + timedelta(3), by=by, at=at),
        "cancel": lambda: progress.cancel(session, task, by=by, at=at, why="นโยบายเปลี่ยน"),
    }
    verbs[verb]()


ALLOWED = {
    "tick_off": OPEN_STATES,
    "not_possible": OPEN_STATES,
    "note_progress": OPEN_STATES,
    "withdraw": ("submitted", "done", "not_possible"),
    "accept": ("submitted",),
    "send_back": ("submitted", "done"),
    "move_due": OPEN_STATES,
    "cancel": OPEN_STATES,
}


@pytest.fixture
def task_id(database: Database) -> int:
    """A joint task of two units."""
    with database.writing() as session:
        bring_plan(session, SHORT)
        return tasks_of_measure(session, 1)[0].id


class TaskLife(RuleBasedStateMachine):
    """A task under any order of verbs, held against the states of docs/rules.md, "Task states"."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.session = self.database.session(writing=True)
        self.task = self.session.scalars(select(Task).order_by(Task.id)).first()
        self.agency = the_agency(self.session)
        self.state, self.before, self.noted, self.events = "pending", "pending", False, self._events()
        self.at = AT
        assert self.task is not None

    def _events(self) -> int:
        return self.session.query(Event).filter(Event.task_id.is_not(None)).count()

    @rule(review=st.booleans())
    def set_review(self, review: bool) -> None:
        self.agency.review = review

    @rule(verb=st.sampled_from(sorted(ALLOWED)))
    def act(self, verb: str) -> None:
        assert self.task is not None
        self.at += timedelta(minutes=1)
        was, before = self.state, self.before
        if was not in ALLOWED[verb]:
            with pytest.raises(ConflictError):
                do(self.session, self.task, verb, self.at)
            return
        do(self.session, self.task, verb, self.at)
        self.events += 1
        self.state = {
            "tick_off": "submitted" if self.agency.review else "done",
            "not_possible": "not_possible",
            "note_progress": "in_progress" if was == "pending" else was,
            "withdraw": before,
            "accept": "done",
            "send_back": "returned",
            "move_due": was,
            "cancel": "cancelled",
        }[verb]
        if verb in ("tick_off", "not_possible"):
            self.before = was
        event = self.session.scalars(select(Event).order_by(Event.sequence.desc())).first()
        assert event is not None
        assert (event.from_state, event.to_state, event.task_id) == (was, self.state, self.task.id)

    @precondition(lambda self: self.state == "returned")
    @rule()
    def the_note_is_there(self) -> None:
        assert self.task is not None
        assert self.task.return_note == "แนบหลักฐานด้วย"

    @invariant()
    def everything_agrees(self) -> None:
        assert self.task is not None
        assert self.task.state == self.state
        assert self._events() == self.events
        assert (self.task.completion is not None) == (self.state in ("submitted", "done"))
        assert (self.task.next_stage_on is not None) == (self.state in OPEN_STATES)
        assert self.state == "returned" or self.task.return_note is None
        assert (self.task.reason is not None) == (self.state == "not_possible")

    def teardown(self) -> None:
        assert audit.verify(self.session, self.agency.id) == []
        self.session.close()


def test_the_life_of_a_task(sqlite: Database) -> None:
    with sqlite.writing() as session:
        bring_plan(session, SHORT)
    TaskLife.database = sqlite
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        TaskLife,
        settings=settings(
            max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.parametrize("verb", sorted(ALLOWED))
def test_each_verb_on_each_database(database: Database, task_id: int, verb: str) -> None:
    with database.writing() as session:
        the_agency(session).review = True
        task = session.get_one(Task, task_id)
        if "pending" not in ALLOWED[verb]:
            do(session, task, "tick_off")
        do(session, task, verb)
    with database.reading() as session:
        last = session.scalars(select(Event).order_by(Event.sequence.desc())).first()
        assert last is not None
        assert last.to_state == session.get_one(Task, task_id).state
        assert audit.verify(session, last.agency_id) == []


def test_a_completion_says_what_was_done_when_and_by_whom(database: Database) -> None:
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, SHORT)
        member = the_agency(session).members[1]
        task = tasks_of_measure(session, 1)[0]
        progress.tick_off(
            session,
            task,
            result="  ๑. ประกาศแล้ว \n\n ๒. เผยแพร่แล้ว ",
            outcome=" ",
            done_on=date(2023, 2, 20),
            today=TODAY,
            evidence=[link("https://example.go.th/a")],
            by=Actor(member.name, "web", member.id),
            at=AT,
        )
        task_id = task.id
    with database.reading() as session:
        found = session.scalars(select(Completion)).one()
        assert (found.task_id, found.result, found.outcome) == (task_id, "๑. ประกาศแล้ว\n๒. เผยแพร่แล้ว", None)
        assert (found.done_on, found.entered_at, found.entered_by_id) == (date(2023, 2, 20), AT, member.id)
        assert session.scalars(select(Evidence)).one().url == "https://example.go.th/a"
        event = session.scalars(select(Event).where(Event.kind == "ticked_off")).one()
        assert (event.actor, event.channel, event.details["done_on"]) == (member.name, "web", "2023-02-20")
        assert event.details["evidence"] == ["https://example.go.th/a"]


@pytest.mark.parametrize(
    ("done_on", "result", "said"),
    [
        (date(2023, 3, 2), "ทำแล้ว", "2023-03-02 is in the future"),
        (date(2566, 3, 1), "ทำแล้ว", "in the future"),
        (date(2020, 9, 30), "ทำแล้ว", "long before fiscal year 2566"),
        (TODAY, " \n ", "Write what was done"),
        (TODAY, "ก" * 20_001, "longer than 20000"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(sqlite: Database, done_on: date, result: str, said: str) -> None:
    with sqlite.writing() as session:
        bring_plan(session, SHORT)
        task = tasks_of_measure(session, 1)[0]
        events = session.query(Event).count()
        with pytest.raises(NotUnderstoodError, match=said) as raised:
            progress.tick_off(session, task, result=result, done_on=done_on, today=TODAY, by=BY, at=AT)
        assert raised.value.sentence_th != raised.value.sentence
        assert (task.state, session.query(Event).count(), session.query(Completion).count()) == ("pending", events, 0)


def test_a_reason_is_needed(sqlite: Database) -> None:
    with sqlite.writing() as session:
        bring_plan(session, SHORT)
        task = tasks_of_measure(session, 1)[0]
        for reason, words in (("other", " "), ("because", "x")):
            with pytest.raises(NotUnderstoodError):
                progress.not_possible(session, task, reason=reason, text=words, by=BY, at=AT)
        for act in (progress.send_back, progress.cancel):
            with pytest.raises(TrackerError):
                act(session, task, by=BY, at=AT, **{"note" if act is progress.send_back else "why": " "})  # type: ignore[operator]
        progress.not_possible(session, task, reason="other", text="น้ำท่วม", by=BY, at=AT)
        assert (task.state, task.reason, task.reason_text) == ("not_possible", "other", "น้ำท่วม")


def test_any_of_joint_units_completes_the_one_task(database: Database) -> None:
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, SHORT)
        (task,) = tasks_of_measure(session, 1)
        assert [unit.name for unit in task.units] == ["กองคลัง", "กองช่าง"]
        do(session, task, "tick_off")
    with database.reading() as session:
        data = report_data(session, the_plan(session), 12, BANGKOK)
        assert [(measure.done, measure.total) for measure in data.measures] == [(1, 1), (0, 5)]


def test_a_cancelled_task_stays_cancelled_whatever_is_imported(database: Database) -> None:
    with database.writing() as session:
        bring_plan(session, SHORT)
        task = tasks_of_measure(session, 1)[0]
        do(session, task, "cancel")
        bring_people(session)
        generate_tasks(session, the_plan(session), BY, AT)
        assert session.get_one(Task, task.id).state == "cancelled"
        data = report_data(session, the_plan(session), 12, BANGKOK)
        assert [(measure.done, measure.total) for measure in data.measures] == [(0, 0), (0, 5)]


def test_what_could_not_be_done_keeps_its_day_when_the_plan_is_corrected(sqlite: Database) -> None:
    with sqlite.writing() as session:
        bring_plan(session, SHORT)
        do(session, tasks_of_measure(session, 1)[0], "not_possible")
    with sqlite.writing() as session:
        bring_plan(session, SHORT.replace("ทำ</p>", "ทำให้ครบ</p>"), at=AT + timedelta(150))
        (measure, _) = report_data(session, the_plan(session), 6, BANGKOK).measures
        assert [paragraph.text for paragraph in measure.summary] == ["ไม่สามารถดำเนินการได้เนื่องจากไม่ได้รับงบประมาณ"]


def test_nothing_stays_of_a_tick_that_failed(database: Database, task_id: int) -> None:
    def tick_and_fail() -> None:
        with database.writing() as session:
            do(session, session.get_one(Task, task_id), "tick_off")
            raise RuntimeError("late")

    with pytest.raises(RuntimeError, match="late"):
        tick_and_fail()
    with database.reading() as session:
        assert session.get_one(Task, task_id).state == "pending"
        assert session.query(Completion).count() == 0
        assert audit.verify(session, the_agency(session).id) == []


def at_once(*works: Callable[[], object]) -> list[BaseException | None]:
    """Runs the works in threads that start together; what each raised, or None."""
    barrier = Barrier(len(works))
    raised: list[BaseException | None] = [None] * len(works)

    def run(index: int) -> None:
        barrier.wait()
        try:
            works[index]()
        except BaseException as error:
            raised[index] = error

    threads = [Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_of_ticks_at_once_on_one_task_one_stands(database: Database, task_id: int) -> None:
    waiting = Barrier(4)

    def tick() -> None:
        with database.writing() as session:
            task = session.get_one(Task, task_id)
            if not database.is_sqlite:  # there a writer is alone from its beginning
                waiting.wait(30)
            do(session, task, "tick_off")

    raised = at_once(tick, tick, tick, tick)
    assert sorted(type(error).__name__ for error in raised) == ["ConflictError"] * 3 + ["NoneType"]
    with database.reading() as session:
        assert session.query(Completion).count() == 1
        assert audit.verify(session, the_agency(session).id) == []


def test_a_tick_and_an_import_at_once_lose_nothing(database: Database, task_id: int) -> None:
    """The import takes the step out of the plan while somebody ticks it off."""
    shorter = "\n".join(SHORT.split("\n")[::2]).replace("๒.", "๑.")

    def tick() -> None:
        with database.writing() as session:
            do(session, session.get_one(Task, task_id), "tick_off")

    def correct() -> None:
        with database.writing() as session:
            bring_plan(session, shorter)

    ticked, corrected = at_once(tick, correct)
    assert corrected is None
    with database.reading() as session:
        if ticked is None:
            assert session.get_one(Task, task_id).state == "done"
            assert session.query(Completion).count() == 1
        else:
            assert isinstance(ticked, ConflictError | NoResultFound)
            assert session.get(Task, task_id) is None
        assert audit.verify(session, the_agency(session).id) == []


def test_imports_at_once_into_an_empty_database(database: Database) -> None:
    def work() -> None:
        with database.writing() as session:
            bring_plan(session, SHORT)
            bring_people(session)

    assert at_once(work, work, work) == [None, None, None]
    with database.reading() as session:
        assert session.query(Task).count() == 1 + 5
        assert audit.verify(session, the_agency(session).id) == []


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE event SET actor = 'somebody else' WHERE sequence = 2",
        "UPDATE event SET to_state = 'pending' WHERE kind = 'ticked_off'",
        "UPDATE event SET at = '2023-01-01 00:00:00' WHERE sequence = 1",
        "DELETE FROM event WHERE sequence = 2",
        "DELETE FROM event WHERE sequence = 1",
    ],
)
def test_tampering_shows(sqlite: Database, tamper: str) -> None:
    with sqlite.writing() as session:
        bring_plan(session, SHORT)
        do(session, tasks_of_measure(session, 1)[0], "tick_off")
        agency = the_agency(session).id
        assert audit.verify(session, agency) == []
        triggers = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for trigger in triggers:
            session.execute(text(f'DROP TRIGGER "{trigger}"'))
        session.execute(text(tamper))
    with sqlite.reading() as session:
        assert audit.verify(session, agency) != []


def test_chains_of_two_agencies_are_apart(database: Database) -> None:
    with database.writing() as session:
        for name in ("อบต.หนึ่ง", "อบต.สอง"):
            bring_plan(session, SHORT, name)
    with database.reading() as session:
        assert [event.sequence for event in session.scalars(select(Event).order_by(Event.id))] == [1, 2, 1, 2]
