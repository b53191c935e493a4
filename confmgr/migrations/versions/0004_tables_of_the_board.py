"""Tables of the schedule board: steps that can be taken back, severities of rules, drafts; what the day desk notes.

New tables and columns with defaults: safe on a running site.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_command",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("touched", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_board_command_actor_id_user")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_board_command_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["of_id"], ["board_command.id"], name=op.f("fk_board_command_of_id_board_command")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_command")),
        sa.UniqueConstraint("meeting_id", "revision", name=op.f("uq_board_command_meeting_id_revision")),
        sa.UniqueConstraint("uuid", name=op.f("uq_board_command_uuid")),
    )
    with op.batch_alter_table("board_command", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_command_actor_id"), ["actor_id"], unique=False)

    op.create_table(
        "schedule_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("placements", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_schedule_draft_made_by_id_user")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_schedule_draft_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_draft")),
        sa.UniqueConstraint("meeting_id", "name", name=op.f("uq_schedule_draft_meeting_id_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_schedule_draft_uuid")),
    )
    op.create_table(
        "schedule_state",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("severities", sa.JSON(), nullable=False),
        sa.Column("walk_minutes", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("walk_minutes BETWEEN 0 AND 240", name=op.f("ck_schedule_state_walk")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_schedule_state_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_schedule_state")),
    )
    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrived_at", sa.DateTime(), nullable=True))

    with op.batch_alter_table("meeting_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slot_local", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("slot_place_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("joined_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_request_joined_into_id_meeting_request"),
            "meeting_request",
            ["joined_into_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_request_slot_place_id_place"), "place", ["slot_place_id"], ["id"]
        )

    with op.batch_alter_table("meeting_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(), nullable=True))

    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))

    with op.batch_alter_table("session_delegation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("absent", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("session_delegation", schema=None) as batch_op:
        batch_op.drop_column("absent")

    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.drop_column("options")

    with op.batch_alter_table("meeting_session", schema=None) as batch_op:
        batch_op.drop_column("removed_at")

    with op.batch_alter_table("meeting_request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_meeting_request_slot_place_id_place"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_meeting_request_joined_into_id_meeting_request"), type_="foreignkey")
        batch_op.drop_column("joined_into_id")
        batch_op.drop_column("slot_place_id")
        batch_op.drop_column("slot_local")

    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.drop_column("arrived_at")

    op.drop_table("schedule_state")
    op.drop_table("schedule_draft")
    with op.batch_alter_table("board_command", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_board_command_actor_id"))

    op.drop_table("board_command")
