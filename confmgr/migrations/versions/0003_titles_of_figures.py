"""What a figure is of, in words.

A column that may be empty: safe on a running site.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("figure", sa.Column("title", sa.JSON(), nullable=True))


def downgrade():
    op.drop_column("figure", "title")
