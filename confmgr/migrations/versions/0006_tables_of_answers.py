"""Tables of answers: replies, answer links, feeds, reminders, busy times; mails that are no invitations.

New tables and columns with defaults, and columns that may now be empty: safe on a running site.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DOMAINS = {
    "sqlite": "UPDATE outbox_message SET domain = lower(substr(recipient, instr(recipient, '@') + 1))",
    "postgresql": "UPDATE outbox_message SET domain = lower(split_part(recipient, '@', 2))",
}
STAMPS = """
UPDATE participation SET dtstamp = coalesce(
    (SELECT max(m.dtstamp) FROM outbox_message m WHERE m.participation_id = participation.id),
    (SELECT p.made_at FROM publication p WHERE p.id = participation.told_in_id)
)
"""
OTHER_MAILS = "DELETE FROM outbox_message WHERE publication_id IS NULL OR participation_id IS NULL"
MADE_BY_NOBODY = """
UPDATE publication SET made_by_id = (SELECT min(u.id) FROM "user" u) WHERE made_by_id IS NULL
"""


def upgrade() -> None:
    op.create_table(
        "zone_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_rules")),
        sa.UniqueConstraint("version", name=op.f("uq_zone_rules_version")),
    )
    op.create_table(
        "reminder_plan",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("day_before_at", sa.Time(), nullable=True),
        sa.Column("minutes_before", sa.Integer(), nullable=True),
        sa.Column("answers_missing_days", sa.Integer(), nullable=True),
        sa.Column("results_due_days", sa.Integer(), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_reminder_plan_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_reminder_plan")),
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("delegation_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("without_answered", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("reader", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_feed_delegation_id_delegation")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_feed_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_feed_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_feed_uuid")),
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_user_id"), ["user_id"], unique=False)

    op.create_table(
        "delegate_busy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_delegate_busy_positive_length")),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["delegate.id"], name=op.f("fk_delegate_busy_delegate_id_delegate"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegate_busy")),
    )
    with op.batch_alter_table("delegate_busy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegate_busy_delegate_id"), ["delegate_id"], unique=False)

    op.create_table(
        "answer_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_answer_link_participation_id_participation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_answer_link_token_hash")),
    )
    with op.batch_alter_table("answer_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_link_participation_id"), ["participation_id"], unique=False)

    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=True),
        sa.Column("attendee", sa.String(length=320), nullable=True),
        sa.Column("said", sa.String(length=40), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("dtstamp", sa.DateTime(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("participation_id", sa.Integer(), nullable=True),
        sa.Column("outbox_message_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_reply_decided_by_id_user")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_reply_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["outbox_message_id"], ["outbox_message.id"], name=op.f("fk_reply_outbox_message_id_outbox_message")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_reply_participation_id_participation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("message_id", name=op.f("uq_reply_message_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_reply_uuid")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index("ix_reply_meeting_id_state", ["meeting_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_participation_id"), ["participation_id"], unique=False)

    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=40), nullable=True))

    with op.batch_alter_table("interpreter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=40), nullable=True))

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=40), nullable=False, server_default="invitation"))
        batch_op.add_column(sa.Column("once", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("delegate_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("interpreter_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("domain", sa.String(length=253), nullable=False, server_default=""))
        batch_op.alter_column("publication_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("participation_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("change", existing_type=sa.VARCHAR(length=40), nullable=True)
        batch_op.alter_column("method", existing_type=sa.VARCHAR(length=40), nullable=True)
        batch_op.alter_column("uid", existing_type=sa.VARCHAR(length=36), nullable=True)
        batch_op.alter_column("sequence", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index("ix_outbox_message_domain_sent_at", ["domain", "sent_at"], unique=False)
        batch_op.create_index("ix_outbox_message_meeting_id_state", ["meeting_id", "state"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_outbox_message_once"), ["once"])
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_message_delegate_id_delegate"), "delegate", ["delegate_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_message_interpreter_id_interpreter"), "interpreter", ["interpreter_id"], ["id"]
        )

    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dtstamp", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("answered_dtstamp", sa.DateTime(), nullable=True))

    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.alter_column("made_by_id", existing_type=sa.INTEGER(), nullable=True)

    op.execute(DOMAINS.get(op.get_bind().dialect.name, DOMAINS["postgresql"]))
    op.execute(STAMPS)


def downgrade() -> None:
    op.drop_table("reply")
    op.execute(OTHER_MAILS)
    op.execute(MADE_BY_NOBODY)
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.alter_column("made_by_id", existing_type=sa.INTEGER(), nullable=False)

    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_column("answered_dtstamp")
        batch_op.drop_column("answered_by")
        batch_op.drop_column("dtstamp")

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_message_interpreter_id_interpreter"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_outbox_message_delegate_id_delegate"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_outbox_message_once"), type_="unique")
        batch_op.drop_index("ix_outbox_message_meeting_id_state")
        batch_op.drop_index("ix_outbox_message_domain_sent_at")
        batch_op.alter_column("sequence", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("uid", existing_type=sa.VARCHAR(length=36), nullable=False)
        batch_op.alter_column("method", existing_type=sa.VARCHAR(length=40), nullable=False)
        batch_op.alter_column("change", existing_type=sa.VARCHAR(length=40), nullable=False)
        batch_op.alter_column("participation_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("publication_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("domain")
        batch_op.drop_column("interpreter_id")
        batch_op.drop_column("delegate_id")
        batch_op.drop_column("once")
        batch_op.drop_column("kind")

    with op.batch_alter_table("interpreter", schema=None) as batch_op:
        batch_op.drop_column("phone")

    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.drop_column("phone")

    with op.batch_alter_table("answer_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_link_participation_id"))

    op.drop_table("answer_link")
    with op.batch_alter_table("delegate_busy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegate_busy_delegate_id"))

    op.drop_table("delegate_busy")
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_user_id"))
        batch_op.drop_index(batch_op.f("ix_feed_meeting_id"))

    op.drop_table("feed")
    op.drop_table("reminder_plan")
    op.drop_table("zone_rules")
