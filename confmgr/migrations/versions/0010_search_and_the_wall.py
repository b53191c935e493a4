"""Words to search by, the wall of PostgreSQL around items, and indexes for lists of one reader.

Empty tables and new indexes, so the change is safe on a running site; a large one takes seconds for each index. Until
`confmgr search rebuild` has run once, what was written before is not found.

On PostgreSQL row-level security begins here. The account of the application must not own the tables, see
docs/administrators/running.md; the migration itself runs as their owner.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

SQLITE = (
    (
        "CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5( words, content='search_text', "
        "content_rowid='item_id', tokenize='ascii', detail='none', columnsize=0)"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS search_text_added AFTER INSERT ON search_text BEGIN INSERT INTO "
        "search_index(rowid, words) VALUES (new.item_id, new.words); END"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS search_text_gone AFTER DELETE ON search_text BEGIN INSERT INTO "
        "search_index(search_index, rowid, words) VALUES ('delete', old.item_id, old.words); END"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS search_text_changed AFTER UPDATE ON search_text BEGIN INSERT INTO "
        "search_index(search_index, rowid, words) VALUES ('delete', old.item_id, old.words); INSERT INTO "
        "search_index(rowid, words) VALUES (new.item_id, new.words); END"
    ),
)
POSTGRESQL = "CREATE INDEX IF NOT EXISTS ix_search_text_words ON search_text USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)"
FUNCTIONS = (
    (
        "CREATE FUNCTION confmgr_seats() RETURNS TABLE (person integer, meeting integer, party integer, delegation "
        "integer, agency integer, sees_green boolean, knows_envelopes boolean) LANGUAGE plpgsql STABLE ROWS 4 AS $$ "
        "BEGIN RETURN QUERY SELECT membership_1.user_id, membership_1.meeting_id, delegation_1.party_id, "
        "delegation_1.id, membership_1.agency_id, delegation_1.id IS NOT NULL AND (CAST(meeting_1.green_for AS "
        "JSONB) ? CAST(delegation_1.status AS VARCHAR)) AS anon_1, membership_1.role = 'organiser' OR "
        "membership_1.role = 'leadership' AND (membership_1.delegation_id IS NULL OR delegation_1.party_id = "
        'meeting_1.host_party_id) AS anon_2 FROM membership AS membership_1 JOIN "user" AS user_1 ON user_1.id = '
        "membership_1.user_id JOIN meeting AS meeting_1 ON meeting_1.id = membership_1.meeting_id LEFT OUTER JOIN "
        "delegation AS delegation_1 ON delegation_1.id = membership_1.delegation_id WHERE membership_1.user_id = "
        "(SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active AND "
        "membership_1.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, "
        "timezone('UTC', now()))) AND (membership_1.ends_at IS NULL OR membership_1.ends_at > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))); END $$"
    ),
    (
        "CREATE FUNCTION confmgr_told(id integer, marking_id integer, tlp text, person integer, delegation integer, "
        "agency integer) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp "
        "AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM disclosure WHERE disclosure.item_id = confmgr_told.id AND "
        "disclosure.marking_id = confmgr_told.marking_id AND disclosure.revoked_at IS NULL AND (disclosure.until IS "
        "NULL OR disclosure.until > (SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, "
        "timezone('UTC', now())))) AND (disclosure.to_user_id = confmgr_told.person OR disclosure.to_agency_id = "
        "confmgr_told.agency AND confmgr_told.tlp != 'RED' OR disclosure.to_delegation_id = confmgr_told.delegation "
        "AND (confmgr_told.tlp NOT IN ('RED', 'AMBER+STRICT')))); END $$"
    ),
    (
        "CREATE FUNCTION confmgr_sees_above(above_id integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ DECLARE "
        "seen boolean; before text := coalesce(current_setting('confmgr.nobody', true), ''); BEGIN PERFORM "
        "set_config('confmgr.nobody', 'wall', true); seen := EXISTS (SELECT 1 FROM item AS above WHERE above.id = "
        "above_id AND above.parent_id IS NULL AND CASE WHEN above.state != 'purged' THEN EXISTS (SELECT 1 FROM "
        'marking AS marking_1 WHERE marking_1.id = above.marking_id AND ((EXISTS (SELECT 1 FROM "user" AS user_1 '
        "WHERE user_1.id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) "
        "AND marking_1.tlp = 'CLEAR' AND above.state = 'shared' AND above.published_at IS NOT NULL OR (EXISTS "
        "(SELECT 1 FROM confmgr_seats() AS anon_1 WHERE CASE WHEN (anon_1.meeting IN (SELECT item_meeting.meeting_id "
        "FROM item_meeting WHERE item_meeting.item_id = above.id)) THEN above.originator_id = anon_1.party AND "
        "(marking_1.tlp IN ('AMBER', 'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND above.agency_id = "
        "anon_1.agency OR marking_1.tlp IN ('AMBER+STRICT', 'RED') AND (above.author_id = anon_1.person OR (EXISTS "
        "(SELECT 1 FROM named_reader WHERE named_reader.item_id = above.id AND named_reader.user_id = "
        "anon_1.person)))) OR above.state = 'shared' AND (anon_1.sees_green AND marking_1.tlp IN ('GREEN', 'CLEAR') "
        "OR confmgr_told(above.id, above.marking_id, marking_1.tlp, anon_1.person, anon_1.delegation, "
        "anon_1.agency)) ELSE false END)))) ELSE false END); PERFORM set_config('confmgr.nobody', before, true); "
        "RETURN seen; END $$"
    ),
    (
        "CREATE FUNCTION confmgr_holding(asked tsquery, most integer) RETURNS integer[] LANGUAGE plpgsql STABLE "
        "SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan SET "
        "enable_seqscan = off AS $$ DECLARE held integer[] := ARRAY(SELECT search_text.item_id FROM search_text "
        "WHERE array_to_tsvector(string_to_array(search_text.words, ' ')) @@ asked LIMIT most + 1); seen integer[]; "
        "before text := coalesce(current_setting('confmgr.nobody', true), ''); BEGIN PERFORM "
        "set_config('confmgr.nobody', 'wall', true); seen := CASE WHEN cardinality(held) <= most THEN ARRAY(SELECT "
        "item.id FROM item WHERE item.id = ANY (held) AND CASE WHEN item.state != 'purged' THEN EXISTS (SELECT 1 "
        'FROM marking AS marking_1 WHERE marking_1.id = item.marking_id AND ((EXISTS (SELECT 1 FROM "user" AS user_1 '
        "WHERE user_1.id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) "
        "AND marking_1.tlp = 'CLEAR' AND item.state = 'shared' AND item.published_at IS NOT NULL OR (EXISTS (SELECT "
        "1 FROM confmgr_seats() AS anon_1 WHERE CASE WHEN (anon_1.meeting IN (SELECT item_meeting.meeting_id FROM "
        "item_meeting WHERE item_meeting.item_id = item.id)) THEN item.originator_id = anon_1.party AND "
        "(marking_1.tlp IN ('AMBER', 'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND item.agency_id = "
        "anon_1.agency OR marking_1.tlp IN ('AMBER+STRICT', 'RED') AND (item.author_id = anon_1.person OR (EXISTS "
        "(SELECT 1 FROM named_reader WHERE named_reader.item_id = item.id AND named_reader.user_id = "
        "anon_1.person)))) OR item.state = 'shared' AND (anon_1.sees_green AND marking_1.tlp IN ('GREEN', 'CLEAR') "
        "OR (EXISTS (SELECT 1 FROM disclosure WHERE disclosure.item_id = item.id AND disclosure.marking_id = "
        "item.marking_id AND disclosure.revoked_at IS NULL AND (disclosure.until IS NULL OR disclosure.until > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(disclosure.to_user_id = anon_1.person OR disclosure.to_agency_id = anon_1.agency AND marking_1.tlp != "
        "'RED' OR disclosure.to_delegation_id = anon_1.delegation AND (marking_1.tlp NOT IN ('RED', "
        "'AMBER+STRICT')))))) ELSE false END)))) ELSE false END AND (item.parent_id IS NULL OR (EXISTS (SELECT 1 "
        "FROM item AS item_1 WHERE item_1.id = item.parent_id AND item_1.parent_id IS NULL AND CASE WHEN "
        "item_1.state != 'purged' THEN EXISTS (SELECT 1 FROM marking AS marking_2 WHERE marking_2.id = "
        'item_1.marking_id AND ((EXISTS (SELECT 1 FROM "user" AS user_1 WHERE user_1.id = (SELECT '
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) AND marking_2.tlp = "
        "'CLEAR' AND item_1.state = 'shared' AND item_1.published_at IS NOT NULL OR (EXISTS (SELECT 1 FROM "
        "confmgr_seats() AS anon_2 WHERE CASE WHEN (anon_2.meeting IN (SELECT item_meeting.meeting_id FROM "
        "item_meeting WHERE item_meeting.item_id = item_1.id)) THEN item_1.originator_id = anon_2.party AND "
        "(marking_2.tlp IN ('AMBER', 'GREEN', 'CLEAR') OR marking_2.tlp = 'AMBER+STRICT' AND item_1.agency_id = "
        "anon_2.agency OR marking_2.tlp IN ('AMBER+STRICT', 'RED') AND (item_1.author_id = anon_2.person OR (EXISTS "
        "(SELECT 1 FROM named_reader WHERE named_reader.item_id = item_1.id AND named_reader.user_id = "
        "anon_2.person)))) OR item_1.state = 'shared' AND (anon_2.sees_green AND marking_2.tlp IN ('GREEN', 'CLEAR') "
        "OR (EXISTS (SELECT 1 FROM disclosure WHERE disclosure.item_id = item_1.id AND disclosure.marking_id = "
        "item_1.marking_id AND disclosure.revoked_at IS NULL AND (disclosure.until IS NULL OR disclosure.until > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(disclosure.to_user_id = anon_2.person OR disclosure.to_agency_id = anon_2.agency AND marking_2.tlp != "
        "'RED' OR disclosure.to_delegation_id = anon_2.delegation AND (marking_2.tlp NOT IN ('RED', "
        "'AMBER+STRICT')))))) ELSE false END)))) ELSE false END)))) END; PERFORM set_config('confmgr.nobody', "
        "before, true); RETURN seen; END $$"
    ),
)
SEES = {
    "item": (
        "(SELECT coalesce(current_setting('confmgr.nobody', true), '') <> '') OR item.marking_id IS NULL AND "
        "item.author_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR item.state != "
        "'draft' AND (EXISTS (SELECT 1 FROM confmgr_seats() AS anon_1 WHERE CASE WHEN anon_1.knows_envelopes THEN "
        "anon_1.meeting IN (SELECT item_meeting.meeting_id FROM item_meeting WHERE item_meeting.item_id = item.id) "
        "ELSE false END)) OR CASE WHEN item.state != 'purged' THEN EXISTS (SELECT 1 FROM marking AS marking_1 WHERE "
        'marking_1.id = item.marking_id AND ((EXISTS (SELECT 1 FROM "user" AS user_1 WHERE user_1.id = (SELECT '
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) AND marking_1.tlp = "
        "'CLEAR' AND item.state = 'shared' AND item.published_at IS NOT NULL OR (EXISTS (SELECT 1 FROM "
        "confmgr_seats() AS anon_2 WHERE CASE WHEN (anon_2.meeting IN (SELECT item_meeting.meeting_id FROM "
        "item_meeting WHERE item_meeting.item_id = item.id)) THEN item.originator_id = anon_2.party AND "
        "(marking_1.tlp IN ('AMBER', 'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND item.agency_id = "
        "anon_2.agency OR marking_1.tlp IN ('AMBER+STRICT', 'RED') AND (item.author_id = anon_2.person OR (EXISTS "
        "(SELECT 1 FROM named_reader WHERE named_reader.item_id = item.id AND named_reader.user_id = "
        "anon_2.person)))) OR item.state = 'shared' AND (anon_2.sees_green AND marking_1.tlp IN ('GREEN', 'CLEAR') "
        "OR confmgr_told(item.id, item.marking_id, marking_1.tlp, anon_2.person, anon_2.delegation, anon_2.agency)) "
        "ELSE false END)))) ELSE false END AND (item.parent_id IS NULL OR confmgr_sees_above(item.parent_id))"
    ),
    "consent_request": (
        "(SELECT coalesce(current_setting('confmgr.nobody', true), '') <> '') OR consent_request.asked_by_id = "
        "(SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM item WHERE "
        "item.id = consent_request.item_id AND (EXISTS (SELECT 1 FROM confmgr_seats() AS anon_1 WHERE "
        "consent_request.asked_for_id = anon_1.delegation OR item.originator_id = anon_1.party))))"
    ),
    "recall": (
        "(SELECT coalesce(current_setting('confmgr.nobody', true), '') <> '') OR recall.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM item WHERE item.id "
        "= recall.item_id AND (EXISTS (SELECT 1 FROM confmgr_seats() AS anon_1 WHERE item.originator_id = "
        "anon_1.party))))"
    ),
    "search_text": (
        "(SELECT coalesce(current_setting('confmgr.nobody', true), '') <> '') OR (EXISTS (SELECT 1 FROM item AS "
        "item_1 WHERE item_1.id = search_text.item_id AND CASE WHEN item_1.state != 'purged' THEN EXISTS (SELECT 1 "
        'FROM marking AS marking_1 WHERE marking_1.id = item_1.marking_id AND ((EXISTS (SELECT 1 FROM "user" AS '
        "user_1 WHERE user_1.id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND "
        "user_1.active)) AND marking_1.tlp = 'CLEAR' AND item_1.state = 'shared' AND item_1.published_at IS NOT NULL "
        "OR (EXISTS (SELECT 1 FROM confmgr_seats() AS anon_1 WHERE CASE WHEN (anon_1.meeting IN (SELECT "
        "item_meeting.meeting_id FROM item_meeting WHERE item_meeting.item_id = item_1.id)) THEN "
        "item_1.originator_id = anon_1.party AND (marking_1.tlp IN ('AMBER', 'GREEN', 'CLEAR') OR marking_1.tlp = "
        "'AMBER+STRICT' AND item_1.agency_id = anon_1.agency OR marking_1.tlp IN ('AMBER+STRICT', 'RED') AND "
        "(item_1.author_id = anon_1.person OR (EXISTS (SELECT 1 FROM named_reader WHERE named_reader.item_id = "
        "item_1.id AND named_reader.user_id = anon_1.person)))) OR item_1.state = 'shared' AND (anon_1.sees_green "
        "AND marking_1.tlp IN ('GREEN', 'CLEAR') OR confmgr_told(item_1.id, item_1.marking_id, marking_1.tlp, "
        "anon_1.person, anon_1.delegation, anon_1.agency)) ELSE false END)))) ELSE false END AND (item_1.parent_id "
        "IS NULL OR (EXISTS (SELECT 1 FROM item AS item_2 WHERE item_2.id = item_1.parent_id AND item_2.parent_id IS "
        "NULL AND CASE WHEN item_2.state != 'purged' THEN EXISTS (SELECT 1 FROM marking AS marking_2 WHERE "
        'marking_2.id = item_2.marking_id AND ((EXISTS (SELECT 1 FROM "user" AS user_1 WHERE user_1.id = (SELECT '
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) AND marking_2.tlp = "
        "'CLEAR' AND item_2.state = 'shared' AND item_2.published_at IS NOT NULL OR (EXISTS (SELECT 1 FROM "
        "confmgr_seats() AS anon_2 WHERE CASE WHEN (anon_2.meeting IN (SELECT item_meeting.meeting_id FROM "
        "item_meeting WHERE item_meeting.item_id = item_2.id)) THEN item_2.originator_id = anon_2.party AND "
        "(marking_2.tlp IN ('AMBER', 'GREEN', 'CLEAR') OR marking_2.tlp = 'AMBER+STRICT' AND item_2.agency_id = "
        "anon_2.agency OR marking_2.tlp IN ('AMBER+STRICT', 'RED') AND (item_2.author_id = anon_2.person OR (EXISTS "
        "(SELECT 1 FROM named_reader WHERE named_reader.item_id = item_2.id AND named_reader.user_id = "
        "anon_2.person)))) OR item_2.state = 'shared' AND (anon_2.sees_green AND marking_2.tlp IN ('GREEN', 'CLEAR') "
        "OR confmgr_told(item_2.id, item_2.marking_id, marking_2.tlp, anon_2.person, anon_2.delegation, "
        "anon_2.agency)) ELSE false END)))) ELSE false END)))))"
    ),
}
"""What shows a row of a table."""
HANGING = {
    '"case"': "id",
    "lead": "id",
    "attachment": "id",
    "comment": "id",
    "identifier": "item_id",
    "item_version": "item_id",
    "disclosure": "item_id",
}
"""Tables whose rows are shown with an item, and the column that names it."""
OWNED = ("disclosure", "search_text")


def _shown() -> dict[str, str]:
    of = "EXISTS (SELECT 1 FROM item WHERE item.id = {}.{})"
    hanging = {table: of.format(table, key) for table, key in HANGING.items()}
    return {"item": SEES["item"], **hanging, **SEES}


def _wall() -> list[str]:
    made = [*FUNCTIONS]
    for table, shows in _shown().items():
        made += [
            f"CREATE POLICY confmgr_reads ON {table} FOR SELECT USING ({shows})",
            f"CREATE POLICY confmgr_changes ON {table} FOR UPDATE USING ({shows}) WITH CHECK (true)",
            f"CREATE POLICY confmgr_removes ON {table} FOR DELETE USING ({shows})",
            f"CREATE POLICY confmgr_adds ON {table} FOR INSERT WITH CHECK (true)",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        ]
    inside = [f"CREATE POLICY confmgr_inside ON {table} FOR SELECT TO CURRENT_USER USING (true)" for table in OWNED]
    return [*made, *inside]


WALL = _wall()
POLICIES = ("reads", "changes", "removes", "adds", "inside")
REPLACED = {
    "item_meeting": ("meeting_id",),
    "disclosure": ("to_user_id", "to_agency_id", "to_delegation_id"),
}
"""Indexes of one column, beside which a wider one begins with it."""


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_search_text_item_id_item"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_search_text")),
    )
    op.create_index("ix_item_originator_id_kind_id", "item", ["originator_id", "kind", "id"])
    op.create_index("ix_marking_tlp_item_id", "marking", ["tlp", "item_id"])
    for table, columns in REPLACED.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}_item_id", table, [column, "item_id"])
            op.drop_index(op.f(f"ix_{table}_{column}"), table)
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(sa.text(statement.replace(":", "\\:")))
        return
    op.execute(POSTGRESQL)
    for statement in WALL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    else:
        for table in _shown():
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
            for name in POLICIES:
                op.execute(f"DROP POLICY IF EXISTS confmgr_{name} ON {table}")
        for name in ("holding", "sees_above", "told", "seats"):
            op.execute(f"DROP FUNCTION confmgr_{name}")
    op.drop_table("search_text")
    for table, columns in REPLACED.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
            op.drop_index(f"ix_{table}_{column}_item_id", table)
    op.drop_index("ix_marking_tlp_item_id", "marking")
    op.drop_index("ix_item_originator_id_kind_id", "item")
