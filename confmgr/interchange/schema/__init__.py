"""The shape of an operation's data file (TOML): docs/data-format.md describes it, these classes refuse what is not it.

Keys that other entries name: a party by its code, a person by `key`, a meeting by its slug, a case or lead as
`PARTY/REFERENCE`, a session as `SLUG/REFERENCE` (a request's session is `R1`, `R2`, … in the order of the requests).
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from confmgr.interchange.schema.entries import Entry, WrongData
from confmgr.interchange.schema.meetings import (
    AccountEntry,
    AgencyEntry,
    AgendaEntry,
    AnswersEntry,
    CancelEntry,
    CaseEntry,
    DelegationEntry,
    GradeEntry,
    HoursEntry,
    InterpreterEntry,
    LeadEntry,
    MeetingEntry,
    OperationEntry,
    PartyEntry,
    PersonEntry,
    PlaceEntry,
    PublicationEntry,
    RequestEntry,
    RoleEntry,
    SessionEntry,
)
from confmgr.interchange.schema.outcomes import (
    ActionRequestEntry,
    AllianceEntry,
    BaseEntry,
    BorderEntry,
    ContactEntry,
    DueEntry,
    FigureEntry,
    GroupEntry,
    IndicatorEntry,
    ItemEntry,
    JointActionEntry,
    LinkEntry,
    MoveEntry,
    OverlapEntry,
    PersonsEntry,
    ShareEntry,
    SourceEntry,
    StatusEntry,
    StepEntry,
    TaskForceEntry,
    TookPartEntry,
    ValueEntry,
)
from confmgr.interchange.schema.rounds import RoundEntry
from confmgr.interchange.schema.talk import CommentEntry, NamedEntry, QuestionEntry

__all__ = [
    "LARGEST_FILE",
    "AccountEntry",
    "ActionRequestEntry",
    "AgencyEntry",
    "AgendaEntry",
    "AllianceEntry",
    "AnswersEntry",
    "BaseEntry",
    "BorderEntry",
    "CancelEntry",
    "CaseEntry",
    "ContactEntry",
    "DataFile",
    "DelegationEntry",
    "DueEntry",
    "FigureEntry",
    "GradeEntry",
    "GroupEntry",
    "HoursEntry",
    "IndicatorEntry",
    "InterpreterEntry",
    "ItemEntry",
    "JointActionEntry",
    "LeadEntry",
    "LinkEntry",
    "MeetingEntry",
    "MoveEntry",
    "OperationEntry",
    "OverlapEntry",
    "PartyEntry",
    "PersonEntry",
    "PersonsEntry",
    "PlaceEntry",
    "PublicationEntry",
    "RequestEntry",
    "RoleEntry",
    "RoundEntry",
    "SessionEntry",
    "ShareEntry",
    "SourceEntry",
    "StatusEntry",
    "StepEntry",
    "TaskForceEntry",
    "TookPartEntry",
    "ValueEntry",
    "WrongData",
    "parse",
    "read",
    "translated",
]

LARGEST_FILE = 20 * 2**20
"""Bytes."""
NAMES = ("code", "key", "slug", "reference", "party")
"""Keys by which an entry is called in messages."""


class DataFile(Entry):
    """A whole file."""

    format: Annotated[int, Field(ge=1, le=1)]
    seed: int = 1
    operation: OperationEntry
    party: list[PartyEntry]
    account: list[AccountEntry]
    meeting: list[MeetingEntry]
    source: list[SourceEntry] = []
    alliance: list[AllianceEntry] = []
    contact: list[ContactEntry] = []
    task_force: list[TaskForceEntry] = []
    action_request: list[ActionRequestEntry] = []
    joint_action: list[JointActionEntry] = []
    figure: list[FigureEntry] = []
    overlap: list[OverlapEntry] = []
    indicator: list[IndicatorEntry] = []
    border: list[BorderEntry] = []
    group: list[GroupEntry] = []
    base: list[BaseEntry] = []
    move: list[MoveEntry] = []
    link: list[LinkEntry] = []
    round: list[RoundEntry] = []
    named: list[NamedEntry] = []
    comment: list[CommentEntry] = []
    question: list[QuestionEntry] = []


def read(path: Path) -> DataFile:
    """Read a data file, with the translations that stand beside it: `words/LANGUAGE.toml`, by the English text.

    Raises:
        WrongData: Not TOML, or not of this shape; every fault is named with where it stands.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise WrongData([f"{path.name}: larger than {LARGEST_FILE // 2**20} MB"])
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise WrongData([f"{path.name}: {problem}"]) from problem
    return parse(translated(raw, path.parent / "words"), path.name)


def translated(raw: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A file's content with the translations of a folder, `LANGUAGE.toml`, added to its English texts.

    Raises:
        WrongData: One of them is not TOML, or has no `[words]`.
    """
    content: dict[str, Any] = _with_translations(raw, _translations(folder))
    return content


def _translations(folder: Path) -> dict[str, dict[str, str]]:
    """What each language says for an English text: `{language: {English: translation}}`."""
    found = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            found[file.stem] = dict(tomllib.loads(file.read_text(encoding="utf-8"))["words"])
        except (KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
            raise WrongData([f"{file.name}: {problem}"]) from problem
    return found


def _with_translations(raw: Any, translations: dict[str, dict[str, str]]) -> Any:
    """The content with every English text in the further languages, too."""
    if isinstance(raw, list):
        return [_with_translations(one, translations) for one in raw]
    if not isinstance(raw, dict):
        return raw
    english = raw.get("en")
    if isinstance(english, str) and all(isinstance(text, str) for text in raw.values()):
        further = {tag: known[english] for tag, known in translations.items() if english in known}
        return {**raw, **{tag: text for tag, text in further.items() if tag not in raw}}
    return {key: _with_translations(one, translations) for key, one in raw.items()}


def parse(raw: dict[str, Any], name: str = "data") -> DataFile:
    """A file's content as entries.

    Raises:
        WrongData: Not of this shape.
    """
    try:
        return DataFile.model_validate(raw)
    except ValidationError as wrong:
        raise WrongData([f"{name}: {_place(raw, fault['loc'])}: {fault['msg']}" for fault in wrong.errors()]) from wrong


def _place(raw: Any, steps: Sequence[int | str]) -> str:
    """Where a fault stands, entries by the name that the file gives them: `figure poipet-arrested, low`."""
    words: list[str] = []
    for step in steps:
        try:
            raw = raw[step]
        except (LookupError, TypeError):  # what is missing, or is not what it should be
            raw = None
        if isinstance(step, str):
            words.append(step)
            continue
        names = (raw.get(key) for key in NAMES) if isinstance(raw, dict) else ()
        words[-1] += f" {next((name for name in names if isinstance(name, str)), f'no. {step + 1}')}"
    return ", ".join(words)
