"""Sentences of the texts that are translated: what they are, what is wrong with a translation, who made it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from confmgr.errors import NotReadable, Refused
from confmgr.interchange.domain import Piece
from confmgr.values.languages import LANGUAGES
from confmgr.web import formats, labels


def what(piece: Piece) -> str:
    """What a text is, as `Title of the session · S12`."""
    return " · ".join(filter(None, (kind_of(piece), piece.name)))


def kind_of(piece: Piece) -> str:
    """What a text is, without saying whose."""
    return labels.term(f"{piece.kind.value}/{piece.field}", "text")


def sentence(problem: Refused | NotReadable) -> str:
    """A refusal in words; languages by what the reader calls them."""
    facts = {
        name: formats.language_name(fact) if name in {"language", "found"} and fact in LANGUAGES else fact
        for name, fact in problem.facts.items()
    }
    return labels.sentence(NotReadable(problem.reason, **facts))


def made_by(piece: Piece, language: str, names: Mapping[int, str], zone: str) -> str:
    """Who made a translation and when; empty where there is none."""
    value = piece.value(language)
    if value is None:
        return ""
    name = names.get(value.by) if value.by is not None else None
    if name is None or value.at is None:
        return _("It is not known who translated this.")
    when = formats.moment(datetime.fromisoformat(value.at), zone)
    return _("Translated by %(name)s, %(when)s", name=name, when=when)


def outdated(piece: Piece, language: str) -> str:
    """That a translation was made from an earlier original; empty where it was not."""
    value = piece.value(language)
    if value is None or not piece.words.outdated(language):
        return ""
    return _(
        "Outdated: made from version %(made)s of the original, which now is version %(now)s.",
        made=value.of_version,
        now=piece.words.version,
    )


def notes(language: str) -> Sequence[str]:
    """What a translator must know, for the head of a file."""
    return (
        _("Translate into %(language)s.", language=formats.language_name(language)),
        _("Leave keys, versions and originals as they are: they tell where each text belongs."),
        _("Texts are plain: no markup. What stands in braces or begins with a per cent sign stays as it is."),
        _("What you leave empty stays untranslated; what you mark as unsure is not taken over."),
    )
