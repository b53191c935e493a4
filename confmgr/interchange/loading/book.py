"""What a running load has made so far, by the names that the data file uses."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Case, Lead
from confmgr.delegations.models import Delegate, Delegation
from confmgr.errors import Conflict, Refused
from confmgr.interchange.schema import PersonEntry, WrongData
from confmgr.meetings.models import Meeting, Place
from confmgr.outcomes.models import BorderSection, Figure, Group, GroupBase, JointAction, PersonSet, Source, TaskForce
from confmgr.parties.models import Contact, Operation, Party
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing.models import Item

Thing = TypeVar("Thing")


@dataclass(slots=True)
class Book:
    """Everything loaded so far. `people` holds the entries, `accounts` the users of those who may sign in."""

    session: Session
    operation: Operation
    organiser: User
    parties: dict[str, Party] = field(default_factory=dict)
    people: dict[str, PersonEntry] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    delegations: dict[tuple[str, str], Delegation] = field(default_factory=dict)
    delegates: dict[tuple[str, str], Delegate] = field(default_factory=dict)
    sessions: dict[str, MeetingSession] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    leads: dict[str, Lead] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    task_forces: dict[str, TaskForce] = field(default_factory=dict)
    requests: dict[str, Item] = field(default_factory=dict)
    actions: dict[str, JointAction] = field(default_factory=dict)
    persons: dict[str, PersonSet] = field(default_factory=dict)
    borders: dict[str, BorderSection] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    bases: dict[str, GroupBase] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    disagreements: dict[str, list[Figure]] = field(default_factory=dict)

    def author(self, party: str) -> User:
        """Who enters what a party gives: the first of its people who may sign in.

        Raises:
            WrongData: Nobody of the party may.
        """
        for person in self.people.values():
            if person.key.rpartition("-")[0] == party and person.key in self.accounts:
                return self.accounts[person.key]
        raise WrongData([f"party {party}: nobody of it has an account, so nobody can enter what it gives"])


def one(found: Mapping[str, Thing], key: str, kind: str) -> Thing:
    """The thing of a name.

    Raises:
        WrongData: There is none.
    """
    if key not in found:
        raise WrongData([f"there is no {kind} {key}"])
    return found[key]


def maybe(found: Mapping[str, Thing], key: str | None, kind: str) -> Thing | None:
    """The thing of a name, or None for no name.

    Raises:
        WrongData: There is none.
    """
    return None if key is None else one(found, key, kind)


@contextmanager
def entry(name: str) -> Iterator[None]:
    """Say in which entry a rule refused what the file wants.

    Raises:
        WrongData: With the entry's name.
    """
    try:
        yield
    except WrongData as wrong:
        raise WrongData([f"{name}: {fault}" for fault in wrong.faults]) from wrong
    except Refused as refused:
        facts = ", ".join(f"{key} {value}" for key, value in refused.facts.items())
        raise WrongData([f"{name}: {refused.reason.replace('_', ' ')} {facts}".strip()]) from refused
    except Conflict as conflict:
        raise WrongData([f"{name}: " + "; ".join(str(clash) for clash in conflict.clashes)]) from conflict
