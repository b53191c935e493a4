"""Whatever people do to items in whatever order, who may read them is what an account of the deeds says."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from confmgr.delegations.models import Delegation
from confmgr.errors import NotAllowed, NotFound, Refused
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.sharing import services
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item
from confmgr.sharing.queries import bodies, viewer_of, waiting
from tests import make, make_sharing
from tests.conftest import rolled_back
from tests.make_scheduling import NOW, World, world
from tests.soak import SOAK

DEEDS = settings(max_examples=200 if SOAK else 8, stateful_step_count=40 if SOAK else 25, deadline=None)
PEOPLE = ("author", "second", "colleague", "receiver", "receiver's colleague", "third", "organiser")
WHO_BY_DELEGATION = {"TH": ("receiver", "receiver's colleague"), "JP": ("third",)}
STRICT_FIRST = [Tlp.RED, Tlp.AMBER_STRICT, Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR]


class Sharing(RuleBasedStateMachine):
    """One item of Cambodia; the account of who was told of it is kept in words, beside the database."""

    engine: Engine

    def __init__(self) -> None:
        """Open a transaction that is never committed."""
        super().__init__()
        self.opened = rolled_back(self.engine)
        self.session: Session = next(self.opened)
        self.now = NOW

    @initialize(tlp=st.sampled_from(list(Tlp)))
    def write(self, tlp: Tlp) -> None:
        """Cambodia's head writes a draft and names a second person."""
        self.here: World = world(self.session)
        here = self.here
        jp = make.delegation(self.session, here.meeting, "JP")
        self.delegations: dict[str, Delegation] = {"TH": here.th, "JP": jp}
        self.people = {"author": here.head_kh, "receiver": here.head_th, "organiser": here.organiser}
        for name, of in (
            ("second", here.kh),
            ("colleague", here.kh),
            ("receiver's colleague", here.th),
            ("third", jp),
        ):
            self.people[name] = make.user(self.session, name)
            make.membership(self.session, here.meeting, self.people[name], Role.DELEGATE, of_delegation=of)
        self.item: Item = make_sharing.item(
            self.session,
            here.kh.party,
            here.head_kh,
            [here.meeting],
            tlp=tlp,
            state=ItemState.DRAFT,
            named=[self.people["second"]],
        )
        self.tlp, self.state = tlp, "draft"
        self.told: dict[str, int] = {}
        self.gone: set[str] = set()

    @rule()
    def share(self) -> None:
        """The author shares it, or shares it again."""
        if self._done(services.share_item, actor=self.people["author"]):
            self.state = "shared"

    @rule(who=st.sampled_from(["TH", "JP", "receiver", "third"]), hours=st.sampled_from([None, 1, 3]))
    def disclose(self, who: str, hours: int | None) -> None:
        """A delegation or a person is named, for a while or for good."""
        until = None if hours is None else self.now + timedelta(hours=hours)
        target = {"to_delegation": self.delegations[who]} if who in self.delegations else {"to_user": self.people[who]}
        if self._done(services.disclose, actor=self.people["author"], until=until, **target):
            ends = 10**9 if hours is None else int((self.now - NOW).total_seconds()) + hours * 3600
            self.told[who] = max(self.told.get(who, 0), ends)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        """Everything that names somebody is revoked; by an author who has left nothing is."""
        who = data.draw(st.sampled_from(sorted(self.told)))
        for row in self.session.scalars(select(Disclosure).where(Disclosure.item_id == self.item.id)):
            delegation, person = self.delegations.get(who), self.people.get(who)
            if (delegation and row.to_delegation_id == delegation.id) or (person and row.to_user_id == person.id):
                try:
                    services.revoke(self.session, row, actor=self.people["author"], now=self.now)
                except NotFound:
                    assert "author" in self.gone
                    return
        del self.told[who]

    @rule(tlp=st.sampled_from(list(Tlp)))
    def mark(self, tlp: Tlp) -> None:
        """Another marking: all that were told are told no more, but what is no draft is lowered by two."""
        waits = self.state != "draft" and STRICT_FIRST.index(tlp) > STRICT_FIRST.index(self.tlp)
        if self._done(services.change_marking, actor=self.people["author"], tlp=tlp) and not waits:
            self.tlp, self.told = tlp, {}

    @rule()
    def confirm(self) -> None:
        """The second person agrees to what waits; who was told still is."""
        found = waiting(self.session, self.item, self.people["second"], self.now)
        if found is not None and self._done(services.confirm_marking, actor=self.people["second"], seen=found.seen):
            assert "second" not in self.gone
            self.tlp = found.marking.tlp

    @rule()
    def withdraw(self) -> None:
        """The author takes it back."""
        if self._done(services.withdraw, actor=self.people["author"]):
            self.state, self.told = "withdrawn", {}

    @rule()
    def take_up(self) -> None:
        """The author shares again what was withdrawn."""
        if self._done(services.take_up, actor=self.people["author"]):
            self.state = "shared"

    @rule(name=st.sampled_from(PEOPLE))
    def leave(self, name: str) -> None:
        """Somebody leaves the meeting."""
        for row in self.session.scalars(select(Membership).where(Membership.user_id == self.people[name].id)):
            row.ends_at = row.ends_at or self.now
        self.session.flush()
        self.gone.add(name)

    @rule()
    def wait(self) -> None:
        """Two hours go by."""
        self.now += timedelta(hours=2)

    @invariant()
    def who_reads_is_who_should(self) -> None:
        """The database answers for each person what the account says."""
        if not hasattr(self, "item"):
            return
        for name, person in self.people.items():
            viewer = viewer_of(self.session, person, self.now)
            read = self.session.scalar(select(Item.id).where(Item.id == self.item.id, bodies(viewer, self.now)))
            assert (read is not None) is self._should(name), (name, self.tlp, self.state, self.told, self.gone)

    def _should(self, name: str) -> bool:
        if name in self.gone or name == "organiser":
            return False
        if name in {"author", "second"}:
            return True
        if name == "colleague":
            return self.tlp in {Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR} or (self.state == "shared" and name in self._told())
        if self.state != "shared":
            return False
        return self.tlp in {Tlp.GREEN, Tlp.CLEAR} or name in self._told()

    def _told(self) -> set[str]:
        seconds = int((self.now - NOW).total_seconds())
        names = {who for who, ends in self.told.items() if ends > seconds}
        return names | {person for who in names for person in WHO_BY_DELEGATION.get(who, ())}

    def _done(self, deed: Any, **arguments: Any) -> bool:
        """Whether it was allowed; what is refused changes nothing."""
        try:
            deed(self.session, self.item, now=self.now, **arguments)
        except (Refused, NotAllowed, NotFound):
            return False
        return True

    def teardown(self) -> None:
        """What was done is rolled back."""
        next(self.opened, None)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whatever_is_done_to_an_item_its_readers_are_those_of_the_account(
    database: str, request: pytest.FixtureRequest
) -> None:
    machine = type("OnOneDatabase", (Sharing,), {"engine": request.getfixturevalue(database)})
    run_state_machine_as_test(machine, settings=DEEDS)
