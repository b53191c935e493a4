"""The agenda as a document with its papers; translations sent back; how a person reads dates and digits.

New tables, and columns with defaults or that may be empty: safe on a running site.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = (
    "opening", "adoption", "follow_up", "substance", "meetings", "conclusions", "next_meeting", "closing",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "agenda",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=80), nullable=True),
        sa.Column("original_language", sa.String(length=16), nullable=False),
        sa.Column("organisation", sa.JSON(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_agenda_meeting_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_agenda_uuid")),
    )
    op.create_table(
        "agenda_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=80), nullable=True),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"],
            ["agenda_item.id"],
            name=op.f("fk_agenda_document_agenda_item_id_agenda_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_document")),
    )
    op.create_index(op.f("ix_agenda_document_agenda_item_id"), "agenda_document", ["agenda_item_id"])
    op.create_table(
        "uploaded_translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_uploaded_translation_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_uploaded_translation_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploaded_translation")),
        sa.UniqueConstraint("uuid", name=op.f("uq_uploaded_translation_uuid")),
    )
    op.create_index(op.f("ix_uploaded_translation_meeting_id"), "uploaded_translation", ["meeting_id"])
    with op.batch_alter_table("user") as table:
        table.add_column(sa.Column("calendar", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("digits", sa.String(length=10), nullable=True))
    with op.batch_alter_table("agenda_item") as table:
        kind = sa.Enum(*KINDS, name="agendakind", native_enum=False, create_constraint=True, length=40)
        table.add_column(sa.Column("kind", kind, server_default="substance", nullable=False))
        table.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("mandate", sa.JSON(), nullable=True))
        table.add_column(sa.Column("speaker", sa.String(length=300), nullable=True))
        table.create_foreign_key(
            op.f("fk_agenda_item_parent_id_agenda_item"), "agenda_item", ["parent_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index(op.f("ix_agenda_item_parent_id"), ["parent_id"])


def downgrade() -> None:
    with op.batch_alter_table("agenda_item") as table:
        table.drop_index(op.f("ix_agenda_item_parent_id"))
        table.drop_constraint(op.f("fk_agenda_item_parent_id_agenda_item"), type_="foreignkey")
        for name in ("speaker", "mandate", "parent_id", "kind"):
            table.drop_column(name)
    with op.batch_alter_table("user") as table:
        table.drop_column("digits")
        table.drop_column("calendar")
    for name in ("uploaded_translation", "agenda_document", "agenda"):
        op.drop_table(name)
