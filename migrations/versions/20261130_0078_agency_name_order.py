"""agencies are listed in the order of Thai dictionaries, whatever the database's collation"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_SHOWN = sa.text("edition IS NOT NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    code_points = sa.String(300).with_variant(sa.String(300, collation="C"), "postgresql")
    op.add_column("agency", sa.Column("name_order", code_points, nullable=False, server_default=""))
    agency = sa.table("agency", sa.column("id"), sa.column("name"), sa.column("name_order"))
    connection = op.get_bind()
    for agency_id, name in connection.execute(sa.select(agency.c.id, agency.c.name)).all():
        plain = re.sub("[็-๎]", "", name.translate(_DIGITS).casefold())
        key = re.sub("([เแโใไ])([ก-ฮ])", r"\2\1", plain)
        connection.execute(agency.update().where(agency.c.id == agency_id).values(name_order=key))
    op.create_index("ix_agency_name_order", "agency", ["name_order"])
    op.create_index(
        "ix_report_version_shown", "report_version", ["agency_id"], sqlite_where=_SHOWN, postgresql_where=_SHOWN
    )


def downgrade() -> None:
    op.drop_index("ix_report_version_shown", "report_version")
    op.drop_index("ix_agency_name_order", "agency")
    op.drop_column("agency", "name_order")
