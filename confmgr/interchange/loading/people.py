"""Accounts, parties, agencies and the operation."""

from sqlalchemy.orm import Session

from confmgr.accounts import services as accounts
from confmgr.accounts.models import User
from confmgr.interchange.loading.book import Book, entry, maybe, one
from confmgr.interchange.schema import DataFile, PartyEntry, WrongData
from confmgr.parties import services as parties
from confmgr.parties.models import Agency, Party


def begin(session: Session, data: DataFile, password: str) -> Book:
    """The accounts, parties and operation of a file; everybody who may sign in gets the same password.

    Raises:
        WrongData: No account is an administrator; a name is missing or taken.
    """
    made: dict[str, User] = {}
    organiser = None
    for row in data.account:
        with entry(f"account {row.key}"):
            made[row.key] = _account(session, data, row.email, row.name, row.language, row.zone)
        if row.administrator:
            made[row.key].is_administrator = True
            organiser = organiser or made[row.key]
    if organiser is None:
        raise WrongData(["account: one of them must be an administrator, who founds the operation"])
    found = {row.code: _party(session, data, row, organiser) for row in data.party}
    with entry("operation"):
        operation = parties.found_operation(
            session,
            actor=organiser,
            now=data.operation.at,
            code=data.operation.code,
            name=data.operation.name,
            purpose=data.operation.purpose,
            lead_party=one(found, data.operation.lead, "party"),
            starts_on=data.operation.starts_on,
            phase=data.operation.phase,
        )
    book = Book(session, operation, organiser, parties=found, accounts=made)
    for party in data.party:
        for person in party.people:
            with entry(f"person {person.key}"):
                if person.key in book.people:
                    raise WrongData(["the key is there twice"])
                book.people[person.key] = person
                if person.account:
                    if person.email is None:
                        raise WrongData(["an account needs a mail address"])
                    book.accounts[person.key] = _account(
                        session, data, person.email, person.latin_name, person.language, person.zone
                    )
    accounts.share_password(book.accounts.values(), password)
    for alliance in data.alliance:
        with entry("alliance"):
            parties.found_alliance(
                session,
                operation=operation,
                name=alliance.name,
                founded_on=alliance.founded_on,
                members=[one(found, code, "party") for code in alliance.members],
                source=alliance.source,
            )
    return book


def _account(session: Session, data: DataFile, email: str, name: str, language: str, zone: str) -> User:
    return accounts.create_account(session, email=email, name=name, now=data.operation.at, language=language, zone=zone)


def _party(session: Session, data: DataFile, row: PartyEntry, organiser: User) -> Party:
    now = data.operation.at
    with entry(f"party {row.code}"):
        party = parties.add_party(
            session,
            actor=organiser,
            now=now,
            code=row.code,
            kind=row.kind,
            short_name=row.short_name,
            long_name=row.long_name,
            illustrative=row.illustrative,
        )
        parties.approve_names(session, party, actor=organiser, now=now)
        made: dict[str, Agency] = {}
        for agency in row.agencies:
            made[agency.code] = parties.add_agency(
                session,
                party=party,
                code=agency.code,
                name=agency.name,
                parent=maybe(made, agency.parent, "agency"),
            )
    return party
