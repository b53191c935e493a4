"""What an item said before is shown behind the wall to those alone who could read it then.

On PostgreSQL the policies of `item_version` are replaced, which locks that table for an instant: safe on a running
site. SQLite has no such wall, and nothing changes there.

Revision ID: 0012
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FUNCTION = (
    "CREATE FUNCTION confmgr_told_before(id integer, marking_id integer, tlp text, person integer, delegation "
    "integer, agency integer, moment timestamp) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET "
    "search_path = public, pg_temp AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM disclosure WHERE "
    "disclosure.item_id = confmgr_told_before.id AND disclosure.marking_id = confmgr_told_before.marking_id "
    "AND disclosure.revoked_at IS NULL AND (disclosure.until IS NULL OR disclosure.until > (SELECT "
    "coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))) AND "
    "disclosure.granted_at < confmgr_told_before.moment AND (disclosure.to_user_id = "
    "confmgr_told_before.person OR disclosure.to_agency_id = confmgr_told_before.agency AND "
    "confmgr_told_before.tlp != 'RED' OR disclosure.to_delegation_id = confmgr_told_before.delegation AND "
    "(confmgr_told_before.tlp NOT IN ('RED', 'AMBER+STRICT')))); END $$"
)
SHOWS = (
    "(SELECT coalesce(current_setting('confmgr.nobody', true), '') <> '') OR (EXISTS (SELECT 1 FROM item AS "
    "item_1 WHERE item_1.id = item_version.item_id AND CASE WHEN item_1.state != 'purged' THEN EXISTS (SELECT "
    '1 FROM marking AS marking_1 WHERE marking_1.id = item_1.marking_id AND ((EXISTS (SELECT 1 FROM "user" AS '
    "user_1 WHERE user_1.id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND "
    "user_1.active)) AND marking_1.tlp = 'CLEAR' AND item_1.state = 'shared' AND item_1.published_at IS NOT "
    "NULL OR (EXISTS (SELECT 1 FROM confmgr_seats() AS anon_1 WHERE CASE WHEN (anon_1.meeting IN (SELECT "
    "item_meeting.meeting_id FROM item_meeting WHERE item_meeting.item_id = item_1.id)) THEN "
    "item_1.originator_id = anon_1.party AND (marking_1.tlp IN ('AMBER', 'GREEN', 'CLEAR') OR marking_1.tlp = "
    "'AMBER+STRICT' AND item_1.agency_id = anon_1.agency OR marking_1.tlp IN ('AMBER+STRICT', 'RED') AND "
    "(item_1.author_id = anon_1.person OR (EXISTS (SELECT 1 FROM named_reader WHERE named_reader.item_id = "
    "item_1.id AND named_reader.user_id = anon_1.person)))) OR item_1.state = 'shared' AND (anon_1.sees_green "
    "AND marking_1.tlp IN ('GREEN', 'CLEAR') OR confmgr_told_before(item_1.id, item_1.marking_id, "
    "marking_1.tlp, anon_1.person, anon_1.delegation, anon_1.agency, item_version.at)) ELSE false END)))) ELSE "
    "false END AND (item_1.parent_id IS NULL OR (EXISTS (SELECT 1 FROM item AS item_2 WHERE item_2.id = "
    "item_1.parent_id AND item_2.parent_id IS NULL AND CASE WHEN item_2.state != 'purged' THEN EXISTS (SELECT "
    '1 FROM marking AS marking_2 WHERE marking_2.id = item_2.marking_id AND ((EXISTS (SELECT 1 FROM "user" AS '
    "user_1 WHERE user_1.id = (SELECT nullif(current_setting('confmgr.viewer', true), '')::integer) AND "
    "user_1.active)) AND marking_2.tlp = 'CLEAR' AND item_2.state = 'shared' AND item_2.published_at IS NOT "
    "NULL OR (EXISTS (SELECT 1 FROM confmgr_seats() AS anon_2 WHERE CASE WHEN (anon_2.meeting IN (SELECT "
    "item_meeting.meeting_id FROM item_meeting WHERE item_meeting.item_id = item_2.id)) THEN "
    "item_2.originator_id = anon_2.party AND (marking_2.tlp IN ('AMBER', 'GREEN', 'CLEAR') OR marking_2.tlp = "
    "'AMBER+STRICT' AND item_2.agency_id = anon_2.agency OR marking_2.tlp IN ('AMBER+STRICT', 'RED') AND "
    "(item_2.author_id = anon_2.person OR (EXISTS (SELECT 1 FROM named_reader WHERE named_reader.item_id = "
    "item_2.id AND named_reader.user_id = anon_2.person)))) OR item_2.state = 'shared' AND (anon_2.sees_green "
    "AND marking_2.tlp IN ('GREEN', 'CLEAR') OR confmgr_told_before(item_2.id, item_2.marking_id, "
    "marking_2.tlp, anon_2.person, anon_2.delegation, anon_2.agency, item_version.at)) ELSE false END)))) ELSE "
    "false END))) AND (item_version.marking_id = item_1.marking_id AND item_1.shared_at <= item_version.at OR "
    "(EXISTS (SELECT 1 FROM confmgr_seats() AS anon_3 WHERE CASE WHEN (anon_3.meeting IN (SELECT "
    "item_meeting.meeting_id FROM item_meeting WHERE item_meeting.item_id = item_1.id)) THEN item_1.author_id "
    "= anon_3.person OR (EXISTS (SELECT 1 FROM named_reader WHERE named_reader.item_id = item_1.id AND "
    "named_reader.user_id = anon_3.person)) OR item_version.marking_id = item_1.marking_id AND "
    "item_1.originator_id = anon_3.party ELSE false END)))))"
)
SHOWN_BEFORE = "EXISTS (SELECT 1 FROM item WHERE item.id = item_version.item_id)"
REPLACED = ("confmgr_reads", "confmgr_changes", "confmgr_removes")


def _policies(shows: str) -> list[str]:
    return [
        f"CREATE POLICY confmgr_reads ON item_version FOR SELECT USING ({shows})",
        f"CREATE POLICY confmgr_changes ON item_version FOR UPDATE USING ({shows}) WITH CHECK (true)",
        f"CREATE POLICY confmgr_removes ON item_version FOR DELETE USING ({shows})",
    ]


WALL = [FUNCTION, *_policies(SHOWS)]


def _replace(statements: list[str]) -> None:
    for policy in REPLACED:
        op.execute(f"DROP POLICY {policy} ON item_version")
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _replace(WALL)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _replace(_policies(SHOWN_BEFORE))
        op.execute("DROP FUNCTION confmgr_told_before")
