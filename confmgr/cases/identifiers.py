"""Values that identify: how each kind is written so that two people's spellings of one thing are one. Plain Python."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

import idna

from confmgr.cases.domain import IdentifierKind as Kind

LONGEST = 300
"""Characters of a value as it was written, and as it is compared."""
_NOT_DIALLED = re.compile(r"\(0\)|[^0-9]")
_NOT_ALNUM = re.compile(r"[^0-9A-Za-z]")
_SHORTEST_PHONE, _LONGEST_PHONE = 5, 15
_LONGEST_DOMAIN = 253
_HEX_WALLET = re.compile(r"0[xX][0-9a-fA-F]{40}")
_BECH32 = re.compile(r"(bc1|tb1|ltc1|addr1|cosmos1)[0-9a-z]{6,}", re.IGNORECASE)
_WALLET = re.compile(r"[0-9A-Za-z]{10,128}")


@dataclass(frozen=True, slots=True)
class Named:
    """One value on a case or lead, as somebody wrote it."""

    kind: Kind
    value: str

    @property
    def normal(self) -> str:
        """As it is compared; empty if it is none of its kind."""
        return normal(self.kind, self.value)


def without_country(kind: Kind, compared: str) -> bool:
    """Whether a value as it is compared is a telephone number of which nobody can tell the country."""
    return kind is Kind.PHONE and not compared.startswith("+")


def normal(kind: Kind, value: str) -> str:
    """A value as it is compared with others of its kind; empty if it cannot be one.

    Digits of every script become 0–9, full-width letters plain ones. Nothing is guessed: a telephone number without its
    country's prefix is not the same as one with it.
    """
    plain = " ".join(_plain_digits(unicodedata.normalize("NFKC", value)).split())
    found = _RULES.get(kind, _folded)(plain)
    return found if len(found) <= LONGEST else ""


def _plain_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


def _folded(text: str) -> str:
    """For names, places and whatever has no spelling of its own: without regard to case."""
    return unicodedata.normalize("NFC", text.casefold())


def _phone(text: str) -> str:
    """Digits after the international prefix, written with `+` (ITU-T E.164); a national number stays bare digits."""
    international = text.lstrip("( ").startswith(("+", "00"))
    digits = _NOT_DIALLED.sub("", text)
    if international:
        digits = digits.removeprefix("00")
    if not _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE or re.search(r"[^\W\d_]{4,}", text):
        return ""
    return f"+{digits}" if international else digits


def _bare(text: str) -> str:
    """Accounts, documents, vehicles and devices: letters and figures alone, capitals."""
    bare = re.sub(r"[\s./\-·:]", "", text)
    return _NOT_ALNUM.sub("", bare).upper() if bare.isascii() else _folded(bare)


def _wallet(text: str) -> str:
    """Hexadecimal and bech32 addresses know no case; all others do."""
    bare = text.replace(" ", "")
    if _HEX_WALLET.fullmatch(bare) or _BECH32.fullmatch(bare):
        return bare.lower()
    return bare if _WALLET.fullmatch(bare) else ""


def _domain(text: str) -> str:
    """A host's name in the letters that the network uses (IDNA), without case and without its last point."""
    host = re.split(r"[/?#]", text.rpartition("://")[2], maxsplit=1)[0]
    host = host.rpartition("@")[2].partition(":")[0].strip(" .")
    return _host(host.replace("[.]", ".").replace("(.)", "."))


def _host(host: str) -> str:
    if "." not in host or len(host) > _LONGEST_DOMAIN or " " in host:
        return ""
    try:
        return idna.encode(host, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        return host.lower() if re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+", host) else ""


def _url(text: str) -> str:
    """Scheme and host without case, no user, usual port or fragment; the path as it is. `hxxp` and `[.]` are undone."""
    bare = re.sub(r"^hxxp", "http", text.replace("[.]", ".").replace("(.)", ".").replace(" ", ""), flags=re.IGNORECASE)
    bare = bare if "://" in bare else f"http://{bare}"
    try:
        parts = urlsplit(bare)
        port = parts.port
    except ValueError:
        return ""
    host = _host(parts.hostname or "")
    if not host or parts.scheme.lower() not in {"http", "https"}:
        return ""
    place = host if port in {None, 80, 443} else f"{host}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{place}{parts.path.rstrip('/')}{query}"


def _email(text: str) -> str:
    bare = text.replace("[.]", ".").replace("[at]", "@").replace(" ", "").removeprefix("mailto:")
    name, at, host = bare.rpartition("@")
    found = _host(host)
    return f"{_folded(name)}@{found}" if at and name and found else ""


def _handle(text: str) -> str:
    """A name in a messenger, without the sign or address before it."""
    bare = re.sub(r"^(https?://)?(t\.me|wa\.me|telegram\.me|line\.me/ti/p)/", "", text, flags=re.IGNORECASE)
    return _folded(bare.lstrip("@~").strip("/ "))


_RULES = {
    Kind.PHONE: _phone,
    Kind.BANK_ACCOUNT: _bare,
    Kind.WALLET: _wallet,
    Kind.URL: _url,
    Kind.DOMAIN: _domain,
    Kind.EMAIL: _email,
    Kind.HANDLE: _handle,
    Kind.PASSPORT: _bare,
    Kind.VEHICLE: _bare,
    Kind.DEVICE: _bare,
}
