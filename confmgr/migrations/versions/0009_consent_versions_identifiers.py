"""Consent, recalls, notices and versions; identifiers with their matches, attachments and comments; places of cases.

New tables, and columns that may be empty: safe on a running site. On PostgreSQL an item's current marking becomes a
foreign key, which the first migration could only lay down on SQLite.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TARGETS = (
    "(CASE WHEN to_user_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN to_agency_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN to_delegation_id IS NULL THEN 0 ELSE 1 END)"
)


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["item.id"], name=op.f("fk_attachment_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_attachment_stored_name")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["item.id"], name=op.f("fk_comment_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_table(
        "identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("normal", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("matching", sa.Boolean(), nullable=False),
        sa.Column("matching_since", sa.DateTime(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("matching = (matching_since IS NOT NULL)", name=op.f("ck_identifier_matching_since")),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name=op.f("fk_identifier_added_by_id_user")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_identifier_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifier")),
        sa.UniqueConstraint("item_id", "kind", "normal", name=op.f("uq_identifier_item_id_kind_normal")),
    )
    with op.batch_alter_table("identifier") as batch_op:
        batch_op.create_index("ix_identifier_kind_normal", ["kind", "normal"], unique=False)

    op.create_table(
        "item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("marking_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_item_version_by_id_user")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_version_item_id_item")),
        sa.ForeignKeyConstraint(["marking_id"], ["marking.id"], name=op.f("fk_item_version_marking_id_marking")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_version_item_id_number")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("once", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_notice_item_id_item")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notice_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("user_id", "once", name=op.f("uq_notice_user_id_once")),
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_notice_told_at", ["told_at"], unique=False)

    op.create_table(
        "recall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_recall_item_id_item")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_recall_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
        sa.UniqueConstraint("uuid", name=op.f("uq_recall_uuid")),
    )
    with op.batch_alter_table("recall") as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_recall_user_id_acknowledged_at", ["user_id", "acknowledged_at"], unique=False)

    op.create_table(
        "case_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_case_group_by_id_user")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_group_case_id_case"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["criminal_group.id"], name=op.f("fk_case_group_group_id_criminal_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_group")),
        sa.UniqueConstraint("case_id", "group_id", name=op.f("uq_case_group_case_id_group_id")),
    )
    with op.batch_alter_table("case_group") as batch_op:
        batch_op.create_index(batch_op.f("ix_case_group_group_id"), ["group_id"], unique=False)

    op.create_table(
        "consent_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("marking_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=True),
        sa.Column("to_agency_id", sa.Integer(), nullable=True),
        sa.Column("to_delegation_id", sa.Integer(), nullable=True),
        sa.Column("tlp", sa.String(length=40), nullable=True),
        sa.Column("retain_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_for_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("seconded_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("granted_tlp", sa.String(length=40), nullable=True),
        sa.Column("granted_until", sa.DateTime(), nullable=True),
        sa.Column("granted_retain_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'downgrade' OR tlp IS NOT NULL", name=op.f("ck_consent_request_downgrade_to_something")
        ),
        sa.CheckConstraint(f"kind <> 'onward' OR ({TARGETS}) = 1", name=op.f("ck_consent_request_onward_to_somebody")),
        sa.CheckConstraint(f"{TARGETS} <= 1", name=op.f("ck_consent_request_one_target")),
        sa.CheckConstraint(
            "second_id IS NULL OR second_id <> decided_by_id", name=op.f("ck_consent_request_two_persons")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_consent_request_asked_by_id_user")),
        sa.ForeignKeyConstraint(
            ["asked_for_id"], ["delegation.id"], name=op.f("fk_consent_request_asked_for_id_delegation")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_consent_request_decided_by_id_user")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_consent_request_item_id_item")),
        sa.ForeignKeyConstraint(["marking_id"], ["marking.id"], name=op.f("fk_consent_request_marking_id_marking")),
        sa.ForeignKeyConstraint(["second_id"], ["user.id"], name=op.f("fk_consent_request_second_id_user")),
        sa.ForeignKeyConstraint(["to_agency_id"], ["agency.id"], name=op.f("fk_consent_request_to_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["to_delegation_id"], ["delegation.id"], name=op.f("fk_consent_request_to_delegation_id_delegation")
        ),
        sa.ForeignKeyConstraint(["to_user_id"], ["user.id"], name=op.f("fk_consent_request_to_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_request")),
        sa.UniqueConstraint("uuid", name=op.f("uq_consent_request_uuid")),
    )
    with op.batch_alter_table("consent_request") as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_request_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_request_asked_for_id"), ["asked_for_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_request_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_consent_request_state_until", ["state", "until"], unique=False)

    op.create_table(
        "identifier_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("first_told_at", sa.DateTime(), nullable=True),
        sa.Column("second_told_at", sa.DateTime(), nullable=True),
        sa.Column("first_counts_at", sa.DateTime(), nullable=True),
        sa.Column("second_counts_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_identifier_match_in_order")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_identifier_match_closed_by_id_user")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["identifier.id"], name=op.f("fk_identifier_match_first_id_identifier"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["identifier.id"], name=op.f("fk_identifier_match_second_id_identifier"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifier_match")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_identifier_match_first_id_second_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_identifier_match_uuid")),
    )
    with op.batch_alter_table("identifier_match") as batch_op:
        batch_op.create_index(batch_op.f("ix_identifier_match_second_id"), ["second_id"], unique=False)

    with op.batch_alter_table("case") as batch_op:
        batch_op.add_column(sa.Column("places", sa.JSON(), nullable=True))

    with op.batch_alter_table("disclosure") as batch_op:
        batch_op.add_column(sa.Column("consent_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_disclosure_consent_id"), ["consent_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_disclosure_consent_id_consent_request"), "consent_request", ["consent_id"], ["id"]
        )

    with op.batch_alter_table("item") as batch_op:
        batch_op.add_column(sa.Column("retention_told_at", sa.DateTime(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key("fk_item_marking_id_marking", "item", "marking", ["marking_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_item_marking_id_marking", "item", type_="foreignkey")
    with op.batch_alter_table("item") as batch_op:
        batch_op.drop_column("retention_told_at")

    with op.batch_alter_table("disclosure") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_disclosure_consent_id_consent_request"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_disclosure_consent_id"))
        batch_op.drop_column("consent_id")

    with op.batch_alter_table("case") as batch_op:
        batch_op.drop_column("places")

    with op.batch_alter_table("identifier_match") as batch_op:
        batch_op.drop_index(batch_op.f("ix_identifier_match_second_id"))

    op.drop_table("identifier_match")
    with op.batch_alter_table("consent_request") as batch_op:
        batch_op.drop_index("ix_consent_request_state_until")
        batch_op.drop_index(batch_op.f("ix_consent_request_item_id"))
        batch_op.drop_index(batch_op.f("ix_consent_request_asked_for_id"))
        batch_op.drop_index(batch_op.f("ix_consent_request_asked_by_id"))

    op.drop_table("consent_request")
    with op.batch_alter_table("case_group") as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_group_group_id"))

    op.drop_table("case_group")
    with op.batch_alter_table("recall") as batch_op:
        batch_op.drop_index("ix_recall_user_id_acknowledged_at")
        batch_op.drop_index(batch_op.f("ix_recall_item_id"))

    op.drop_table("recall")
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_index("ix_notice_told_at")
        batch_op.drop_index(batch_op.f("ix_notice_item_id"))

    op.drop_table("notice")
    op.drop_table("item_version")
    with op.batch_alter_table("identifier") as batch_op:
        batch_op.drop_index("ix_identifier_kind_normal")

    op.drop_table("identifier")
    op.drop_table("comment")
    op.drop_table("attachment")
