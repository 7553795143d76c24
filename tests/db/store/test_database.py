"""What the database's errors tell, and what they keep to themselves."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tracker.store.db import Database


def test_an_error_shows_the_statement_and_no_values(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError) as caught:
        session.execute(text("SELECT nothing FROM nowhere WHERE email = :email"), {"email": "somchai@example.go.th"})
    assert "nowhere" in str(caught.value)
    assert "somchai" not in str(caught.value)
