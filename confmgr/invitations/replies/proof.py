"""Who may have sent a mail: the verdict of our own mail server (RFC 8601), and of nobody else."""

import re
from dataclasses import dataclass

from confmgr.invitations.replies.parts import Mail

_BIT = re.compile(r'"(?:[^"\\]|\\.)*"|[;()]|[^;()"]+|"')
_DMARC = re.compile(r"dmarc(?:\s*/\s*[0-9]+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_FROM = re.compile(r'(?:^|\s)header\s*\.\s*from\s*=\s*(?:"([^"]*)"|(\S+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Verdict:
    passed: bool
    domain: str


def proved_domain(mail: Mail, authserv_id: str | None) -> str | None:
    """The domain whose use in From our own server found right by DMARC; None if it said nothing of the kind.

    Its headers stand on top. What stands below a further `Received` came with the mail, whatever name it bears; of
    several verdicts the topmost counts, and one header with two of them counts for nothing.
    """
    if not authserv_id:
        return None
    seen = False
    for name, value in mail.raw_items():
        key = name.lower()
        if key == "received" and seen:
            return None
        if key != "authentication-results":
            continue
        found = _read(str(value))
        if found is None:
            return None
        issuer, results = found
        if issuer != authserv_id.lower():
            continue
        seen = True
        verdicts = [verdict for one in results if (verdict := _dmarc(one)) is not None]
        if verdicts:
            return verdicts[0].domain or None if len(verdicts) == 1 and verdicts[0].passed else None
    return None


def domain_of(address: str) -> str:
    """The domain of an address as DNS writes it; empty if there is none."""
    return _plain(address.rpartition("@")[2]) if "@" in address else ""


def _plain(domain: str) -> str:
    name = domain.strip().rstrip(".").lower()
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _dmarc(result: str) -> _Verdict | None:
    found = _DMARC.match(result.strip())
    if found is None:
        return None
    named = _FROM.findall(result)
    domain = named[0][0] or named[0][1] if len(named) == 1 else ""
    return _Verdict(found[1].lower() == "pass", _plain(domain.rpartition("@")[2]))


def _read(value: str) -> tuple[str, list[str]] | None:
    """The issuer and the results of one header: comments left out, quoted texts kept whole.

    None where comments and quotes do not come out even: somebody else may have written into it.
    """
    pieces, depth = [""], 0
    for bit in _BIT.findall(" ".join(value.split())):
        if bit == "(":
            depth += 1
        elif bit == ")":
            depth -= 1
        elif bit == '"' or depth < 0 or (depth and ('"' in bit or "\\" in bit)):
            return None
        elif depth:
            continue
        elif bit == ";":
            pieces.append("")
        else:
            pieces[-1] += bit
    issuer = pieces[0].split()
    return (issuer[0].strip('"').lower() if issuer else "", pieces[1:]) if depth == 0 else None
