"""Which of the shipped fonts a document needs, as CSS."""

import re

FAMILIES = {
    "Inter": ("inter", "Inter"),
    "Noto Sans": ("noto-sans", "NotoSans"),
    "Noto Sans KR": ("noto-sans-kr", "NotoSansKR"),
    "Noto Sans JP": ("noto-sans-jp", "NotoSansJP"),
    "Noto Sans SC": ("noto-sans-sc", "NotoSansSC"),
    "Noto Sans Khmer": ("noto-sans-khmer", "NotoSansKhmer"),
    "Noto Sans Thai": ("noto-sans-thai", "NotoSansThai"),
    "Noto Sans Lao": ("noto-sans-lao", "NotoSansLao"),
    "Vazirmatn": ("vazirmatn", "Vazirmatn"),
}
SCRIPTS = {
    "Noto Sans KR": re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    "Noto Sans JP": re.compile(r"[\u3040-\u30ff]"),
    "Noto Sans SC": re.compile(r"[\u2460-\u24ff\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"),
    "Noto Sans Khmer": re.compile(r"[\u1780-\u17ff\u19e0-\u19ff]"),
    "Noto Sans Thai": re.compile(r"[\u0e01-\u0e5b]"),
    "Noto Sans Lao": re.compile(r"[\u0e81-\u0edf]"),
    "Vazirmatn": re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
}
OWN = {
    "ko": "Noto Sans KR",
    "ja": "Noto Sans JP",
    "zh-Hans": "Noto Sans SC",
    "km": "Noto Sans Khmer",
    "th": "Noto Sans Thai",
    "lo": "Noto Sans Lao",
    "ar": "Vazirmatn",
}
"""The font of a language; Han characters look different in Korean, Japanese and Chinese, so `lang` decides."""
HAN = ("ko", "ja", "zh-Hans")
"""Languages that share Han characters: the characters alone do not tell the font."""
WHOLE = "bdi[dir=ltr]:not([lang],.flowing){white-space:nowrap}"
"""Telephone numbers and times stay on one line, because a break would turn their parts around; the words of a language
and rows of codes may break."""
WEIGHTS = (("400Regular", 400), ("700Bold", 700))


def css(html: str, language: str) -> str:
    """Font faces and stacks for the scripts that occur in a page.

    The language's own font comes first after Inter.
    """
    needed = ["Inter", "Noto Sans", *(family for family, script in SCRIPTS.items() if script.search(html))]
    if SCRIPTS["Noto Sans SC"].search(html):
        needed += [OWN[tag] for tag in HAN if f'lang="{tag}"' in html]
    needed = list(dict.fromkeys([*needed, OWN.get(language, "Inter")]))
    faces = [
        f"@font-face{{font-family:'{family}';font-weight:{weight};"
        f"src:url('asset:vendor/fonts/{FAMILIES[family][0]}/{FAMILIES[family][1]}_{name}.ttf')}}"
        for family in needed
        for name, weight in WEIGHTS
    ]
    stacks = [f"html{{font-family:{_stack(needed, OWN.get(language))}}}"]
    stacks += [
        f":lang({tag}){{font-family:{_stack(needed, family)}}}" for tag, family in OWN.items() if family in needed
    ]
    return "\n".join([*faces, *stacks, WHOLE])


def _stack(needed: list[str], own: str | None) -> str:
    order = ["Inter", "Noto Sans", *([own] if own else []), *needed]
    return ",".join(f"'{family}'" for family in dict.fromkeys(order))
