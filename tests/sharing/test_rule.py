"""The visibility rule against a table written independently from its text, on every combination that it names."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from confmgr.sharing.domain import Handling, ItemState, Tlp
from confmgr.sharing.rule import (
    STRICTNESS,
    DisclosureFacts,
    ItemFacts,
    Seat,
    Verdict,
    Viewer,
    effective,
    strictest,
    verdict,
)
from tests.sharing import oracle

NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
READER, AUTHOR, STRANGER = 1, 2, 3
HERE, ELSEWHERE = 10, 11
ORIGINATOR, OTHER = 20, 21
OWN_DELEGATION, OTHER_DELEGATION, THIRD_DELEGATION, ORIGINATOR_ELSEWHERE = 30, 31, 32, 33
OWN_AGENCY, OTHER_AGENCY, THIRD_AGENCY = 40, 41, 42
MARKING, EARLIER_MARKING = 50, 51


def seats(case: oracle.Case) -> tuple[Seat, ...]:
    organises, leads_host = case.role == "organiser", case.role == "leadership"
    agency = OWN_AGENCY if case.own == "agency" else OTHER_AGENCY
    elsewhere = Seat(ELSEWHERE, ORIGINATOR, ORIGINATOR_ELSEWHERE, OWN_AGENCY, sees_green=True)
    other = Seat(HERE, OTHER, OTHER_DELEGATION, OTHER_AGENCY, organises=organises, leads_host=leads_host)
    return {
        "none": (),
        "elsewhere": (elsewhere,),
        "mixed": (elsewhere, Seat(HERE, organises=True)),
        "no delegation": (Seat(HERE, organises=organises, leads_host=leads_host),),
        "originator": (
            Seat(HERE, ORIGINATOR, OWN_DELEGATION, agency, sees_green=True, organises=organises, leads_host=leads_host),
        ),
        "receiver": (Seat(HERE, OTHER, OTHER_DELEGATION, OTHER_AGENCY, True, organises, leads_host),),
        "observer": (other,),
    }[case.seat]


def disclosures(case: oracle.Case) -> tuple[DisclosureFacts, ...]:
    if case.disclosure is None:
        return ()
    target, standing = case.disclosure
    own = case.seat == "originator"
    mine = OWN_AGENCY if own and case.own == "agency" else OTHER_AGENCY
    return (
        DisclosureFacts(
            marking_id=EARLIER_MARKING if standing == "of an earlier marking" else MARKING,
            to_user_id={"person": READER, "another person": STRANGER}.get(target),
            to_agency_id={"agency": mine, "another agency": THIRD_AGENCY}.get(target),
            to_delegation_id={
                "delegation": OWN_DELEGATION if own else OTHER_DELEGATION,
                "another delegation": THIRD_DELEGATION,
            }.get(target),
            until=NOW if standing == "expired" else NOW + timedelta(seconds=1),
            revoked=standing == "revoked",
        ),
    )


def item(case: oracle.Case) -> ItemFacts:
    return ItemFacts(
        tlp=Tlp(case.tlp),
        state=ItemState(case.state),
        originator_id=ORIGINATOR,
        author_id=READER if case.own == "author" else AUTHOR,
        marking_id=MARKING,
        meeting_ids=frozenset({HERE}),
        agency_id=OWN_AGENCY,
        published=case.published,
        named_readers=frozenset({READER} if case.own == "named" else ()),
        disclosures=disclosures(case),
    )


def given(case: oracle.Case) -> Verdict:
    return verdict(Viewer(READER, active=case.active, seats=seats(case)), item(case), NOW)


@pytest.fixture(scope="module")
def verdicts() -> list[tuple[oracle.Case, Verdict]]:
    return [(case, given(case)) for case in oracle.cases()]


def test_the_rule_says_what_its_text_says_on_every_combination(
    verdicts: list[tuple[oracle.Case, Verdict]],
) -> None:
    wrong = [
        (case, found)
        for case, found in verdicts
        if (found.letter, found.envelope) != (oracle.body(case), oracle.envelope(case))
    ]
    assert wrong[:3] == []
    print(f"{len(verdicts)} combinations")  # noqa: T201  # the proof says how much it covers
    assert len(verdicts) > 100_000


def test_every_letter_of_the_rule_is_reached(verdicts: list[tuple[oracle.Case, Verdict]]) -> None:
    assert {found.letter for _case, found in verdicts} == {None, "C", "O", "G", "R"}


def test_no_role_adds_a_body(verdicts: list[tuple[oracle.Case, Verdict]]) -> None:
    bodies = {case: found.body for case, found in verdicts}
    plain = {case: body for case, body in bodies.items() if case.role == "none"}
    for case, seen in bodies.items():
        if case.role != "none":
            assert seen == plain[replace(case, role="none")]


def test_a_stricter_marking_never_widens(verdicts: list[tuple[oracle.Case, Verdict]]) -> None:
    bodies = {case: found.body for case, found in verdicts}
    for case, seen in bodies.items():
        at = oracle.TLPS.index(case.tlp)
        if at and not case.published:
            assert seen or not bodies[replace(case, tlp=oracle.TLPS[at - 1])]


def test_revoking_never_widens(verdicts: list[tuple[oracle.Case, Verdict]]) -> None:
    bodies = {case: found.body for case, found in verdicts}
    for case, seen in bodies.items():
        if case.disclosure is not None and case.disclosure[1] == "revoked":
            before = replace(case, disclosure=(case.disclosure[0], "stands"))
            assert bodies[before] or not seen


def facts(tlp: Tlp, *, parent: ItemFacts | None = None, handling: frozenset[Handling] = frozenset()) -> ItemFacts:
    return ItemFacts(
        tlp, ItemState.SHARED, ORIGINATOR, AUTHOR, MARKING, frozenset({HERE}), parent=parent, handling=handling
    )


MEMBER = Viewer(READER, seats=(Seat(HERE, OTHER, OTHER_DELEGATION, sees_green=True),))


def test_a_child_of_something_hidden_is_hidden() -> None:
    assert verdict(MEMBER, facts(Tlp.GREEN), NOW).body
    assert not verdict(MEMBER, facts(Tlp.GREEN, parent=facts(Tlp.AMBER)), NOW).body


def test_a_child_must_pass_its_own_marking_too() -> None:
    assert verdict(MEMBER, facts(Tlp.GREEN, parent=facts(Tlp.GREEN)), NOW).body
    assert not verdict(MEMBER, facts(Tlp.RED, parent=facts(Tlp.GREEN)), NOW).body


def test_a_child_is_marked_with_the_stricter_of_both_and_all_handling_codes() -> None:
    above = facts(Tlp.AMBER_STRICT, handling=frozenset({Handling.H1}))
    child = facts(Tlp.GREEN, parent=above, handling=frozenset({Handling.H2}))
    assert effective(child) == (Tlp.AMBER_STRICT, frozenset({Handling.H1, Handling.H2}))


def test_red_is_the_strictest_and_clear_the_least_strict() -> None:
    assert sorted(STRICTNESS, key=STRICTNESS.__getitem__) == [Tlp(text) for text in oracle.TLPS]
    assert strictest([Tlp.GREEN, Tlp.RED, Tlp.AMBER]) is Tlp.RED
    assert strictest([]) is Tlp.CLEAR


def test_a_disclosure_reaches_an_agency_only_through_a_seat_at_a_meeting_of_the_item() -> None:
    disclosed = DisclosureFacts(MARKING, to_agency_id=OTHER_AGENCY)
    row = ItemFacts(
        Tlp.AMBER, ItemState.SHARED, ORIGINATOR, AUTHOR, MARKING, frozenset({HERE}), disclosures=(disclosed,)
    )
    away = Viewer(READER, seats=(Seat(HERE), Seat(ELSEWHERE, OTHER, THIRD_DELEGATION, OTHER_AGENCY)))
    assert not verdict(away, row, NOW).body
    assert verdict(Viewer(READER, seats=(Seat(HERE, agency_id=OTHER_AGENCY),)), row, NOW).body
