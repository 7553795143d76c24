"""What waits between requests: found by its token until its time, changed as it stands, removed when nobody comes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import BUILT_AT, build_world
from tracker.errors import NotFoundError
from tracker.models import JobState, Member
from tracker.services import job_state
from tracker.services.plans import uploads
from tracker.store.db import Database

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def upload_of(database: Database) -> uploads.Upload:
    with database.writing() as session:
        world = build_world(session)
        account_id = session.get_one(Member, world.members["coordinator"]).account_id
    assert account_id is not None
    return uploads.Upload(world.agency_id, account_id, "แผน\x00.txt", 2566)


def test_a_value_is_found_by_its_token_until_its_time(database: Database) -> None:
    with database.writing() as session:
        token = job_state.put(session, "form", {"values": [["ก", "\x00"]]}, at=BUILT_AT, kept_for=DAY)
        other = job_state.put(session, "form", {}, at=BUILT_AT, kept_for=DAY)
    assert token != other
    with database.reading() as session:
        found = job_state.get(session, "form", token, BUILT_AT + DAY - HOUR)
        assert found is not None
        assert found.value == {"values": [["ก", "\x00"]]}
        assert job_state.get(session, "form", token, BUILT_AT + DAY) is None
        assert job_state.get(session, "plan", token, BUILT_AT) is None
        for none in ("", "../x", "0" * 32, "0" * 33, "\x00" * 32):
            assert job_state.get(session, "form", none, BUILT_AT) is None


def test_what_nobody_came_back_for_goes(database: Database) -> None:
    with database.writing() as session:
        for days in (1, 2):
            job_state.put(session, "form", {}, at=BUILT_AT, kept_for=days * DAY)
        assert job_state.forget_expired(session, BUILT_AT + DAY - HOUR) == 0
        assert job_state.forget_expired(session, BUILT_AT + DAY) == 1
        job_state.put(session, "form", {}, at=BUILT_AT + 3 * DAY, kept_for=DAY)  # clears the last one too
        assert session.scalars(select(JobState.kept_at)).all() == [BUILT_AT + 3 * DAY]


def test_a_document_keeps_its_bytes_and_what_was_asked(database: Database) -> None:
    upload, data = upload_of(database), bytes(range(256))
    owner = {"agency_id": upload.agency_id, "account_id": upload.account_id}
    with database.writing() as session:
        token = uploads.keep(session, data, upload, BUILT_AT)
    with database.reading() as session:
        assert uploads.find(session, token, BUILT_AT, **owner) == upload
        assert uploads.content(session, token, BUILT_AT) == (data, upload)
        assert uploads.waiting(session, BUILT_AT, **owner) == [uploads.Waiting(token, upload)]
        for stranger in ({**owner, "account_id": 0}, {**owner, "agency_id": 0}):
            with pytest.raises(NotFoundError):
                uploads.find(session, token, BUILT_AT, **stranger)
            assert uploads.waiting(session, BUILT_AT, **stranger) == []
        with pytest.raises(NotFoundError):
            uploads.find(session, token, BUILT_AT, kind="people", **owner)
        assert uploads.content(session, token, BUILT_AT + 13 * DAY)
        with pytest.raises(NotFoundError):
            uploads.content(session, token, BUILT_AT + 14 * DAY)


def test_a_change_is_made_to_what_stands_there_now_and_keeps_it_longer(database: Database) -> None:
    upload = upload_of(database)
    with database.writing() as session:
        token = uploads.keep(session, b"x", upload, BUILT_AT)
    with database.session(writing=False) as early:
        uploads.content(early, token, BUILT_AT)  # another tab, which looked before
        early.commit()
        with database.writing() as session:
            uploads.change(session, token, lambda one: replace(one, columns={"a": "b"}), BUILT_AT + HOUR)
        uploads.change(early, token, lambda one: replace(one, units={"ก": "division"}), BUILT_AT + HOUR)
        early.commit()
    with database.reading() as session:
        _, kept = uploads.content(session, token, BUILT_AT + DAY)
        assert (kept.columns, kept.units) == ({"a": "b"}, {"ก": "division"})
    with database.writing() as session:
        uploads.forget(session, token)
        with pytest.raises(NotFoundError):
            uploads.change(session, token, lambda one: one, BUILT_AT)
