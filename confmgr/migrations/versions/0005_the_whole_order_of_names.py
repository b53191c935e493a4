"""The whole order of names: its first letter and its groups; a figure can have a marking of its own

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GROUPS = '["member", "partner", "observer", "guest"]'


def upgrade():
    with op.batch_alter_table("meeting") as table:
        table.add_column(sa.Column("order_first", sa.String(length=8), nullable=True))
        table.add_column(sa.Column("order_groups", sa.JSON(), server_default=GROUPS, nullable=False))
    with op.batch_alter_table("marking") as table:
        table.alter_column("item_id", existing_type=sa.Integer(), nullable=True)


def downgrade():
    with op.batch_alter_table("marking") as table:
        table.alter_column("item_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("meeting") as table:
        table.drop_column("order_groups")
        table.drop_column("order_first")
