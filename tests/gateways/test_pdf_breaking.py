import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from confmgr.gateways.pdf.breaking import INVISIBLE, broken

TEXTS = ("ការប្រជុំប្រតិបត្តិការរួម" * 8, "សួស្តី" * 40, "ប្រទេស" * 5)


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_documents_that_are_made_at_the_same_time_lose_no_letter_of_one_another() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(broken, TEXTS * 1500))
    assert {text.translate(INVISIBLE) for text in made} == set(TEXTS)
