"""Texts for translators as a gettext catalogue: PO out and in again.

A text is known by its key, which stands in `msgctxt` and, for programs that lose that, in a comment beside the version
of its original. A translation of an earlier original goes out as fuzzy.
"""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from email.parser import HeaderParser
from typing import Any
from uuid import UUID

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser, write_po

from confmgr.errors import NotReadable
from confmgr.interchange.domain import Entry, Piece, Standing
from confmgr.interchange.sheets.archive import MOST_ROWS, TooMuch
from confmgr.interchange.texts.files import ReadFile, wanted
from confmgr.values.languages import babel_locale

MOST_BYTES = 8 * 2**20
MEETING = "X-Meeting"
_VERSION = re.compile(r"version ([0-9]{1,9})(?:,|\Z)")
_KEY = re.compile(r"key (\S.*)\Z")
_LINE = re.compile(r"#|\s*\Z|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[[0-9]+\])?)\s+)?\"(?:[^\"\\]|\\.)*\"\s*\Z")
"""A whole line; Babel takes the first and the last letter away where a quotation mark is missing."""


class _Outgoing(Catalog):
    """A catalogue whose header says of which meeting it is."""

    meeting = ""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [(MEETING, self.meeting), *super()._get_mime_headers()]

    mime_headers = property(_get_mime_headers)


class _Incoming(Catalog):
    """A catalogue that keeps each message as it comes, twins too, and believes nothing of the header but two lines."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Message] = []
        self.header: dict[str, str] = {}

    @property
    def num_plurals(self) -> int:
        """None of our texts has plural forms, whatever a header says."""
        return 1

    def __setitem__(self, ident: Any, message: Message) -> None:
        if ident and len(self.taken) == MOST_ROWS:
            raise TooMuch("too_many_rows", most=MOST_ROWS)
        if ident:
            self.taken.append(message)
        elif isinstance(message.string, str):
            self.header = {name: str(value) for name, value in HeaderParser().parsestr(message.string).items()}


def write(
    pieces: Sequence[Piece], language: str, *, meeting: UUID, title: str, notes: Sequence[str], now: datetime
) -> bytes:
    """The texts of a meeting to be translated into a language, with what is translated already."""
    catalog = _Outgoing(
        Locale.parse(babel_locale(language)),
        project=title.replace("\n", " ") or "confmgr",
        version=f"{now:%Y-%m-%d}",
        header_comment="\n".join(f"# {note}" for note in notes),
        creation_date=now,
        revision_date=now,
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    catalog.meeting = str(meeting)
    for piece in wanted(pieces, language):
        catalog.add(
            piece.original,
            piece.text(language),
            [(piece.key, 1)],  # by this xliff2po tells apart texts whose originals are the same
            context=piece.key,
            flags=["fuzzy"] if piece.standing(language) is Standing.OUTDATED else [],
            auto_comments=[f"version {piece.words.version}, {piece.words.source}", f"key {piece.key}"],
        )
    out = io.BytesIO()
    write_po(out, catalog, width=100)
    return out.getvalue()


def read(content: bytes) -> ReadFile:
    """The entries of an uploaded catalogue.

    Raises:
        TooMuch: More bytes or entries than any meeting needs.
        NotReadable: It is no PO file, or not in UTF-8.
    """
    if len(content) > MOST_BYTES:
        raise TooMuch("translations_too_large", most=MOST_BYTES // 2**20)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("po_not_utf8") from None
    entries = 0
    for number, line in enumerate(text.split("\n"), 1):
        entries += line.startswith("msgid ")
        if entries > MOST_ROWS + 1:  # the header is one, too
            break  # the reader below says so
        if not _LINE.match(line.strip()):
            raise NotReadable("damaged_po", line=number)
    catalog = _Incoming()
    try:
        PoFileParser(catalog, ignore_obsolete=True, abort_invalid=True).parse(io.StringIO(text))
    except PoFileError as broken:
        raise NotReadable("damaged_po", line=broken.lineno + 1) from broken
    except (ValueError, LookupError, AttributeError, AssertionError) as broken:
        raise NotReadable("damaged_po", line=1) from broken
    if MEETING not in catalog.header:
        raise NotReadable("not_translations")
    return ReadFile(
        catalog.header[MEETING].strip(), catalog.header.get("Language", ""), [_entry(m) for m in catalog.taken]
    )


def _entry(message: Message) -> Entry:
    original = message.id if isinstance(message.id, str) else message.id[0]
    text = message.string if isinstance(message.string, str) else ""
    version = _said(_VERSION, message)
    return Entry(
        number=message.lineno or 0,
        key=_said(_KEY, message) or message.context or "",
        original=original,
        text=text.strip(),
        version=int(version) if version else None,
        unsure=message.fuzzy,
    )


def _said(pattern: re.Pattern[str], message: Message) -> str:
    found = (pattern.match(comment) for comment in message.auto_comments)
    return next((match[1] for match in found if match), "")
