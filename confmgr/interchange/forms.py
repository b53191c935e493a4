"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from confmgr.web.forms import Form


class UploadForm(Form):
    """A workbook to look at before anything is written."""

    file = FileField(_l("Workbook (XLSX or CSV)"), [FileRequired(_l("Choose a file."))])


class ApplyForm(Form):
    """Apply a workbook that was looked at."""
