"""Names stand in the order that a reader of the language looks for them."""

import pytest

from confmgr.values.sorting import key


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Australia", "Österreich", "Zimbabwe"]),
        ("fr", ["Cambodge", "Égypte", "Espagne", "Viet Nam"]),
        ("es", ["Nueva Zelandia", "nzima", "ñu", "Omán"]),
        ("vi", ["Anh", "Ấn Độ", "Dubai", "Đức"]),
        ("zh-Hans", ["澳大利亚", "韩国", "柬埔寨", "中国"]),
        ("th", ["กัมพูชา", "เกาหลี", "ญี่ปุ่น", "ไทย"]),
        ("lo", ["ກຳປູເຈຍ", "ເກົາຫຼີ", "ໄທ", "ລາວ"]),
        ("km", ["កម្ពុជា", "កូរ៉េ", "ថៃ"]),
        ("ko", ["대한민국", "라오스", "캄보디아", "태국"]),
        ("ja", ["インド", "カンボジア", "タイ", "ベトナム"]),
        ("ar", ["أستراليا", "تايلند", "فييت نام", "كمبوديا"]),
        ("id", ["Amerika Serikat", "Kamboja", "Korea", "Thailand"]),
    ],
)
def test_names_are_in_the_order_of_the_language(language: str, names: list[str]) -> None:
    assert sorted(names, key=key(language)) == names
