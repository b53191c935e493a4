"""What all entries of a data file share."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from confmgr.errors import ConfmgrError
from confmgr.values.languages import LANGUAGES
from confmgr.values.words import Words


class WrongData(ConfmgrError):
    """A data file that cannot be read; one sentence per fault, with the entry it stands in."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def _words(value: object) -> object:
    if isinstance(value, dict) and value and all(k in LANGUAGES and isinstance(v, str) for k, v in value.items()):
        return Words.of({str(k): str(v) for k, v in value.items()}, source=next(iter(value)))
    raise ValueError('a table of texts by language is wanted, for example { en = "Opening", ko = "개회" }')


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs its offset, for example 2026-02-05T06:00:00Z")
    try:
        return value.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError("an instant before the first or after the last day that there is") from beyond


def _naive(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise ValueError("a local time has no offset; its zone is that of the meeting or stands beside it")
    return value


Text = Annotated[Words, BeforeValidator(_words)]
Moment = Annotated[datetime, AfterValidator(_aware)]
LocalTime = Annotated[datetime, AfterValidator(_naive)]


class Entry(BaseModel):
    """An entry; keys that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
