"""What led to what: leads, sessions, requests, task forces and joint actions, walked from any end. Plain Python."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words


class LinkEnd(StrEnum):
    """What stands in a chain, in the order in which it is drawn."""

    LEAD = "lead"
    SESSION = "session"
    ACTION_REQUEST = "action_request"
    TASK_FORCE = "task_force"
    JOINT_ACTION = "joint_action"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in a chain. `words` is None for a session without a title: `names` and `codes` tell its sides.

    `owners`: the parties that may say what led to it, and what it led to. `record`: what it was made of, for pages that
    say more of it; of a session its meeting.
    """

    key: str
    kind: LinkEnd
    uuid: uuid.UUID
    on: date | None
    words: Words | None
    codes: tuple[str, ...] = ()
    tlp: Tlp | None = None
    names: tuple[Words, ...] = ()
    owners: frozenset[int] = frozenset()
    record: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """A cause and its effect. `backwards`: the effect is older than the cause, so the one did not lead to the other."""

    cause: str
    effect: str
    backwards: bool
    note: Words | None = None
    source: str | None = None

    def touches(self, key: str) -> bool:
        """Whether a thing is one of its ends."""
        return key in {self.cause, self.effect}


@dataclass(frozen=True, slots=True)
class Chain:
    """Things and the steps between them."""

    nodes: Mapping[str, Node]
    steps: tuple[Step, ...]

    def around(self, *keys: str) -> "Chain":
        """Everything that led to some things and everything that they led to.

        A backward step is no cause and nothing is reached through it: it is shown where both its ends belong, and the
        things' own ones with their other end.
        """
        kept = {
            name
            for step in self.steps
            if step.backwards and any(step.touches(key) for key in keys)
            for name in (step.cause, step.effect)
        }
        for key in keys:
            kept |= self.before(key) | self.after(key)
        steps = tuple(step for step in self.steps if {step.cause, step.effect} <= kept)
        return Chain({name: node for name, node in self.nodes.items() if name in kept}, steps)

    def before(self, key: str) -> set[str]:
        """A thing and everything that led to it."""
        return self._reached(key, forwards=False)

    def after(self, key: str) -> set[str]:
        """A thing and everything that came of it."""
        return self._reached(key, forwards=True)

    def path_to(self, key: str) -> list[Node]:
        """The longest way that led to a thing, the first cause first; of equally long ones that of the oldest cause."""
        return self._way(key, frozenset())

    def _way(self, key: str, after: frozenset[str]) -> list[Node]:
        passed = after | {key}
        ways = [
            self._way(step.cause, passed)
            for step in self.steps
            if step.effect == key and not step.backwards and step.cause not in passed
        ]
        best = max(ways, key=lambda way: (len(way), -(way[0].on or date.max).toordinal()), default=[])
        return [*best, self.nodes[key]]

    def column(self, kind: LinkEnd) -> list[Node]:
        """Nodes of one kind, by date."""
        return sorted(
            (node for node in self.nodes.values() if node.kind is kind), key=lambda n: (n.on or date.max, n.key)
        )

    def joined_by(self, nodes: Iterable[Node], steps: Iterable[tuple[str, str]]) -> "Chain":
        """The chain with more things in it; a step to what is not there is left out."""
        known = {**self.nodes, **{node.key: node for node in nodes}}
        more = [
            Step(cause, effect, _backwards(known[cause], known[effect]))
            for cause, effect in steps
            if cause in known and effect in known
        ]
        return Chain(known, (*self.steps, *more))

    def _reached(self, key: str, *, forwards: bool) -> set[str]:
        found, edge = {key}, [key]
        while edge:
            here = edge.pop()
            for step in self.steps:
                near, far = (step.cause, step.effect) if forwards else (step.effect, step.cause)
                if near == here and far not in found and not step.backwards:
                    found.add(far)
                    edge.append(far)
        return found


def chain(nodes: Iterable[Node], links: Iterable[tuple[str, str, Words | None, str | None]]) -> Chain:
    """Join things by links (cause, effect, note, source); links to what is not among the nodes are dropped."""
    known = {node.key: node for node in nodes}
    steps = [
        Step(cause, effect, _backwards(known[cause], known[effect]), note, source)
        for cause, effect, note, source in links
        if cause in known and effect in known
    ]
    return Chain(known, tuple(steps))


def _backwards(cause: Node, effect: Node) -> bool:
    return cause.on is not None and effect.on is not None and effect.on < cause.on
