"""What the publish page was asked for: which changes are ticked, which group and which mail are shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from confmgr.invitations.domain import ChangeKind, Difference

GROUPS: Mapping[str, tuple[ChangeKind, ...]] = {
    "cancelled": (ChangeKind.CANCELLED,),
    "moved": (ChangeKind.MOVED,),
    "new": (ChangeKind.NEW, ChangeKind.AGAIN),
    "other": (ChangeKind.CHANGED,),
}
"""The groups of the page, in the order in which they hurt."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The state of the page, which its form carries from one view to the next.

    `rows` are the changes that it listed, each with its mark; `shown_held` those it drew unticked; `ticked` those that
    come back ticked. `publish` is false where only another view is wanted.
    """

    publish: bool = False
    rows: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()
    shown_held: frozenset[str] = frozenset()
    group: str | None = None
    to: str | None = None
    translated: bool = False
    revision: int = 0

    @property
    def chosen(self) -> Mapping[str, bool]:
        """Whether each listed change is to be held back."""
        return {reference: reference not in self.ticked for reference in self.rows}

    @property
    def settled(self) -> bool:
        """Whether the numbers on the page were those of what is ticked now."""
        return {one for one, held in self.chosen.items() if held} == self.shown_held

    def changed(self, changes: Iterable[Difference]) -> list[Difference]:
        """The changes that were not on the page, or are other ones by now."""
        return [one for one in changes if self.rows.get(one.reference) != one.mark]

    def gone(self, changes: Iterable[Difference]) -> list[str]:
        """References of what was on the page and is no change any more."""
        return sorted(self.rows.keys() - {one.reference for one in changes})


def read(values: MultiDict[str, str], *, posted: bool) -> Asked:
    """The state of the page from its form, or from the address of a page that is opened."""
    deed, _colon, argument = values.get("do", "publish").partition(":")
    group = argument if deed == "show" else values.get("show")
    rows = (row.rpartition(":") for row in values.getlist("row"))
    revision = values.get("revision", "")
    return Asked(
        publish=posted and deed == "publish",
        rows={reference: mark for reference, _colon, mark in rows if reference},
        ticked=frozenset(values.getlist("take")),
        shown_held=frozenset(values.getlist("held")),
        group=group if group in GROUPS else None,
        to=values.get("to"),
        translated=(argument if deed == "in" else values.get("in")) == "mine",
        revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,  # noqa: PLR2004
    )


def grouped(changes: Sequence[Difference]) -> dict[str, list[Difference]]:
    """The changes by the groups of the page, empty ones left out."""
    found = {name: [one for one in changes if one.change in kinds] for name, kinds in GROUPS.items()}
    return {name: rows for name, rows in found.items() if rows}
