"""What the browser may send to this room."""

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import ValidationError

from confmgr.errors import NotReadable
from confmgr.interchange.exchange import incoming
from confmgr.interchange.sheets import reading
from confmgr.interchange.sheets.archive import TooMuch
from confmgr.web import labels
from confmgr.web.forms import Form


class UploadForm(Form):
    """A workbook to look at before anything is written."""

    file = FileField(_l("Workbook (XLSX or CSV)"), [FileRequired(_l("Choose a file."))])
    name = ""
    sheets: list[reading.Sheet]
    too_large = False

    def validate_file(self, field: Any) -> None:
        """Read the file; `sheets` and `name` are set once it is read."""
        self.name = "".join(char for char in str(field.data.filename or "") if char.isprintable()) or "workbook"
        try:
            self.sheets = reading.read(field.data.read(), self.name)
        except NotReadable as unreadable:
            self.too_large = isinstance(unreadable, TooMuch)
            raise ValidationError(labels.sentence(unreadable)) from unreadable


class ExchangeForm(Form):
    """A file of cases and leads to look at before anything is written."""

    file = FileField(_l("Cases and leads (JSON)"), [FileRequired(_l("Choose a file."))])
    name = ""
    text = ""
    too_large = False

    def validate_file(self, field: Any) -> None:
        """Read the file; `text` is set once it is JSON, in the form in which it is kept."""
        self.name = "".join(char for char in str(field.data.filename or "") if char.isprintable()) or "json"
        try:
            self.text = json.dumps(incoming.parsed(field.data.read(incoming.LARGEST + 1)))
        except NotReadable as unreadable:
            self.too_large = unreadable.reason == "exchange_too_large"
            raise ValidationError(labels.sentence(unreadable)) from unreadable


class ApplyForm(Form):
    """Apply a workbook that was looked at."""
