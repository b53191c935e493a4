"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from confmgr.meetings.forms import EditionForm
from confmgr.papers.domain import AgendaKind, ExpectedAction
from confmgr.web.forms import (
    SHORT,
    CheckboxesField,
    EnumField,
    Form,
    LanguageField,
    LanguagesField,
    VersionField,
    WordsField,
    WordsRequired,
)

SYMBOL = 80
"""Characters of what a document is cited by."""


class CopyForm(EditionForm):
    """The next edition of a meeting."""

    starts_on = DateField(_l("First day"), [InputRequired()])
    places = BooleanField(_l("Places with their seats and opening hours"), default=True)
    parties = BooleanField(_l("Participants, invited anew"), default=True)
    agenda = BooleanField(_l("Agenda items with their texts"), default=True)
    skeleton = BooleanField(_l("Plenaries, breaks and ceremonies at the same times of day"), default=True)
    organisers = BooleanField(_l("Its organisers organise this one too"), default=True)


class ItemForm(Form):
    """An item of the agenda. Its number is its place, so nobody writes one."""

    version = VersionField(default=0)
    title = WordsField(_l("Title"), [WordsRequired()])
    kind = EnumField(
        _l("Kind"),
        AgendaKind,
        default=AgendaKind.SUBSTANCE,
        description=_l("Case meetings are shown as one block a half-day, without names."),
    )
    under = SelectField(_l("Part of"), coerce=int, default=0)
    mandate = WordsField(_l("Mandate"), lines=2, description=_l("On what this rests: a decision, a plan, a letter."))
    annotation = WordsField(_l("Annotation"), lines=6, description=_l("The background, in three to six lines."))
    expected = EnumField(_l("What is asked of delegations"), ExpectedAction, default=ExpectedAction.DISCUSSION)
    chair = SelectField(_l("Chair"), coerce=str)
    speaker = StringField(_l("Main speaker"), [Optional(), SHORT])
    sessions = CheckboxesField(_l("Sessions that deal with it"))


class DocumentForm(Form):
    """A document under an item: what it is called, not the file."""

    version = VersionField(default=0)
    title = WordsField(_l("Title"), [WordsRequired()])
    symbol = StringField(
        _l("Symbol"),
        [Optional(), Length(max=SYMBOL)],
        description=_l("What it is cited by, like BC/S2/3."),
    )
    languages = LanguagesField(_l("There is a text in"))


class PaperForm(Form):
    """The agenda as a document."""

    version = VersionField(default=0)
    symbol = StringField(
        _l("Symbol"), [Optional(), Length(max=SYMBOL)], description=_l("What it is cited by, like BC/S2/3.")
    )
    original_language = LanguageField(_l("Original language"), default="en")
    organisation = WordsField(
        _l("Note on the organisation of work"),
        lines=4,
        description=_l("Stands before the table of days and times, which is made from the published programme."),
    )


class AdoptForm(Form):
    """On which day the meeting adopted its agenda."""

    on = DateField(_l("Adopted on"), [InputRequired()])


class RemoveForm(Form):
    """Take an item off the agenda, as it was seen."""

    version = VersionField(default=0)
