"""What figures and sources are called, and the code behind a name.

A code is unique in an operation; a name is what somebody typed. Whoever types a name must not hear that it is taken by
something hidden, so every code ends in a tail that nobody chose and that is shown nowhere. Codes of returns, and those
that are brought in with a file, are names without a tail.
"""

import re

from confmgr.values import chance

_TAIL = re.compile(r"~[0-9a-f]{4}$")
TAIL_LENGTH = 5


def with_tail(name: str) -> str:
    """A code for a name; another one each time."""
    return f"{name}~{chance.public_id().hex[:4]}"


def called(code: str) -> str:
    """The name that a code stands for."""
    return _TAIL.sub("", code)
