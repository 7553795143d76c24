"""Holds what is stored against the record: every state, completion, note, piece of evidence, text and closed version
has the event that made it (docs/rules.md, "The record")."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from tracker.bilingual import Bilingual
from tracker.errors import NotFoundError
from tracker.kinds import OPEN_STATES, RoundState, TaskState, TextSource
from tracker.models import (
    ColumnText,
    Completion,
    Evidence,
    Measure,
    Member,
    Plan,
    ProgressNote,
    ReportVersion,
    Round,
    Step,
    Task,
    TextVersion,
)
from tracker.services import audit
from tracker.services.reports.imported_texts_hash import imported_texts_hash, recorded_texts_hash
from tracker.services.reports.record_plan_check import setting_problems, unit_problems, word_problems
from tracker.services.reports.record_replay import (
    Recorded,
    RecordedReport,
    RecordedTask,
    ReportKey,
    TextKey,
    Tick,
    recorded,
    words_of,
)
from tracker.services.tasks.task_list_hash import recorded_hash, task_list_hash, task_titles_hash
from tracker.store.storage import EvidenceStore, digest
from tracker.store.witness import Witness

_Text = TypeVar("_Text", ColumnText, TextVersion)

MOST_NAMED = 50
"""Sentences of one kind at most; a record that breaks in more places is told by their number."""


def record_problems(
    session: Session, agency_id: int, witness: Witness | None, store: EvidenceStore | None = None
) -> list[Bilingual]:
    """Everything that is wrong with an agency's record: its chain, its end, and rows that it does not know.

    With a ``store``, every file of evidence is read as well.
    """
    said = recorded(session, agency_id)
    return [
        *audit.verify(session, agency_id, witness),
        *_few(_task_list_problems(session, agency_id)),
        *_few(word_problems(session, agency_id, said)),
        *_few(unit_problems(session, agency_id, said)),
        *_few(setting_problems(session, agency_id, said)),
        *_few(_task_problems(session, agency_id, said)),
        *_few(_completion_problems(session, agency_id, said)),
        *_few(_note_problems(session, agency_id, said)),
        *_few(_evidence_problems(session, agency_id, said)),
        *_few(_file_problems(session, agency_id, store) if store else ()),
        *_few(_report_problems(session, agency_id, said)),
        *_few(_text_problems(session, agency_id, said)),
    ]


def _few(problems: Iterable[Bilingual]) -> list[Bilingual]:
    found = list(problems)
    more = len(found) - MOST_NAMED
    if more <= 0:
        return found
    return [*found[:MOST_NAMED], Bilingual(f"… and {more} more of this kind", f"… และอีก {more} รายการแบบเดียวกัน")]


def _task_list_problems(session: Session, agency_id: int) -> Iterator[Bilingual]:
    """Plans that have other tasks or imported results than the record: added, changed or deleted behind it."""
    for plan in session.scalars(select(Plan).where(Plan.agency_id == agency_id).order_by(Plan.fiscal_year)):
        if recorded_hash(session, plan) not in (None, task_list_hash(session, plan)):
            yield Bilingual(
                f"the plan of {plan.fiscal_year} has other tasks than were recorded: some were added or deleted",
                f"แผนปี {plan.fiscal_year} มีงานไม่ตรงกับที่บันทึกไว้ในประวัติ มีงานถูกเพิ่มหรือลบ",
            )
        if recorded_hash(session, plan, "titles") not in (None, task_titles_hash(session, plan)):
            yield Bilingual(
                f"tasks of the plan of {plan.fiscal_year} are called otherwise than was recorded",
                f"ชื่องานของแผนปี {plan.fiscal_year} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )
        if recorded_texts_hash(session, plan) not in (None, imported_texts_hash(session, plan)):
            yield Bilingual(
                f"the results that were imported with the plan of {plan.fiscal_year} are not what was recorded",
                f"ผลที่นำเข้ามากับแผนปี {plan.fiscal_year} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )


def _task_problems(session: Session, agency_id: int, said: Recorded) -> Iterator[Bilingual]:
    """States, reasons and due days that no event made, and open tasks of steps that are out of the plan."""
    rows = session.execute(
        select(Task, Step.retired | Measure.retired)
        .join(Step, Task.step_id == Step.id)
        .join(Measure, Step.measure_id == Measure.id)
        .where(Task.agency_id == agency_id)
        .order_by(Task.id)
        .execution_options(yield_per=1000)
    )
    for task, retired in rows:
        known = said.tasks.get(task.id, _NOTHING)
        state = known.state or TaskState.PENDING
        if task.state != state:
            yield Bilingual(
                f"task {task.id} is {task.state}, the record says {known.state or 'nothing of it'}",
                f"งานหมายเลข {task.id} มีสถานะ {task.state} แต่ประวัติว่า {known.state or 'ไม่มีรายการ'}",
            )
        elif retired and task.state in OPEN_STATES:
            yield Bilingual(
                f"task {task.id} is open, but its step was taken out of the plan behind it",
                f"งานหมายเลข {task.id} ยังเปิดอยู่ แต่ขั้นตอนของงานถูกนำออกจากแผนโดยไม่มีในประวัติ",
            )
        if task.state == TaskState.NOT_POSSIBLE and _refusal(task, known) != known.refusal:
            yield Bilingual(
                f"why task {task.id} is not possible is not what was recorded",
                f"เหตุผลหรือวันที่ทำไม่ได้ของงานหมายเลข {task.id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )
        if not _due_as_recorded(task, known):
            yield Bilingual(
                f"the due day of task {task.id} is not what was recorded",
                f"วันครบกำหนดของงานหมายเลข {task.id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )


_NOTHING = RecordedTask()


def _refusal(task: Task, known: RecordedTask) -> dict[str, str | None]:
    now = {"reason": task.reason, "text": task.reason_text, "declared_on": _day(task.not_possible_on)}
    return {key: value for key, value in now.items() if key in known.refusal}


def _due_as_recorded(task: Task, known: RecordedTask) -> bool:
    """Whether the due day is the last one that it was moved to, else the plan's, which may come after the tick."""
    if task.due_on is None and task.state not in OPEN_STATES:
        return not any(known.due)
    return _day(task.due_on) in (known.due or [_day(task.scheduled_on)])


def _completion_problems(session: Session, agency_id: int, said: Recorded) -> Iterator[Bilingual]:
    """Completions that no tick wrote, that were changed or removed since, or that count in another's place."""
    kept: dict[int, list[Tick]] = defaultdict(list)
    standing: dict[int, Tick] = {}
    members = set(session.scalars(select(Member.id).where(Member.agency_id == agency_id)))
    rows = session.execute(
        select(
            Completion.task_id,
            Completion.result,
            Completion.outcome,
            Completion.done_on,
            Completion.entered_at,
            Completion.withdrawn_at,
            Completion.entered_by_id,
        )
        .where(Completion.agency_id == agency_id)
        .order_by(Completion.id)
    )
    by_others = set()
    for task_id, result, outcome, done_on, entered_at, withdrawn_at, entered_by in rows:
        tick = result, outcome, _day(done_on), _instant(entered_at)
        kept[task_id].append(tick)
        if withdrawn_at is None:
            standing[task_id] = tick
        member = said.tasks.get(task_id, _NOTHING).entered_by.get(tick[3], entered_by)
        if entered_by != member and (entered_by is not None or member in members):
            by_others.add(task_id)
    for task_id in _ids(kept, (one for one, task in said.tasks.items() if task.ticks)):
        known = said.tasks.get(task_id, _NOTHING)
        same = sorted(kept[task_id], key=repr) == sorted(known.ticks, key=repr)
        if not same or standing.get(task_id) != known.standing:
            yield Bilingual(
                f"what task {task_id} reports is not what was recorded",
                f"ผลของงานหมายเลข {task_id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )
        elif task_id in by_others:
            yield Bilingual(
                f"who reported task {task_id} is not who was recorded",
                f"ผู้รายงานผลของงานหมายเลข {task_id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )


def _note_problems(session: Session, agency_id: int, said: Recorded) -> Iterator[Bilingual]:
    kept: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    rows = session.execute(
        select(ProgressNote.task_id, ProgressNote.text, ProgressNote.noted_on).where(
            ProgressNote.agency_id == agency_id
        )
    )
    for task_id, text, noted_on in rows:
        kept[task_id].append((text, _day(noted_on)))
    for task_id in _ids(kept, (one for one, task in said.tasks.items() if task.notes)):
        if sorted(kept[task_id]) != sorted(said.tasks.get(task_id, _NOTHING).notes):
            yield Bilingual(
                f"the progress notes of task {task_id} are not what was recorded",
                f"บันทึกความคืบหน้าของงานหมายเลข {task_id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )


def _evidence_problems(session: Session, agency_id: int, said: Recorded) -> Iterator[Bilingual]:
    kept: dict[int, list[str]] = defaultdict(list)
    renamed = set()
    columns = Evidence.sha256, Evidence.url, Evidence.original_name
    for task_id, sha256, url, name in session.execute(_pieces(agency_id, *columns)):
        piece = sha256 or url or ""
        kept[task_id].append(piece)
        if not {(piece, name), (piece, None)} & said.tasks.get(task_id, _NOTHING).evidence_names:
            renamed.add(task_id)
    for task_id in _ids(kept, (one for one, task in said.tasks.items() if task.evidence)):
        if sorted(kept[task_id]) != sorted(said.tasks.get(task_id, _NOTHING).evidence):
            yield Bilingual(
                f"the evidence of task {task_id} is not what was recorded",
                f"หลักฐานของงานหมายเลข {task_id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )
        elif task_id in renamed:
            yield Bilingual(
                f"evidence of task {task_id} is called otherwise than was recorded",
                f"ชื่อหลักฐานของงานหมายเลข {task_id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )


def _pieces(agency_id: int, *columns: Any) -> Select[Any]:
    """Evidence of completions and of notes, each with the task's id before the columns."""
    task_id = func.coalesce(Completion.task_id, ProgressNote.task_id)
    return (
        select(task_id, *columns)
        .select_from(Evidence)
        .outerjoin(Completion, Evidence.completion_id == Completion.id)
        .outerjoin(ProgressNote, Evidence.note_id == ProgressNote.id)
        .where(Evidence.agency_id == agency_id)
        .order_by(Evidence.id)
    )


def _file_problems(session: Session, agency_id: int, store: EvidenceStore) -> Iterator[Bilingual]:
    """Files of evidence that are gone or hold other bytes than were kept, each once."""
    columns = Evidence.original_name, Evidence.stored_name, Evidence.sha256
    rows = session.execute(_pieces(agency_id, *columns).where(Evidence.stored_name.is_not(None)))
    hashes: dict[str | None, str | None] = {}
    for task_id, name, stored_name, sha256 in rows:
        if stored_name and stored_name not in hashes:
            hashes[stored_name] = _digest(store, stored_name)
        if hashes[stored_name] is None:
            yield Bilingual(
                f"{name}, evidence of task {task_id}, is missing", f"ไม่พบไฟล์ {name} หลักฐานของงานหมายเลข {task_id}"
            )
        elif hashes[stored_name] != sha256:
            yield Bilingual(
                f"{name}, evidence of task {task_id}, is not the file that was kept",
                f"ไฟล์ {name} หลักฐานของงานหมายเลข {task_id} ไม่ตรงกับที่เก็บไว้",
            )


def _digest(store: EvidenceStore, stored_name: str) -> str | None:
    try:
        return digest(store.path(stored_name))
    except NotFoundError:
        return None


def _report_problems(session: Session, agency_id: int, said: Recorded) -> Iterator[Bilingual]:
    """Closed versions that are gone or that were signed, published or withdrawn by no event."""
    versions: dict[ReportKey, ReportVersion] = {
        (year, number, version.number): version
        for version, year, number in session.execute(
            select(ReportVersion, Plan.fiscal_year, Round.number)
            .join(Round, ReportVersion.round_id == Round.id)
            .join(Plan, Round.plan_id == Plan.id)
            .where(ReportVersion.agency_id == agency_id)
            .options(contains_eager(ReportVersion.round))
        )
    }
    for key in sorted(versions.keys() | said.reports.keys()):
        version, known = versions.get(key), said.reports.get(key)
        year, months, number = key
        where = Bilingual(f"version {number} of the {months}-month report of {year}", _in_thai(key))
        if version is None or known is None or version.sha256 != known.sha256:
            yield where.then(" is missing or is not what was closed", " หายไปหรือไม่ตรงกับที่ปิดไว้")
            continue
        if not _closed_as_recorded(version, known):
            yield where.then(" is closed otherwise than was recorded", " ปิดหรือเปิดรอบไม่ตรงกับที่บันทึกไว้ในประวัติ")
        if not _signed_as_recorded(version, known):
            yield where.then(" is signed otherwise than was recorded", " มีการลงนามไม่ตรงกับที่บันทึกไว้ในประวัติ")
        shown = version.edition is not None and version.withdrawn_at is None
        if (version.edition, shown) != (known.edition, known.shown):
            yield where.then(
                " is published or withdrawn otherwise than was recorded", " เผยแพร่หรือถอนไม่ตรงกับที่บันทึกไว้ในประวัติ"
            )


def _in_thai(key: ReportKey) -> str:
    year, months, number = key
    return f"รายงานรอบ {months} เดือน ปี {year} ฉบับที่ {number}"


def _closed_as_recorded(version: ReportVersion, known: RecordedReport) -> bool:
    """Its round is closed until it was opened again, and it names who is missing only where that was chosen."""
    if known.names is not None and known.names != version.names:
        return False
    is_of_old = version.record_hash is None and not version.closed_by
    if known.closed_by is not None and known.closed_by != version.closed_by and not is_of_old:
        return False
    if not known.reopened and version.round.state != RoundState.CLOSED:
        return False
    return known.reopened == (version.reopened_at is not None)


def _signed_as_recorded(version: ReportVersion, known: RecordedReport) -> bool:
    if known.signed is None:
        return version.signed_on is None and not version.signatures
    now = {"signed_on": _day(version.signed_on), "how": version.signed_how, "signatures": version.signatures}
    return all(known.signed[key] == value for key, value in now.items() if key in known.signed)


def _text_problems(session: Session, agency_id: int, said: Recorded) -> Iterator[Bilingual]:
    """The coordinator's texts of the reports that no edit wrote or that are gone.

    Edits of older releases do not say which plan's measure they mean: where there are such, a text without an edit of
    its own may be one of theirs.
    """
    by_key: dict[TextKey, tuple[list[Any], int, int]] = {
        (text.measure_id, text.field, text.round): (text.paragraphs, number, year)
        for text, number, year in session.execute(
            _of_measures(ColumnText, agency_id).where(ColumnText.source == TextSource.COORDINATOR)
        )
    }
    once: dict[TextKey, tuple[list[Any], int, int]] = {
        (text.measure_id, text.field, text.round): ([], number, year)
        for text, number, year in session.execute(_of_measures(TextVersion, agency_id))
    }
    for key, (paragraphs, number, year) in sorted({**once, **by_key}.items()):
        if not _is_recorded_text(key, paragraphs, said):
            yield Bilingual(
                f"the {key[1]} of measure {number} of {year}, {key[2]} months, is not the text that was recorded",
                f"ข้อความในรายงานรอบ {key[2]} เดือน มาตรการ {number} ปี {year} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )


def _is_recorded_text(key: TextKey, paragraphs: list[Any], said: Recorded) -> bool:
    if key in said.texts:
        return paragraphs == said.texts[key]
    known = (key[1], key[2], words_of(paragraphs)) in said.edits
    return not paragraphs or known or said.texts_of_old


def _of_measures(texts: type[_Text], agency_id: int) -> Select[_Text, int, int]:
    return (
        select(texts, Measure.number, Plan.fiscal_year)
        .join(Measure, texts.measure_id == Measure.id)
        .join(Plan, Measure.plan_id == Plan.id)
        .where(texts.agency_id == agency_id)
    )


def _ids(kept: Collection[int], known: Iterable[int]) -> list[int]:
    return sorted({*kept, *known})


def _instant(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
