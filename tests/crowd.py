"""Many agencies beside one, on PostgreSQL: an agency's rows copied in SQL, every id and unique word moved on."""

from sqlalchemy import Column, Connection, Table, Uuid, text

from tracker.store.db import Base

STRIDE = 1_000_000
"""More than an agency of the tests has rows of a kind."""
_UNIQUE_WORDS = {
    "account.email", "agency.name", "agency.slug", "signed_in.token_hash", "report_template.stored_name",
    "report_version.scan_stored", "invitation.word_hash", "line_link_code.code_hash", "line_event.event_id",
    "action_link_use.link", "line_conversation.user_id", "evidence.stored_name", "report_file.stored_name",
}  # fmt: skip
_OTHERWISE_OF = {
    "agency": "id = :agency",
    "account": "id IN (SELECT account_id FROM member WHERE agency_id = :agency)",
    "task_unit": "task_id IN (SELECT id FROM task WHERE agency_id = :agency)",
    "digest_notice": "digest_id IN (SELECT id FROM digest WHERE agency_id = :agency)",
}
"""How a table without ``agency_id`` names the agency."""


def copy_agency(connection: Connection, agency_id: int, copies: range) -> None:
    """The agency's rows once more for each number of ``copies``."""
    for table in Base.metadata.sorted_tables:
        where = "agency_id = :agency" if "agency_id" in table.columns else _OTHERWISE_OF.get(table.name)
        if where is None:
            continue
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        values = ", ".join(_copied(column) for column in table.columns)
        connection.execute(
            text(
                f'INSERT INTO "{table.name}" ({columns}) SELECT {values} '  # noqa: S608
                f"FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS another(n), "
                f'"{table.name}" WHERE {where} ORDER BY n'
            ),
            {"agency": agency_id, "first": copies.start, "last": copies.stop - 1},
        )
        _move_sequence(connection, table)


def _copied(column: Column[object]) -> str:
    name = f'"{column.table.name}"."{column.name}"'
    key = next((key.column for key in column.foreign_keys), column)
    if key.primary_key and isinstance(key.type, Uuid):
        return f"md5({name}::text || n)::uuid"
    if key.primary_key and key.type.python_type is int:
        return f"{name} + n * {STRIDE}"
    if f"{column.table.name}.{column.name}" in _UNIQUE_WORDS:
        return f"{name} || '-' || n"
    return f"{name}"


def _move_sequence(connection: Connection, table: Table) -> None:
    if "id" in table.columns and table.columns["id"].type.python_type is int:
        newest = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM \"{table.name}\""  # noqa: S608
        connection.execute(text(newest))
