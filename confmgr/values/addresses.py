"""Mail addresses as they travel. Plain Python."""

import idna


def ascii_domain(domain: str) -> str:
    """A domain as mail servers know it (RFC 5891); one that cannot be such stays as it is, and no server takes it."""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain
