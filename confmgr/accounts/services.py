"""Accounts and sign-ins. Writes; the caller commits."""

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from confmgr.accounts import queries
from confmgr.accounts.models import FailedAttempt, SignIn, User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.jobs.services import enqueue
from confmgr.orm.unique import once

SHORTEST_PASSWORD = 12
WINDOW = timedelta(minutes=15)
ACCOUNT_LIMIT = 10
CLIENT_LIMIT = 50


def create_account(
    session: Session,
    *,
    email: str,
    name: str,
    now: datetime,
    password: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    is_administrator: bool = False,
) -> User:
    """Make an account. Without a password nobody can sign in with it until one is set.

    Raises:
        Refused: The address is taken (`email_taken`), or the password is shorter than twelve characters.
    """
    address = email.strip().lower()
    user = User(
        email=address,
        name=name,
        active=True,
        is_administrator=is_administrator,
        language=language,
        zone=zone,
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
        confirmed_at=now,
    )
    if password is not None:
        set_password(user, password)

    def look() -> None:
        if queries.by_email(session, address) is not None:
            raise Refused("email_taken", field="email", email=address)

    with once(session, look):
        session.add(user)
    return user


def set_password(user: User, password: str) -> None:
    """Store the argon2 hash of a new password; every sign-in made with the old one ends.

    Raises:
        Refused: Shorter than twelve characters.
    """
    share_password([user], password)


def record_password(session: Session, user: User, *, actor: User | None, now: datetime) -> None:
    """Keep in the audit that an account has another password, and who set it; None for the command line."""
    record(session, actor=actor, now=now, action="set_password", object_type="user", object_uuid=user.uuid)


def share_password(users: Iterable[User], password: str) -> None:
    """`set_password` for accounts of a sample, whose one password everybody knows: it is hashed once, which is slow.

    Raises:
        Refused: Shorter than twelve characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Refused("password_too_short", field="password", shortest=SHORTEST_PASSWORD)
    found = PasswordHasher().hash(password)
    for user in users:
        user.password = found
        user.fs_uniquifier = secrets.token_hex(32)


def change_password(session: Session, user: User, *, present: str, wanted: str, now: datetime, client: str) -> None:
    """Set another password of somebody who knows the present one; guesses count as failed sign-ins.

    Raises:
        Refused: The present password is wrong, too many were tried, or the new one is too short.
    """
    if too_many_attempts(session, account=user.email, client=client, now=now):
        raise Refused("too_many_attempts", field="present")
    try:
        PasswordHasher().verify(user.password or "", present)
    except (VerificationError, ValueError):
        raise Refused("wrong_password", field="present") from None
    set_password(user, wanted)
    record_password(session, user, actor=user, now=now)
    session.flush()


def mail_password_address(session: Session, user: User | None, *, actor: User | None, now: datetime) -> None:
    """Have the address at which the account's password is set sent to its owner, and to nobody else.

    For nobody it is the same work, and no mail: how long it takes does not tell whether there is such an account.
    """
    ident = uuid.uuid4() if user is None else user.uuid
    enqueue(session, "mail_password_address", {"user": str(ident)}, owner=actor, now=now)
    known = None if user is None else ident
    record(session, actor=actor, now=now, action="mail_password_address", object_type="user", object_uuid=known)


def start_sign_in(session: Session, user: User, *, now: datetime, client: str) -> SignIn:
    """Remember that somebody signed in; the token goes into the browser's session."""
    row = SignIn(
        token=secrets.token_urlsafe(32), user_id=user.id, started_at=now, last_seen_at=now, client=client[:300]
    )
    session.add(row)
    session.flush()
    return row


def end_sign_in(session: Session, token: str, *, now: datetime) -> None:
    """Revoke one sign-in: copies of its cookie are worthless from now on."""
    row = session.scalar(select(SignIn).where(SignIn.token == token))
    if row is not None and row.revoked_at is None:
        row.revoked_at = now


def deactivate(session: Session, user: User, *, now: datetime) -> None:
    """Shut an account out at once."""
    user.active = False
    for row in session.scalars(select(SignIn).where(SignIn.user_id == user.id, SignIn.revoked_at.is_(None))):
        row.revoked_at = now
    session.flush()


def too_many_attempts(session: Session, *, account: str, client: str, now: datetime) -> bool:
    """Whether sign-in must wait: ten failures of one account, or fifty from one address, in fifteen minutes."""
    since = now - WINDOW
    counts = dict(
        session.execute(
            select(FailedAttempt.key, func.count())
            .where(FailedAttempt.key.in_((_key("account", account), _key("client", client))), FailedAttempt.at > since)
            .group_by(FailedAttempt.key)
        ).all()
    )
    return (
        counts.get(_key("account", account), 0) >= ACCOUNT_LIMIT
        or counts.get(_key("client", client), 0) >= CLIENT_LIMIT
    )


def count_failure(session: Session, *, account: str, client: str, now: datetime) -> None:
    """Remember a failed sign-in, and forget those of long ago."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.at < now - 4 * WINDOW))
    session.add_all(
        FailedAttempt(key=_key(kind, name), at=now) for kind, name in (("account", account), ("client", client))
    )
    session.flush()


def _key(kind: str, name: str) -> str:
    return f"{kind}:{hashlib.sha256(name.strip().lower().encode()).hexdigest()}"
