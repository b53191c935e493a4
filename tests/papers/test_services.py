"""The agenda, on both databases."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.papers import queries, services
from confmgr.papers.domain import STANDARD, AgendaKind, ExpectedAction
from confmgr.papers.models import AgendaDocument, AgendaItem
from confmgr.scheduling.models import MeetingSession
from confmgr.values.words import Words
from tests import make, make_scheduling
from tests.make_papers import item, numbered


def added(session: Session, now: datetime, meeting: Meeting, number: str, *sessions: MeetingSession) -> AgendaItem:
    return item(session, meeting, now=now, number=number, sessions=sessions)


def changed(session: Session, row: AgendaItem, now: datetime, **values: Any) -> None:
    given: dict[str, Any] = {
        "seen_version": row.version,
        "title": row.title,
        "expected": row.expected,
        "kind": row.kind,
        "mandate": row.mandate,
        "annotation": row.annotation,
        "speaker": row.speaker,
        "chair": row.chair,
        "under": None,
        "sessions": [],
    }
    services.change_agenda_item(
        session, row, actor=make.user(session), now=now, meeting=row.meeting, **(given | values)
    )


def refusal(session: Session, row: AgendaItem, now: datetime, **values: Any) -> str:
    with pytest.raises(Refused) as refused:
        changed(session, row, now, **values)
    return refused.value.reason


def test_items_stand_in_the_order_in_which_they_came(session: Session, now: datetime) -> None:
    meeting = make.meeting(session)
    assert [added(session, now, meeting, number).rank for number in ("1", "2")] == [1, 2]


def test_a_number_stands_once_on_an_agenda(session: Session, now: datetime) -> None:
    meeting = make.meeting(session)
    added(session, now, meeting, "1")
    with pytest.raises(Refused, match="agenda_number_taken"):
        added(session, now, meeting, "1")


def test_a_file_cannot_give_an_item_another_number_than_its_place_does(session: Session, now: datetime) -> None:
    with pytest.raises(Refused, match="agenda_number_wrong"):
        added(session, now, make.meeting(session), "3")


def test_an_item_is_dealt_with_in_sessions_of_its_own_meeting(session: Session, now: datetime) -> None:
    here = make_scheduling.world(session)
    meeting, row = here.meeting, make_scheduling.bilateral(session, here)
    one = added(session, now, meeting, "1", row)
    assert [link.session_id for link in one.sessions] == [row.id]
    other = make.meeting(session, meeting.operation, slug="seoul-3", number=3)
    with pytest.raises(Refused, match="other_meeting"):
        added(session, now, other, "1", row)
    assert refusal(session, added(session, now, other, "1"), now, sessions=[row]) == "other_meeting"


def test_parts_are_lettered_and_everything_behind_a_removed_item_closes_up(session: Session, now: datetime) -> None:
    meeting, actor = make.meeting(session), make.user(session)
    first, second, third = (item(session, meeting, title=title) for title in ("One", "Two", "Three"))
    for title in ("Routes", "Borders"):
        item(session, meeting, title=title, under=second)
    assert numbered(session, meeting) == "1 One, 2 Two, 2(a) Routes, 2(b) Borders, 3 Three"
    services.move_agenda_item(session, second, actor=actor, now=now, steps=-1)
    assert numbered(session, meeting) == "1 Two, 1(a) Routes, 1(b) Borders, 2 One, 3 Three"
    services.remove_agenda_item(session, first, actor=actor, now=now, seen_version=1)
    assert numbered(session, meeting) == "1 Two, 1(a) Routes, 1(b) Borders, 2 Three"
    assert (third.number, third.version) == ("2", 1)
    services.remove_agenda_item(session, second, actor=actor, now=now, seen_version=1)
    assert numbered(session, meeting) == "1 Three"
    deleted = select(AuditEntry.action).where(AuditEntry.object_type == "agenda_item", AuditEntry.action == "delete")
    assert len(session.scalars(deleted).all()) == 4


def test_an_item_put_under_another_stands_last_there_and_taken_out_behind_it(session: Session, now: datetime) -> None:
    meeting = make.meeting(session)
    one, two, three = (item(session, meeting, title=title) for title in ("One", "Two", "Three"))
    part = item(session, meeting, title="Part", under=three)
    changed(session, one, now, under=three)
    assert numbered(session, meeting) == "1 Two, 2 Three, 2(a) Part, 2(b) One"
    changed(session, one, now, under=two)
    assert numbered(session, meeting) == "1 Two, 1(a) One, 2 Three, 2(a) Part"
    changed(session, one, now, under=None)
    assert numbered(session, meeting) == "1 Two, 2 One, 3 Three, 3(a) Part"
    changed(session, part, now, under=three, title=Words.of("Share"))
    assert numbered(session, meeting) == "1 Two, 2 One, 3 Three, 3(a) Share"


def test_a_part_has_no_parts_and_belongs_to_an_item_of_its_own_meeting(session: Session, now: datetime) -> None:
    meeting = make.meeting(session)
    other = make.meeting(session, meeting.operation, slug="seoul-3", number=3)
    foreign, top, more = item(session, other), item(session, meeting), item(session, meeting)
    part = item(session, meeting, under=top)
    assert refusal(session, more, now, under=part) == "agenda_part_of_part"
    assert refusal(session, more, now, under=more) == "agenda_part_of_part"
    assert refusal(session, more, now, under=foreign) == "other_meeting"
    assert refusal(session, top, now, under=more) == "agenda_has_parts"
    with pytest.raises(Refused, match="agenda_part_of_part"):
        item(session, meeting, under=part)
    assert numbered(session, meeting) == "1 Opening, 1(a) Opening, 2 Opening"


def test_who_saves_over_a_change_of_somebody_else_is_told(session: Session, now: datetime) -> None:
    one = item(session, make.meeting(session))
    changed(session, one, now, title=Words.of("Welcome"))
    with pytest.raises(StaleVersion):
        changed(session, one, now, seen_version=1, title=Words.of("Greetings"))
    with pytest.raises(StaleVersion):
        services.remove_agenda_item(session, one, actor=make.user(session), now=now, seen_version=1)
    assert one.title.text("en") == "Welcome"


def test_the_standard_items_come_in_their_fixed_order_into_an_empty_agenda_alone(
    session: Session, now: datetime
) -> None:
    meeting, actor = make.meeting(session), make.user(session)
    titles = {kind: Words.of(kind.value) for kind in STANDARD}
    services.begin_with_standard(session, meeting, actor=actor, now=now, titles=titles)
    assert numbered(session, meeting) == (
        "1 opening, 2 adoption, 3 follow_up, 4 substance, 5 meetings, 6 conclusions, 7 next_meeting, 8 closing"
    )
    item(session, meeting, title="Routes")
    assert "4 substance, 5 Routes, 6 meetings" in numbered(session, meeting)
    with pytest.raises(Refused, match="agenda_begun"):
        services.begin_with_standard(session, meeting, actor=actor, now=now, titles=titles)


def test_documents_stand_under_their_item_and_a_symbol_once(session: Session, now: datetime) -> None:
    one, actor = item(session, make.meeting(session)), make.user(session)

    def write(document: AgendaDocument | None = None, **values: Any) -> AgendaDocument:
        given: dict[str, Any] = {
            "seen_version": one.version,
            "title": Words.of("Report"),
            "symbol": "BC/1",
            "languages": ["en"],
        }
        return services.write_document(session, one, document, actor=actor, now=now, **(given | values))

    report = write()
    assert (one.version, [row.symbol for row in one.documents]) == (2, ["BC/1"])
    with pytest.raises(Refused, match="document_named"):
        write()
    with pytest.raises(StaleVersion):
        write(seen_version=1, symbol="BC/2")
    write(report, title=Words.of("Final report"))
    services.remove_document(session, one, report, actor=actor, now=now, seen_version=one.version)
    assert (one.version, one.documents) == (4, [])
    assert session.scalars(select(AgendaDocument)).all() == []


def test_an_adopted_agenda_is_not_changed_until_it_is_provisional_again(session: Session, now: datetime) -> None:
    meeting, actor = make.meeting(session), make.user(session)
    day = now.date()
    with pytest.raises(Refused, match="agenda_empty"):
        services.adopt_agenda(session, meeting, actor=actor, now=now, on=day)
    one = item(session, meeting)
    with pytest.raises(Refused, match="agenda_not_yet"):
        services.adopt_agenda(session, meeting, actor=actor, now=now, on=date(2026, 1, 16))
    services.adopt_agenda(session, meeting, actor=actor, now=now, on=day)
    assert refusal(session, one, now) == "agenda_adopted"
    for forbidden in (
        lambda: item(session, meeting),
        lambda: services.remove_agenda_item(session, one, actor=actor, now=now, seen_version=1),
        lambda: services.move_agenda_item(session, one, actor=actor, now=now, steps=1),
    ):
        with pytest.raises(Refused, match="agenda_adopted"):
            forbidden()
    services.adopt_agenda(session, meeting, actor=actor, now=now, on=None)
    changed(session, one, now, kind=AgendaKind.OPENING, expected=ExpectedAction.DECISION)
    assert (one.kind, one.expected) == (AgendaKind.OPENING, ExpectedAction.DECISION)


def test_what_the_document_says_of_itself_is_written_once_at_a_time(session: Session, now: datetime) -> None:
    meeting, actor = make.meeting(session), make.user(session)
    said: dict[str, Any] = {"symbol": "BC/S2/1", "original_language": "ko", "organisation": Words.of("Two half-days.")}
    services.write_agenda(session, meeting, actor=actor, now=now, seen_version=0, **said)
    with pytest.raises(StaleVersion):
        services.write_agenda(session, meeting, actor=actor, now=now, seen_version=0, **said)
    paper = queries.paper(session, meeting)
    assert paper is not None
    assert (paper.symbol, paper.original_language, paper.version) == ("BC/S2/1", "ko", 1)


def test_an_item_that_somebody_removed_meanwhile_is_not_moved_and_holds_no_new_part(
    session: Session, now: datetime
) -> None:
    meeting = make.meeting(session)
    first, gone = (added(session, now, meeting, number) for number in ("1", "2"))
    session.execute(delete(AgendaItem).where(AgendaItem.id == gone.id).execution_options(synchronize_session=False))
    with pytest.raises(Refused, match="agenda_item_gone"):
        services.move_agenda_item(session, gone, actor=make.user(session), now=now, steps=-1)
    with pytest.raises(Refused, match="agenda_item_gone"):
        item(session, meeting, now=now, under=gone)
    assert refusal(session, first, now, under=gone) == "agenda_item_gone"
    assert numbered(session, meeting) == "1 Opening"
