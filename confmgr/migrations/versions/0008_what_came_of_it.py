"""What came of it: contacts, the log of joint actions, reporting rounds, borders, public figures, issued reports.

New tables, and columns with defaults or that may be empty: safe on a running site. No version has written a row of
`issued_report` before this one: it is laid down again.

Revision ID: 0008
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ALLIANCE = sa.table("alliance", sa.column("id", sa.Integer()), sa.column("uuid", sa.Uuid()))


def upgrade() -> None:
    op.create_table(
        "cached_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cached_document")),
        sa.UniqueConstraint("key", name=op.f("uq_cached_document_key")),
    )
    with op.batch_alter_table("cached_document") as batch_op:
        batch_op.create_index(batch_op.f("ix_cached_document_used_at"), ["used_at"], unique=False)

    op.create_table(
        "border_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("one_side_id", sa.Integer(), nullable=False),
        sa.Column("other_side_id", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("note", sa.JSON(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_border_section_latitude")),
        sa.CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180", name=op.f("ck_border_section_longitude")
        ),
        sa.ForeignKeyConstraint(["one_side_id"], ["party.id"], name=op.f("fk_border_section_one_side_id_party")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_border_section_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(["other_side_id"], ["party.id"], name=op.f("fk_border_section_other_side_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_section")),
        sa.UniqueConstraint("uuid", name=op.f("uq_border_section_uuid")),
    )
    with op.batch_alter_table("border_section") as batch_op:
        batch_op.create_index(batch_op.f("ix_border_section_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("holder", sa.String(length=300), nullable=True),
        sa.Column("deputy", sa.String(length=300), nullable=True),
        sa.Column("reachable", sa.JSON(), nullable=True),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_contact_agency_id_agency")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_contact_confirmed_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("uuid", name=op.f("uq_contact_uuid")),
    )
    with op.batch_alter_table("contact") as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "measure_in_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_measure_in_use_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_in_use")),
        sa.UniqueConstraint("operation_id", "measure", name=op.f("uq_measure_in_use_operation_id_measure")),
    )
    op.create_table(
        "border_watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_border_watch_by_id_user")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_border_watch_party_id_party")),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["border_section.id"],
            name=op.f("fk_border_watch_section_id_border_section"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_watch")),
    )
    with op.batch_alter_table("border_watch") as batch_op:
        batch_op.create_index(batch_op.f("ix_border_watch_section_id"), ["section_id"], unique=False)

    op.create_table(
        "reporting_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("due_local", sa.DateTime(), nullable=True),
        sa.Column("due_zone", sa.String(length=64), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_reporting_round_from_before_to")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_reporting_round_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_reporting_round_opened_by_id_user")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_reporting_round_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_round")),
        sa.UniqueConstraint("uuid", name=op.f("uq_reporting_round_uuid")),
    )
    with op.batch_alter_table("reporting_round") as batch_op:
        batch_op.create_index(batch_op.f("ix_reporting_round_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "round_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("compiled_by", sa.String(length=300), nullable=True),
        sa.Column("released_by", sa.String(length=300), nullable=True),
        sa.Column("story", sa.Text(), nullable=True),
        sa.Column("new_methods", sa.Text(), nullable=True),
        sa.Column("obstacles", sa.Text(), nullable=True),
        sa.Column("publishing", sa.String(length=40), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_round_return_party_id_party")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["reporting_round.id"],
            name=op.f("fk_round_return_round_id_reporting_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_round_return_submitted_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_return")),
        sa.UniqueConstraint("round_id", "party_id", name=op.f("uq_round_return_round_id_party_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_round_return_uuid")),
    )
    with op.batch_alter_table("round_return") as batch_op:
        batch_op.create_index(batch_op.f("ix_round_return_party_id"), ["party_id"], unique=False)

    op.create_table(
        "return_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_return_step_by_id_user")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["round_return.id"], name=op.f("fk_return_step_return_id_round_return"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_step")),
    )
    with op.batch_alter_table("return_step") as batch_op:
        batch_op.create_index(batch_op.f("ix_return_step_return_id"), ["return_id"], unique=False)

    op.create_table(
        "joint_action_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("joint_action_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_joint_action_step_by_id_user")),
        sa.ForeignKeyConstraint(
            ["joint_action_id"],
            ["joint_action.id"],
            name=op.f("fk_joint_action_step_joint_action_id_joint_action"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_action_step")),
    )
    with op.batch_alter_table("joint_action_step") as batch_op:
        batch_op.create_index(batch_op.f("ix_joint_action_step_joint_action_id"), ["joint_action_id"], unique=False)

    op.create_table(
        "move_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["move_id"], ["group_move.id"], name=op.f("fk_move_alert_move_id_group_move"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_move_alert_party_id_party")),
        sa.ForeignKeyConstraint(["seen_by_id"], ["user.id"], name=op.f("fk_move_alert_seen_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_alert")),
        sa.UniqueConstraint("move_id", "party_id", name=op.f("uq_move_alert_move_id_party_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_move_alert_uuid")),
    )
    with op.batch_alter_table("move_alert") as batch_op:
        batch_op.create_index(batch_op.f("ix_move_alert_party_id"), ["party_id"], unique=False)

    op.create_table(
        "move_follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(case_id IS NULL) <> (session_id IS NULL)", name=op.f("ck_move_follow_one_thing")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_move_follow_by_id_user")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_move_follow_case_id_case")),
        sa.ForeignKeyConstraint(
            ["move_id"], ["group_move.id"], name=op.f("fk_move_follow_move_id_group_move"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["meeting_session.id"], name=op.f("fk_move_follow_session_id_meeting_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_follow")),
    )
    with op.batch_alter_table("move_follow") as batch_op:
        batch_op.create_index(batch_op.f("ix_move_follow_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_move_follow_move_id"), ["move_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_move_follow_session_id"), ["session_id"], unique=False)

    op.create_table(
        "move_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["move_id"], ["group_move.id"], name=op.f("fk_move_section_move_id_group_move"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["border_section.id"], name=op.f("fk_move_section_section_id_border_section")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_section")),
        sa.UniqueConstraint("move_id", "section_id", name=op.f("uq_move_section_move_id_section_id")),
    )
    with op.batch_alter_table("move_section") as batch_op:
        batch_op.create_index(batch_op.f("ix_move_section_section_id"), ["section_id"], unique=False)

    op.create_table(
        "situation_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("joint_action_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("local", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_situation_entry_by_id_user")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["situation_entry.id"], name=op.f("fk_situation_entry_corrects_id_situation_entry")
        ),
        sa.ForeignKeyConstraint(
            ["joint_action_id"],
            ["joint_action.id"],
            name=op.f("fk_situation_entry_joint_action_id_joint_action"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_situation_entry")),
        sa.UniqueConstraint("uuid", name=op.f("uq_situation_entry_uuid")),
    )
    with op.batch_alter_table("situation_entry") as batch_op:
        batch_op.create_index(batch_op.f("ix_situation_entry_joint_action_id"), ["joint_action_id"], unique=False)

    op.create_table(
        "person_set_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_person_set_share_count")),
        sa.ForeignKeyConstraint(
            ["set_id"], ["person_set.id"], name=op.f("fk_person_set_share_set_id_person_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_set_share")),
        sa.UniqueConstraint("set_id", "dimension", "key", name=op.f("uq_person_set_share_set_id_dimension_key")),
    )
    with op.batch_alter_table("person_set_share") as batch_op:
        batch_op.create_index(batch_op.f("ix_person_set_share_set_id"), ["set_id"], unique=False)

    op.create_table(
        "figure_conversion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Numeric(precision=24, scale=10), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate > 0", name=op.f("ck_figure_conversion_rate")),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figure.id"], name=op.f("fk_figure_conversion_figure_id_figure"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_figure_conversion_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_conversion")),
        sa.UniqueConstraint("figure_id", "currency", name=op.f("uq_figure_conversion_figure_id_currency")),
    )
    op.create_table(
        "public_figure",
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=True),
        sa.Column("embargo_until", sa.DateTime(), nullable=True),
        sa.Column("small_numbers", sa.Boolean(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("clearing_party_id", sa.Integer(), nullable=True),
        sa.Column("cleared_by_id", sa.Integer(), nullable=True),
        sa.Column("cleared_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cleared_by_id"], ["user.id"], name=op.f("fk_public_figure_cleared_by_id_user")),
        sa.ForeignKeyConstraint(
            ["clearing_party_id"], ["party.id"], name=op.f("fk_public_figure_clearing_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figure.id"], name=op.f("fk_public_figure_figure_id_figure"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_public_figure_proposed_by_id_user")),
        sa.ForeignKeyConstraint(["released_by_id"], ["user.id"], name=op.f("fk_public_figure_released_by_id_user")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_public_figure_withdrawn_by_id_user")),
        sa.PrimaryKeyConstraint("figure_id", name=op.f("pk_public_figure")),
    )
    op.create_table(
        "round_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("low", sa.Numeric(precision=24, scale=4), nullable=True),
        sa.Column("high", sa.Numeric(precision=24, scale=4), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("figure_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(kind = 'value') = (low IS NOT NULL)", name=op.f("ck_round_answer_value_or_word")),
        sa.CheckConstraint("low IS NULL OR (low <= high AND low >= 0)", name=op.f("ck_round_answer_interval")),
        sa.ForeignKeyConstraint(["figure_id"], ["figure.id"], name=op.f("fk_round_answer_figure_id_figure")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["round_return.id"], name=op.f("fk_round_answer_return_id_round_return"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_answer")),
        sa.UniqueConstraint(
            "return_id", "measure", "currency", name=op.f("uq_round_answer_return_id_measure_currency")
        ),
    )
    with op.batch_alter_table("action_request") as batch_op:
        batch_op.add_column(sa.Column("asking_contact_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("asked_contact_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_action_request_asked_contact_id_contact"), "contact", ["asked_contact_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_action_request_asking_contact_id_contact"), "contact", ["asking_contact_id"], ["id"]
        )

    with op.batch_alter_table("alliance") as batch_op:
        batch_op.add_column(sa.Column("uuid", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    connection = op.get_bind()
    for ident in connection.scalars(sa.select(ALLIANCE.c.id)).all():
        connection.execute(ALLIANCE.update().where(ALLIANCE.c.id == ident).values(uuid=uuid.uuid4()))
    with op.batch_alter_table("alliance") as batch_op:
        batch_op.alter_column("uuid", existing_type=sa.Uuid(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_alliance_uuid"), ["uuid"])

    with op.batch_alter_table("criminal_group") as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("merged_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("merged_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("merge_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_index(batch_op.f("ix_criminal_group_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_criminal_group_merged_by_id_user"), "user", ["merged_by_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_criminal_group_merged_into_id_criminal_group"), "criminal_group", ["merged_into_id"], ["id"]
        )

    with op.batch_alter_table("group_base") as batch_op:
        batch_op.add_column(sa.Column("note", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("group_move") as batch_op:
        batch_op.add_column(sa.Column("note", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("indicator") as batch_op:
        batch_op.add_column(sa.Column("definition", sa.JSON(), nullable=True))

    op.drop_table("issued_report")
    op.create_table(
        "issued_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("tlp", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("item_ids", sa.JSON(), nullable=False),
        sa.Column("envelope_ids", sa.JSON(), nullable=False),
        sa.Column("figure_ids", sa.JSON(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_issued_report_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_issued_report_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_issued_report_party_id_party")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_issued_report_made_by_id_user")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["issued_report.id"], name=op.f("fk_issued_report_replaces_id_issued_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_report")),
        sa.UniqueConstraint("uuid", name=op.f("uq_issued_report_uuid")),
        sa.UniqueConstraint("number", name=op.f("uq_issued_report_number")),
    )
    for column in ("operation_id", "content_hash", "file_hash"):
        op.create_index(op.f(f"ix_issued_report_{column}"), "issued_report", [column])
    with op.batch_alter_table("joint_action") as batch_op:
        batch_op.add_column(sa.Column("plan", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("person_set_status") as batch_op:
        batch_op.add_column(sa.Column("entered_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("entered_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_person_set_status_entered_by_id_user"), "user", ["entered_by_id"], ["id"]
        )

    with op.batch_alter_table("source") as batch_op:
        batch_op.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_reason", sa.Text(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_source_withdrawn_by_id_user"), "user", ["withdrawn_by_id"], ["id"])

    with op.batch_alter_table("task_force") as batch_op:
        batch_op.add_column(sa.Column("host_agency_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("duty_hours", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_task_force_host_agency_id_agency"), "agency", ["host_agency_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("task_force") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_task_force_host_agency_id_agency"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("duty_hours")
        batch_op.drop_column("host_agency_id")

    with op.batch_alter_table("source") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_source_withdrawn_by_id_user"), type_="foreignkey")
        batch_op.drop_column("withdrawn_reason")
        batch_op.drop_column("withdrawn_by_id")

    with op.batch_alter_table("person_set_status") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_set_status_entered_by_id_user"), type_="foreignkey")
        batch_op.drop_column("entered_by_id")
        batch_op.drop_column("entered_at")

    with op.batch_alter_table("joint_action") as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("plan")

    op.drop_table("issued_report")
    op.create_table(
        "issued_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_issued_report_made_by_id_user")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_issued_report_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_issued_report_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_report")),
        sa.UniqueConstraint("uuid", name=op.f("uq_issued_report_uuid")),
    )
    op.create_index(op.f("ix_issued_report_content_hash"), "issued_report", ["content_hash"])
    with op.batch_alter_table("indicator") as batch_op:
        batch_op.drop_column("definition")

    with op.batch_alter_table("group_move") as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("note")

    with op.batch_alter_table("group_base") as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("note")

    with op.batch_alter_table("criminal_group") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_criminal_group_merged_into_id_criminal_group"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_criminal_group_merged_by_id_user"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_criminal_group_merged_into_id"))
        batch_op.drop_column("version")
        batch_op.drop_column("merge_reason")
        batch_op.drop_column("merged_by_id")
        batch_op.drop_column("merged_at")
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("alliance") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_alliance_uuid"), type_="unique")
        batch_op.drop_column("version")
        batch_op.drop_column("uuid")

    with op.batch_alter_table("action_request") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_action_request_asking_contact_id_contact"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_action_request_asked_contact_id_contact"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("asked_contact_id")
        batch_op.drop_column("asking_contact_id")

    op.drop_table("round_answer")
    op.drop_table("public_figure")
    op.drop_table("figure_conversion")
    with op.batch_alter_table("person_set_share") as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_set_share_set_id"))

    op.drop_table("person_set_share")
    with op.batch_alter_table("situation_entry") as batch_op:
        batch_op.drop_index(batch_op.f("ix_situation_entry_joint_action_id"))

    op.drop_table("situation_entry")
    with op.batch_alter_table("move_section") as batch_op:
        batch_op.drop_index(batch_op.f("ix_move_section_section_id"))

    op.drop_table("move_section")
    with op.batch_alter_table("move_follow") as batch_op:
        batch_op.drop_index(batch_op.f("ix_move_follow_session_id"))
        batch_op.drop_index(batch_op.f("ix_move_follow_move_id"))
        batch_op.drop_index(batch_op.f("ix_move_follow_case_id"))

    op.drop_table("move_follow")
    with op.batch_alter_table("move_alert") as batch_op:
        batch_op.drop_index(batch_op.f("ix_move_alert_party_id"))

    op.drop_table("move_alert")
    with op.batch_alter_table("joint_action_step") as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_action_step_joint_action_id"))

    op.drop_table("joint_action_step")
    with op.batch_alter_table("return_step") as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_step_return_id"))

    op.drop_table("return_step")
    with op.batch_alter_table("round_return") as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_return_party_id"))

    op.drop_table("round_return")
    with op.batch_alter_table("reporting_round") as batch_op:
        batch_op.drop_index(batch_op.f("ix_reporting_round_operation_id"))

    op.drop_table("reporting_round")
    with op.batch_alter_table("border_watch") as batch_op:
        batch_op.drop_index(batch_op.f("ix_border_watch_section_id"))

    op.drop_table("border_watch")
    op.drop_table("measure_in_use")
    with op.batch_alter_table("contact") as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_agency_id"))

    op.drop_table("contact")
    with op.batch_alter_table("border_section") as batch_op:
        batch_op.drop_index(batch_op.f("ix_border_section_operation_id"))

    op.drop_table("border_section")
    with op.batch_alter_table("cached_document") as batch_op:
        batch_op.drop_index(batch_op.f("ix_cached_document_used_at"))

    op.drop_table("cached_document")
