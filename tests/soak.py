"""Whether this is `bin/soak`: what a check does a few times, it does often, and with everybody."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
SOAK = os.environ.get("CONFMGR_SOAK") == "1"


def some(these: Sequence[T], rest: Sequence[T]) -> list[T]:
    """`these` in a check, and the `rest` as well in the long form: for `parametrize`."""
    return [*these, *rest] if SOAK else [*these]
