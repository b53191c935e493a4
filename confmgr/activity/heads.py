"""The last seal, written down outside the database: who can rewrite the whole chain cannot rewrite this file too."""

import json
import os
from pathlib import Path

from confmgr.activity.domain import Head
from confmgr.errors import ConfmgrError

NAME = "audit-head.json"


class HeadUnreadable(ConfmgrError):
    """The file is not what a worker writes."""


def read(folder: Path) -> Head | None:
    """The head that a worker of this machine kept, if one has.

    Raises:
        HeadUnreadable: The file is not what a worker writes.
    """
    path = folder / NAME
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Head(int(said["number"]), str(said["seal"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as broken:
        raise HeadUnreadable(f"{path} is not what a worker writes") from broken


def keep(folder: Path, head: Head) -> None:
    """Write down a head: whole, or not at all."""
    new = folder / f"{NAME}.{os.getpid()}.new"
    with new.open("w", encoding="utf-8") as out:
        json.dump({"number": head.number, "seal": head.seal}, out)
        out.flush()
        os.fsync(out.fileno())
    new.replace(folder / NAME)
