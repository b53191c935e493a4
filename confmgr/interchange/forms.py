"""What the browser may send to this room."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import ValidationError

from confmgr.errors import NotReadable
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


class ApplyForm(Form):
    """Apply a workbook that was looked at."""
