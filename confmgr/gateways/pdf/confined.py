"""What the rendering process gives up before its first document: the network, other programs, most of the machine."""

import ctypes
import os
import resource
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

OPEN_FILES = 64
LARGEST_FILE = 64 * 2**20
"""Bytes. WeasyPrint writes each font of a document into its temporary folder; the largest has ten million."""
NICER = 5
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
NO_NEW_PRIVILEGES = 38
REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.", "ftplib.")
"""Beginnings of the names of audit events: what a renderer never does by itself."""
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def confine(megabytes: int) -> bool:
    """Give up what no document needs. Whether the process has a network of its own, in which nothing is.

    Linux gives it one where the process may ask for it (root, or user namespaces); elsewhere Python's own sockets are
    refused, which nothing in WeasyPrint goes around.
    """
    _limit(resource.RLIMIT_AS, megabytes * 2**20)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_FSIZE, LARGEST_FILE)
    os.nice(NICER)
    alone = _without_network()
    sys.addaudithook(partial(_refuse, Path(os.path.realpath(tempfile.gettempdir()))))
    return alone


def allow_processor(seconds: float) -> None:
    """End this process when it has used so many more seconds of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, most))


def _limit(kind: int, value: int) -> None:
    _, most = resource.getrlimit(kind)
    value = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(kind, (value, value))


def _without_network() -> bool:
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(libc.unshare(NEW_NETWORK) == 0 or libc.unshare(NEW_USER | NEW_NETWORK) == 0)


def _refuse(folder: Path, event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(REFUSED):
        raise PermissionError(f"a renderer does not ask for {event}")
    if event == "open" and _writes(arguments) and not _inside(folder, arguments[0]):
        raise PermissionError(f"a renderer does not write {arguments[0]!r}")


def _writes(arguments: tuple[Any, ...]) -> bool:
    return isinstance(arguments[2], int) and bool(arguments[2] & WRITES)


def _inside(folder: Path, path: object) -> bool:
    if not isinstance(path, (str, bytes)):
        return False
    real = Path(os.path.realpath(os.fsdecode(path)))
    return folder in {real, *real.parents}
