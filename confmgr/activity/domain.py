"""The chain that seals the audit: each entry with the seal before it. Plain Python."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

GENESIS = hashlib.sha256(b"confmgr audit 1").hexdigest()
"""The seal before the first entry; its text names the form of the entries that are hashed."""
LATE = timedelta(minutes=1)
"""How long an entry may wait for its seal before it is said that nobody seals."""


READING = frozenset({"read"})
"""Actions by which somebody sees what is here."""
TAKING = frozenset({"export", "print", "send", "open"})
"""Actions by which a copy leaves, as a file or by mail; `open` is what taking the file of an issued report was once."""


class Fault(StrEnum):
    """What is wrong where the chain breaks first."""

    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    INSERTED = "inserted"
    ENDS_EARLY = "ends_early"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain breaks: the number of the seal, and the entry that stands there, if any."""

    fault: Fault
    number: int
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal: its number and itself. Before anything is sealed, number 0 and the genesis."""

    number: int = 0
    seal: str = GENESIS


@dataclass(frozen=True, slots=True)
class Report:
    """What a look over the chain found. `unsealed`: entries that wait, the oldest since `waiting_since`."""

    checked: int
    head: Head
    unsealed: int
    waiting_since: datetime | None
    broken: Break | None = None

    def late(self, now: datetime) -> bool:
        """Whether entries wait longer than a worker that runs lets them."""
        return self.waiting_since is not None and now - self.waiting_since > LATE


def canonical(entry: Mapping[str, Any], number: int) -> bytes:
    """An entry as one line of JSON that is always the same; `number` is its place in the chain."""
    at: datetime = entry["at"]
    plain = {
        **{name: entry[name] for name in PLAIN},
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "object_uuid": None if entry["object_uuid"] is None else str(entry["object_uuid"]),
        "sealed_as": number,
    }
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


PLAIN = (
    "id",
    "actor_id",
    "acting_for_id",
    "action",
    "allowed",
    "meeting_id",
    "object_type",
    "object_ids",
    "rule",
    "facts",
)
"""Columns that go into the chain as they are."""


def seal_of(before: str, entry: Mapping[str, Any], number: int) -> str:
    """The seal of an entry that follows another's."""
    return hashlib.sha256(before.encode("ascii") + b"\n" + canonical(entry, number)).hexdigest()
