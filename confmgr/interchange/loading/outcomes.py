"""What came of the meetings: task forces, requests, joint actions, figures, groups, chains."""

from collections.abc import Sequence
from datetime import datetime

from confmgr.delegations.models import Delegation
from confmgr.interchange.loading import contacts, figures
from confmgr.interchange.loading.book import Book, entry, maybe, one
from confmgr.interchange.schema import (
    ActionRequestEntry,
    BorderEntry,
    DataFile,
    GroupEntry,
    ItemEntry,
    JointActionEntry,
    TaskForceEntry,
)
from confmgr.meetings.models import Meeting
from confmgr.outcomes import services as outcomes
from confmgr.outcomes.models import JointAction, SituationEntry
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Item


def load(book: Book, data: DataFile) -> None:
    """Everything of the file that belongs to the operation, in the order in which entries rest on each other.

    Raises:
        WrongData: With the entry that a rule refused.
    """
    for source in data.source:
        with entry(f"source {source.code}"):
            book.sources[source.code] = outcomes.add_source(
                book.session, book.operation, code=source.code, title=source.title, published_on=source.published_on
            )
    contacts.load(book, data)
    for task_force in data.task_force:
        with entry(f"task force {task_force.key}"):
            _task_force(book, task_force)
    for request in data.action_request:
        with entry(f"action request {request.key}"):
            _action_request(book, request)
    for action in data.joint_action:
        with entry(f"joint action {action.key}"):
            _joint_action(book, action)
    for border in data.border:
        with entry(f"border {border.key}"):
            _border(book, border)
    for group in data.group:
        with entry(f"group {group.key}"):
            _group(book, data, group)
    figures.load(book, data)
    _indicators(book, data)
    for link in data.link:
        with entry(f"link {link.cause} to {link.effect}"):
            outcomes.link_chain(
                book.session,
                book.operation,
                _end(book, link.cause),
                _end(book, link.effect),
                note=link.note,
                source=maybe(book.sources, link.source, "source"),
            )


def _item(book: Book, row: ItemEntry, kind: ItemKind) -> Item:
    party, _, reference = row.key.partition("/")
    return sharing.create_item(
        book.session,
        kind=kind,
        operation=book.operation,
        originator=one(book.parties, party, "party"),
        author=book.author(party),
        reference=reference,
        tlp=row.tlp,
        now=row.at,
        meetings=[one(book.meetings, slug, "meeting") for slug in row.meetings],
        state=ItemState.SHARED,
        illustrative=row.illustrative,
    )


def _reach(book: Book, item: Item, slugs: Sequence[str], codes: Sequence[str], now: datetime) -> None:
    """Disclose an AMBER item to the delegations of some parties at its meetings."""
    if item.marking.tlp is not Tlp.AMBER:
        return
    for delegation in _delegations(book, slugs, codes):
        if delegation.party_id != item.originator_id:
            sharing.disclose(book.session, item, actor=item.author, now=now, to_delegation=delegation)


def _delegations(book: Book, slugs: Sequence[str], codes: Sequence[str]) -> list[Delegation]:
    return [book.delegations[s, c] for s in slugs for c in codes if (s, c) in book.delegations]


def _task_force(book: Book, row: TaskForceEntry) -> None:
    book.task_forces[row.key] = outcomes.form_task_force(
        book.session,
        _item(book, row, ItemKind.TASK_FORCE),
        name=row.name,
        starts_on=row.starts_on,
        agreed_on=row.agreed_on,
        agreement=row.agreement,
        duty_hours=row.duty_hours,
        parties=[one(book.parties, code, "party") for code in row.parties],
    )
    _reach(book, book.task_forces[row.key].item, row.meetings, row.parties, row.at)


def _action_request(book: Book, row: ActionRequestEntry) -> None:
    item = _item(book, row, ItemKind.ACTION_REQUEST)
    meeting: Meeting = one(book.meetings, row.meeting, "meeting")
    request = outcomes.ask_action(
        book.session,
        item,
        actor=item.author,
        now=row.at,
        kind=row.kind,
        asked=one(book.parties, row.to, "party"),
        text=row.text,
        asked_on=row.asked_on,
        meeting=meeting,
        at_session=maybe(book.sessions, row.session, "session"),
        case=maybe(book.cases, row.case, "case"),
        urgency=row.urgency,
        channel=row.channel,
        due=None if row.due is None else (row.due.local, row.due.zone),
        contact=maybe(book.contacts, row.contact, "contact"),
    )
    _reach(book, item, row.meetings, [row.to], row.at)
    for step in row.steps:
        outcomes.advance_request(
            book.session,
            request,
            actor=book.author(step.by),
            now=step.at,
            state=step.state,
            reason=step.reason,
            contact=maybe(book.contacts, step.contact, "contact"),
        )
    book.requests[row.key] = item


def _joint_action(book: Book, row: JointActionEntry) -> None:
    item = _item(book, row, ItemKind.JOINT_ACTION)
    action = outcomes.plan_action(
        book.session,
        item,
        kind=row.kind,
        title=row.title,
        place=row.place,
        planned_for=row.planned_for,
        territory=maybe(book.parties, row.territory, "party"),
        parties=[(one(book.parties, p.party, "party"), p.officers, p.about) for p in row.parties],
        cases=[one(book.cases, key, "case") for key in row.cases],
        task_force=maybe(book.task_forces, row.task_force, "task force"),
        coordinates=row.coordinates,
        source=maybe(book.sources, row.source, "source"),
        plan=row.plan,
    )
    starts = None if row.starts is None else (row.starts.local, row.starts.zone)
    if row.begun is not None and starts is not None:
        outcomes.begin(
            book.session, action, actor=item.author, now=row.begun, seen_version=action.version, starts=starts
        )
        _log(book, action, row)
    if row.on is not None:
        outcomes.carry_out(
            book.session, action, actor=item.author, now=row.at, on=row.on, starts=starts, about=row.about
        )
    if row.confirmed is not None and row.territory is not None:
        outcomes.confirm_action(
            book.session,
            action,
            actor=book.author(row.territory),
            now=row.confirmed,
            seen_version=action.version,
        )
    _reach(book, item, row.meetings, [p.party for p in row.parties], row.at)
    for persons in row.persons:
        with entry(f"persons {persons.key}"):
            found = outcomes.find_persons(book.session, action, name=persons.name, count=persons.count)
            for status in persons.statuses:
                outcomes.set_status(
                    book.session,
                    found,
                    status=status.status,
                    count=status.count,
                    decided_on=status.decided_on,
                    decided_by=status.decided_by,
                    source=maybe(book.sources, status.source, "source"),
                )
            for share in persons.shares:
                outcomes.set_share(
                    book.session,
                    found,
                    dimension=share.dimension,
                    key=share.key,
                    count=share.count,
                    verified=share.verified,
                )
            book.persons[persons.key] = found
    book.actions[row.key] = action


def _border(book: Book, row: BorderEntry) -> None:
    sides = [one(book.parties, code, "party") for code in row.sides]
    section = outcomes.add_section(
        book.session,
        book.operation,
        actor=book.organiser,
        now=row.at,
        name=row.name,
        one_side=sides[0],
        other_side=sides[1] if len(sides) > 1 else None,
        coordinates=row.coordinates,
        note=row.note,
    )
    for code in row.watched_by:
        party = one(book.parties, code, "party")
        outcomes.watch(book.session, section, party, actor=book.author(code), now=row.at, on=True)
    book.borders[row.key] = section


def _log(book: Book, action: JointAction, row: JointActionEntry) -> None:
    written: list[SituationEntry] = []
    for line in row.log:
        with entry(f"line {len(written) + 1} of the log"):
            written.append(
                outcomes.add_line(
                    book.session,
                    action,
                    actor=action.item.author,
                    now=line.at,
                    local=(line.local, line.zone),
                    text=line.text,
                    tallies=line.tallies,
                    corrects=None if line.corrects is None else written[line.corrects - 1],
                )
            )


def _group(book: Book, data: DataFile, row: GroupEntry) -> None:
    group = outcomes.describe_group(
        book.session, _item(book, row, ItemKind.GROUP), name=row.name, aliases=row.aliases, description=row.description
    )
    if row.same_as is not None:
        whole = one(book.groups, row.same_as, "group")
        outcomes.merge(book.session, group, whole, actor=group.item.author, now=row.at, reason=row.reason)
    book.groups[row.key] = group
    for base in (base for base in data.base if base.group == row.key):
        with entry(f"base {base.key}"):
            like = ItemEntry(
                key=base.key, at=row.at, meetings=row.meetings, tlp=row.tlp, illustrative=base.illustrative
            )
            book.bases[base.key] = outcomes.locate_base(
                book.session,
                _item(book, like, ItemKind.BASE),
                group=group,
                name=base.name,
                territory=maybe(book.parties, base.territory, "party"),
                coordinates=base.coordinates,
                from_on=base.from_,
                to_on=base.to,
                confidence=base.confidence,
            )
    for move in (move for move in data.move if move.group == row.key):
        with entry(f"move {move.key}"):
            like = ItemEntry(
                key=move.key, at=row.at, meetings=row.meetings, tlp=row.tlp, illustrative=move.illustrative
            )
            outcomes.notice_move(
                book.session,
                _item(book, like, ItemKind.MOVE),
                group=group,
                from_base=one(book.bases, move.from_, "base"),
                to_base=maybe(book.bases, move.to, "base"),
                noticed_on=move.noticed_on,
                driver=move.driver,
                confidence=move.confidence,
                sections=[one(book.borders, key, "border section") for key in move.sections],
            )


def _indicators(book: Book, data: DataFile) -> None:
    for row in data.indicator:
        with entry(f"indicator {row.code}"):
            indicator = outcomes.add_indicator(
                book.session,
                book.operation,
                code=row.code,
                name=row.name,
                unit=row.unit,
                definition=row.definition,
            )
            for value in row.values:
                outcomes.add_value(
                    book.session,
                    indicator,
                    at_on=value.at,
                    value=value.value,
                    source=one(book.sources, value.source, "source"),
                    month_only=value.month_only,
                )


def _end(book: Book, name: str) -> Item | MeetingSession:
    kind, _, key = name.partition(":")
    if kind == "session":
        return one(book.sessions, key, "session")
    if kind == "lead":
        return one(book.leads, key, "lead").item
    if kind == "request":
        return one(book.requests, key, "action request")
    if kind == "task_force":
        return one(book.task_forces, key, "task force").item
    return one(book.actions, key, "joint action").item
