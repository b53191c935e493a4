"""PDFs from HTML, made in a process of its own: WeasyPrint never enters the web server, and its limits are enforced."""

from confmgr.gateways.pdf.press import Attachment, PdfFailed, Press, close, render

__all__ = ["Attachment", "PdfFailed", "Press", "close", "render"]
