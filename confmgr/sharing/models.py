"""Items and everything that decides who may see them."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.orm.base import Base, Instant, Key, LongText, Public, choice
from confmgr.parties.models import Agency, Operation, Party
from confmgr.sharing.domain import (
    ConsentKind,
    ConsentState,
    GradeScheme,
    ItemKind,
    ItemState,
    NoticeKind,
    RecallCause,
    Tlp,
)

TARGETS = (
    "(CASE WHEN to_user_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN to_agency_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN to_delegation_id IS NULL THEN 0 ELSE 1 END)"
)
"""How many of person, agency and delegation a row names."""


class Item(Base):
    """What every case, lead, comment, action request, task force, joint action, group, base and move has in common.

    `reference` is unique per originator, so that numbers never count what a reader may not see.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("originator_id", "kind", "reference"),
        Index("ix_item_kind_state", "kind", "state"),
        Index("ix_item_originator_id_kind_id", "originator_id", "kind", "id"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind))
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), index=True)
    originator_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    reference: Mapped[str] = mapped_column(String(40))
    state: Mapped[ItemState] = mapped_column(choice(ItemState), default=ItemState.DRAFT)
    marking_id: Mapped[int | None] = mapped_column(
        ForeignKey("marking.id", use_alter=True, name="fk_item_marking_id_marking")
    )
    purpose: Mapped[LongText | None]
    retain_until: Mapped[date | None]
    retention_told_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant | None]
    shared_at: Mapped[Instant | None]
    published_at: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]
    purged_at: Mapped[Instant | None]
    illustrative: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    operation: Mapped[Operation] = relationship()
    originator: Mapped[Party] = relationship()
    agency: Mapped[Agency | None] = relationship()
    author: Mapped[User] = relationship()
    parent: Mapped["Item | None"] = relationship(remote_side="Item.id")
    marking: Mapped["Marking"] = relationship(foreign_keys=[marking_id], post_update=True)
    meetings: Mapped[list["ItemMeeting"]] = relationship(cascade="all, delete-orphan")
    named_readers: Mapped[list["NamedReader"]] = relationship(cascade="all, delete-orphan")
    disclosures: Mapped[list["Disclosure"]] = relationship(back_populates="item")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Marking(Base):
    """An immutable marking of an item; a change is a new row. Without an item it is a figure's own."""

    __tablename__ = "marking"
    __table_args__ = (
        CheckConstraint(
            "(grade_scheme IS NULL) = (grade_source IS NULL AND grade_information IS NULL)",
            name="graded_with_scheme",
        ),
        Index("ix_marking_tlp_item_id", "tlp", "item_id"),
    )

    id: Mapped[Key]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    tlp: Mapped[Tlp] = mapped_column(choice(Tlp))
    handling: Mapped[list[str]] = mapped_column(JSON, default=list)
    handling_text: Mapped[LongText | None]
    grade_scheme: Mapped[GradeScheme | None] = mapped_column(choice(GradeScheme))
    grade_source: Mapped[str | None] = mapped_column(String(2))
    grade_information: Mapped[str | None] = mapped_column(String(2))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[Instant]
    reason: Mapped[LongText | None]


class ItemMeeting(Base):
    """A meeting that an item is linked to: only its members can be readers."""

    __tablename__ = "item_meeting"
    __table_args__ = (
        UniqueConstraint("item_id", "meeting_id"),
        Index("ix_item_meeting_meeting_id_item_id", "meeting_id", "item_id"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))


class NamedReader(Base):
    """A person of the originator whom the author named: the only other readers of RED."""

    __tablename__ = "named_reader"
    __table_args__ = (UniqueConstraint("item_id", "user_id"),)

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)


class Disclosure(Base):
    """One marking row of an item disclosed to a person, an agency or a delegation."""

    __tablename__ = "disclosure"
    __table_args__ = (
        CheckConstraint(f"{TARGETS} = 1", name="one_target"),
        Index("ix_disclosure_to_user_id_item_id", "to_user_id", "item_id"),
        Index("ix_disclosure_to_agency_id_item_id", "to_agency_id", "item_id"),
        Index("ix_disclosure_to_delegation_id_item_id", "to_delegation_id", "item_id"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id"))
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    to_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    to_delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    granted_at: Mapped[Instant]
    until: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent_request.id"), index=True)

    item: Mapped[Item] = relationship(back_populates="disclosures")


class ConsentRequest(Base):
    """A question to the originator of an item, bound to the marking that the item had when it was asked.

    `asked_for_id` is the delegation for which it was asked. `decision` is what the first person has said, with what was
    granted of what was asked; where two persons are needed the state stays open until the second has agreed. `until` is
    when the question runs out, `granted_until` when what was granted does.
    """

    __tablename__ = "consent_request"
    __table_args__ = (
        CheckConstraint(f"{TARGETS} <= 1", name="one_target"),
        CheckConstraint("kind <> 'onward' OR (" + TARGETS + ") = 1", name="onward_to_somebody"),
        CheckConstraint("kind <> 'downgrade' OR tlp IS NOT NULL", name="downgrade_to_something"),
        CheckConstraint("second_id IS NULL OR second_id <> decided_by_id", name="two_persons"),
        Index("ix_consent_request_state_until", "state", "until"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id"))
    kind: Mapped[ConsentKind] = mapped_column(choice(ConsentKind))
    state: Mapped[ConsentState] = mapped_column(choice(ConsentState), default=ConsentState.OPEN)
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    to_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    to_delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    tlp: Mapped[Tlp | None] = mapped_column(choice(Tlp))
    retain_until: Mapped[date | None]
    reason: Mapped[LongText]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_for_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), index=True)
    asked_at: Mapped[Instant]
    until: Mapped[Instant]
    decision: Mapped[ConsentState | None] = mapped_column(choice(ConsentState, "decision"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[Instant | None]
    second_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    seconded_at: Mapped[Instant | None]
    answer: Mapped[LongText | None]
    granted_tlp: Mapped[Tlp | None] = mapped_column(choice(Tlp, "granted_tlp"))
    granted_until: Mapped[Instant | None]
    granted_retain_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    marking: Mapped[Marking] = relationship()
    to_user: Mapped[User | None] = relationship(foreign_keys=[to_user_id])
    to_agency: Mapped[Agency | None] = relationship()
    to_delegation: Mapped[Delegation | None] = relationship(foreign_keys=[to_delegation_id])
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    asked_for: Mapped[Delegation] = relationship(foreign_keys=[asked_for_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    second: Mapped[User | None] = relationship(foreign_keys=[second_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ItemVersion(Base):
    """How a body read before one change. Seen by whoever could read it then and may today; a purge overwrites it too.

    Of readers whom the originator named, those could who were named before `at` (decision 34).

    `what` names the columns that changed, `before` holds their old values as JSON, `marking_id` is the marking under
    which these stood last.
    """

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    at: Mapped[Instant]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id"))
    what: Mapped[list[str]]
    before: Mapped[dict[str, Any]]

    by: Mapped[User] = relationship()


class Recall(Base):
    """Somebody who had read or taken an item lost it: asked to use no copy any more, until that person says so."""

    __tablename__ = "recall"
    __table_args__ = (Index("ix_recall_user_id_acknowledged_at", "user_id", "acknowledged_at"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cause: Mapped[RecallCause] = mapped_column(choice(RecallCause))
    at: Mapped[Instant]
    read_at: Mapped[Instant]
    taken: Mapped[bool] = mapped_column(default=False)
    acknowledged_at: Mapped[Instant | None]

    item: Mapped[Item] = relationship()
    user: Mapped[User] = relationship()


class Notice(Base):
    """Something that waits for somebody behind the sign-in; the worker sends a mail that names nothing of it.

    Written in the transaction of what it tells of. `page` is a path of this installation, `once` the name under which
    the same person is told of the same thing a single time.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("user_id", "once"), Index("ix_notice_told_at", "told_at"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    kind: Mapped[NoticeKind] = mapped_column(choice(NoticeKind))
    page: Mapped[str] = mapped_column(String(200))
    once: Mapped[str] = mapped_column(String(100))
    at: Mapped[Instant]
    told_at: Mapped[Instant | None]

    user: Mapped[User] = relationship()
    item: Mapped[Item] = relationship()


class SearchText(Base):
    """The words of an item's body, folded and parted by blanks, for `confmgr.sharing.searching` alone: never shown."""

    __tablename__ = "search_text"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[LongText]
