"""What is done to a parsed page before it is laid out: its head, its list of contents, its drawings and its words."""

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from confmgr.gateways.pdf import breaking
from confmgr.values.languages import direction

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = Path(__file__).resolve().parents[2] / "static" / "drawings.css"
CONTENTS = {"h2": "1", "h3": "2"}
"""Headings that a list of contents names, and their level in it."""


def prepare(root: Element, *, language: str, title: str | None, created: str) -> None:
    """Make a page ready. `created` is an ISO instant."""
    root.set("lang", language)
    root.set("dir", root.get("dir") or direction(language))
    head, body = root.find("head"), root.find("body")
    if head is not None:
        _describe(head, title, created)
    if body is None:
        return
    for nav in list(body.iter("nav")):
        if "contents" in (nav.get("class") or "").split():
            _list_headings(nav, body)
    _dress_drawings(body)
    breaking.prepare(body)


def _describe(head: Element, title: str | None, created: str) -> None:
    if title is not None:
        for old in head.findall("title"):
            head.remove(old)
        SubElement(head, "title").text = title
    for name in ("dcterms.created", "dcterms.modified"):
        SubElement(head, "meta", {"name": name, "content": created})


def _list_headings(nav: Element, body: Element) -> None:
    """Fill a list of contents with the headings of the page; the style sheet adds the page numbers."""
    entries = SubElement(nav, "ol")
    for number, heading in enumerate(body.iter(), 1):
        level = CONTENTS.get(breaking.name(heading))
        if level is None or "unlisted" in (heading.get("class") or "").split():
            continue
        heading.set("id", heading.get("id") or f"section-{number}")
        entry = SubElement(entries, "li", {"class": f"level-{level}"})
        link = SubElement(entry, "a", {"href": f"#{heading.get('id')}"})
        SubElement(link, "span").text = " ".join("".join(heading.itertext()).split())


def _dress_drawings(body: Element) -> None:
    """WeasyPrint draws an SVG with the styles inside it only, and reads out its title: classes and labels go there."""
    drawings = [element for element in body.iter() if element.tag == f"{SVG}svg"]
    if drawings:
        sheet = DRAWINGS.read_text(encoding="utf-8")
        for drawing in drawings:
            style = Element(f"{SVG}style")
            style.text = sheet
            drawing.insert(0, style)
            if (label := drawing.get("aria-label")) and drawing.find(f"{SVG}title") is None:
                title = Element(f"{SVG}title")
                title.text = label
                drawing.insert(0, title)
