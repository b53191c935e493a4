"""Text that people write and confmgr prints: one value per language, with its source and version."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Self


@dataclass(frozen=True, slots=True)
class Picked:
    """One text as shown to one reader; `fallback` when it is not in the language asked for."""

    text: str
    language: str
    fallback: bool


@dataclass(frozen=True, slots=True)
class Value:
    """The text in one language, the version of the source it renders, and who wrote it when, where that is known.

    `by` is the id of an account, `at` an ISO instant in UTC.
    """

    text: str
    of_version: int = 1
    by: int | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A translated text. `version` counts the changes of the source language's text."""

    source: str
    values: Mapping[str, Value] = field(default_factory=dict)
    version: int = 1

    def __post_init__(self) -> None:
        """Freeze the mapping and insist on a text in the source language."""
        if self.source not in self.values:
            raise ValueError(f"no text in the source language {self.source!r}")
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    @classmethod
    def of(cls, text: str | Mapping[str, str], source: str = "en") -> Self:
        """Words from one plain text, or from `{language: text}` whose first key is the source if `source` is absent."""
        if isinstance(text, str):
            return cls(source, {source: Value(text)})
        origin = source if source in text else next(iter(text))
        return cls(origin, {language: Value(words) for language, words in text.items() if words})

    @classmethod
    def written(cls, texts: Mapping[str, str], by: int | None, at: datetime) -> Self:
        """Words that the account `by` has written just now; the first language is the source."""
        when = _iso(at)
        return cls(next(iter(texts)), {language: Value(text, 1, by, when) for language, text in texts.items()})

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """The inverse of `to_json`."""
        values = data["values"]
        version = data["version"]
        if not isinstance(values, Mapping) or not isinstance(version, int):
            raise TypeError("not a stored translated text")
        return cls(
            str(data["source"]),
            {str(k): Value(str(v["text"]), int(v["of"]), v.get("by"), v.get("at")) for k, v in values.items()},
            version,
        )

    def to_json(self) -> dict[str, object]:
        """What the database keeps."""
        return {
            "source": self.source,
            "version": self.version,
            "values": {k: _value_to_json(v) for k, v in self.values.items()},
        }

    def pick(self, language: str, *then: str) -> Picked:
        """The text for a reader of `language`: that one, else the first of `then`, else the source language."""
        if language in self.values:
            return Picked(self.values[language].text, language, fallback=False)
        for other in (*then, self.source):
            if other in self.values:
                return Picked(self.values[other].text, other, fallback=True)
        raise LookupError(self.source)

    def text(self, language: str) -> str:
        """Just the words of `pick`."""
        return self.pick(language).text

    def outdated(self, language: str) -> bool:
        """Whether the translation was made from an older version of the source."""
        return language in self.values and self.values[language].of_version < self.version

    def changed(self, texts: Mapping[str, str], by: int | None = None, at: datetime | None = None) -> "Words":
        """Words after an edit: a new source text raises the version, changed translations are of that version.

        A translation that was left as it is keeps the version that it was made from; an emptied one is removed.
        What is written is by the account `by`, `at` an aware instant.
        """
        when = None if at is None else _iso(at)
        source_text = texts.get(self.source, self.values[self.source].text) or self.values[self.source].text
        source = self.values[self.source]
        version = self.version + (source_text != source.text)
        kept = replace(source, of_version=version)
        values = {self.source: kept if source_text == source.text else Value(source_text, version, by, when)}
        for language in {*self.values, *texts} - {self.source}:
            old = self.values.get(language)
            new = texts.get(language, old.text if old else "")
            if not new:
                continue
            values[language] = old if old and old.text == new else Value(new, version, by, when)
        return Words(self.source, values, version)

    def confirmed(self, language: str, by: int | None, at: datetime) -> "Words":
        """Words whose translation is said to render the present source, unchanged.

        Raises:
            LookupError: There is no text in that language.
        """
        value = Value(self.values[language].text, self.version, by, _iso(at))
        return Words(self.source, {**self.values, language: value}, self.version)

    def __str__(self) -> str:
        return self.values[self.source].text


def every_text(words: Words | None) -> list[str]:
    """The text in each language there is; none of no words."""
    return [] if words is None else [value.text for value in words.values.values()]


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _value_to_json(value: Value) -> dict[str, object]:
    known = {"by": value.by, "at": value.at}
    return {"text": value.text, "of": value.of_version, **{k: v for k, v in known.items() if v is not None}}
