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
WALL = (
    (
        "CREATE FUNCTION confmgr_sees_above(above_id integer) RETURNS boolean LANGUAGE plpgsql STABLE SET "
        "confmgr.nobody = 'wall' AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM item AS above WHERE above.id = above_id "
        "AND above.parent_id IS NULL AND above.state != 'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_1 "
        "WHERE marking_1.id = above.marking_id AND (marking_1.tlp = 'CLEAR' AND above.state = 'shared' AND "
        "above.published_at IS NOT NULL OR (EXISTS (SELECT 1 FROM membership AS membership_1 JOIN meeting AS "
        "meeting_1 ON meeting_1.id = membership_1.meeting_id LEFT OUTER JOIN delegation AS delegation_1 ON "
        "delegation_1.id = membership_1.delegation_id WHERE membership_1.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND membership_1.starts_at <= (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now()))) AND "
        "(membership_1.ends_at IS NULL OR membership_1.ends_at > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND (EXISTS "
        "(SELECT 1 FROM item_meeting WHERE item_meeting.item_id = above.id AND item_meeting.meeting_id = "
        "membership_1.meeting_id)) AND (above.originator_id = delegation_1.party_id AND (marking_1.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND (above.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = above.id AND named_reader.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer))) OR above.agency_id = membership_1.agency_id) OR marking_1.tlp = 'RED' AND "
        "(above.author_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT "
        "1 FROM named_reader WHERE named_reader.item_id = above.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR above.state = 'shared' AND "
        "(delegation_1.id IS NOT NULL AND (CAST(meeting_1.green_for AS JSONB) ? CAST(delegation_1.status AS "
        "VARCHAR)) AND marking_1.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = above.id AND disclosure.marking_id = above.marking_id AND disclosure.revoked_at IS "
        "NULL AND (disclosure.until IS NULL OR disclosure.until > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(disclosure.to_user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR "
        "disclosure.to_agency_id = membership_1.agency_id AND marking_1.tlp != 'RED' OR disclosure.to_delegation_id "
        "= delegation_1.id AND (marking_1.tlp NOT IN ('RED', 'AMBER+STRICT'))))))))))))); END $$"
    ),
    (
        "CREATE POLICY confmgr_reads ON item FOR SELECT USING ((SELECT coalesce(current_setting('confmgr.nobody', "
        "true), '') <> '') OR item.marking_id IS NULL AND item.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM \"user\" AS user_1 "
        "WHERE user_1.id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) "
        "AND item.state != 'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_1 WHERE marking_1.id = "
        "item.marking_id AND (marking_1.tlp = 'CLEAR' AND item.state = 'shared' AND item.published_at IS NOT NULL OR "
        "(EXISTS (SELECT 1 FROM membership AS membership_1 JOIN meeting AS meeting_1 ON meeting_1.id = "
        "membership_1.meeting_id LEFT OUTER JOIN delegation AS delegation_1 ON delegation_1.id = "
        "membership_1.delegation_id WHERE membership_1.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer) AND membership_1.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now()))) AND (membership_1.ends_at IS NULL OR membership_1.ends_at > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(EXISTS (SELECT 1 FROM item_meeting WHERE item_meeting.item_id = item.id AND item_meeting.meeting_id = "
        "membership_1.meeting_id)) AND (item.originator_id = delegation_1.party_id AND (marking_1.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND (item.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item.id AND named_reader.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer))) OR item.agency_id = membership_1.agency_id) OR marking_1.tlp = 'RED' AND "
        "(item.author_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT "
        "1 FROM named_reader WHERE named_reader.item_id = item.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR item.state = 'shared' AND "
        "(delegation_1.id IS NOT NULL AND (CAST(meeting_1.green_for AS JSONB) ? CAST(delegation_1.status AS "
        "VARCHAR)) AND marking_1.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = item.id AND disclosure.marking_id = item.marking_id AND disclosure.revoked_at IS NULL "
        "AND (disclosure.until IS NULL OR disclosure.until > (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now())))) AND (disclosure.to_user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR disclosure.to_agency_id = "
        "membership_1.agency_id AND marking_1.tlp != 'RED' OR disclosure.to_delegation_id = delegation_1.id AND "
        "(marking_1.tlp NOT IN ('RED', 'AMBER+STRICT')))))))))))) AND (item.parent_id IS NULL OR "
        'confmgr_sees_above(item.parent_id)) OR (EXISTS (SELECT 1 FROM "user" AS user_1 WHERE user_1.id = (SELECT '
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) AND item.state != 'draft' "
        "AND (EXISTS (SELECT 1 FROM membership AS membership_2 JOIN meeting AS meeting_2 ON meeting_2.id = "
        "membership_2.meeting_id LEFT OUTER JOIN delegation AS delegation_2 ON delegation_2.id = "
        "membership_2.delegation_id WHERE membership_2.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer) AND membership_2.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now()))) AND (membership_2.ends_at IS NULL OR membership_2.ends_at > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(membership_2.role = 'organiser' OR membership_2.role = 'leadership' AND (membership_2.delegation_id IS "
        "NULL OR delegation_2.party_id = meeting_2.host_party_id)) AND (EXISTS (SELECT 1 FROM item_meeting WHERE "
        "item_meeting.item_id = item.id AND item_meeting.meeting_id = membership_2.meeting_id)))))"
    ),
    (
        "CREATE POLICY confmgr_changes ON item FOR UPDATE USING ((SELECT coalesce(current_setting('confmgr.nobody', "
        "true), '') <> '') OR item.marking_id IS NULL AND item.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM \"user\" AS user_1 "
        "WHERE user_1.id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) "
        "AND item.state != 'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_1 WHERE marking_1.id = "
        "item.marking_id AND (marking_1.tlp = 'CLEAR' AND item.state = 'shared' AND item.published_at IS NOT NULL OR "
        "(EXISTS (SELECT 1 FROM membership AS membership_1 JOIN meeting AS meeting_1 ON meeting_1.id = "
        "membership_1.meeting_id LEFT OUTER JOIN delegation AS delegation_1 ON delegation_1.id = "
        "membership_1.delegation_id WHERE membership_1.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer) AND membership_1.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now()))) AND (membership_1.ends_at IS NULL OR membership_1.ends_at > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(EXISTS (SELECT 1 FROM item_meeting WHERE item_meeting.item_id = item.id AND item_meeting.meeting_id = "
        "membership_1.meeting_id)) AND (item.originator_id = delegation_1.party_id AND (marking_1.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND (item.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item.id AND named_reader.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer))) OR item.agency_id = membership_1.agency_id) OR marking_1.tlp = 'RED' AND "
        "(item.author_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT "
        "1 FROM named_reader WHERE named_reader.item_id = item.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR item.state = 'shared' AND "
        "(delegation_1.id IS NOT NULL AND (CAST(meeting_1.green_for AS JSONB) ? CAST(delegation_1.status AS "
        "VARCHAR)) AND marking_1.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = item.id AND disclosure.marking_id = item.marking_id AND disclosure.revoked_at IS NULL "
        "AND (disclosure.until IS NULL OR disclosure.until > (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now())))) AND (disclosure.to_user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR disclosure.to_agency_id = "
        "membership_1.agency_id AND marking_1.tlp != 'RED' OR disclosure.to_delegation_id = delegation_1.id AND "
        "(marking_1.tlp NOT IN ('RED', 'AMBER+STRICT')))))))))))) AND (item.parent_id IS NULL OR "
        'confmgr_sees_above(item.parent_id)) OR (EXISTS (SELECT 1 FROM "user" AS user_1 WHERE user_1.id = (SELECT '
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) AND item.state != 'draft' "
        "AND (EXISTS (SELECT 1 FROM membership AS membership_2 JOIN meeting AS meeting_2 ON meeting_2.id = "
        "membership_2.meeting_id LEFT OUTER JOIN delegation AS delegation_2 ON delegation_2.id = "
        "membership_2.delegation_id WHERE membership_2.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer) AND membership_2.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now()))) AND (membership_2.ends_at IS NULL OR membership_2.ends_at > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(membership_2.role = 'organiser' OR membership_2.role = 'leadership' AND (membership_2.delegation_id IS "
        "NULL OR delegation_2.party_id = meeting_2.host_party_id)) AND (EXISTS (SELECT 1 FROM item_meeting WHERE "
        "item_meeting.item_id = item.id AND item_meeting.meeting_id = membership_2.meeting_id))))) WITH CHECK (true)"
    ),
    (
        "CREATE POLICY confmgr_removes ON item FOR DELETE USING ((SELECT coalesce(current_setting('confmgr.nobody', "
        "true), '') <> '') OR item.marking_id IS NULL AND item.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM \"user\" AS user_1 "
        "WHERE user_1.id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) "
        "AND item.state != 'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_1 WHERE marking_1.id = "
        "item.marking_id AND (marking_1.tlp = 'CLEAR' AND item.state = 'shared' AND item.published_at IS NOT NULL OR "
        "(EXISTS (SELECT 1 FROM membership AS membership_1 JOIN meeting AS meeting_1 ON meeting_1.id = "
        "membership_1.meeting_id LEFT OUTER JOIN delegation AS delegation_1 ON delegation_1.id = "
        "membership_1.delegation_id WHERE membership_1.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer) AND membership_1.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now()))) AND (membership_1.ends_at IS NULL OR membership_1.ends_at > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(EXISTS (SELECT 1 FROM item_meeting WHERE item_meeting.item_id = item.id AND item_meeting.meeting_id = "
        "membership_1.meeting_id)) AND (item.originator_id = delegation_1.party_id AND (marking_1.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND (item.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item.id AND named_reader.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer))) OR item.agency_id = membership_1.agency_id) OR marking_1.tlp = 'RED' AND "
        "(item.author_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT "
        "1 FROM named_reader WHERE named_reader.item_id = item.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR item.state = 'shared' AND "
        "(delegation_1.id IS NOT NULL AND (CAST(meeting_1.green_for AS JSONB) ? CAST(delegation_1.status AS "
        "VARCHAR)) AND marking_1.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = item.id AND disclosure.marking_id = item.marking_id AND disclosure.revoked_at IS NULL "
        "AND (disclosure.until IS NULL OR disclosure.until > (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now())))) AND (disclosure.to_user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR disclosure.to_agency_id = "
        "membership_1.agency_id AND marking_1.tlp != 'RED' OR disclosure.to_delegation_id = delegation_1.id AND "
        "(marking_1.tlp NOT IN ('RED', 'AMBER+STRICT')))))))))))) AND (item.parent_id IS NULL OR "
        'confmgr_sees_above(item.parent_id)) OR (EXISTS (SELECT 1 FROM "user" AS user_1 WHERE user_1.id = (SELECT '
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) AND item.state != 'draft' "
        "AND (EXISTS (SELECT 1 FROM membership AS membership_2 JOIN meeting AS meeting_2 ON meeting_2.id = "
        "membership_2.meeting_id LEFT OUTER JOIN delegation AS delegation_2 ON delegation_2.id = "
        "membership_2.delegation_id WHERE membership_2.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer) AND membership_2.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now()))) AND (membership_2.ends_at IS NULL OR membership_2.ends_at > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(membership_2.role = 'organiser' OR membership_2.role = 'leadership' AND (membership_2.delegation_id IS "
        "NULL OR delegation_2.party_id = meeting_2.host_party_id)) AND (EXISTS (SELECT 1 FROM item_meeting WHERE "
        "item_meeting.item_id = item.id AND item_meeting.meeting_id = membership_2.meeting_id)))))"
    ),
    "CREATE POLICY confmgr_adds ON item FOR INSERT WITH CHECK (true)",
    "ALTER TABLE item ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE item FORCE ROW LEVEL SECURITY",
    ('CREATE POLICY confmgr_reads ON "case" FOR SELECT USING (EXISTS (SELECT 1 FROM item WHERE item.id = "case".id))'),
    (
        'CREATE POLICY confmgr_changes ON "case" FOR UPDATE USING (EXISTS (SELECT 1 FROM item WHERE item.id = '
        '"case".id)) WITH CHECK (true)'
    ),
    (
        'CREATE POLICY confmgr_removes ON "case" FOR DELETE USING (EXISTS (SELECT 1 FROM item WHERE item.id = '
        '"case".id))'
    ),
    'CREATE POLICY confmgr_adds ON "case" FOR INSERT WITH CHECK (true)',
    'ALTER TABLE "case" ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE "case" FORCE ROW LEVEL SECURITY',
    "CREATE POLICY confmgr_reads ON lead FOR SELECT USING (EXISTS (SELECT 1 FROM item WHERE item.id = lead.id))",
    (
        "CREATE POLICY confmgr_changes ON lead FOR UPDATE USING (EXISTS (SELECT 1 FROM item WHERE item.id = "
        "lead.id)) WITH CHECK (true)"
    ),
    "CREATE POLICY confmgr_removes ON lead FOR DELETE USING (EXISTS (SELECT 1 FROM item WHERE item.id = lead.id))",
    "CREATE POLICY confmgr_adds ON lead FOR INSERT WITH CHECK (true)",
    "ALTER TABLE lead ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead FORCE ROW LEVEL SECURITY",
    (
        "CREATE POLICY confmgr_reads ON search_text FOR SELECT USING ((SELECT "
        "coalesce(current_setting('confmgr.nobody', true), '') <> '') OR (EXISTS (SELECT 1 FROM item AS item_1 WHERE "
        'item_1.id = search_text.item_id AND (EXISTS (SELECT 1 FROM "user" AS user_1 WHERE user_1.id = (SELECT '
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) AND item_1.state != "
        "'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_1 WHERE marking_1.id = item_1.marking_id AND "
        "(marking_1.tlp = 'CLEAR' AND item_1.state = 'shared' AND item_1.published_at IS NOT NULL OR (EXISTS (SELECT "
        "1 FROM membership AS membership_1 JOIN meeting AS meeting_1 ON meeting_1.id = membership_1.meeting_id LEFT "
        "OUTER JOIN delegation AS delegation_1 ON delegation_1.id = membership_1.delegation_id WHERE "
        "membership_1.user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND "
        "membership_1.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, "
        "timezone('UTC', now()))) AND (membership_1.ends_at IS NULL OR membership_1.ends_at > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND (EXISTS "
        "(SELECT 1 FROM item_meeting WHERE item_meeting.item_id = item_1.id AND item_meeting.meeting_id = "
        "membership_1.meeting_id)) AND (item_1.originator_id = delegation_1.party_id AND (marking_1.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND (item_1.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_1.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))) OR item_1.agency_id = "
        "membership_1.agency_id) OR marking_1.tlp = 'RED' AND (item_1.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_1.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR item_1.state = 'shared' AND "
        "(delegation_1.id IS NOT NULL AND (CAST(meeting_1.green_for AS JSONB) ? CAST(delegation_1.status AS "
        "VARCHAR)) AND marking_1.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = item_1.id AND disclosure.marking_id = item_1.marking_id AND disclosure.revoked_at IS "
        "NULL AND (disclosure.until IS NULL OR disclosure.until > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(disclosure.to_user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR "
        "disclosure.to_agency_id = membership_1.agency_id AND marking_1.tlp != 'RED' OR disclosure.to_delegation_id "
        "= delegation_1.id AND (marking_1.tlp NOT IN ('RED', 'AMBER+STRICT')))))))))))) AND (item_1.parent_id IS "
        "NULL OR (EXISTS (SELECT 1 FROM item AS item_2 WHERE item_2.id = item_1.parent_id AND item_2.parent_id IS "
        "NULL AND item_2.state != 'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_2 WHERE marking_2.id = "
        "item_2.marking_id AND (marking_2.tlp = 'CLEAR' AND item_2.state = 'shared' AND item_2.published_at IS NOT "
        "NULL OR (EXISTS (SELECT 1 FROM membership AS membership_2 JOIN meeting AS meeting_2 ON meeting_2.id = "
        "membership_2.meeting_id LEFT OUTER JOIN delegation AS delegation_2 ON delegation_2.id = "
        "membership_2.delegation_id WHERE membership_2.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer) AND membership_2.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now()))) AND (membership_2.ends_at IS NULL OR membership_2.ends_at > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(EXISTS (SELECT 1 FROM item_meeting WHERE item_meeting.item_id = item_2.id AND item_meeting.meeting_id = "
        "membership_2.meeting_id)) AND (item_2.originator_id = delegation_2.party_id AND (marking_2.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_2.tlp = 'AMBER+STRICT' AND (item_2.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_2.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))) OR item_2.agency_id = "
        "membership_2.agency_id) OR marking_2.tlp = 'RED' AND (item_2.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_2.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR item_2.state = 'shared' AND "
        "(delegation_2.id IS NOT NULL AND (CAST(meeting_2.green_for AS JSONB) ? CAST(delegation_2.status AS "
        "VARCHAR)) AND marking_2.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = item_2.id AND disclosure.marking_id = item_2.marking_id AND disclosure.revoked_at IS "
        "NULL AND (disclosure.until IS NULL OR disclosure.until > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(disclosure.to_user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR "
        "disclosure.to_agency_id = membership_2.agency_id AND marking_2.tlp != 'RED' OR disclosure.to_delegation_id "
        "= delegation_2.id AND (marking_2.tlp NOT IN ('RED', 'AMBER+STRICT'))))))))))))))))))"
    ),
    (
        "CREATE POLICY confmgr_changes ON search_text FOR UPDATE USING ((SELECT "
        "coalesce(current_setting('confmgr.nobody', true), '') <> '') OR (EXISTS (SELECT 1 FROM item AS item_1 WHERE "
        'item_1.id = search_text.item_id AND (EXISTS (SELECT 1 FROM "user" AS user_1 WHERE user_1.id = (SELECT '
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) AND item_1.state != "
        "'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_1 WHERE marking_1.id = item_1.marking_id AND "
        "(marking_1.tlp = 'CLEAR' AND item_1.state = 'shared' AND item_1.published_at IS NOT NULL OR (EXISTS (SELECT "
        "1 FROM membership AS membership_1 JOIN meeting AS meeting_1 ON meeting_1.id = membership_1.meeting_id LEFT "
        "OUTER JOIN delegation AS delegation_1 ON delegation_1.id = membership_1.delegation_id WHERE "
        "membership_1.user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND "
        "membership_1.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, "
        "timezone('UTC', now()))) AND (membership_1.ends_at IS NULL OR membership_1.ends_at > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND (EXISTS "
        "(SELECT 1 FROM item_meeting WHERE item_meeting.item_id = item_1.id AND item_meeting.meeting_id = "
        "membership_1.meeting_id)) AND (item_1.originator_id = delegation_1.party_id AND (marking_1.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND (item_1.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_1.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))) OR item_1.agency_id = "
        "membership_1.agency_id) OR marking_1.tlp = 'RED' AND (item_1.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_1.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR item_1.state = 'shared' AND "
        "(delegation_1.id IS NOT NULL AND (CAST(meeting_1.green_for AS JSONB) ? CAST(delegation_1.status AS "
        "VARCHAR)) AND marking_1.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = item_1.id AND disclosure.marking_id = item_1.marking_id AND disclosure.revoked_at IS "
        "NULL AND (disclosure.until IS NULL OR disclosure.until > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(disclosure.to_user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR "
        "disclosure.to_agency_id = membership_1.agency_id AND marking_1.tlp != 'RED' OR disclosure.to_delegation_id "
        "= delegation_1.id AND (marking_1.tlp NOT IN ('RED', 'AMBER+STRICT')))))))))))) AND (item_1.parent_id IS "
        "NULL OR (EXISTS (SELECT 1 FROM item AS item_2 WHERE item_2.id = item_1.parent_id AND item_2.parent_id IS "
        "NULL AND item_2.state != 'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_2 WHERE marking_2.id = "
        "item_2.marking_id AND (marking_2.tlp = 'CLEAR' AND item_2.state = 'shared' AND item_2.published_at IS NOT "
        "NULL OR (EXISTS (SELECT 1 FROM membership AS membership_2 JOIN meeting AS meeting_2 ON meeting_2.id = "
        "membership_2.meeting_id LEFT OUTER JOIN delegation AS delegation_2 ON delegation_2.id = "
        "membership_2.delegation_id WHERE membership_2.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer) AND membership_2.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now()))) AND (membership_2.ends_at IS NULL OR membership_2.ends_at > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(EXISTS (SELECT 1 FROM item_meeting WHERE item_meeting.item_id = item_2.id AND item_meeting.meeting_id = "
        "membership_2.meeting_id)) AND (item_2.originator_id = delegation_2.party_id AND (marking_2.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_2.tlp = 'AMBER+STRICT' AND (item_2.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_2.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))) OR item_2.agency_id = "
        "membership_2.agency_id) OR marking_2.tlp = 'RED' AND (item_2.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_2.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR item_2.state = 'shared' AND "
        "(delegation_2.id IS NOT NULL AND (CAST(meeting_2.green_for AS JSONB) ? CAST(delegation_2.status AS "
        "VARCHAR)) AND marking_2.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = item_2.id AND disclosure.marking_id = item_2.marking_id AND disclosure.revoked_at IS "
        "NULL AND (disclosure.until IS NULL OR disclosure.until > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(disclosure.to_user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR "
        "disclosure.to_agency_id = membership_2.agency_id AND marking_2.tlp != 'RED' OR disclosure.to_delegation_id "
        "= delegation_2.id AND (marking_2.tlp NOT IN ('RED', 'AMBER+STRICT')))))))))))))))))) WITH CHECK (true)"
    ),
    (
        "CREATE POLICY confmgr_removes ON search_text FOR DELETE USING ((SELECT "
        "coalesce(current_setting('confmgr.nobody', true), '') <> '') OR (EXISTS (SELECT 1 FROM item AS item_1 WHERE "
        'item_1.id = search_text.item_id AND (EXISTS (SELECT 1 FROM "user" AS user_1 WHERE user_1.id = (SELECT '
        "nullif(current_setting('confmgr.viewer', true), '')::integer) AND user_1.active)) AND item_1.state != "
        "'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_1 WHERE marking_1.id = item_1.marking_id AND "
        "(marking_1.tlp = 'CLEAR' AND item_1.state = 'shared' AND item_1.published_at IS NOT NULL OR (EXISTS (SELECT "
        "1 FROM membership AS membership_1 JOIN meeting AS meeting_1 ON meeting_1.id = membership_1.meeting_id LEFT "
        "OUTER JOIN delegation AS delegation_1 ON delegation_1.id = membership_1.delegation_id WHERE "
        "membership_1.user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND "
        "membership_1.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, "
        "timezone('UTC', now()))) AND (membership_1.ends_at IS NULL OR membership_1.ends_at > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND (EXISTS "
        "(SELECT 1 FROM item_meeting WHERE item_meeting.item_id = item_1.id AND item_meeting.meeting_id = "
        "membership_1.meeting_id)) AND (item_1.originator_id = delegation_1.party_id AND (marking_1.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_1.tlp = 'AMBER+STRICT' AND (item_1.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_1.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))) OR item_1.agency_id = "
        "membership_1.agency_id) OR marking_1.tlp = 'RED' AND (item_1.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_1.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR item_1.state = 'shared' AND "
        "(delegation_1.id IS NOT NULL AND (CAST(meeting_1.green_for AS JSONB) ? CAST(delegation_1.status AS "
        "VARCHAR)) AND marking_1.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = item_1.id AND disclosure.marking_id = item_1.marking_id AND disclosure.revoked_at IS "
        "NULL AND (disclosure.until IS NULL OR disclosure.until > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(disclosure.to_user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR "
        "disclosure.to_agency_id = membership_1.agency_id AND marking_1.tlp != 'RED' OR disclosure.to_delegation_id "
        "= delegation_1.id AND (marking_1.tlp NOT IN ('RED', 'AMBER+STRICT')))))))))))) AND (item_1.parent_id IS "
        "NULL OR (EXISTS (SELECT 1 FROM item AS item_2 WHERE item_2.id = item_1.parent_id AND item_2.parent_id IS "
        "NULL AND item_2.state != 'purged' AND (EXISTS (SELECT 1 FROM marking AS marking_2 WHERE marking_2.id = "
        "item_2.marking_id AND (marking_2.tlp = 'CLEAR' AND item_2.state = 'shared' AND item_2.published_at IS NOT "
        "NULL OR (EXISTS (SELECT 1 FROM membership AS membership_2 JOIN meeting AS meeting_2 ON meeting_2.id = "
        "membership_2.meeting_id LEFT OUTER JOIN delegation AS delegation_2 ON delegation_2.id = "
        "membership_2.delegation_id WHERE membership_2.user_id = (SELECT nullif(current_setting('confmgr.viewer', "
        "true), '')::integer) AND membership_2.starts_at <= (SELECT coalesce(nullif(current_setting('confmgr.now', "
        "true), '')::timestamp, timezone('UTC', now()))) AND (membership_2.ends_at IS NULL OR membership_2.ends_at > "
        "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(EXISTS (SELECT 1 FROM item_meeting WHERE item_meeting.item_id = item_2.id AND item_meeting.meeting_id = "
        "membership_2.meeting_id)) AND (item_2.originator_id = delegation_2.party_id AND (marking_2.tlp IN ('AMBER', "
        "'GREEN', 'CLEAR') OR marking_2.tlp = 'AMBER+STRICT' AND (item_2.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_2.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))) OR item_2.agency_id = "
        "membership_2.agency_id) OR marking_2.tlp = 'RED' AND (item_2.author_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer) OR (EXISTS (SELECT 1 FROM named_reader WHERE "
        "named_reader.item_id = item_2.id AND named_reader.user_id = (SELECT "
        "nullif(current_setting('confmgr.viewer', true), '')::integer))))) OR item_2.state = 'shared' AND "
        "(delegation_2.id IS NOT NULL AND (CAST(meeting_2.green_for AS JSONB) ? CAST(delegation_2.status AS "
        "VARCHAR)) AND marking_2.tlp IN ('GREEN', 'CLEAR') OR (EXISTS (SELECT 1 FROM disclosure WHERE "
        "disclosure.item_id = item_2.id AND disclosure.marking_id = item_2.marking_id AND disclosure.revoked_at IS "
        "NULL AND (disclosure.until IS NULL OR disclosure.until > (SELECT "
        "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
        "(disclosure.to_user_id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) OR "
        "disclosure.to_agency_id = membership_2.agency_id AND marking_2.tlp != 'RED' OR disclosure.to_delegation_id "
        "= delegation_2.id AND (marking_2.tlp NOT IN ('RED', 'AMBER+STRICT'))))))))))))))))))"
    ),
    "CREATE POLICY confmgr_adds ON search_text FOR INSERT WITH CHECK (true)",
    "ALTER TABLE search_text ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE search_text FORCE ROW LEVEL SECURITY",
)
GUARDED = ("item", '"case"', "lead", "search_text")
POLICIES = ("reads", "changes", "removes", "adds")
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
        for table in GUARDED:
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
            for name in POLICIES:
                op.execute(f"DROP POLICY confmgr_{name} ON {table}")
        op.execute("DROP FUNCTION confmgr_sees_above(integer)")
    op.drop_table("search_text")
    for table, columns in REPLACED.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
            op.drop_index(f"ix_{table}_{column}_item_id", table)
    op.drop_index("ix_marking_tlp_item_id", "marking")
    op.drop_index("ix_item_originator_id_kind_id", "item")
