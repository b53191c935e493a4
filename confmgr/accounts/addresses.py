"""The address at which somebody sets a password: signed, good for a week, and for one setting only.

It signs nobody in. Whoever opens it sees a form; the password that is set there makes the address worthless, as the
account's identifier changes with it.
"""

import hashlib
import uuid
from datetime import timedelta

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from confmgr.accounts.models import User
from confmgr.errors import Refused

LASTS = timedelta(days=7)


def token(user: User, secret_key: str) -> str:
    """What stands at the end of the address."""
    return str(_signer(secret_key).dumps([user.uuid.hex, _mark(user)]))


def account_named(sent: str, secret_key: str) -> tuple[uuid.UUID, str] | None:
    """Whose address it is, and the mark that the account must still have; None if it is forged.

    Raises:
        Refused: It is too old.
    """
    try:
        ident, mark = _signer(secret_key).loads(sent, max_age=int(LASTS.total_seconds()))
        return uuid.UUID(ident), str(mark)
    except SignatureExpired:
        raise Refused("password_address_gone") from None
    except (BadData, ValueError, TypeError):
        return None


def still_good(user: User, mark: str) -> bool:
    """Whether no password has been set since the address was made."""
    return user.active and mark == _mark(user)


def _mark(user: User) -> str:
    return hashlib.sha256(user.fs_uniquifier.encode()).hexdigest()[:24]


def _signer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="set-password")
