import pytest

from confmgr.values.scripts import in_other_script, likely_language

KHMER = "បើកកិច្ចប្រជុំ"
RIGHT = {
    "ko": "개회식",
    "km": KHMER,
    "th": "พิธีเปิด",
    "lo": "ພິທີເປີດ",
    "zh-Hans": "开幕式",
    "ja": "開会のあいさつ",
    "ar": "الجلسة الافتتاحية",
    "vi": "Lễ khai mạc",
    "fr": "Cérémonie d'ouverture",
}


@pytest.mark.parametrize("language", RIGHT)
def test_a_text_in_its_own_script_is_right(language: str) -> None:
    assert not in_other_script(RIGHT[language], language, original="Opening ceremony")


@pytest.mark.parametrize("language", [tag for tag in RIGHT if tag not in {"vi", "fr"}])
def test_an_original_copied_into_a_language_of_another_script_is_found(language: str) -> None:
    assert in_other_script("Opening ceremony", language, original="Opening ceremony")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (RIGHT["th"], "lo"),
        (RIGHT["lo"], "th"),
        (RIGHT["th"], "km"),
        (RIGHT["ko"], "ja"),
        (RIGHT["zh-Hans"], "ko"),
        ("ひらきます", "zh-Hans"),
        (RIGHT["ar"], "fr"),
        (RIGHT["ko"], "vi"),
    ],
)
def test_a_text_of_a_neighbour_is_found(text: str, language: str) -> None:
    assert in_other_script(text, language, original="Opening ceremony")


@pytest.mark.parametrize("name", ["INTERPOL", "UNODC ROCTCP", "T1 / T2", "2026"])
def test_a_name_in_capitals_alone_is_right_in_every_language(name: str) -> None:
    assert not in_other_script(name, "km", original=f"Meeting with {name}")


def test_one_word_may_be_taken_over_as_it_is() -> None:
    assert not in_other_script("Poipet", "km", original="Poipet")
    assert in_other_script("Poipet town", "km", original="Poipet town")


def test_an_original_without_letters_may_be_anything() -> None:
    assert not in_other_script("x", "km", original="2026")


def test_latin_names_inside_a_text_do_not_make_it_wrong() -> None:
    assert not in_other_script("ជួបជាមួយ Europol នៅសេអ៊ូល", "km", original="Meeting with Europol in Seoul")


def test_chinese_characters_alone_may_be_japanese() -> None:
    assert not in_other_script("会議室", "ja", original="Meeting room")


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("황금여우", "ko"),
        ("金狐 황금여우", "ko"),
        ("ក្រុមកញ្ជ្រោងមាស", "km"),
        ("จิ้งจอกทอง", "th"),
        ("ໝາຈອກຄຳ", "lo"),
        ("金のキツネ", "ja"),
        ("金狐", "zh-Hans"),
        ("الثعلب الذهبي", "ar"),
        ("Golden Fox, 황금여우", "ko"),
        ("Cáo Vàng", None),
        ("Золотая лиса", None),
        ("K-7", None),
        ("", None),
    ],
)
def test_the_letters_of_a_name_tell_its_probable_language(name: str, language: str | None) -> None:
    assert likely_language(name) == language
