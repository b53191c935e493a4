"""Mail addresses as they travel. Plain Python."""

import idna


def domain_of(address: str) -> str:
    """The domain of an address, in small letters; empty without an address."""
    return address.rpartition("@")[2].lower()


def ascii_domain(domain: str) -> str:
    """A domain as mail servers know it (RFC 5891); one that cannot be such stays as it is, and no server takes it."""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain
