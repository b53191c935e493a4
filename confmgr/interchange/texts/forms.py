"""What the browser may send of translations: texts of a page, files that came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import ValidationError

from confmgr.errors import NotReadable, Refused
from confmgr.interchange import wording
from confmgr.interchange.domain import Piece, Standing, digest
from confmgr.interchange.services import Writing
from confmgr.interchange.sheets.archive import TooMuch
from confmgr.interchange.texts import incoming
from confmgr.interchange.texts.files import ReadFile
from confmgr.interchange.texts.judging import fault
from confmgr.meetings.models import Meeting
from confmgr.values.texts import one_kind_of_line
from confmgr.web.forms import Form


class TranslationsForm(Form):
    """What translators sent back, to look at before anything is written."""

    file = FileField(_l("Translated file (PO, XLSX or XLIFF)"), [FileRequired(_l("Choose a file."))])
    name = ""
    found: ReadFile
    too_large = False

    def __init__(self, meeting: Meeting, language: str) -> None:
        """The file must hold texts of this meeting, translated into this language."""
        self._meeting, self._language = meeting, language
        super().__init__()

    def validate_file(self, field: Any) -> None:
        """Read the file; `found` and `name` are set once it is read and belongs here."""
        self.name = "".join(char for char in str(field.data.filename or "") if char.isprintable()) or "translations"
        try:
            self.found = incoming.read(field.data.read(), self.name)
            self.found.check(self._meeting.uuid, self._language)
        except NotReadable as unreadable:
            self.too_large = isinstance(unreadable, TooMuch)
            raise ValidationError(wording.sentence(unreadable)) from unreadable


class ApplyTranslationsForm(Form):
    """Apply a file that was looked at; `seen` stands for what it was going to change."""

    seen = HiddenField()


@dataclass(slots=True)
class TextRow:
    """A text on the page: what stands in its field, what the sender had before the eyes, what is wrong with it."""

    piece: Piece
    text: str
    mark: str
    error: str = ""

    @property
    def untouched(self) -> bool:
        """Whether what stands in the field is what the sender was shown."""
        return self.mark.rpartition("-")[2] == digest(self.text)


class TextsForm(Form):
    """Translations of several texts into one language; the fields are named by the keys of the texts."""

    rows: list[TextRow]
    writings: list[Writing]

    def __init__(self, pieces: Sequence[Piece], shown: Sequence[Piece], language: str) -> None:
        """Of `pieces`, those that were sent, or where nothing was sent those that are `shown`."""
        super().__init__()
        self.language, self.writings = language, []
        known = {piece.key: piece for piece in pieces}
        sent = [name.removeprefix("text:") for name in request.form if name.startswith("text:")]
        self.rows = [self._sent(known[key]) for key in sent if key in known]
        self._gone = [text for key in sent if key not in known and (text := request.form[f"text:{key}"].strip())]
        if not sent:
            self.rows = [TextRow(piece, piece.text(language), piece.mark(language)) for piece in shown]

    def _sent(self, piece: Piece) -> TextRow:
        text = one_kind_of_line(request.form[f"text:{piece.key}"])
        row = TextRow(piece, text, request.form.get(f"seen:{piece.key}", ""))
        if not row.untouched:
            row.text = piece.kept(row.text)
        return row

    def validate(self, extra_validators: Any = None) -> bool:
        """Every text that was changed; `writings` is set where all are right."""
        right = bool(super().validate(extra_validators))
        confirmed = request.form.get("right")
        for row in self.rows:
            self._look_at(row, confirm=row.piece.key == confirmed)
        for text in self._gone:
            self.form_errors.append(wording.sentence(Refused("text_removed_since", text=text)))
        wrong = sum(bool(row.error) for row in self.rows)
        if wrong:
            self.form_errors.append(
                ngettext(
                    "Nothing is saved yet: %(num)s text must be mended, see below.",
                    "Nothing is saved yet: %(num)s texts must be mended, see below.",
                    wrong,
                )
            )
        return right and not wrong and not self._gone

    def _look_at(self, row: TextRow, *, confirm: bool) -> None:
        piece, present = row.piece, row.piece.mark(self.language)
        untouched = row.untouched
        if untouched and not confirm:
            row.text, row.mark = piece.text(self.language), present
            return
        if row.mark != present:
            row.mark = present
            row.error = wording.sentence(Refused("text_changed_since", text=piece.text(self.language)))
            return
        refused = fault(row.text, self.language, piece.original) if row.text else None
        if refused is not None:
            row.error = wording.sentence(refused)
        elif not untouched:
            self.writings.append(Writing(piece, row.text))
        elif piece.standing(self.language) is Standing.OUTDATED:
            self.writings.append(Writing(piece, None))
