"""The order of words that a language's dictionaries have: CLDR's, by ICU (docs/decisions/0015)."""

from collections.abc import Callable
from functools import cache

from icu import Collator, Locale


@cache
def key(language: str) -> Callable[[str], bytes]:
    """What to sort texts of a language by: `sorted(names, key=key("es"))` puts ñ after n and É beside E."""
    sort_key: Callable[[str], bytes] = Collator.createInstance(Locale(language.replace("-", "_"))).getSortKey
    return sort_key
