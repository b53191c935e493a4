"""No single fault in the rule goes unseen: each mutant of it is caught by the table that was written from its text."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random
from types import ModuleType

from confmgr.sharing import rule
from confmgr.sharing.domain import Handling, ItemState, Tlp
from confmgr.sharing.rule import DisclosureFacts, ItemFacts, Seat, Viewer
from tests.sharing import oracle
from tests.sharing.mutants import mutants
from tests.sharing.test_rule import (
    AUTHOR,
    ELSEWHERE,
    HERE,
    MARKING,
    NOW,
    ORIGINATOR,
    OTHER,
    OTHER_AGENCY,
    OTHER_DELEGATION,
    OWN_AGENCY,
    OWN_DELEGATION,
    READER,
    item,
    seats,
)
from tests.soak import SOAK

NAMES = frozenset({"SHOWN", "verdict", "_letter", "_is_originator", "_reaches", "strictest", "effective", "can_reach"})
PAIRS = 20_000 if SOAK else 2_000
Question = tuple[Viewer, ItemFacts, str | None, bool]


def table(cases: list[oracle.Case]) -> list[Question]:
    """Every combination that the rule names, in a random order, so that a wrong rule is caught early."""
    Random(1).shuffle(cases)
    return [
        (Viewer(READER, active=case.active, seats=seats(case)), item(case), oracle.body(case), oracle.envelope(case))
        for case in cases
    ]


def children(cases: list[oracle.Case]) -> Iterator[Question]:
    """Items under another, whose body must be seen as well."""
    chance = Random(2)
    for _number in range(PAIRS):
        above = chance.choice(cases)
        own = replace(chance.choice(cases), active=above.active, seat=above.seat, own=above.own, role=above.role)
        body = oracle.body(own) if oracle.body(above) else None
        viewer = Viewer(READER, active=above.active, seats=seats(above))
        yield viewer, replace(item(own), parent=item(above)), body, oracle.envelope(own)


def seated() -> list[Question]:
    """What takes two seats, two disclosures or an agency that is not told."""
    green = replace(facts(Tlp.GREEN))
    strict = replace(facts(Tlp.AMBER_STRICT), agency_id=OWN_AGENCY)
    told = DisclosureFacts(MARKING, to_delegation_id=OTHER_DELEGATION)
    to_agency = DisclosureFacts(MARKING, to_agency_id=OTHER_AGENCY)
    amber = facts(Tlp.AMBER)
    agency_told = replace(amber, disclosures=(to_agency,))
    watches, sees = Seat(HERE, OTHER, OTHER_DELEGATION), Seat(HERE, OTHER, OTHER_DELEGATION, sees_green=True)
    own = Seat(HERE, ORIGINATOR, OWN_DELEGATION, OTHER_AGENCY)
    agent = Seat(HERE, ORIGINATOR, OWN_DELEGATION, OWN_AGENCY)
    nobody = Seat(HERE, ORIGINATOR, None, OWN_AGENCY)
    chair, host = Seat(HERE, organises=True), Seat(HERE, leads_host=True)
    return [
        (Viewer(READER, seats=(watches, sees)), green, "G", False),
        (Viewer(READER, seats=(sees, watches)), green, "G", False),
        (Viewer(READER, seats=(own, agent)), strict, "O", False),
        (Viewer(READER, seats=(agent, own)), strict, "O", False),
        (Viewer(READER, seats=(own,)), facts(Tlp.AMBER_STRICT), None, False),
        (Viewer(READER, seats=(Seat(HERE, ORIGINATOR, OWN_DELEGATION),)), facts(Tlp.AMBER_STRICT), None, False),
        (Viewer(READER, seats=(nobody,)), amber, None, False),
        (Viewer(READER, seats=(watches, own)), amber, "O", False),
        (Viewer(READER, seats=(watches,)), replace(amber, disclosures=(to_agency, told)), "R", False),
        (Viewer(READER, seats=(watches,)), replace(amber, disclosures=(told, to_agency)), "R", False),
        (Viewer(READER, seats=(watches, Seat(HERE, OTHER, agency_id=OTHER_AGENCY))), agency_told, "R", False),
        (Viewer(READER, seats=(Seat(HERE, OTHER, agency_id=OTHER_AGENCY), watches)), agency_told, "R", False),
        (Viewer(READER, seats=(Seat(HERE), watches)), replace(amber, disclosures=(told,)), "R", False),
        (Viewer(READER, seats=(Seat(ELSEWHERE, organises=True), watches)), amber, None, False),
        (Viewer(READER, seats=(watches, chair)), amber, None, True),
        (Viewer(READER, seats=(watches, host)), amber, None, True),
        (
            Viewer(READER, seats=(Seat(HERE),)),
            replace(amber, disclosures=(replace(told, to_delegation_id=None),)),
            None,
            False,
        ),
        (Viewer(READER, seats=(watches,)), replace(amber, disclosures=(replace(told, until=None),)), "R", False),
    ]


def facts(tlp: Tlp, **more: object) -> ItemFacts:
    return replace(
        ItemFacts(tlp, ItemState.SHARED, ORIGINATOR, AUTHOR, MARKING, frozenset({HERE})),
        **more,  # type: ignore[arg-type]
    )


def markings_hold(module: ModuleType) -> bool:
    """What a child is marked with."""
    above = facts(Tlp.AMBER_STRICT, handling=frozenset({Handling.H1}))
    strict = [*Tlp]
    return (
        all(module.strictest(pair) is pair[at] for at, pair in _pairs(strict))
        and module.strictest([]) is Tlp.CLEAR
        and module.effective(facts(Tlp.GREEN, handling=frozenset({Handling.H2}), parent=above))
        == (Tlp.AMBER_STRICT, frozenset({Handling.H1, Handling.H2}))
        and module.effective(facts(Tlp.RED, parent=above)) == (Tlp.RED, frozenset({Handling.H1}))
        and module.effective(above) == (Tlp.AMBER_STRICT, frozenset({Handling.H1}))
        and all(reach_holds(module, *asked) for asked in product(Tlp, (True, False), (True, False)))
    )


def reach_holds(module: ModuleType, tlp: Tlp, person: bool, delegation: bool) -> bool:
    """Whom an item may be passed on to: RED to persons, AMBER+STRICT to persons and agencies, the others to anybody."""
    allowed = {Tlp.RED: person, Tlp.AMBER_STRICT: not delegation}.get(tlp, True)
    return module.can_reach(tlp, person=person, delegation=delegation) is allowed


def _pairs(strict: list[Tlp]) -> Iterator[tuple[int, tuple[Tlp, Tlp]]]:
    for one, left in enumerate(strict):
        for other, right in enumerate(strict):
            yield int(other < one), (left, right)


def holds(module: ModuleType, questions: list[Question]) -> bool:
    """Whether a module says what the rule says, everywhere; what shows a fault is asked first of the next module."""
    if not markings_hold(module):
        return False
    for at, (viewer, asked, letter, envelope) in enumerate(questions):
        said = module.verdict(viewer, asked, NOW)
        if (said.letter, said.envelope) != (letter, envelope):
            questions.insert(0, questions.pop(at))  # the next fault stands beside this one
            return False
    return True


def survives(module: ModuleType, questions: list[Question]) -> bool:
    try:
        return holds(module, questions)
    except (TypeError, AttributeError, ValueError, RecursionError):
        return False


def test_the_true_rule_holds_everywhere_and_each_mutant_of_it_somewhere_not() -> None:
    cases = oracle.cases()
    questions = [*seated(), *children(cases), *table(cases)]
    assert holds(rule, questions)
    made = mutants(Path(rule.__file__).read_text(), NAMES)
    left = [one.words for one in made if survives(one.load(rule), questions)]
    print(f"{len(made)} mutants, {len(questions)} questions")  # noqa: T201  # the proof says how much it covers
    assert left == []
    assert len(made) > 90
