"""What identifies on leads, what parties say of them, and ask of those who gave them."""

from confmgr.cases import matching, naming
from confmgr.cases import services as cases
from confmgr.cases.identifiers import Named
from confmgr.delegations.models import Delegation
from confmgr.interchange.loading.book import Book, entry, one
from confmgr.interchange.schema import DataFile
from confmgr.interchange.schema.talk import CommentEntry, NamedEntry, QuestionEntry
from confmgr.sharing import services as sharing
from confmgr.sharing.models import Item
from confmgr.sharing.services import NOBODY, Answer, Target, Wanted


def load(book: Book, data: DataFile) -> None:
    """Every value, comment and question of the file.

    Raises:
        WrongData: With the entry that a rule refused.
    """
    for named in data.named:
        with entry(f"what identifies on {named.lead}"):
            _named(book, named)
    for comment in data.comment:
        with entry(f"comment of {comment.from_} on {comment.lead}"):
            _comment(book, comment)
    for question in data.question:
        with entry(f"question of {question.from_} on {question.lead}"):
            _question(book, question)


def _named(book: Book, row: NamedEntry) -> None:
    item = one(book.leads, row.lead, "lead").item
    values = [Named(value.kind, value.value) for value in row.values]
    naming.name_values(book.session, item, values, actor=item.author, now=item.created_at)
    if row.matching:
        found = naming.identifiers_of(book.session, item)
        matching.put_to_matching(book.session, item, found, actor=item.author, now=item.created_at)


def _comment(book: Book, row: CommentEntry) -> None:
    item = one(book.leads, row.lead, "lead").item
    cases.comment(
        book.session,
        item,
        actor=book.author(row.from_),
        now=row.at,
        party=one(book.parties, row.from_, "party"),
        text=row.text,
        only_for=_sits(book, item, item.originator.code) if row.only_for_giver else None,
    )


def _question(book: Book, row: QuestionEntry) -> None:
    item = one(book.leads, row.lead, "lead").item
    to = NOBODY if row.to is None else Target(_sits(book, item, row.to))
    made = sharing.ask(
        book.session,
        item,
        Wanted(row.kind, row.reason, to),
        actor=book.author(row.from_),
        now=row.at,
        delegation=_sits(book, item, row.from_),
    )
    if row.answer is not None:
        sharing.answer(
            book.session,
            made,
            Answer(row.answer.decision, row.answer.text),
            actor=book.author(item.originator.code),
            now=row.answer.at,
            seen_version=made.version,
        )


def _sits(book: Book, item: Item, code: str) -> Delegation:
    """The delegation of a party at the first meeting of an item."""
    slugs = {meeting.id: slug for slug, meeting in book.meetings.items()}
    slug = slugs[item.meetings[0].meeting_id]
    return one({of: row for (at, of), row in book.delegations.items() if at == slug}, code, "delegation")
