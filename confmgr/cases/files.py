"""What a file is, told by its content and never by its name; and a name under which it can be saved. Plain Python."""

import io
import re
import struct
import unicodedata
import zipfile
from dataclasses import dataclass

from confmgr.values.texts import without_controls

LARGEST = 10 * 2**20
"""Bytes of one file."""
MOST_FILES = 20
"""Files under one case or lead."""
MOST_PIXELS = 50_000_000
_MOST_ENTRIES = 5_000
_MOST_UNPACKED = 500 * 2**20
_LONGEST_NAME = 120
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_MARKUP = re.compile(rb"<\s*(!doctype|html|script|svg|\?xml|head|body|iframe|xml)", re.IGNORECASE)
_OFFICE = "application/vnd.openxmlformats-officedocument."
ENDINGS = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "text/plain": ("txt", "csv", "tsv", "log", "md", "json"),
    f"{_OFFICE}wordprocessingml.document": ("docx",),
    f"{_OFFICE}spreadsheetml.sheet": ("xlsx",),
    f"{_OFFICE}presentationml.presentation": ("pptx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
}
"""Types that are taken, and the endings that their names may have."""
_PACKED = frozenset(kind for kind in ENDINGS if kind.startswith((_OFFICE, "application/vnd.oasis.")))
"""Types that are archives: what one says that it is, is no other."""
_PARTS = {
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a file is: a media type, or the reason why it is not taken."""

    media_type: str | None
    reason: str | None = None


def judge(content: bytes) -> Judged:
    """The type of a file that is taken, or why it is not."""
    if not content:
        return Judged(None, "file_empty")
    if content.startswith(b"%PDF-"):
        return Judged("application/pdf")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _text(content)


def _picture(media_type: str, width: int, height: int) -> Judged:
    if not width or not height:
        return Judged(None, "file_damaged")
    return Judged(None, "picture_too_large") if width * height > MOST_PIXELS else Judged(media_type)


def _png(content: bytes) -> Judged:
    if content[12:16] != b"IHDR" or len(content) < 33:  # noqa: PLR2004  # signature, length, name, header, checksum
        return Judged(None, "file_damaged")
    if b"acTL" in content[:4096]:
        return Judged(None, "picture_moves")
    width, height = struct.unpack(">II", content[16:24])
    return _picture("image/png", width, height)


def _jpeg(content: bytes) -> Judged:
    """Walk from marker to marker until the one that holds the size."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:  # noqa: PLR2004
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return _picture("image/jpeg", width, height)
        at += 2 + max(length, 2)
    return Judged(None, "file_damaged")


def _office(content: bytes) -> Judged:
    """Documents of office programs, without macros; nothing of them is unpacked but the name of their type."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
                return Judged(None, "file_unpacks_too_large")
            if any(entry.flag_bits & 1 for entry in entries):
                return Judged(None, "file_locked")
            if any("vbaproject" in name.lower() or name.lower().startswith(("basic/", "scripts/")) for name in names):
                return Judged(None, "file_has_macros")
            declared = _declared(archive, names)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return Judged(None, "file_damaged")
    kind = declared or next((kind for name, kind in _PARTS.items() if name in names), None)
    return Judged(kind) if kind in _PACKED else Judged(None, "file_type")


def _declared(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    """What an OpenDocument file says of itself in its first, uncompressed entry."""
    if "mimetype" not in names:
        return None
    info = archive.getinfo("mimetype")
    if info.compress_type != zipfile.ZIP_STORED or info.file_size > 100:  # noqa: PLR2004
        return None
    return archive.read(info).decode("ascii", "replace").strip()


def _text(content: bytes) -> Judged:
    """Plain text in UTF-8; never what a browser could take for a page."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Judged(None, "file_type")
    if _MARKUP.search(content[:65_536]) or any(ord(char) < 32 and char not in "\t\n\r\f" for char in text):  # noqa: PLR2004
        return Judged(None, "file_type")
    return Judged("text/plain")


def safe_name(given: str, media_type: str) -> str:
    """A name to show and to save under: no path, nothing invisible, no device, with an ending that tells the truth."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r'[<>:"|?*]', "_", without_controls("".join(c for c in name if c.isprintable()))).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    if ending.lower() not in ENDINGS[media_type]:
        stem, ending = name, ENDINGS[media_type][0]
    stem = stem[:_LONGEST_NAME].strip(" .") or "file"
    return f"_{stem}.{ending}" if _DEVICES.fullmatch(stem) else f"{stem}.{ending}"
