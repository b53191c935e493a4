"""Any run of questions, answers and changes of marking leaves exactly the readers that a plain account of it names.

The account below is written from the text of the rule: it knows nothing of the services but who did what.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.domain import DelegationStatus
from confmgr.delegations.models import Delegation
from confmgr.errors import MarkingChanged, NotAllowed, Refused, StaleVersion
from confmgr.meetings.domain import Role
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind, ConsentState, ItemState, Tlp
from confmgr.sharing.models import ConsentRequest, Item
from confmgr.sharing.queries import viewer_of, visible_ids, waiting
from confmgr.sharing.services import NOBODY, Answer, Target, Wanted
from tests import make, make_cases
from tests.make_consents import colleague
from tests.make_scheduling import NOW, World, world

STEPS = 90
REFUSALS = (NotAllowed, Refused, StaleVersion, MarkingChanged)
LOOSER = ["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]
MARKINGS = [Tlp.RED, *[Tlp.AMBER_STRICT] * 3, *[Tlp.AMBER] * 6, *[Tlp.GREEN] * 3, Tlp.CLEAR]
REACHES = {"RED": {"person"}, "AMBER+STRICT": {"person"}, "AMBER": {"person", "delegation"}}


@dataclass
class Account:
    """What is known of one item: its marking, whether it is shared, and to whom it stands disclosed."""

    tlp: str = "AMBER"
    shared: bool = True
    published: bool = False
    named: set[tuple[str, int]] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)

    def reads(self, person: User, delegation: Delegation) -> bool:
        """Whether somebody who is not of the originator reads it."""
        if not self.shared:
            return False
        if self.tlp == "CLEAR" and self.published:
            return True
        if self.tlp in {"GREEN", "CLEAR"} and delegation.status is not DelegationStatus.OBSERVER:
            return True
        ways = REACHES.get(self.tlp, {"person", "delegation"})
        return any(
            kind in ways and ident == (person.id if kind == "person" else delegation.id) for kind, ident in self.named
        )


@dataclass
class Play:
    """One run: the people, the item, the account of it, and a clock that only goes forward."""

    session: Session
    here: World
    chance: Random
    item: Item
    own: list[User]
    others: list[tuple[User, Delegation]]
    account: Account = field(default_factory=Account)
    now: datetime = NOW

    def anybody(self) -> User:
        if self.chance.random() < 0.8:
            return self.chance.choice([*self.own, self.own[0], self.own[0]])
        return self.chance.choice([*(person for person, _of in self.others), self.here.organiser])

    def open_question(self) -> ConsentRequest | None:
        rows = self.session.scalars(select(ConsentRequest).where(ConsentRequest.state == ConsentState.OPEN)).all()
        return self.chance.choice(rows) if rows else None


def ask(play: Play) -> None:
    asker = play.chance.choice([*((one, play.here.kh) for one in play.own), *play.others])
    if not visible_ids(play.session, viewer_of(play.session, asker[0], play.now), [play.item.id], play.now):
        return  # the pages load through the rule: who does not read it cannot ask
    person, delegation = play.chance.choice(play.others)
    kind = play.chance.choice(list(ConsentKind))
    to = NOBODY
    if kind is ConsentKind.ONWARD:
        to = Target(user=person) if play.chance.random() < 0.5 else Target(delegation)
    tlp = play.chance.choice(MARKINGS) if kind is ConsentKind.DOWNGRADE else None
    wanted = Wanted(kind, "because", to, tlp=tlp)
    row = services.ask(
        play.session, play.item, wanted, actor=asker[0], now=play.now, delegation=asker[1], lasts=timedelta(hours=9)
    )
    play.account.done["asked"] += 1
    granted(play, row)


def answer(play: Play) -> None:
    row = play.open_question()
    if row is None:
        return
    given = Answer(play.chance.choice([ConsentState.GRANTED, ConsentState.GRANTED, ConsentState.REFUSED]))
    actor = play.anybody()
    services.answer(play.session, row, given, actor=actor, now=play.now, seen_version=row.version)
    assert actor in play.own
    granted(play, row)


def second(play: Play) -> None:
    row = play.open_question()
    if row is None:
        return
    actor = play.anybody()
    services.confirm(play.session, row, actor=actor, now=play.now, seen_version=row.version, agrees=True)
    assert actor in play.own
    granted(play, row)


def granted(play: Play, row: ConsentRequest) -> None:
    """Write down what a grant does, and check that as many people agreed as must."""
    if row.state is not ConsentState.GRANTED:
        return
    account, kind = play.account, row.kind
    account.done[kind.value] += 1
    two = kind in {ConsentKind.DOWNGRADE, ConsentKind.PUBLICATION} or (
        kind is ConsentKind.ONWARD and row.marking.tlp is Tlp.RED
    )
    assert not two or (row.second_id is not None and row.second_id != row.decided_by_id)
    assert {row.decided_by_id, row.second_id} <= {person.id for person in play.own} | {None}
    if kind is ConsentKind.ONWARD:
        to = ("person", row.to_user_id) if row.to_user_id else ("delegation", row.to_delegation_id)
        assert to[1] is not None
        account.named.add((to[0], to[1]))
    elif kind is ConsentKind.DOWNGRADE and row.tlp is not None:
        assert LOOSER.index(row.tlp.value) > LOOSER.index(account.tlp)
        account.tlp = row.tlp.value
    elif kind is ConsentKind.PUBLICATION:
        account.tlp, account.published = "CLEAR", True


def mark(play: Play) -> None:
    tlp, actor = play.chance.choice(MARKINGS), play.anybody()
    services.change_marking(play.session, play.item, actor=actor, now=play.now, tlp=tlp)
    assert actor in play.own
    if LOOSER.index(tlp.value) > LOOSER.index(play.account.tlp):
        return  # waits for a second person
    play.account.done["raised"] += 1
    play.account.tlp = tlp.value
    play.account.named.clear()


def confirm(play: Play) -> None:
    actor = play.anybody()
    found = waiting(play.session, play.item, actor, play.now)
    seen = "" if found is None else found.seen
    services.confirm_marking(play.session, play.item, actor=actor, now=play.now, seen=seen)
    assert found is not None
    assert actor in play.own
    assert actor.id != found.marking.made_by_id
    play.account.done["lowered"] += 1
    play.account.tlp = found.marking.tlp.value


def take_back(play: Play) -> None:
    actor = play.anybody()
    if play.item.state is ItemState.SHARED and play.chance.random() < 0.15:
        services.withdraw(play.session, play.item, actor=actor, now=play.now)
        play.account.shared = False
        play.account.named.clear()
        play.account.done["withdrawn"] += 1
    elif play.item.state is ItemState.WITHDRAWN:
        services.take_up(play.session, play.item, actor=actor, now=play.now)
        play.account.shared = True
    assert actor in play.own or play.item.state is ItemState.SHARED


def strike_off(play: Play) -> None:
    play.session.expire(play.item, ["disclosures"])
    rows = [one for one in play.item.disclosures if one.revoked_at is None and one.marking_id == play.item.marking.id]
    if not rows:
        return
    row = play.chance.choice(rows)
    kind, ident = ("person", row.to_user_id) if row.to_user_id else ("delegation", row.to_delegation_id)
    for other in rows:  # the same may have been granted twice
        if (other.to_user_id, other.to_delegation_id) == (row.to_user_id, row.to_delegation_id):
            services.revoke(play.session, other, actor=play.item.author, now=play.now)
    assert ident is not None
    play.account.named.discard((kind, ident))
    play.account.done["revoked"] += 1


def time_passes(play: Play) -> None:
    play.now += timedelta(hours=play.chance.randrange(2))
    services.expire_questions(play.session, now=play.now)


MOVES: list[Callable[[Play], None]] = [
    ask, ask, ask, ask, answer, answer, answer, answer, second, second, second,
    mark, confirm, confirm, take_back, take_back, strike_off, time_passes,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_a_run_of_questions_and_answers_leaves_the_readers_that_its_account_names(session: Session, seed: int) -> None:
    here = world(session)
    own = [here.head_kh, colleague(session, here, here.kh, "Chan Thida"), colleague(session, here, here.kh, "Keo Rith")]
    jp = make.delegation(session, here.meeting, "JP")
    vn = make.delegation(session, here.meeting, "VN", status=DelegationStatus.OBSERVER)
    others = [
        (here.head_th, here.th),
        (colleague(session, here, jp, "Sato Aoi", Role.HEAD), jp),
        (colleague(session, here, vn, "Nguyen Lan", Role.HEAD), vn),
    ]
    row = make_cases.shared_lead(session, here, make_cases.case(session, here), named_readers=[own[1]])
    play = Play(session, here, Random(seed), row.item, own, others)
    play.account.named.add(("delegation", here.th.id))
    for _step in range(STEPS):
        move = play.chance.choice(MOVES)
        try:
            with session.begin_nested():
                move(play)
        except REFUSALS:
            session.refresh(play.item)
        play.now += timedelta(minutes=1)
        for person, delegation in others:
            sees = play.item.id in visible_ids(session, viewer_of(session, person, play.now), [play.item.id], play.now)
            assert sees == play.account.reads(person, delegation), (move.__name__, person.name, play.account)
    assert sum(play.account.done.values()) >= 10, play.account.done
