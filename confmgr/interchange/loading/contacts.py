"""The part of a data file about whom to turn to."""

from confmgr.interchange.loading.book import Book, entry, one
from confmgr.interchange.schema import ContactEntry, DataFile
from confmgr.outcomes import services as outcomes
from confmgr.parties import queries as parties


def load(book: Book, data: DataFile) -> None:
    """Every contact, entered by the first person of its party who may sign in."""
    for row in data.contact:
        with entry(f"contact {row.key}"):
            _contact(book, row)


def _contact(book: Book, row: ContactEntry) -> None:
    code = row.key.partition("/")[0]
    agency = parties.get_agency(book.session, one(book.parties, code, "party"), row.agency)
    post = outcomes.Post(agency, row.subject, row.holder, row.deputy, row.reachable, row.channels)
    book.contacts[row.key] = outcomes.add_contact(book.session, post, actor=book.author(code), now=row.at)
