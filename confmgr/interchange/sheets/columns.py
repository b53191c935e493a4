"""The sheets and columns that an import knows, with their headings in English and Korean. Plain Python."""

from dataclasses import dataclass
from enum import StrEnum


class SheetKind(StrEnum):
    """What the rows of a sheet are, in the order in which they are applied."""

    DELEGATIONS = "delegations"
    DELEGATES = "delegates"
    CASES = "cases"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in code, its headings by language, and whether each row needs it."""

    name: str
    en: str
    ko: str
    needed: bool = False
    example: str = ""


SHEETS: dict[SheetKind, tuple[str, str]] = {
    SheetKind.DELEGATIONS: ("Delegations", "대표단"),
    SheetKind.DELEGATES: ("Delegates", "대표"),
    SheetKind.CASES: ("Cases", "사건"),
    SheetKind.REQUESTS: ("Meeting requests", "회의 요청"),
}
NOTES = ("Notes", "안내")
PARTICIPANTS = ("Participants", "참가국과 기구")
"""Sheets of the template that only explain."""

COLUMNS: dict[SheetKind, tuple[Column, ...]] = {
    SheetKind.DELEGATIONS: (
        Column("code", "Code", "코드", needed=True, example="KH"),
        Column("name", "Name", "이름", example="Cambodia"),
        Column("name_ko", "Name in Korean", "한국어 이름", example="캄보디아"),
        Column("kind", "Kind", "종류", example="state"),
        Column("status", "Takes part as", "참가 자격", example="member"),
        Column("teams", "Teams", "팀 수", example="2"),
        Column("languages", "Languages", "언어", example="km, en"),
    ),
    SheetKind.DELEGATES: (
        Column("delegation", "Delegation", "대표단", needed=True, example="KH"),
        Column("name", "Name", "이름", needed=True, example="សុខ ដារ៉ា"),
        Column("latin_name", "Latin name", "로마자 이름", example="Sok Dara"),
        Column("capacity", "Capacity", "직책", example="head_of_delegation"),
        Column("email", "Mail address", "전자우편", example="sok.dara@kh.example"),
        Column("phone", "Phone", "전화번호", example="+855 23 555-0101"),
        Column("language", "Language", "언어", example="km"),
        Column("zone", "Time zone", "시간대", example="Asia/Phnom_Penh"),
        Column("arrives", "Arrives", "도착", example="2026-02-04 18:00"),
        Column("departs", "Departs", "출발", example="2026-02-07 10:00"),
    ),
    SheetKind.CASES: (
        Column("originator", "Nominated by", "제안국", needed=True, example="KR"),
        Column("reference", "Reference", "사건 번호", needed=True, example="C-01"),
        Column("title", "Title", "제목", needed=True, example="Voice phishing ring of Bangkok"),
        Column("title_ko", "Title in Korean", "한국어 제목", example="방콕 전화금융사기 조직"),
        Column("crime_types", "Crime types", "범죄 유형", example="voice_phishing"),
        Column("concerned", "Concerns", "관련국", example="TH, CN"),
        Column("tlp", "Marking", "배포 등급", example="AMBER"),
        Column("readiness", "Ready for", "준비 상태", example="ready_for_action"),
        Column("priority", "Priority", "우선순위", example="1"),
    ),
    SheetKind.REQUESTS: (
        Column("asking", "From", "요청국", needed=True, example="KR"),
        Column("asked", "To", "상대국", needed=True, example="KH"),
        Column("minutes", "Minutes", "시간(분)", needed=True, example="40"),
        Column("cases", "Cases", "사건", example="KR/C-01"),
        Column("interpretation", "Interpretation", "통역", example="km-ko"),
        Column("priority", "Priority", "우선순위", example="1"),
    ),
}


def plain(heading: str) -> str:
    """A heading without case, spaces and marks, for comparing."""
    return "".join(char for char in heading.lower() if char.isalnum())


def only_explains(name: str) -> bool:
    """Whether a sheet is one of the template's that hold no entries."""
    return name in {*NOTES, *PARTICIPANTS}


def kind_of(name: str, headings: list[str]) -> SheetKind | None:
    """What a sheet holds: by its name, else by its headings (for CSV)."""
    for kind, names in SHEETS.items():
        if plain(name) in {plain(names[0]), plain(names[1]), plain(kind.value)}:
            return kind
    found = {plain(text) for text in headings if text}
    for kind, columns in COLUMNS.items():
        wanted = [{plain(column.en), plain(column.ko)} for column in columns if column.needed]
        if all(found & names for names in wanted) and len(wanted) > 1:
            return kind
    codes = COLUMNS[SheetKind.DELEGATIONS]
    known = sum(bool(found & {plain(column.en), plain(column.ko)}) for column in codes)
    has_code = bool(found & {plain(codes[0].en), plain(codes[0].ko)})
    return SheetKind.DELEGATIONS if has_code and known > 1 else None


def column_of(kind: SheetKind, heading: str) -> Column | None:
    """The column that a heading names, in either language."""
    for column in COLUMNS[kind]:
        if plain(heading) in {plain(column.en), plain(column.ko), plain(column.name)}:
            return column
    return None
