"""What WeasyPrint leaves out of the tags that screen readers go by."""

from typing import Any

import pydyf


def complete(_document: object, pdf: Any) -> None:
    """Say of each heading cell what it heads, and of drawings without words that they are decoration."""
    elements = {
        one.reference: one
        for one in pdf.objects
        if isinstance(one, pydyf.Dictionary) and one.get("Type") == "/StructElem"
    }
    for element in elements.values():
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column" if _in_head(element, elements) else "/Row"
        elif element["S"] == "/Figure" and "Alt" not in element:
            element["S"] = "/NonStruct"
            del element["A"]


def _in_head(element: Any, elements: dict[Any, Any]) -> bool:
    above = elements.get(element["P"])
    while above is not None and above["S"] != "/Table":
        if above["S"] == "/THead":
            return True
        above = elements.get(above["P"])
    return False
