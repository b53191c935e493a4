"""Entries of the audit as pages read them, on both databases."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.reports import queries
from confmgr.reports.queries.audit import Log, Wanted, What
from confmgr.sharing.models import Item
from confmgr.sharing.queries import viewer_of
from tests.make_cases import case, shared_lead
from tests.make_scheduling import NOW, World, world


def noted(
    session: Session, who: User | None, action: str, *items: Item, minutes: int = 0, allowed: bool = True
) -> None:
    record(
        session,
        actor=who,
        now=NOW + timedelta(minutes=minutes),
        action=action,
        object_type="list",
        object_uuid=items[0].uuid if items else None,
        object_ids=[str(item.uuid) for item in items[1:]],
        allowed=allowed,
    )
    session.flush()


def told(found: Log) -> list[tuple[str, str, str]]:
    return [
        (
            line.entry.action if line.entry.allowed else "refused",
            "" if line.person is None else f"{' '.join(line.person.codes)} {line.person.name}",
            " ".join(item.reference for item in line.items),
        )
        for line in found.lines
    ]


def gave(session: Session) -> tuple[World, Item, Item]:
    """A case and a lead of Cambodia that both sides opened, and a case of Thailand."""
    here = world(session)
    of = case(session, here)
    lead = shared_lead(session, here, of)
    other = case(session, here, "TH-01", originator=here.th.party)
    session.flush()
    noted(session, here.head_th, "read", lead.item, of.item, minutes=1)
    noted(session, here.head_kh, "read", of.item, minutes=2)
    noted(session, None, "send", lead.item, minutes=3)
    noted(session, here.head_th, "read", other.item, minutes=4)
    noted(session, here.head_th, "read", lead.item, minutes=5, allowed=False)
    return here, of.item, lead.item


def test_a_head_is_told_what_others_did_with_the_items_of_the_party(session: Session) -> None:
    here, _of, _lead = gave(session)
    viewer = viewer_of(session, here.head_kh, NOW)
    operation, own = here.meeting.operation, [here.kh.party_id]
    found = queries.of_parties(session, operation, viewer, own, NOW, Wanted())
    assert told(found)[:3] == [
        ("refused", "TH Somchai Wong", "KH-L1"),
        ("send", "", "KH-L1"),
        ("read", "TH Somchai Wong", "KH-01 KH-L1"),
    ]
    assert (found.number, found.codes) == (3, ("KH", "TH"))
    assert queries.of_parties(session, operation, viewer, own, NOW, Wanted(own=True)).number > 3
    nobody = viewer_of(session, here.organiser, NOW)
    assert queries.of_parties(session, operation, nobody, own, NOW, Wanted(own=True)).number == 0


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (Wanted(What.READ), 1),
        (Wanted(What.TAKEN), 1),
        (Wanted(What.REFUSED), 1),
        (Wanted(What.CHANGED), 0),
        (Wanted(party="TH"), 2),
        (Wanted(party="KH"), 0),
        (Wanted(since=NOW + timedelta(minutes=2)), 2),
        (Wanted(until=NOW + timedelta(minutes=2)), 1),
        (Wanted(person=uuid.UUID(int=1)), 0),
    ],
)
def test_a_list_is_narrowed_by_kind_party_person_and_time(session: Session, wanted: Wanted, number: int) -> None:
    here, _of, _lead = gave(session)
    viewer = viewer_of(session, here.head_kh, NOW)
    found = queries.of_parties(session, here.meeting.operation, viewer, [here.kh.party_id], NOW, wanted)
    assert found.number == len(found.lines) == number


def test_of_one_item_its_own_entries_are_told_and_of_a_meeting_all(session: Session) -> None:
    here, of, lead = gave(session)
    assert told(queries.of_item(session, lead, Wanted(What.READ))) == [("read", "TH Somchai Wong", "KH-L1")]
    assert [line[1] for line in told(queries.of_item(session, of, Wanted(What.READ)))] == [
        "KH Sok Dara",
        "TH Somchai Wong",
    ]
    everything = queries.of_meeting(session, here.meeting, Wanted(What.READ))
    assert [line[2] for line in told(everything)] == ["TH-01", "KH-01", "KH-01 KH-L1"]


def test_what_was_noted_later_of_an_earlier_hour_stands_at_that_hour(session: Session) -> None:
    here, of, _lead = gave(session)
    noted(session, here.head_th, "send", of, minutes=-10)
    assert [line[0] for line in told(queries.of_item(session, of, Wanted()))][-1] == "send"


def test_a_long_list_is_read_a_page_at_a_time_and_a_long_line_counts_what_it_does_not_name(session: Session) -> None:
    here = world(session)
    items = [case(session, here, f"KH-{n:02}").item for n in range(25)]
    for _ in range(51):
        noted(session, here.head_th, "read", *items)
    viewer = viewer_of(session, here.head_kh, NOW)
    operation, own = here.meeting.operation, [here.kh.party_id]
    pages = [queries.of_parties(session, operation, viewer, own, NOW, Wanted(What.READ), page) for page in (1, 2, 3)]
    assert [len(found.lines) for found in pages] == [50, 1, 0]
    assert {(found.number, found.last) for found in pages} == {(51, 2)}
    assert (len(pages[0].lines[0].items), pages[0].lines[0].more) == (20, 5)
    assert len(queries.of_parties(session, operation, viewer, own, NOW, Wanted(What.READ), None).lines) == 51
