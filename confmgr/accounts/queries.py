"""Reads of accounts."""

import uuid
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import SignIn, User


def by_email(session: Session, email: str) -> User | None:
    """The account with an address, whatever its case."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def by_uuid(session: Session, ident: uuid.UUID) -> User | None:
    """The account with an identifier."""
    return session.scalar(select(User).where(User.uuid == ident))


def without_password(session: Session, user_ids: Collection[int]) -> set[int]:
    """Which of these accounts nobody can sign in with yet."""
    if not user_ids:
        return set()
    return set(session.scalars(select(User.id).where(User.id.in_(user_ids), User.password.is_(None))))


def any_account(session: Session) -> bool:
    """Whether anybody has an account: an installation without one is empty."""
    return bool(session.scalar(select(func.count()).select_from(User)))


def user_of_sign_in(session: Session, token: str) -> User | None:
    """The active account behind a sign-in that was not revoked, in one statement."""
    return session.scalar(
        select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token == token, SignIn.revoked_at.is_(None), User.active.is_(True))
    )
