"""PDFs from HTML, made in a process of its own: WeasyPrint never enters the web server, and its limits are enforced."""

from confmgr.gateways.pdf.press import SECONDS, Attachment, Part, PdfFailed, Press, bind, close, render

__all__ = ["SECONDS", "Attachment", "Part", "PdfFailed", "Press", "bind", "close", "render"]
