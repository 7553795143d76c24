"""closed rounds as versions with signatures, files and publication; texts with their history; public addresses"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True)
_INSTANT = sa.DateTime(timezone=True)
_ROUND = sa.table(
    "round",
    *(sa.column(name) for name in ("id", "agency_id", "state")),
    sa.column("snapshot", _JSON),
    sa.column("sha256"),
    sa.column("closed_at", _INSTANT),
)
_VERSION = sa.table(
    "report_version",
    *(sa.column(name) for name in ("id", "agency_id", "round_id", "number", "sha256")),
    sa.column("snapshot", _JSON),
    sa.column("closed_at", _INSTANT),
)


def _owner(table: str, name: str, target: str = "agency") -> sa.ForeignKeyConstraint:
    constraint = op.f(f"fk_{table}_{name}_{target}")
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=constraint, ondelete="CASCADE")


def upgrade() -> None:
    _create_versions()
    _create_files()
    _create_texts()
    op.add_column("agency", sa.Column("slug", sa.String(length=60), nullable=True))
    op.add_column("agency", sa.Column("public_signers", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("agency", sa.Column("public_evidence", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("agency", sa.Column("licence", sa.String(length=20), nullable=False, server_default="CC-BY-4.0"))
    op.create_index(op.f("ix_agency_slug"), "agency", ["slug"], unique=True)
    _rounds_to_versions()
    op.drop_column("round", "sha256")
    op.drop_column("round", "snapshot")
    op.execute(
        "INSERT INTO text_version (agency_id, measure_id, field, round, number, source, paragraphs, task_ids, basis, "
        "edited_by, edited_at) SELECT agency_id, measure_id, field, round, 1, source, paragraphs, '[]', basis, "
        "edited_by, edited_at FROM column_text"
    )


def _create_versions() -> None:
    op.create_table(
        "report_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", _JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("names", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("closed_at", _INSTANT, nullable=False),
        sa.Column("closed_by", sa.String(length=320), nullable=False, server_default=""),
        sa.Column("submitted_at", _INSTANT, nullable=True),
        sa.Column("reopened_at", _INSTANT, nullable=True),
        sa.Column("reopened_why", sa.Text(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signatures", _JSON, nullable=True),
        sa.Column("scan_stored", sa.String(length=64), nullable=True),
        sa.Column("scan_name", sa.String(length=300), nullable=True),
        sa.Column("scan_type", sa.String(length=100), nullable=True),
        sa.Column("scan_size", sa.Integer(), nullable=True),
        sa.Column("scan_sha256", sa.String(length=64), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("published_at", _INSTANT, nullable=True),
        sa.Column("public_signers", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("public_evidence", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("public_scan", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("changes", _JSON, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", _INSTANT, nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        _owner("report_version", "agency_id"),
        _owner("report_version", "round_id", "round"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_version")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_report_version_round_id_number")),
        sa.UniqueConstraint("scan_stored", name=op.f("uq_report_version_scan_stored")),
    )
    op.create_index(op.f("ix_report_version_agency_id"), "report_version", ["agency_id"])


def _create_files() -> None:
    op.create_table(
        "report_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=True),
        sa.Column("stored_name", sa.String(length=64), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=True),
        _owner("report_file", "agency_id"),
        _owner("report_file", "plan_id", "plan"),
        _owner("report_file", "version_id", "report_version"),
        sa.CheckConstraint("state IN ('asked', 'made', 'failed')", name=op.f("ck_report_file_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("version_id", "public", "format", name=op.f("uq_report_file_version_id_public_format")),
    )
    op.create_index(op.f("ix_report_file_agency_id"), "report_file", ["agency_id"])
    op.create_index("ix_report_file_plan_id_number", "report_file", ["plan_id", "number"])
    op.create_index("ix_report_file_sha256", "report_file", ["sha256"])


def _create_texts() -> None:
    sources = "'imported', 'coordinator', 'tasks', 'style', 'restored'"
    op.create_table(
        "text_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=8), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("from_number", sa.Integer(), nullable=True),
        sa.Column("paragraphs", _JSON, nullable=False),
        sa.Column("task_ids", _JSON, nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=True),
        sa.Column("edited_by", sa.String(length=320), nullable=False),
        sa.Column("edited_at", _INSTANT, nullable=False),
        _owner("text_version", "agency_id"),
        _owner("text_version", "measure_id", "measure"),
        sa.CheckConstraint(f"source IN ({sources})", name=op.f("ck_text_version_source_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_version")),
        sa.UniqueConstraint(
            "measure_id", "field", "round", "number", name=op.f("uq_text_version_measure_id_field_round_number")
        ),
    )
    op.create_index(op.f("ix_text_version_agency_id"), "text_version", ["agency_id"])


def _rounds_to_versions() -> None:
    """What was closed before there were versions is the first one; its snapshot held the report alone."""
    connection = op.get_bind()
    closed = sa.select(_ROUND).where(_ROUND.c.state == "closed", _ROUND.c.sha256.is_not(None))
    for row in connection.execute(closed).all():
        connection.execute(
            _VERSION.insert().values(
                agency_id=row.agency_id,
                round_id=row.id,
                number=1,
                snapshot={"format": 1, "report": row.snapshot},
                sha256=row.sha256,
                closed_at=row.closed_at,
            )
        )


def downgrade() -> None:
    op.add_column("round", sa.Column("snapshot", _JSON, nullable=True))
    op.add_column("round", sa.Column("sha256", sa.String(length=64), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_VERSION).order_by(_VERSION.c.number)).all():
        values = {"snapshot": row.snapshot["report"], "sha256": row.sha256}
        connection.execute(
            _ROUND.update().where(_ROUND.c.id == row.round_id, _ROUND.c.state == "closed").values(values)
        )
    op.drop_index(op.f("ix_agency_slug"), "agency")
    for name in ("licence", "public_evidence", "public_signers", "slug"):
        op.drop_column("agency", name)
    for table in ("text_version", "report_file", "report_version"):
        op.drop_table(table)
