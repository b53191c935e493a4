"""The languages that confmgr speaks, as BCP 47 tags."""

LANGUAGES = ("en", "ko", "km", "th", "lo", "vi", "zh-Hans", "ja", "ar", "fr", "es", "id")
"""Every language a programme, mail or report can be asked for."""

WHOLE_LANGUAGES = ("en", "ko")
"""Languages of every page; the others have what delegates and leadership meet, and organisers' pages are in English."""

RIGHT_TO_LEFT = frozenset({"ar"})

OWN_NAMES = {
    "en": "English",
    "ko": "한국어",
    "km": "ខ្មែរ",
    "th": "ไทย",
    "lo": "ລາວ",
    "vi": "Tiếng Việt",
    "zh-Hans": "简体中文",
    "ja": "日本語",
    "ar": "العربية",
    "fr": "français",
    "es": "español",
    "id": "Bahasa Indonesia",
}
"""What each language calls itself; shown in menus, never translated."""


def direction(language: str) -> str:
    """`rtl` or `ltr`, as HTML's `dir` wants it."""
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def babel_locale(language: str) -> str:
    """Babel's underscore form of a BCP 47 tag: `zh-Hans` becomes `zh_Hans`."""
    return language.replace("-", "_")


def pair(first: str, second: str) -> str:
    """An interpreter's language pair, codes in alphabetical order: `km-ko`."""
    return "-".join(sorted((first, second)))


def two(known_pair: str) -> tuple[str, str]:
    """The languages of a pair: `ko-zh-Hans` is Korean and Chinese."""
    first = next(tag for tag in LANGUAGES if known_pair.startswith(f"{tag}-"))
    return first, known_pair.removeprefix(f"{first}-")
