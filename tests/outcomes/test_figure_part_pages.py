"""What stands beside a number, in the browser: parts, other currencies, words, a confirmation taken back, questions."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import Dimension, FigureStatus, Qualifier
from confmgr.outcomes.models import Figure, FigureBreakdown, FigureConversion
from confmgr.values.words import Words
from tests import make
from tests.make_outcomes import carried_out, figure, source
from tests.make_scheduling import NOW, World, as_, once, world

NEW = "/operations/breaking-chains/figures/new"
HOME = "/operations/breaking-chains/outcomes"


def described(row: Figure, *parts: tuple[str, str, str], **changes: object) -> dict[str, object]:
    """The form of what stands beside a number, its parts as (dimension, part, number)."""
    values: dict[str, object] = {"once": once(), "version": row.version, "attribution": "resulting"}
    for at, (dimension, key, value) in enumerate(parts):
        values |= {
            f"breakdown-{at}-dimension": dimension,
            f"breakdown-{at}-key": key,
            f"breakdown-{at}-value": value,
        }
    return values | changes


def parts(session: Session) -> list[tuple[Dimension, str, int]]:
    rows = session.scalars(select(FigureBreakdown).order_by(FigureBreakdown.id)).all()
    found = [(row.dimension, row.key, int(row.value)) for row in rows]
    session.commit()
    return found


def money(session: Session, here: World, low: int = 2_000_000, **changes: Any) -> Figure:
    """Dollars seized in December."""
    return figure(session, here, "seized", low, **{"measure": "seized", "currency": "USD", **changes})


def rate(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "currency": "krw",
        "rate": "1450.25",
        "rate_on": "2025-12-31",
        "source": "R1",
    }
    return values | changes


def confirmed(session: Session, here: World, **changes: Any) -> tuple[Figure, User]:
    """A figure that a second person of Cambodia confirmed."""
    second = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    row = figure(session, here, **changes)
    services.confirm_figure(session, row, actor=second, now=NOW)
    return row, second


def test_parts_are_written_read_changed_and_taken_away(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here)
    as_(client, stored, here.head_kh)
    address = f"/figures/{row.uuid}/edit"
    assert client.get(address).status_code == 200
    sent = described(row, ("sex", "Women", "4"), ("nationality", "KR", "9"), **{"breakdown-0-verified": "y"})
    assert client.post(address, data=sent).status_code == 302
    assert parts(stored) == [(Dimension.SEX, "female", 4), (Dimension.NATIONALITY, "KR", 9)]
    page = client.get(f"/figures/{row.uuid}").text
    assert "Women" in page
    assert "Sex, not stated: 11" in page
    assert "Nationality, not stated: 6" in page
    assert page.count("being verified") == 1
    assert 'value="Women"' in client.get(address).text
    stored.expire_all()
    again = described(row, ("sex", "Women", "5"), once=once(2))
    stored.commit()
    assert client.post(address, data=again).status_code == 302
    assert parts(stored) == [(Dimension.SEX, "female", 5)]


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (("sex", "Women", "-1"), "Number must be at least 0."),
        (("sex", "Women", "few"), "Not a valid decimal value."),
        (("sex", "Women", "NaN"), "Not a valid decimal value."),
        (("sex", "Women", ""), "Enter the part and its number, or leave both empty."),
        (("sex", "", "4"), "Enter the part and its number, or leave both empty."),
        (("sex", "x" * 61, "4"), "Field cannot be longer than 60 characters."),
        (("sex", "a\u202eb", "4"), "Remove the invisible control characters."),
        (("shoe size", "42", "4"), "could not coerce"),
    ],
)
def test_a_wrong_part_is_refused_in_words_and_nothing_is_kept(
    client: FlaskClient, stored: Session, part: tuple[str, str, str], sentence: str
) -> None:
    here = world(stored)
    row = figure(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/figures/{row.uuid}/edit", data=described(row, part, ("sex", "Men", "3")))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert parts(stored) == []


def test_money_has_no_sex(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = money(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/figures/{row.uuid}/edit", data=described(row, ("sex", "Women", "4")))
    assert answer.status_code == 422
    assert "This measure is not broken down by “Sex”." in answer.text
    assert parts(stored) == []


def test_a_part_stands_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here)
    as_(client, stored, here.head_kh)
    sent = described(row, ("sex", "Women", "4"), ("sex", "female", "4"))
    answer = client.post(f"/figures/{row.uuid}/edit", data=sent)
    assert answer.status_code == 422
    assert "The part female stands there twice." in answer.text
    assert parts(stored) == []


def test_more_parts_than_are_kept_are_refused_and_none_is_lost_in_silence(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here, low=100)
    as_(client, stored, here.head_kh)
    many = [("nationality", f"X{n}", "1") for n in range(61)]
    answer = client.post(f"/figures/{row.uuid}/edit", data=described(row, *many))
    assert answer.status_code == 422
    assert "A figure has at most 60 parts." in answer.text
    assert parts(stored) == []
    assert client.post(f"/figures/{row.uuid}/edit", data=described(row, *many[:60], once=once(2))).status_code == 302
    assert len(parts(stored)) == 60


@pytest.mark.parametrize("page", ["edit", "correct"])
def test_a_hundred_thousand_parts_are_answered_in_words(client: FlaskClient, stored: Session, page: str) -> None:
    here = world(stored)
    row = figure(stored, here)
    as_(client, stored, here.head_kh)
    sent = {f"breakdown-{n}-value": "1" for n in range(100_000)}
    answer = client.post(f"/figures/{row.uuid}/{page}", data=described(row) | sent)
    assert answer.status_code == 422
    assert "A figure has at most 60 parts." in answer.text
    assert parts(stored) == []


def test_a_figure_is_stated_with_its_parts(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    source(stored, here)
    as_(client, stored, here.head_kh)
    data = {
        "once": once(),
        "code": "poipet",
        "kind": "recorded",
        "measure": "arrested",
        "qualifier": "exact",
        "low": "15",
        "from_on": "2025-12-04",
        "to_on": "2025-12-04",
        "source": "R1",
        "as_of": "2026-01-10",
        "attribution": "resulting",
        "meeting": "",
        "action": "",
        "breakdown-0-dimension": "nationality",
        "breakdown-0-key": "KR",
        "breakdown-0-value": "12",
    }
    assert client.post(NEW, data=data).status_code == 302
    assert parts(stored) == [(Dimension.NATIONALITY, "KR", 12)]


def test_the_words_beside_a_number_are_edited_and_the_number_is_not(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here)
    as_(client, stored, here.head_kh)
    sent = described(row, low="99", **{"title-en": "Poipet", "note-en": "By bus", "counting_rule-en": "Once each"})
    assert client.post(f"/figures/{row.uuid}/edit", data=sent).status_code == 302
    page = client.get(f"/figures/{row.uuid}").text
    assert [word in page for word in ("Poipet", "By bus", "Once each")] == [True, True, True]
    stored.expire_all()
    assert int(row.low) == 15
    stored.commit()
    late = client.post(f"/figures/{row.uuid}/edit", data=sent | {"once": once(2), "title-en": "Too late"})
    assert late.status_code == 409
    assert "Too late" not in client.get(f"/figures/{row.uuid}").text


def test_a_sum_is_shown_in_another_currency_beside_the_original(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = money(stored, here)
    as_(client, stored, here.head_kh)
    assert client.post(f"/figures/{row.uuid}/conversions", data=rate()).status_code == 302
    page = client.get(f"/figures/{row.uuid}").text
    assert "2,900.5 million won" in page
    assert "1450.25" in page
    assert "million won" not in client.get(HOME).text
    assert client.post(f"/figures/{row.uuid}/conversions/KRW/remove").status_code == 302
    assert stored.scalars(select(FigureConversion)).all() == []
    stored.commit()
    assert client.post(f"/figures/{row.uuid}/conversions/KRW/remove").status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"currency": "XQX"}, "Choose another currency that exists, and that does not stand here yet."),
        ({"currency": "USD"}, "Choose another currency that exists, and that does not stand here yet."),
        ({"currency": "won"}, "Choose another currency that exists, and that does not stand here yet."),
        ({"currency": ""}, "This field is required."),
        ({"currency": "dollars"}, "Field must be exactly 3 characters long."),
        ({"rate": "-1"}, "This rate cannot be right."),
        ({"rate": "0"}, "This rate cannot be right."),
        ({"rate": "1e11"}, "This rate cannot be right."),
        ({"rate": "1e-11"}, "This rate cannot be right."),
        ({"rate": "NaN"}, "Not a valid decimal value."),
        ({"rate": "Infinity"}, "Not a valid decimal value."),
        ({"rate": ""}, "This field is required."),
        ({"rate_on": "2025-02-30"}, "Not a valid date value."),
        ({"source": "R9"}, "Not a valid choice."),
    ],
)
def test_a_wrong_rate_is_refused_in_words_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    row = money(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/figures/{row.uuid}/conversions", data=rate(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.scalars(select(FigureConversion)).all() == []


def test_a_converted_sum_that_is_larger_than_any_real_one_is_refused(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = money(stored, here, 10**12)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/figures/{row.uuid}/conversions", data=rate(rate="9000000"))
    assert answer.status_code == 422
    assert "too large" in answer.text


def test_a_currency_stands_once_beside_a_sum(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = money(stored, here)
    as_(client, stored, here.head_kh)
    client.post(f"/figures/{row.uuid}/conversions", data=rate())
    assert client.post(f"/figures/{row.uuid}/conversions", data=rate(once=once(2))).status_code == 422
    assert len(stored.scalars(select(FigureConversion)).all()) == 1


def test_a_sum_that_the_source_gives_about_is_about_in_another_currency_too(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = money(stored, here, 1_500_000_000_000, currency="KRW", qualifier=Qualifier.ABOUT)
    as_(client, stored, here.head_kh)
    client.post(f"/figures/{row.uuid}/conversions", data=rate(currency="USD", rate="0.0006666667"))
    assert "about <bdi" in client.get(f"/figures/{row.uuid}").text.split("In other currencies")[1].split("Rate:")[0]


def test_people_have_no_rate(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here)
    as_(client, stored, here.head_kh)
    assert "Show it in another currency" not in client.get(f"/figures/{row.uuid}").text
    answer = client.post(f"/figures/{row.uuid}/conversions", data=rate())
    assert answer.status_code == 422
    assert stored.scalars(select(FigureConversion)).all() == []


def test_a_confirmation_is_taken_back_with_a_reason_that_everybody_reads(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, _second = confirmed(stored, here)
    as_(client, stored, here.head_kh)
    address = f"/figures/{row.uuid}/unconfirm"
    assert client.get(address).status_code == 200
    version = row.version
    for reason, sentence in (("", "This field is required."), ("  ", "Give a reason")):
        refused = client.post(address, data={"once": once(), "version": version, "reason": reason})
        assert (refused.status_code, sentence in refused.text) == (422, True)
    sent = {"once": once(2), "version": version, "reason": "Two were counted twice."}
    assert client.post(address, data=sent | {"version": version - 1}).status_code == 409
    assert client.post(address, data=sent | {"once": once(3)}).status_code == 302
    stored.expire_all()
    assert row.status is FigureStatus.PROVISIONAL
    stored.commit()
    as_(client, stored, here.head_th)
    page = client.get(f"/figures/{row.uuid}").text
    assert "Two were counted twice." in page
    assert "Sok Dara" in page
    as_(client, stored, here.head_kh)
    again = client.post(address, data=sent | {"once": once(4), "version": version + 1})
    assert again.status_code == 422
    assert "This figure is not confirmed." in again.text


def test_more_returned_than_arrested_is_asked_about_and_not_forbidden(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    action = carried_out(stored, here)
    figure(stored, here, "arrested", 15, joint_action=action)
    row = figure(stored, here, "returned", 12, measure="returned", joint_action=action)
    as_(client, stored, here.head_kh)
    sent = {"once": once(), "code": "returned-2", "low": "17", "source": "R1", "as_of": "2026-01-12"}
    sent |= {"qualifier": "exact", "version": str(row.version)}
    stored.commit()
    asked = client.post(f"/figures/{row.uuid}/correct", data=sent)
    assert asked.status_code == 422
    assert "More were returned (17) than arrested (15) in this joint action." in asked.text
    assert "Save all the same" in asked.text
    assert client.post(f"/figures/{row.uuid}/correct", data=sent | {"anyway": "y", "once": once(2)}).status_code == 302


@pytest.mark.parametrize(
    ("path", "reading"),
    [("edit", True), ("unconfirm", True), ("conversions", False), ("conversions/KRW/remove", False), ("agree", False)],
)
def test_only_the_owner_writes_beside_a_number(client: FlaskClient, stored: Session, path: str, reading: bool) -> None:
    here = world(stored)
    open_, hidden = money(stored, here), figure(stored, here, "secret", 40, joint_action=carried_out(stored, here))
    as_(client, stored, here.head_th)
    page = client.get(f"/figures/{open_.uuid}").text
    assert [word in page for word in ("Show it in another currency", "Edit<")] == [False, False]
    assert client.post(f"/figures/{open_.uuid}/{path}", data=rate()).status_code == 403
    assert client.post(f"/figures/{hidden.uuid}/{path}", data=rate()).status_code == 404
    if reading:
        assert client.get(f"/figures/{open_.uuid}/{path}").status_code == 403
        found = client.get(f"/figures/{hidden.uuid}/{path}")
        assert found.status_code == 404
        assert b"secret" not in found.data


def test_a_source_of_hidden_figures_is_not_offered_for_a_rate(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    figure(stored, here, joint_action=carried_out(stored, here), source=source(stored, here, "SECRET"))
    row = money(stored, here, actor=here.head_th, owner=here.th.party)
    as_(client, stored, here.head_th)
    assert "SECRET" not in client.get(f"/figures/{row.uuid}").text
    answer = client.post(f"/figures/{row.uuid}/conversions", data=rate(source="SECRET"))
    assert answer.status_code == 422
    assert "Not a valid choice." in answer.text


def test_a_corrected_figure_carries_no_parts_of_the_old_number(stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here, breakdown=[(Dimension.SEX, "female", Decimal(4), True)], title=Words.of("Poipet"))
    fresh = services.correct_figure(
        stored,
        row,
        actor=here.head_kh,
        now=NOW,
        code="poipet-2",
        low=Decimal(17),
        high=None,
        source=row.source,
        as_of=date(2026, 1, 12),
    )
    assert ([part.key for part in row.breakdown], fresh.breakdown) == (["female"], [])


def test_other_parts_of_a_confirmed_figure_wait_for_the_second_person_and_other_words_do_not(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    part = (Dimension.SEX, "male", Decimal(12), True)
    row, _second = confirmed(stored, here, breakdown=[part])
    as_(client, stored, here.head_kh)
    page = f"/figures/{row.uuid}/edit"
    words = described(row, ("sex", "male", "12"), **{"title-en": "Poipet", "breakdown-0-verified": "y"})
    stored.commit()
    for number, (data, status) in enumerate(
        ((words, FigureStatus.CONFIRMED), (words | {"breakdown-0-value": "3"}, FigureStatus.PROVISIONAL)), 1
    ):
        seen = stored.scalars(select(Figure.version)).one()
        stored.commit()
        assert client.post(page, data=data | {"once": once(number), "version": seen}).status_code == 302
        stored.expire_all()
        assert row.status is status
        stored.commit()
