"""The sample agency: a plan of the year it is, every shape of a real plan, work that looks like work."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.kinds import OPEN_STATES
from tracker.models import Account, Agency, Event, Plan, Task, Unit
from tracker.plan_import import read_plan
from tracker.sample import AGENCY, load_sample
from tracker.sample.demo import play
from tracker.sample.text import plan_document, step_words
from tracker.services.accounts.accounts import authenticate
from tracker.services.accounts.first_sign_in import first_sign_in_file
from tracker.services.audit import verify
from tracker.settings import Settings
from tracker.store.db import Database

pytestmark = pytest.mark.untraced

BANGKOK = ZoneInfo("Asia/Bangkok")
NOVEMBER = datetime(2026, 11, 22, 12, tzinfo=BANGKOK)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path)


@pytest.fixture(scope="module")
def loaded(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the sample as it is loaded on a day in November."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copy(migrated_sqlite, folder / "tracker.sqlite3")
    database = Database(f"sqlite:///{folder / 'tracker.sqlite3'}")
    load_sample(database, Settings(_env_file=None, data_dir=folder), NOVEMBER)
    database.dispose()
    return folder


@pytest.fixture
def november(loaded: Path, tmp_path: Path) -> Iterator[Database]:
    """The loaded sample, for one test."""
    shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)
    database = Database(f"sqlite:///{tmp_path / 'tracker.sqlite3'}")
    yield database
    database.dispose()


def the_plan(session: Session, fiscal_year: int = 2570) -> Plan:
    return session.scalars(select(Plan).where(Plan.fiscal_year == fiscal_year)).one()


@pytest.mark.parametrize("fiscal_year", [2567, 2570, 2575])
def test_the_plan_is_understood_without_a_warning_in_any_year(fiscal_year: int) -> None:
    draft = read_plan(plan_document(fiscal_year), "plan.txt", fiscal_year)
    assert draft.agency == AGENCY
    assert draft.warnings == ()
    assert [len(measure.steps) for measure in draft.measures] == [3, 3, 2, 2, 2, 2]
    assert {measure.responsible.mode for measure in draft.measures} == {"each", "jointly"}
    assert {cadence for measure in draft.measures for cadence in measure.period.cadences} == {
        "monthly",
        "quarterly",
        "half-yearly",
    }
    assert all(measure.period.end for measure in draft.measures)
    assert [measure.number for measure in draft.measures if measure.period.start is None] == [2]
    assert len(draft.measures[5].details) == 3


def test_every_step_has_words_for_its_results() -> None:
    draft = read_plan(plan_document(2570), "plan.txt", 2570)
    assert set(step_words()) == {(measure.number, step.number) for measure in draft.measures for step in measure.steps}


def test_in_november_some_work_is_done_some_late_and_some_near(november: Database) -> None:
    today = NOVEMBER.date()
    with november.reading() as session:
        tasks = session.scalars(select(Task)).all()
        states = Counter(task.state for task in tasks)
        late = [task for task in tasks if task.state in OPEN_STATES and task.due_on and task.due_on < today]
        near = [
            task
            for task in tasks
            if task.state in OPEN_STATES and task.due_on and today <= task.due_on < today + timedelta(7)
        ]
        assert states["done"] > 5
        assert len(late) in range(1, 4)
        assert near
        assert all(completion.done_on < today for task in tasks for completion in task.completions)
        assert all(unit.known for unit in session.scalars(select(Unit)) if unit.kind != "group")
        assert verify(session, the_plan(session).agency_id) == []


def test_everybody_can_sign_in_with_the_kept_password(november: Database, settings: Settings) -> None:
    path = first_sign_in_file(settings)
    kept = path.read_text(encoding="utf-8")
    password = kept.split()[-1]
    assert path.stat().st_mode & 0o777 == 0o600
    with november.reading() as session:
        accounts = session.scalars(select(Account)).all()
        assert {account.email for account in accounts} == set(re.findall(r"\S+@\S+", kept))
        assert all([member.agency.name for member in account.members] == [AGENCY] for account in accounts)
        assert authenticate(session, "coordinator@thansairung.example", password) is not None
        assert authenticate(session, "mayor@thansairung.example", password) is not None
    assert "ผู้ประสานงาน" in kept.splitlines()[1]


def test_loading_again_changes_nothing(november: Database, settings: Settings) -> None:
    with november.reading() as session:
        before = session.scalar(select(func.count(Event.id)))
    again = load_sample(november, settings, NOVEMBER + timedelta(1))
    assert again is not None
    assert again.password is None
    with november.reading() as session:
        assert session.scalar(select(func.count(Event.id))) == before


def test_the_next_fiscal_year_gets_its_own_plan(november: Database, settings: Settings) -> None:
    load_sample(november, settings, datetime(2027, 10, 4, 3, tzinfo=UTC))
    with november.reading() as session:
        assert session.scalars(select(Plan.fiscal_year).order_by(Plan.fiscal_year)).all() == [2570, 2571]
        assert the_plan(session, 2571).measures[0].period.end == date(2028, 3, 31)


def test_a_database_with_an_agency_of_its_own_is_left_alone(sqlite: Database, settings: Settings) -> None:
    with sqlite.writing() as session:
        session.add(Agency(name="เทศบาลตำบลของเรา"))
    assert load_sample(sqlite, settings, NOVEMBER) is None
    with sqlite.reading() as session:
        assert session.scalar(select(func.count(Agency.id))) == 1
        assert session.scalar(select(func.count(Account.id))) == 0


def test_on_the_first_day_of_the_year_nothing_is_done_yet(sqlite: Database, settings: Settings) -> None:
    load_sample(sqlite, settings, datetime(2026, 10, 1, 8, tzinfo=BANGKOK))
    with sqlite.reading() as session:
        assert set(session.scalars(select(Task.state))) == {"pending"}


def test_the_demo_leaves_a_data_directory_of_somebody_else_alone(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(ConflictError, match="--out"):
        play(tmp_path, settings, print)
    assert list((tmp_path / "data").iterdir()) == []
