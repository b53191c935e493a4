"""Groups, bases, moves and borders: what services do and refuse, on both databases."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.errors import NotAllowed, Refused, StaleVersion
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage
from confmgr.outcomes import queries, services
from confmgr.outcomes.domain import Confidence, Driver
from confmgr.outcomes.models import BorderWatch, MoveAlert
from confmgr.sharing import queries as sharing
from confmgr.sharing import services as items
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case
from tests.make_consents import colleague
from tests.make_moves import DOMAIN, border, fled, moved, show, thai_group
from tests.make_outcomes import base, group
from tests.make_scheduling import NOW, World, bilateral, world


def seen(session: Session, here: World, who: Any) -> tuple[list[str], int]:
    found, moves = queries.groups(session, here.meeting.operation, sharing.viewer_of(session, who, NOW), NOW)
    return [base.name.values["en"].text for one in found for base in one.bases], len(moves)


def alerts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(MoveAlert)) or 0


def mails(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMessage.recipient).where(OutboxMessage.kind == MailKind.MOVE_NOTICED)))


def test_a_change_of_a_group_keeps_its_aliases_once_and_needs_the_version_that_was_seen(session: Session) -> None:
    here = world(session)
    of = group(session, here)
    values: dict[str, Any] = {"actor": here.head_kh, "now": NOW, "name": Words.of("Silver Fox")}
    services.change_group(session, of, seen_version=of.version, aliases=["GF", "gf ", "황금여우"], **values)
    assert of.aliases == ["GF", "황금여우"]
    with pytest.raises(StaleVersion):
        services.change_group(session, of, seen_version=1, **values)


@pytest.mark.parametrize(
    ("aliases", "reason"),
    [([str(n) for n in range(61)], "too_many_aliases"), (["x" * 121], "alias_too_long")],
)
def test_too_many_or_too_long_names_are_refused(session: Session, aliases: list[str], reason: str) -> None:
    here = world(session)
    with pytest.raises(Refused, match=reason):
        services.change_group(
            session,
            group(session, here),
            actor=here.head_kh,
            now=NOW,
            seen_version=1,
            name=Words.of("Fox"),
            aliases=aliases,
        )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"coordinates": (0.0, 0.0)}, "null_island"),
        ({"from_on": date(2025, 12, 4), "to_on": date(2025, 12, 3)}, "dates_reversed"),
    ],
)
def test_a_base_at_the_null_island_or_with_dates_reversed_is_refused(
    session: Session, changes: dict[str, Any], reason: str
) -> None:
    here = world(session)
    of = group(session, here)
    row = base(session, here, of, "Poipet")
    values: dict[str, Any] = {
        "name": row.name,
        "territory": None,
        "coordinates": None,
        "from_on": None,
        "to_on": None,
        "confidence": Confidence.REPORTED,
        "note": None,
    }
    with pytest.raises(Refused, match=reason):
        base(session, here, of, "Elsewhere", **changes)
    with pytest.raises(Refused, match=reason):
        services.change_base(session, row, actor=here.head_kh, now=NOW, seen_version=row.version, **(values | changes))
    assert (row.latitude, row.from_on) == (None, None)


def test_a_base_and_a_move_are_changed_as_they_are_known_better(session: Session) -> None:
    here = world(session)
    of = group(session, here)
    start, end = base(session, here, of, "Poipet"), base(session, here, of, "Pursat")
    one, other = border(session, here), border(session, here, name=Words.of("O Smach"))
    row = moved(session, here, start, sections=[one])
    services.change_base(
        session,
        end,
        actor=here.head_kh,
        now=NOW,
        seen_version=1,
        name=Words.of("Pailin"),
        territory=here.kh.party,
        coordinates=(12.85, 102.6),
        from_on=None,
        to_on=date(2026, 1, 2),
        confidence=Confidence.PROBABLE,
        note=Words.of("A hotel"),
    )
    services.change_move(
        session,
        row,
        actor=here.head_kh,
        now=NOW,
        seen_version=1,
        from_base=start,
        to_base=end,
        noticed_on=date(2025, 12, 12),
        driver=Driver.CRACKDOWN,
        confidence=Confidence.CONFIRMED,
        note=None,
        sections=[other],
    )
    assert (end.latitude, end.territory, row.to_base) == (12.85, here.kh.party, end)
    assert [link.section_id for link in row.sections] == [other.id]
    services.pass_section(session, row, one, actor=here.head_kh, now=NOW)
    services.pass_section(session, row, one, actor=here.head_kh, now=NOW)
    assert len(row.sections) == 2


def test_a_group_does_not_move_from_a_base_to_itself(session: Session) -> None:
    here = world(session)
    start = base(session, here, group(session, here), "Poipet")
    with pytest.raises(Refused, match="same_base"):
        moved(session, here, start, start)


def test_a_move_noticed_before_its_base_ended_is_kept(session: Session) -> None:
    here = world(session)
    start = base(session, here, group(session, here), "Poipet", to_on=date(2025, 12, 31))
    assert moved(session, here, start).noticed_on == date(2025, 12, 10)


def test_joining_needs_a_reason_and_another_group_and_can_be_taken_back(session: Session) -> None:
    here = world(session)
    own, other = group(session, here), thai_group(session, here)
    for of, reason, refused in ((own, "The same leader", "merged_already"), (other, "", "reason_needed")):
        with pytest.raises(Refused, match=refused):
            services.merge(session, own, of, actor=here.head_kh, now=NOW, reason=reason)
    services.merge(session, own, other, actor=here.head_kh, now=NOW, reason="The same leader")
    assert (own.merged_into_id, own.merge_reason, own.merged_by_id) == (other.id, "The same leader", here.head_kh.id)
    services.part(session, own, actor=here.head_kh, now=NOW)
    assert (own.merged_into_id, own.merge_reason, own.merged_at) == (None, None, None)


def test_readers_of_a_record_are_exactly_those_named(session: Session) -> None:
    here = world(session)
    of = group(session, here, tlp=Tlp.AMBER)

    def mark(tlp: Tlp, *to: Any) -> list[str]:
        services.mark_record(session, of, actor=here.head_kh, now=NOW, tlp=tlp, readers=to)
        return [party.code for party in queries.named_parties(session, of.item, NOW)]

    assert mark(Tlp.AMBER, here.th) == ["TH"]
    assert mark(Tlp.AMBER, here.th) == ["TH"]
    assert mark(Tlp.AMBER) == []
    assert mark(Tlp.GREEN, here.th) == []
    assert mark(Tlp.AMBER, here.th) == ["TH"]
    with pytest.raises(NotAllowed):
        services.mark_record(session, of, actor=here.head_th, now=NOW, tlp=Tlp.GREEN, readers=[])


def test_who_has_a_record_open_is_told_that_its_readers_or_sections_have_changed(session: Session) -> None:
    here = world(session)
    known = group(session, here, tlp=Tlp.AMBER)
    start = base(session, here, known, "Poipet")
    left = moved(session, here, start)
    for row in (known, start, left):
        for tlp, to in ((Tlp.AMBER, [here.th]), (Tlp.AMBER, []), (Tlp.GREEN, [])):
            services.mark_record(session, row, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER, readers=[])
            before = row.version
            services.mark_record(session, row, actor=here.head_kh, now=NOW, tlp=tlp, readers=to)
            changed = row.version
            assert changed == before + (bool(to) or tlp is Tlp.GREEN)
            services.mark_record(session, row, actor=here.head_kh, now=NOW, tlp=tlp, readers=to)
            assert row.version == changed
    seen = known.version
    services.mark_record(session, known, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER, readers=[here.th])
    with pytest.raises(StaleVersion):
        services.change_group(session, known, actor=here.head_kh, now=NOW, seen_version=seen, name=known.name)
    seen = left.version
    services.pass_section(session, left, border(session, here), actor=here.head_kh, now=NOW)
    assert left.version == seen + 1


def test_a_withdrawn_record_is_seen_by_nobody_until_it_is_taken_up_again(session: Session) -> None:
    here = world(session)
    start = base(session, here, group(session, here), "Poipet")
    moved(session, here, start)
    items.withdraw(session, start.item, actor=here.head_kh, now=NOW)
    assert seen(session, here, here.head_th) == ([], 0)
    assert seen(session, here, here.head_kh) == ([], 0)
    viewer = sharing.viewer_of(session, here.head_kh, NOW)
    assert queries.withdrawn_groups(session, here.meeting.operation, viewer, NOW) == [start]
    with pytest.raises(NotAllowed):
        items.take_up(session, start.item, actor=here.head_th, now=NOW)
    items.take_up(session, start.item, actor=here.head_kh, now=NOW)
    assert seen(session, here, here.head_th) == (["Poipet"], 1)
    with pytest.raises(Refused, match="not_withdrawn"):
        items.take_up(session, start.item, actor=here.head_kh, now=NOW)


def test_what_was_named_before_it_was_withdrawn_must_be_named_anew(session: Session) -> None:
    here = world(session)
    of = group(session, here, tlp=Tlp.AMBER)
    show(session, here, of)
    items.withdraw(session, of.item, actor=here.head_kh, now=NOW)
    items.take_up(session, of.item, actor=here.head_kh, now=NOW)
    assert of.item.state is ItemState.SHARED
    viewer = sharing.viewer_of(session, here.head_th, NOW)
    assert sharing.visible_ids(session, viewer, [of.id], NOW) == frozenset()


def test_a_red_record_is_taken_up_again_with_its_second_person_alone(session: Session) -> None:
    here = world(session)
    second = colleague(session, here, here.kh, "Chan Thida")
    of = group(session, here, tlp=Tlp.AMBER)
    items.withdraw(session, of.item, actor=here.head_kh, now=NOW)
    items.change_marking(session, of.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED)
    with pytest.raises(Refused, match="red_needs_second_person"):
        items.take_up(session, of.item, actor=here.head_kh, now=NOW)
    items.change_marking(session, of.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED, named_readers=[second])
    items.take_up(session, of.item, actor=here.head_kh, now=NOW)
    assert of.item.state is ItemState.SHARED


def test_a_base_of_a_hidden_group_gives_a_move_no_end(session: Session) -> None:
    here = world(session)
    hidden = thai_group(session, here, tlp=Tlp.AMBER)
    start = base(session, here, group(session, here), "Poipet")
    end = base(session, here, hidden, "Aranyaprathet")
    moved(session, here, start, end)
    assert seen(session, here, here.head_kh) == (["Poipet"], 0)


def test_who_watches_a_border_is_told_once_of_a_move_that_it_may_see(session: Session) -> None:
    here = world(session)
    section = border(session, here)
    services.watch(session, section, here.th.party, actor=here.head_th, now=NOW, on=True)
    services.watch(session, section, here.th.party, actor=here.head_th, now=NOW, on=True)
    row = fled(session, here, section)
    for _time in range(2):
        services.tell_watchers(session, row, now=NOW, domain=DOMAIN)
    assert (alerts(session), mails(session)) == (1, [here.delegate_th.email])


def test_nobody_is_told_who_may_not_see_the_move_its_group_or_an_end_of_it(session: Session) -> None:
    here = world(session)
    section = border(session, here)
    services.watch(session, section, here.th.party, actor=here.head_th, now=NOW, on=True)
    row = fled(session, here, section, Tlp.AMBER)
    for shown in (row, row.from_base, row.to_base):
        assert shown is not None
        show(session, here, shown)
        services.tell_of_group(session, row.group_id, now=NOW, domain=DOMAIN)
        assert (alerts(session), mails(session)) == (0, [])
    show(session, here, row.from_base.group)
    services.tell_of_group(session, row.group_id, now=NOW, domain=DOMAIN)
    assert (alerts(session), mails(session)) == (1, [here.delegate_th.email])


def test_no_mail_goes_to_a_head_who_may_not_see_what_another_of_the_delegation_sees(session: Session) -> None:
    here = world(session)
    section = border(session, here)
    services.watch(session, section, here.th.party, actor=here.head_th, now=NOW, on=True)
    row = fled(session, here, section, Tlp.AMBER)
    colleague = make.user(session, "Anong")
    make.membership(session, here.meeting, colleague, of_delegation=here.th)
    assert row.to_base is not None
    for one in (row, row.from_base, row.to_base, row.from_base.group):
        items.disclose(session, one.item, actor=here.head_kh, now=NOW, to_user=colleague)
    services.tell_watchers(session, row, now=NOW, domain=DOMAIN)
    assert (alerts(session), mails(session)) == (1, [])


def test_neither_the_originator_nor_who_watches_no_more_is_told(session: Session) -> None:
    here = world(session)
    section = border(session, here)
    for party, person in ((here.kh.party, here.head_kh), (here.th.party, here.head_th)):
        services.watch(session, section, party, actor=person, now=NOW, on=True)
    services.watch(session, section, here.th.party, actor=here.head_th, now=NOW, on=False)
    services.watch(session, section, here.th.party, actor=here.head_th, now=NOW, on=False)
    assert session.scalar(select(func.count()).select_from(BorderWatch).where(BorderWatch.ended_at.is_(None))) == 1
    row = fled(session, here, section)
    services.tell_watchers(session, row, now=NOW, domain=DOMAIN)
    items.withdraw(session, row.item, actor=here.head_kh, now=NOW)
    services.tell_watchers(session, row, now=NOW, domain=DOMAIN)
    assert alerts(session) == 0


def test_an_alert_is_acknowledged_by_the_first_who_says_so(session: Session) -> None:
    here = world(session)
    section = border(session, here)
    services.watch(session, section, here.th.party, actor=here.head_th, now=NOW, on=True)
    (alert,) = services.tell_watchers(session, fled(session, here, section), now=NOW, domain=DOMAIN)
    for person in (here.head_th, here.organiser):
        services.acknowledge(session, alert, actor=person, now=NOW)
    assert (alert.seen_by_id, alert.seen_at) == (here.head_th.id, NOW)


@pytest.mark.parametrize(
    ("changes", "reason"), [({"coordinates": (0.0, 0.0)}, "null_island"), ({"other_side": "same"}, "two_sides")]
)
def test_a_section_needs_two_sides_and_a_place_that_is_one(
    session: Session, changes: dict[str, Any], reason: str
) -> None:
    here = world(session)
    section = border(session, here)
    values = changes | ({"other_side": here.kh.party} if "other_side" in changes else {})
    with pytest.raises(Refused, match=reason):
        border(session, here, **values)
    whole: dict[str, Any] = {
        "name": section.name,
        "one_side": here.kh.party,
        "other_side": None,
        "coordinates": None,
        "note": None,
    }
    with pytest.raises(Refused, match=reason):
        services.change_section(session, section, actor=here.organiser, now=NOW, seen_version=1, **(whole | values))
    services.change_section(session, section, actor=here.organiser, now=NOW, seen_version=1, **whole)
    assert (section.other_side, section.latitude) == (None, None)
    with pytest.raises(StaleVersion):
        services.change_section(session, section, actor=here.organiser, now=NOW, seen_version=1, **whole)


def test_a_case_or_a_session_follows_from_a_move_once(session: Session) -> None:
    here = world(session)
    row = moved(session, here, base(session, here, group(session, here), "Poipet"))
    of, at = case(session, here), bilateral(session, here)
    link = services.follow(session, row, actor=here.head_kh, now=NOW, case=of, at=None)
    services.follow(session, row, actor=here.head_kh, now=NOW, case=None, at=at)
    for one, other, reason in ((of, None, "follows_already"), (None, None, "one_to_follow"), (of, at, "one_to_follow")):
        with pytest.raises(Refused, match=reason):
            services.follow(session, row, actor=here.head_kh, now=NOW, case=one, at=other)
    services.unfollow(session, row, link, actor=here.head_kh, now=NOW)
    assert [follow.session_id for follow in row.follows] == [at.id]
