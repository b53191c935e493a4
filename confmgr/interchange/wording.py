"""Words and sentences of the texts that are translated: what they are, what is wrong with a translation, who made it.

Organisers alone read these, so they stand apart from the labels, which all twelve languages have.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from confmgr.errors import NotReadable, Refused
from confmgr.interchange.domain import Outcome, Piece, Standing
from confmgr.values.languages import LANGUAGES
from confmgr.web import formats, labels

labels.register_terms(
    "text",
    {
        "meeting/title": _l("Title of the meeting"),
        "meeting/venue": _l("Venue of the meeting"),
        "meeting/description": _l("Description of the meeting"),
        "operation/name": _l("Name of the operation"),
        "operation/purpose": _l("Purpose of the operation"),
        "agenda/organisation": _l("Organisation of work"),
        "agenda_item/title": _l("Title of the agenda item"),
        "agenda_item/mandate": _l("Mandate of the agenda item"),
        "agenda_item/annotation": _l("Annotation of the agenda item"),
        "agenda_document/title": _l("Title of the document"),
        "session/title": _l("Title of the session"),
        "session/description": _l("Description of the session"),
        "place/name": _l("Name of the place"),
        "party/short_name": _l("Short name of the participant"),
        "party/long_name": _l("Official name of the participant"),
        "agency/name": _l("Name of the agency"),
    },
)
labels.register(
    {
        Standing.MISSING: _l("Untranslated"),
        Standing.OUTDATED: _l("Outdated"),
        Standing.DONE: _l("Translated"),
    }
)
labels.register(
    {
        Outcome.REFUSED: _l("Refused"),
        Outcome.CHANGED: _l("Changed text"),
        Outcome.NEW: _l("New text"),
        Outcome.CONFIRMED: _l("Still right"),
        Outcome.SAME: _l("Same as here"),
        Outcome.LEFT: _l("Left as it is"),
    }
)
labels.register_reasons(
    {
        "text_has_controls": _l("Remove the invisible control characters."),
        "text_too_long": _l("Too long: at most %(limit)s characters."),
        "text_has_markup": _l("Remove “%(markup)s”: texts are plain, and markup would be printed as it stands."),
        "text_lacks_place": _l("“%(place)s” stands in the original and must stand in the translation as it is."),
        "text_adds_place": _l("“%(place)s” does not stand in the original; remove it."),
        "text_in_other_script": _l("Most letters of this text are not in the script of this language: %(language)s."),
        "text_unknown": _l("There is no such text in this meeting; it was removed, or the key was changed."),
        "text_twice": _l("This text is in the file twice."),
        "text_is_original": _l("The original is written in this language; it is changed on its own page."),
        "text_is_formula": _l("The cell holds a formula; enter its value instead."),
        "text_other_version": _l(
            "The original has changed since: the file has version %(had)s, and now it is version %(has)s."
        ),
        "text_other_original": _l("The original in the file is not the one that stands here."),
        "text_changed_since": _l(
            "Somebody changed this since you opened the page. Look at what stands here now: “%(text)s”."
        ),
        "text_removed_since": _l("A text that you translated is no longer here; your words for it were: “%(text)s”."),
        "texts_changed_since": _l(
            "Texts were changed since you looked at the file. Look once more; nothing was written."
        ),
        "translations_of_other_meeting": _l("This file holds texts of another meeting."),
        "translations_of_no_language": _l("“%(tag)s” is no language known here; the file must say which one it is in."),
        "translations_of_other_language": _l(
            "This file is in %(found)s, not in %(language)s. Choose its language first."
        ),
        "translations_too_large": _l("The file is too large: at most %(most)s MB are read."),
        "not_translations": _l("This is no file with texts for translators; send back the one that you got here."),
        "po_not_utf8": _l("The file is not in UTF-8. Save it again in that encoding."),
        "damaged_po": _l("The file cannot be read as a PO file: see line %(line)s."),
        "damaged_xliff": _l("The file cannot be read as an XLIFF file."),
        "no_xliff_converter": _l("XLIFF cannot be read here: the converter is not installed. Send PO or XLSX."),
    }
)


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
