"""Commands of translate-toolkit that turn PO into XLIFF and back, where somebody has installed them.

They are started as programs of their own and never imported: their licence is the GPL.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from confmgr.errors import NotReadable

TO_XLIFF = "po2xliff"
FROM_XLIFF = "xliff2po"
SECONDS = 20
LARGEST = 16 * 2**20
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")


def installed() -> bool:
    """Whether both commands are there."""
    return all(shutil.which(command) for command in (TO_XLIFF, FROM_XLIFF))


def to_xliff(po: bytes) -> bytes:
    """The same texts as XLIFF.

    Raises:
        NotReadable: The command is not installed, failed, or took too long.
    """
    return _convert(TO_XLIFF, po, ".po", ".xlf")


def from_xliff(xliff: bytes) -> bytes:
    """The same texts as PO.

    Raises:
        NotReadable: As `to_xliff`; or the file declares a document type, which could hold entities that multiply; or
            it is not in UTF-8, and could hide one.
    """
    if b"<!DOCTYPE" in xliff or b"\0" in xliff or not _is_utf8(xliff):
        raise NotReadable("damaged_xliff")
    return _convert(FROM_XLIFF, xliff, ".xlf", ".po")


def _is_utf8(xliff: bytes) -> bool:
    """Whether the file is what it says, and says nothing but UTF-8."""
    declared = _ENCODING.search(xliff.partition(b"?>")[0]) if b"<?xml" in xliff[:10] else None
    try:
        xliff.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return declared is None or declared[1].lower() in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


def _convert(command: str, content: bytes, before: str, after: str) -> bytes:
    program = shutil.which(command)
    if program is None:
        raise NotReadable("no_xliff_converter")
    with tempfile.TemporaryDirectory(prefix="confmgr-xliff-") as folder:
        source, target = Path(folder) / f"texts{before}", Path(folder) / f"converted{after}"
        source.write_bytes(content)
        try:
            done = subprocess.run(
                [program, "--progress=none", "-i", source.name, "-o", target.name],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError) as problem:
            raise NotReadable("damaged_xliff") from problem
        if done.returncode or not target.is_file() or target.stat().st_size > LARGEST:
            raise NotReadable("damaged_xliff")
        return target.read_bytes()
