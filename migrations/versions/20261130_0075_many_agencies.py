"""what is looked up in all agencies has an index; reminders of an agency are never looked up"""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

_ASKED = sa.text("state = 'asked'")
_OF_DRAFT = sa.text("version_id IS NULL")


def upgrade() -> None:
    op.create_index("ix_evidence_stored_name", "evidence", ["stored_name"])
    op.create_index("ix_report_version_sha256", "report_version", ["sha256"])
    op.create_index("ix_report_version_scan_sha256", "report_version", ["scan_sha256"])
    op.create_index(
        "ix_report_file_asked_at", "report_file", ["asked_at"], sqlite_where=_ASKED, postgresql_where=_ASKED
    )
    op.create_index(
        "ix_report_file_of_draft", "report_file", ["asked_at"], sqlite_where=_OF_DRAFT, postgresql_where=_OF_DRAFT
    )
    op.drop_index("ix_reminder_agency_id", "reminder")


def downgrade() -> None:
    op.create_index("ix_reminder_agency_id", "reminder", ["agency_id"])
    op.drop_index("ix_report_file_of_draft", "report_file")
    op.drop_index("ix_report_file_asked_at", "report_file")
    op.drop_index("ix_report_version_scan_sha256", "report_version")
    op.drop_index("ix_report_version_sha256", "report_version")
    op.drop_index("ix_evidence_stored_name", "evidence")
