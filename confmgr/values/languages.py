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


ALIASES = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "in": "id"}
"""What other programs call languages that are known here by another tag, in small letters."""

TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
"""Chinese in characters that a text in `zh-Hans` is not written in."""


def known(tag: str) -> str | None:
    """The language known here that a browser or a file means: `zh_CN` is Chinese, `ko-KR` Korean; None for any other.

    Chinese in traditional characters is another one.
    """
    wanted = tag.strip().replace("_", "-").lower()
    if wanted.startswith(TRADITIONAL):
        return None
    own = {language.lower(): language for language in LANGUAGES}
    for name in (wanted, wanted.partition("-")[0]):
        found = ALIASES.get(name) or own.get(name)
        if found is not None:
            return found
    return None


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
