"""Tables of the job engine, on PostgreSQL alone

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_bind().dialect.name != "postgresql":
        return
    from procrastinate.schema import SchemaManager

    # straight to the driver: the script has many statements and percent signs
    op.get_bind().connection.dbapi_connection.execute(SchemaManager.get_schema())


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        raise NotImplementedError("drop the database instead: jobs that wait would be lost")
