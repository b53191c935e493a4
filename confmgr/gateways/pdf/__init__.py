"""PDFs from HTML, made in a process of its own: WeasyPrint never enters the web server, and its limits are enforced."""

from confmgr.gateways.pdf.press import Attachment, PdfFailed, Press

__all__ = ["Attachment", "PdfFailed", "Press"]
