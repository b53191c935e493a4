"""Contacts of agencies and alliances of an operation. Writes; the caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.parties import services as parties
from confmgr.parties.domain import ContactChannel
from confmgr.parties.models import Agency, Alliance, AllianceMember, Contact, Operation, Party
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class Post:
    """What is said of a contact: the post of an agency, who holds it, and how it is reached."""

    agency: Agency
    subject: Words
    holder: str | None = None
    deputy: str | None = None
    reachable: Words | None = None
    channels: Mapping[ContactChannel, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Membership:
    """From when to when a party belongs to an alliance."""

    party: Party
    joined_on: date
    left_on: date | None = None


def add_contact(session: Session, post: Post, *, actor: User, now: datetime) -> Contact:
    """A post to turn to; whoever enters it says that it is right.

    Raises:
        Refused: There is no way to reach it.
    """
    contact = Contact(confirmed_at=now, confirmed_by_id=actor.id)
    _write(contact, post)
    session.add(contact)
    session.flush()
    _audit(session, actor, now, "create", contact)
    return contact


def change_contact(
    session: Session, contact: Contact, post: Post, *, actor: User, now: datetime, seen_version: int
) -> None:
    """Edit a contact; whoever does says that all of it is right.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: There is no way to reach it.
    """
    _check_version(contact, seen_version)
    _write(contact, post)
    contact.confirmed_at, contact.confirmed_by_id = now, actor.id
    session.flush()
    _audit(session, actor, now, "change", contact)


def confirm_contact(session: Session, contact: Contact, *, actor: User, now: datetime, seen_version: int) -> None:
    """The contact is still right, as it stood before the eyes of who says so.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
    """
    _check_version(contact, seen_version)
    contact.confirmed_at, contact.confirmed_by_id = now, actor.id
    session.flush()
    _audit(session, actor, now, "confirm", contact)


def end_contact(session: Session, contact: Contact, *, actor: User, now: datetime) -> None:
    """Nobody is to turn to this post any more; requests that name it keep it."""
    if contact.ended_at is None:
        contact.ended_at = now
        session.flush()
        _audit(session, actor, now, "end", contact)


def resume_contact(session: Session, contact: Contact, *, actor: User, now: datetime) -> None:
    """An ended contact is one again."""
    if contact.ended_at is not None:
        contact.ended_at = None
        session.flush()
        _audit(session, actor, now, "resume", contact)


def found_alliance(
    session: Session,
    operation: Operation,
    *,
    actor: User,
    now: datetime,
    name: Words,
    founded_on: date,
    members: Sequence[Membership],
) -> Alliance:
    """A standing framework.

    Raises:
        Refused: A member joins before it was founded, or leaves before it joined.
    """
    _check_members(founded_on, members)
    alliance = parties.found_alliance(session, operation=operation, name=name, founded_on=founded_on, members=[])
    _put_members(alliance, members)
    session.flush()
    record(session, actor=actor, now=now, action="create", object_type="alliance", object_uuid=alliance.uuid)
    return alliance


def change_alliance(
    session: Session,
    alliance: Alliance,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    name: Words,
    founded_on: date,
    members: Sequence[Membership],
) -> None:
    """Edit an alliance, and who belongs to it since when.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: A member joins before it was founded, or leaves before it joined.
    """
    if alliance.version != seen_version:
        raise StaleVersion("alliance", alliance.uuid)
    _check_members(founded_on, members)
    alliance.name, alliance.founded_on = name, founded_on
    flag_modified(alliance, "founded_on")  # who edits the members alone is met by the next one too
    _put_members(alliance, members)
    session.flush()
    record(session, actor=actor, now=now, action="change", object_type="alliance", object_uuid=alliance.uuid)


def _check_members(founded_on: date, members: Sequence[Membership]) -> None:
    for number, one in enumerate(members):
        if one.joined_on < founded_on:
            raise Refused("joins_before_founding", field=f"members-{number}", code=one.party.code)
        if one.left_on is not None and one.left_on < one.joined_on:
            raise Refused("leaves_before_joining", field=f"members-{number}", code=one.party.code)


def _put_members(alliance: Alliance, members: Sequence[Membership]) -> None:
    wanted = {one.party.id: one for one in members}
    alliance.members = [row for row in alliance.members if row.party_id in wanted]
    for row in alliance.members:
        one = wanted.pop(row.party_id)
        row.joined_on, row.left_on = one.joined_on, one.left_on
    alliance.members += [
        AllianceMember(party_id=one.party.id, party=one.party, joined_on=one.joined_on, left_on=one.left_on)
        for one in wanted.values()
    ]


def _write(contact: Contact, post: Post) -> None:
    channels = {channel.value: text for channel, text in post.channels.items() if text}
    if not channels:
        raise Refused("no_channel", field=ContactChannel.TELEPHONE.value)
    contact.agency_id, contact.agency = post.agency.id, post.agency
    contact.subject, contact.reachable = post.subject, post.reachable
    contact.holder, contact.deputy = post.holder or None, post.deputy or None
    contact.channels = channels


def _check_version(contact: Contact, seen_version: int) -> None:
    if contact.version != seen_version:
        raise StaleVersion("contact", contact.uuid)


def _audit(session: Session, actor: User, now: datetime, action: str, contact: Contact) -> None:
    record(session, actor=actor, now=now, action=action, object_type="contact", object_uuid=contact.uuid)
