"""A file that translators sent back, whichever its kind."""

from confmgr.gateways import converters
from confmgr.interchange.sheets.reading import OLD_OR_LOCKED, ZIP
from confmgr.interchange.texts import po, workbook
from confmgr.interchange.texts.files import ReadFile


def read(content: bytes, name: str) -> ReadFile:
    """Its entries: of a workbook, of XLIFF where the converter is installed, else of a PO file.

    Raises:
        TooMuch: The file is larger than any meeting needs.
        NotReadable: It is none of these, or damaged.
    """
    if content.startswith((ZIP, OLD_OR_LOCKED)):
        return workbook.read(content, name)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return po.read(converters.from_xliff(content))
    return po.read(content)
