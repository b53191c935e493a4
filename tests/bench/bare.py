"""WeasyPrint alone, in a process that reads pages from its input: what the rest of our renderer is compared with."""

import json
import sys

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from confmgr.gateways.pdf import typefaces
from confmgr.gateways.pdf.page import prepare
from confmgr.gateways.pdf.press import LENGTH
from confmgr.gateways.pdf.renderer import Assets


def main() -> None:
    """Answer each page, a length and JSON, with its PDF, a length and bytes: the same page, the same fonts."""
    while header := sys.stdin.buffer.read(LENGTH.size):
        page = json.loads(sys.stdin.buffer.read(LENGTH.unpack(header)[0]))
        fetcher, fonts = Assets(), FontConfiguration()
        css = typefaces.css(page["html"], page["language"])
        sheet = weasyprint.CSS(string=css, url_fetcher=fetcher, font_config=fonts, base_url="asset:///")
        html = weasyprint.HTML(string=page["html"], base_url="asset:///", url_fetcher=fetcher)
        prepare(html.etree_element, language=page["language"], title="x", created="2026-01-01T00:00:00+00:00")
        made = html.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
        sys.stdout.buffer.write(LENGTH.pack(len(made)) + made)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
