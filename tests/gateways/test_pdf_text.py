"""What people copy out of a PDF is what was written, in every script."""

import pytest

from confmgr.gateways import pdf
from tests.gateways import paper

KOREAN = (
    "대한민국 경찰청은 캄보디아 경찰청과 함께 온라인 사기 조직의 근거지를 합동으로 단속하고, 피해자 보호와 범죄수익 환수를 위하여 "
    "정보를 신속하게 공유하기로 하였다. 회의는 2026년 2월 4일 서울에서 열린다."
)
SPACED = {
    "en": "The delegations agreed to share what they know about on-line fraud, and to act together (5 to 8 joint actions).",
    "vi": "Các đoàn đã thống nhất trao đổi thông tin về các mạng lưới lừa đảo trực tuyến và tiến hành các chiến dịch chung.",
    "ar": (
        "اتفقت الوفود على تبادل المعلومات بشأن شبكات الاحتيال عبر الإنترنت، وعلى تنفيذ عمليات مشتركة لحماية الضحايا "
        "واسترداد عائدات الجريمة؛ ولم تُغلق إلا القضايا التي انتهت."
    ).replace("\u064f", ""),
    "ko": KOREAN,
}
UNSPACED = {
    "km": (
        "កម្ពុជានិងសាធារណរដ្ឋកូរ៉េបានឯកភាពគ្នាក្នុងការចែករំលែកព័ត៌មានអំពីបណ្តាញឆបោកតាមអនឡាញ "
        "និងរៀបចំប្រតិបត្តិការរួមគ្នានៅខេត្តបន្ទាយមានជ័យ ដើម្បីជួយសង្គ្រោះជនរងគ្រោះ។"
    ),
    "th": "คณะผู้แทนตกลงที่จะแลกเปลี่ยนข้อมูลเกี่ยวกับเครือข่ายหลอกลวงทางออนไลน์และดำเนินการปฏิบัติการร่วมกันเพื่อช่วยเหลือผู้เสียหาย",
    "lo": "ຄະນະຜູ້ແທນໄດ້ຕົກລົງແລກປ່ຽນຂໍ້ມູນກ່ຽວກັບເຄືອຂ່າຍຫຼອກລວງທາງອອນລາຍ ແລະ ດຳເນີນການຮ່ວມກັນເພື່ອຊ່ວຍເຫຼືອຜູ້ຖືກເຄາະຮ້າຍ",
    "ja": "各国代表団は、オンライン詐欺組織に関する情報を共有し、被害者を保護するための共同作戦を実施することで合意した。",
    "zh-Hans": "各国代表团同意分享有关网络诈骗团伙的信息，并开展联合行动以解救受害者，同时追回犯罪所得。",
}


def rendered(body: str, language: str) -> bytes:
    return pdf.render(paper.page(body), language=language, title="Probe", created=paper.CREATED)


@pytest.mark.parametrize("language", SPACED)
def test_a_paragraph_is_copied_out_as_it_was_written(language: str) -> None:
    lines = paper.said(rendered(paper.paragraph(SPACED[language], language), language)).split("\n")
    assert len(lines) >= 2
    assert " ".join(line.strip() for line in lines) == SPACED[language]


@pytest.mark.parametrize("language", UNSPACED)
def test_a_paragraph_without_spaces_is_copied_out_as_it_was_written(language: str) -> None:
    said = paper.said(rendered(paper.paragraph(UNSPACED[language], language), language))
    assert said.count("\n") >= 1
    assert "".join(said.split()) == "".join(UNSPACED[language].split())


def test_a_text_that_is_not_there_in_arabic_breaks_into_lines_like_any_other() -> None:
    body = f'<p lang="ar" dir="rtl"><bdi lang="en" dir="ltr" class="fallback">{SPACED["en"]}</bdi></p>'
    assert len(paper.said(rendered(body, "ar")).split("\n")) >= 2


def test_lines_of_khmer_stay_inside_the_page() -> None:
    lines = paper.said(rendered(paper.paragraph(UNSPACED["km"], "km"), "km")).split("\n")
    assert len(lines) >= 3
    assert max(len(line) for line in lines) < 75


def test_a_korean_word_is_never_broken_between_two_lines() -> None:
    words = set(KOREAN.split())
    for line in paper.said(rendered(paper.paragraph(KOREAN, "ko"), "ko")).split("\n"):
        assert set(line.split()) <= words


@pytest.mark.parametrize("width", range(40, 60, 4))
def test_a_korean_ending_stays_with_the_bold_number_before_it(width: int) -> None:
    body = f'<p style="width: {width}mm">합동으로 단속하여 <b>서른한명에서 60명</b>을 붙잡았고 <b>15</b>명을 송환하였다.</p>'
    lines = paper.said(rendered(body, "ko")).split("\n")
    assert not [line for line in lines if line.startswith(("을", "명"))]


def test_a_khmer_name_in_a_korean_word_keeps_its_shape() -> None:
    pieces = '<p lang="ko">캄보디아(<span lang="km">កម្ពុជា</span>)와</p>', '<p lang="ko">캄보디아(កម្ពុជា)와</p>'
    apart, together = (paper.opened(rendered(piece, "ko"))[0].render().to_pil().tobytes() for piece in pieces)
    assert apart == together


def test_a_bookmark_says_the_heading_without_marks_for_line_breaks() -> None:
    heading = "របាយការណ៍លទ្ធផលនៃកិច្ចប្រជុំ"
    file = rendered(f"<h1>{heading}</h1><h2>결과 보고서 요약</h2>", "km")
    assert paper.bookmarks(file) == [(0, heading), (1, "결과 보고서 요약")]


def test_a_telephone_number_keeps_its_direction_in_arabic() -> None:
    body = '<p lang="ar" dir="rtl">رقم الهاتف <bdi dir="ltr">+82-2-3150-0112</bdi> للاتصال</p>'
    assert "+82-2-3150-0112" in paper.said(rendered(body, "ar"))


def test_characters_that_turn_text_around_are_taken_out() -> None:
    said = paper.said(rendered("<p>report\u202efdp.exe\u202c and \u2066more\u2069</p>", "en"))
    assert said == "reportfdp.exe and more"


@pytest.mark.parametrize(
    ("language", "font"), [("ja", "Noto-Sans-JP"), ("zh-Hans", "Noto-Sans-SC"), ("ko", "Noto-Sans-KR")]
)
def test_a_name_in_han_characters_has_the_shapes_of_its_own_language(language: str, font: str) -> None:
    for document in ("ko", "ja", "zh-Hans", "en", "ar"):
        assert font in paper.fonts(rendered(f'<p><bdi lang="{language}">李直骨</bdi></p>', document))


DRAWN = {"ar": "موندولكيري، قرب الحدود", "km": "ប៉ោយប៉ែត", "th": "ปอยเปตที่ชายแดน", "en": "Poipet"}


@pytest.mark.parametrize("language", DRAWN)
def test_words_in_a_drawing_are_set_as_words_and_not_letter_by_letter(language: str) -> None:
    drawing = f'<svg width="300" height="40" viewBox="0 0 300 40"><text x="10" y="20">{DRAWN[language]}</text></svg>'
    file = rendered(drawing, language)
    assert paper.said(file).strip() == DRAWN[language]
    [sheet] = list(paper.opened(file))
    plain = rendered(f"<p>{DRAWN[language]}</p>", language)
    [beside] = list(paper.opened(plain))
    assert len(list(sheet.get_objects(filter=(paper.RAW.FPDF_PAGEOBJ_TEXT,)))) == len(
        list(beside.get_objects(filter=(paper.RAW.FPDF_PAGEOBJ_TEXT,)))
    )
