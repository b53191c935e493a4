"""What the browser may send to this room."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from confmgr.cases.domain import CrimeType, FeedbackKind, LeadKind, Readiness
from confmgr.cases.fields import IdentifiersField
from confmgr.cases.files import ENDINGS, LARGEST
from confmgr.sharing.domain import GradeScheme, Handling, Tlp
from confmgr.web import labels
from confmgr.web.forms import (
    CheckboxesField,
    EnumField,
    Form,
    LanguagesField,
    SeenField,
    VersionField,
    WordsField,
    WordsRequired,
)

NOTE = 2000
REFERENCE = Regexp(r"^[A-Za-z0-9][A-Za-z0-9./-]{0,38}$", message=_l("Letters, digits, points, dashes and slashes."))

IDENTIFIES = _l("Numbers, accounts, addresses. Telephone numbers with + and the country's prefix.")


class TlpField(RadioField):
    """Who may read it, in words, nothing chosen beforehand; `data` is the TLP value, `hints` what each means."""

    hints: dict[str, str]

    def __init__(self, label: Any, **kwargs: Any) -> None:
        """Something must be chosen."""
        super().__init__(label, [InputRequired(_l("Choose who may read it."))], coerce=str, **kwargs)

    def offer(self) -> None:
        """What each choice lets others do, in words."""
        offered = (
            (Tlp.RED, gettext("Only persons whom you name"), gettext("And a second person of your party.")),
            (Tlp.AMBER_STRICT, gettext("Only agencies or persons whom you name"), gettext("Nobody outside them.")),
            (Tlp.AMBER, gettext("The delegations that you name"), gettext("Everybody of them at this meeting.")),
            (Tlp.GREEN, gettext("Every member and partner of this meeting"), gettext("Without naming them.")),
            (Tlp.CLEAR, gettext("Anybody, once it is published"), gettext("Until then every member and partner.")),
        )
        self.choices = [(tlp.value, words) for tlp, words, _hint in offered]
        self.hints = {tlp.value: hint for tlp, _words, hint in offered}

    @property
    def marking(self) -> Tlp:
        """The chosen marking."""
        return Tlp(str(self.data))


class MarkedForm(Form):
    """What every form has that marks an item."""

    tlp = TlpField(_l("Who may read it?"))
    handling = CheckboxesField(_l("May they pass it on, or use it in court?"))
    handling_text = TextAreaField(
        _l("Restriction in words"), [Optional(), Length(max=NOTE)], description=_l("Needed for H3.")
    )
    second = SelectField(
        _l("Second person of your party"),
        coerce=str,
        description=_l("Needed for TLP:RED, which nobody else of your party can read."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer markings."""
        super().__init__(*args, **kwargs)
        self.handling.choices = labels.choices(Handling)
        self.tlp.offer()

    @property
    def codes(self) -> list[Handling]:
        """The handling codes that were ticked."""
        return [Handling(code) for code in self.handling.data or ()]


def purpose_field() -> TextAreaField:
    """For what it was given."""
    return TextAreaField(
        _l("Purpose"),
        [Optional(), Length(max=NOTE)],
        description=_l("For what others may use it. For anything else they must ask you."),
    )


class CaseTextForm(Form):
    """What a case says, and what the secretariat may read of it."""

    seen = SeenField()
    title = WordsField(_l("Title"), [WordsRequired()], description=_l("Read by those to whom you disclose the case."))
    summary = WordsField(_l("Summary"), lines=5)
    purpose = purpose_field()
    places = WordsField(_l("Places"), description=_l("Where it happens, as far as it is known."), lines=2)
    identifiers = IdentifiersField(_l("What identifies"), description=IDENTIFIES)
    neutral_title = WordsField(
        _l("Neutral title"), description=_l("What the secretariat reads instead. Leave it empty to show none.")
    )
    crime_types = CheckboxesField(_l("Crime types"), [InputRequired(_l("Choose at least one."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer crime types."""
        super().__init__(*args, **kwargs)
        self.crime_types.choices = labels.choices(CrimeType)

    @property
    def crimes(self) -> list[CrimeType]:
        """The crime types that were ticked."""
        return [CrimeType(code) for code in self.crime_types.data or ()]


class WantedForm(Form):
    """What is wanted for a case at a meeting; the secretariat reads all of it."""

    readiness = EnumField(_l("Ready for"), Readiness)
    priority = IntegerField(_l("Priority, 1 is highest"), [InputRequired(), NumberRange(1, 3)], default=2)
    minutes = IntegerField(_l("Minutes wanted"), [Optional(), NumberRange(5, 480)])
    languages = LanguagesField(_l("Languages wanted"))


class CaseForm(CaseTextForm, WantedForm, MarkedForm):
    """A case that a delegation nominates."""

    reference = StringField(
        _l("Your reference"), [InputRequired(), REFERENCE], description=_l("Yours alone: others may use the same.")
    )
    concerned = CheckboxesField(_l("Parties concerned"), description=_l("They will see the case if it is AMBER."))


class BringForm(WantedForm):
    """A case that comes to a further meeting."""

    meeting = SelectField(_l("Meeting"), coerce=str)


class DecisionForm(Form):
    """What the organisers decide of a nominated case."""

    version = VersionField(default=0)
    state = SelectField(_l("The case is"), coerce=str)
    reason = TextAreaField(
        _l("Reason"), [Optional(), Length(max=NOTE)], description=_l("Needed when the case is not taken.")
    )


class LeadTextForm(Form):
    """What a lead says."""

    seen = SeenField()
    kind = EnumField(_l("About"), LeadKind)
    title = WordsField(_l("Title"), [WordsRequired()])
    body = WordsField(_l("What is known"), [WordsRequired()], lines=6)
    identifiers = IdentifiersField(_l("What identifies"), description=IDENTIFIES)
    purpose = purpose_field()


class LeadForm(LeadTextForm, MarkedForm):
    """One piece of information on a case."""

    reference = StringField(_l("Your reference"), [InputRequired(), REFERENCE])
    file = MultipleFileField(
        _l("Files"), render_kw={"accept": ",".join(f".{ending}" for endings in ENDINGS.values() for ending in endings)}
    )
    grade_scheme = SelectField(_l("Graded by"), coerce=str)
    grade_source = StringField(_l("Source"), [Optional(), Length(max=2)])
    grade_information = StringField(_l("Information"), [Optional(), Length(max=2)])
    to = CheckboxesField(
        _l("Share with"),
        description=_l("Leave empty to keep a draft that only your party sees. TLP:RED and AMBER+STRICT: share later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer grading schemes, and say which files are taken."""
        super().__init__(*args, **kwargs)
        self.grade_scheme.choices = [("", gettext("Not graded")), *labels.choices(GradeScheme)]
        self.file.description = gettext(
            "Whoever may read this may open the file, today and later. "
            "At most %(most)s MB: PDF, PNG, JPEG, plain text, office documents without macros.",
            most=LARGEST // 2**20,
        )

    def validate_grade_scheme(self, _field: Any) -> None:
        """A scheme with both grades, or none of the three."""
        given = [bool(f.data) for f in (self.grade_scheme, self.grade_source, self.grade_information)]
        if any(given) and not all(given):
            raise ValidationError(gettext("Give the scheme and both grades, or none of them."))


class QuickLeadForm(LeadForm):
    """A lead from a phone, on any case that its writer knows."""

    to = CheckboxesField(_l("To whom"))
    case = SelectField(_l("On which case"), [InputRequired(_l("Choose a case."))], coerce=str)


class ShareForm(Form):
    """Further readers of a case or lead; only what its marking can reach is offered."""

    seen = SeenField()
    to = CheckboxesField(_l("Delegations"))
    agencies = CheckboxesField(_l("Agencies"))
    persons = CheckboxesField(_l("Persons"))


class MarkingForm(MarkedForm):
    """Another marking of a case or lead."""

    seen = SeenField()
    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=NOTE)])


class DisagreeForm(Form):
    """That a lower marking is not agreed to."""

    seen = SeenField()
    reason = TextAreaField(
        _l("Reason"), [Optional(), Length(max=NOTE)], description=_l("Read by who proposed it, and by those asked.")
    )


class FeedbackForm(Form):
    """What a receiving party says of a lead."""

    kind = EnumField(_l("What you say of it"), FeedbackKind)
    note = TextAreaField(_l("Note"), [Optional(), Length(max=NOTE)])


class MatchingForm(Form):
    """Which values of an item are compared with those of others."""

    seen = SeenField()
    put = CheckboxesField(_l("Compare these"))


class VersionForm(Form):
    """A button, and which version of its row the sender had before the eyes."""

    version = VersionField(default=0)


class FileForm(Form):
    """A file for a case or lead."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])
