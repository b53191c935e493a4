"""A published programme of two pages that needs no database, its words in nine scripts."""

from datetime import UTC, date, datetime, timedelta

from confmgr.meetings.models import Meeting
from confmgr.papers.domain import AgendaKind, ExpectedAction
from confmgr.papers.models import AgendaItem
from confmgr.reports.domain import ProgrammeDay, ProgrammeEntry
from confmgr.reports.queries import Programme
from confmgr.scheduling.domain import SessionKind
from confmgr.values.words import Words

CREATED = datetime(2026, 2, 4, 3, tzinfo=UTC)
BALLOON = {
    "en": "The balloon effect: groups that move to evade a crackdown",
    "ko": "풍선효과: 단속을 피하여 다른 지역으로 이동하는 조직의 추적과 차단을 위한 공동 대응 방안 논의",
    "km": "ឥទ្ធិពលប៉េងប៉ោង៖ក្រុមដែលផ្លាស់ទីដើម្បីគេចពីការបង្ក្រាបនៅតាមព្រំដែននិងទីក្រុង",
    "th": "ผลกระทบแบบลูกโป่งกลุ่มที่ย้ายที่ตั้งเพื่อหลบหนีการปราบปรามตามแนวชายแดน",
    "lo": "ຜົນກະທົບແບບປຸມເປົ້າກຸ່ມທີ່ຍ້າຍບ່ອນເພື່ອຫຼົບຫຼີກການປາບປາມຕາມຊາຍແດນ",
    "ja": "風船効果：取締りを逃れて他の地域や国へ移動する組織の追跡と遮断",
    "zh-Hans": "气球效应：为逃避打击而转移到其他地区或国家的团伙的追踪与拦截",
    "ar": "أثر البالون: الجماعات التي تنتقل للتهرب من الحملات الأمنية على امتداد الحدود",
    "vi": "Hiệu ứng quả bóng: các nhóm di chuyển để né tránh truy quét dọc biên giới",
}
"""A title in nine languages; elsewhere it is in English."""
QUESTIONS = (
    "Groups move to another area or country, or regroup. How are their routes tracked and blocked, what can border "
    "control do before they flee, and who stays in charge of a group from its movement to its re-expansion?"
)
"""A paragraph that nobody has translated."""


def two_pages() -> Programme:
    """Six items of an agenda and two days of fourteen sessions."""
    first = date(2026, 2, 5)
    meeting = Meeting(
        slug="seoul-2",
        number=2,
        title=Words.of("2nd International Joint Operation Meeting"),
        venue=Words.of("Headquarters of the Korean National Police Agency, Seoul"),
        zone="Asia/Seoul",
        starts_on=first,
        ends_on=first + timedelta(days=1),
        languages=["en", "ko"],
        days=[],
    )
    agenda = tuple(
        AgendaItem(
            number=str(number),
            rank=number,
            title=Words.of(BALLOON),
            annotation=Words.of(BALLOON if number % 2 else QUESTIONS),
            kind=AgendaKind.SUBSTANCE,
            expected=ExpectedAction.DISCUSSION,
            sessions=[],
            documents=[],
        )
        for number in range(1, 7)
    )
    days = tuple(_day(first + timedelta(days=one)) for one in range(2))
    return Programme(meeting=meeting, delegation=None, published_at=CREATED, days=days, agenda=agenda)


def _day(day: date) -> ProgrammeDay:
    begin = datetime(day.year, day.month, day.day, 9)  # noqa: DTZ001  # a wall time of the venue
    return ProgrammeDay(
        day,
        tuple(
            ProgrammeEntry(
                starts=begin + timedelta(minutes=40 * number),
                ends=begin + timedelta(minutes=40 * number + 40),
                kind=SessionKind.BILATERAL if number % 3 else SessionKind.PLENARY,
                title=None if number % 3 else Words.of(BALLOON),
                description=Words.of(BALLOON) if number % 5 == 0 else None,
                place=Words.of("Main hall"),
                codes=("KH", "TH"),
                interpretation="km-ko",
                cancelled=number == 7,
                agenda=("2", "3"),
            )
            for number in range(14)
        ),
    )
