"""The tags that other programs have for the languages known here."""

import pytest

from confmgr.values.languages import known


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("km", "km"),
        ("zh_CN", "zh-Hans"),
        ("zh-cn", "zh-Hans"),
        ("zh_Hans", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("ko-KR", "ko"),
        ("in-ID", "id"),
        ("es-419", "es"),
    ],
)
def test_a_language_is_known_by_the_tags_of_other_programs(tag: str, language: str) -> None:
    assert known(tag) == language


@pytest.mark.parametrize("tag", ["tlh", "", "*", "zh-TW", "zh_Hant", "zh-Hant-HK", "korean"])
def test_a_language_that_is_not_spoken_here_is_taken_for_none(tag: str) -> None:
    assert known(tag) is None
