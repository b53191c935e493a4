from datetime import datetime

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.errors import Refused
from confmgr.interchange import queries, services
from confmgr.interchange.domain import Outcome, Standing, mark_of
from confmgr.interchange.models import UploadedTranslation
from confmgr.interchange.services import Writing
from confmgr.meetings.models import Place
from confmgr.parties.models import Agency, Party
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import SessionCase
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.interchange.make_texts import KHMER, NOW, ROOM, agenda, entry, pieces, plenary
from tests.make_cases import case
from tests.make_scheduling import World, bilateral, world


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


def write(session: Session, here: World, what: str, text: str | None, language: str = "km") -> int:
    found = pieces(session, here)[what]
    return services.translate(session, here.meeting, language, [Writing(found, text)], actor=here.organiser, now=NOW)


def test_the_texts_of_a_meeting_are_those_that_others_read(session: Session, here: World) -> None:
    agenda(session, here)
    plenary(session, here)
    make.agency(session, here.kh.party)
    here.meeting.description = Words.of("How to get there.")
    assert set(pieces(session, here)) == {
        "meeting/title",
        "meeting/venue",
        "meeting/description",
        "operation/name",
        "agenda/organisation",
        "agenda_item/title",
        "agenda_item/mandate",
        "agenda_item/annotation",
        "agenda_document/title",
        "session/title",
        "place/name",
        "party/short_name",
        "agency/name",
    }


def test_sessions_about_cases_held_back_cancelled_or_deleted_are_no_texts_for_translators(
    session: Session, here: World
) -> None:
    about_case = plenary(session, here, "The ring of Poipet")
    make.saved(session, SessionCase(session_id=about_case.id, case_id=case(session, here).id))
    plenary(session, here, "Held back").held_back = True
    cancelled, deleted = plenary(session, here, "Cancelled"), plenary(session, here, "Deleted")
    scheduling.cancel_session(session, cancelled, actor=here.organiser, now=NOW, reason="none")
    scheduling.delete_session(session, deleted, actor=here.organiser, now=NOW)
    plenary(session, here, "Closing")
    titles = [piece.original for piece in queries.texts(session, here.meeting) if piece.kind.value == "session"]
    assert titles == ["Closing"]


def test_blocked_time_which_no_delegate_ever_sees_is_no_text_for_translators(session: Session, here: World) -> None:
    bilateral(session, here, kind=SessionKind.HOLD, delegations=[], title=Words.of("The minister comes by"))
    plenary(session, here, "Closing")
    titles = [piece.original for piece in queries.texts(session, here.meeting) if piece.kind.value == "session"]
    assert titles == ["Closing"]


def test_texts_of_another_meeting_and_of_parties_that_do_not_take_part_are_left_out(
    session: Session, here: World
) -> None:
    make.party(session, "JP")
    other = make.meeting(session, here.meeting.operation, slug="seoul-3", number=3)
    make.place(session, other, "X1")
    names = {piece.name for piece in queries.texts(session, here.meeting)}
    assert {"T1", "T2", "KR", "KH", "TH"} <= names
    assert not names & {"X1", "JP"}


def test_translating_writes_the_text_with_its_translator_and_raises_the_version_of_the_row(
    session: Session, here: World, now: datetime
) -> None:
    assert write(session, here, "meeting/title", KHMER) == 1
    session.refresh(here.meeting)
    value = here.meeting.title.values["km"]
    assert (value.text, value.of_version, value.by, value.at) == (KHMER, 1, here.organiser.id, "2026-01-15T03:00:00Z")
    assert here.meeting.version == 2
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "translate")).one()
    assert noted.facts == {"language": "km"}
    assert noted.object_ids == [f"meeting/{here.meeting.uuid}/title"]


def test_several_texts_of_one_row_are_one_change_of_it(session: Session, here: World) -> None:
    found = pieces(session, here)
    writings = [Writing(found["meeting/title"], KHMER), Writing(found["meeting/venue"], ROOM)]
    assert services.translate(session, here.meeting, "km", writings, actor=here.organiser, now=NOW) == 2
    assert here.meeting.version == 2
    assert (here.meeting.title.text("km"), here.meeting.venue.text("km")) == (KHMER, ROOM)


def test_rows_without_a_version_of_their_own_raise_that_of_what_they_belong_to(session: Session, here: World) -> None:
    item = agenda(session, here)
    agency = make.agency(session, here.kh.party)
    write(session, here, "agenda_document/title", KHMER)
    write(session, here, "agency/name", ROOM)
    assert (item.version, here.kh.party.version) == (2, 2)
    assert session.get_one(Agency, agency.id).name.text("km") == ROOM


def test_translating_the_title_of_a_session_can_be_taken_back_on_the_board(session: Session, here: World) -> None:
    row = plenary(session, here)
    write(session, here, "session/title", KHMER)
    assert row.title is not None
    assert row.title.text("km") == KHMER
    assert row.version == 2
    scheduling.undo(session, here.meeting, actor=here.organiser, now=NOW)
    assert row.title is not None
    assert "km" not in row.title.values


def test_a_changed_name_of_a_participant_must_be_approved_again_and_a_confirmed_one_not(
    session: Session, here: World
) -> None:
    party = session.scalars(select(Party).where(Party.code == "TH")).one()
    party.short_name = Words.of({"en": "Siam", "km": "ថៃ"}).changed({"en": "Thailand"})
    session.flush()
    write(session, here, "party/short_name", None)
    assert party.names_approved_at is not None
    assert not party.short_name.outdated("km")
    write(session, here, "party/short_name", "ប្រទេសថៃ")
    assert party.names_approved_at is None


def test_still_right_makes_a_translation_current_without_changing_it(session: Session, here: World) -> None:
    here.meeting.title = Words.of({"en": "First", "km": KHMER}).changed({"en": "Second"})
    session.flush()
    assert pieces(session, here)["meeting/title"].standing("km") is Standing.OUTDATED
    write(session, here, "meeting/title", None)
    found = pieces(session, here)["meeting/title"]
    assert (found.standing("km"), found.text("km")) == (Standing.DONE, KHMER)


def test_an_emptied_translation_is_removed(session: Session, here: World) -> None:
    here.meeting.title = Words.of({"en": "First", "km": KHMER})
    write(session, here, "meeting/title", "")
    assert "km" not in here.meeting.title.values


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [("Opening", "en", "text_is_original"), ("Opening words", "km", "text_in_other_script")],
)
def test_what_is_no_translation_is_never_written(
    session: Session, here: World, text: str, language: str, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        write(session, here, "meeting/title", text, language)
    assert here.meeting.version == 1


def test_texts_are_read_in_as_many_statements_for_thirty_rows_as_for_one(session: Session, here: World) -> None:
    counts = []
    for more in (0, 29):
        for number in range(more):
            make.place(session, here.meeting, f"X{number}")
            make.agency(session, here.kh.party, f"A{number}")
            plenary(session, here, f"Plenary {number}")
        session.flush()
        session.expire_all()
        session.refresh(here.meeting, ["operation", "id", "host_party_id", "title", "venue", "description", "uuid"])
        session.refresh(here.meeting.operation)
        counter = Counter()
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", counter)
        assert len(queries.texts(session, here.meeting)) == (8 if not more else 95)
        event.remove(connection, "before_cursor_execute", counter)
        counts.append(counter.count)
    assert counts == [7, 7]


def upload(session: Session, here: World, *entries: object) -> UploadedTranslation:
    return services.keep_translations(
        session,
        here.meeting,
        "km",
        entries,  # type: ignore[arg-type]
        actor=here.organiser,
        now=NOW,
        name="km.po",
    )


def apply(session: Session, here: World, row: UploadedTranslation, seen: str | None = None) -> int:
    seen = seen if seen is not None else mark_of(services.judged(session, here.meeting, row), "km")
    return services.apply_translations(session, here.meeting, row, seen=seen, actor=here.organiser, now=NOW)


def test_a_file_is_applied_without_the_entries_that_are_refused_and_then_forgotten(
    session: Session, here: World
) -> None:
    found = pieces(session, here)
    row = upload(
        session, here, entry(found["meeting/title"], KHMER), entry(found["meeting/venue"], "In another script")
    )
    assert [one.outcome for one in services.judged(session, here.meeting, row)] == [Outcome.NEW, Outcome.REFUSED]
    assert apply(session, here, row) == 1
    assert here.meeting.title.text("km") == KHMER
    assert "km" not in here.meeting.venue.values
    assert session.scalars(select(UploadedTranslation)).all() == []


def test_a_file_cannot_give_a_title_a_second_line(session: Session, here: World) -> None:
    agenda(session, here)
    found = pieces(session, here)
    lines = f"{KHMER}\r\n\r\n \u2028{ROOM}\n"
    row = upload(session, here, entry(found["meeting/title"], lines), entry(found["agenda_item/annotation"], lines))
    assert apply(session, here, row) == 2
    assert here.meeting.title.text("km") == f"{KHMER} {ROOM}"
    assert pieces(session, here)["agenda_item/annotation"].text("km") == f"{KHMER}\n\n \u2028{ROOM}"


def test_a_file_is_not_applied_when_a_text_was_changed_since_it_was_looked_at(session: Session, here: World) -> None:
    row = upload(session, here, entry(pieces(session, here)["meeting/title"], KHMER))
    seen = mark_of(services.judged(session, here.meeting, row), "km")
    write(session, here, "meeting/title", ROOM)
    with pytest.raises(Refused, match="texts_changed_since"):
        apply(session, here, row, seen)
    assert here.meeting.title.text("km") == ROOM


def test_a_second_file_of_the_same_person_takes_the_place_of_the_first(session: Session, here: World) -> None:
    upload(session, here)
    second = upload(session, here)
    assert session.scalars(select(UploadedTranslation)).all() == [second]


def test_places_are_known_for_good_whatever_their_code(session: Session, here: World) -> None:
    key = pieces(session, here)["place/name"].key
    assert key == f"place/{here.t2.id}/name"
    assert session.get_one(Place, here.t2.id).name == Words.of("Place T2")
