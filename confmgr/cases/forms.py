"""What the browser may send to this room."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from confmgr.cases.domain import CrimeType, FeedbackKind, LeadKind, Readiness
from confmgr.sharing.domain import GradeScheme, Handling, Tlp
from confmgr.web import labels
from confmgr.web.forms import CheckboxesField, EnumField, Form, WordsField, WordsRequired

NOTE = 2000
REFERENCE = Regexp(r"^[A-Za-z0-9][A-Za-z0-9./-]{0,38}$", message=_l("Letters, digits, points, dashes and slashes."))


class TlpField(SelectField):
    """A TLP marking with what it means; `data` is the member."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        """AMBER unless something else is chosen."""
        kwargs.setdefault("default", Tlp.AMBER.value)
        super().__init__(label, coerce=str, **kwargs)

    def offer(self) -> None:
        """What each choice lets others do, in words."""
        self.choices = [
            (Tlp.RED.value, gettext("TLP:RED, only persons whom you name")),
            (Tlp.AMBER_STRICT.value, gettext("TLP:AMBER+STRICT, only agencies or persons whom you name")),
            (Tlp.AMBER.value, gettext("TLP:AMBER, the delegations that you name")),
            (Tlp.GREEN.value, gettext("TLP:GREEN, every member and partner of this meeting")),
            (Tlp.CLEAR.value, gettext("TLP:CLEAR, anybody once it is published")),
        ]

    @property
    def marking(self) -> Tlp:
        """The chosen marking."""
        return Tlp(str(self.data))


class CaseForm(Form):
    """A case that a delegation nominates."""

    version = HiddenField(default="0")
    reference = StringField(
        _l("Your reference"), [InputRequired(), REFERENCE], description=_l("Yours alone: others may use the same.")
    )
    title = WordsField(_l("Title"), [WordsRequired()], description=_l("Read by those to whom you disclose the case."))
    summary = WordsField(_l("Summary"), lines=5)
    neutral_title = WordsField(
        _l("Neutral title"), description=_l("What the secretariat reads instead. Leave it empty to show none.")
    )
    crime_types = CheckboxesField(_l("Crime types"), [InputRequired(_l("Choose at least one."))])
    concerned = CheckboxesField(_l("Parties concerned"), description=_l("They will see the case if it is AMBER."))
    tlp = TlpField(_l("Marking"))
    handling = CheckboxesField(_l("Handling"))
    readiness = EnumField(_l("Ready for"), Readiness)
    priority = IntegerField(_l("Priority, 1 is highest"), [InputRequired(), NumberRange(1, 3)], default=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer crime types and markings."""
        super().__init__(*args, **kwargs)
        self.crime_types.choices = labels.choices(CrimeType)
        self.handling.choices = [choice for choice in labels.choices(Handling) if choice[0] != Handling.H3.value]
        self.tlp.offer()


class DecisionForm(Form):
    """What the organisers decide of a nominated case."""

    state = SelectField(_l("The case is"), coerce=str)
    reason = TextAreaField(
        _l("Reason"), [Optional(), Length(max=NOTE)], description=_l("Needed when the case is not taken.")
    )


class LeadForm(Form):
    """One piece of information on a case."""

    reference = StringField(_l("Your reference"), [InputRequired(), REFERENCE])
    kind = EnumField(_l("About"), LeadKind)
    title = WordsField(_l("Title"), [WordsRequired()])
    body = WordsField(_l("What is known"), [WordsRequired()], lines=6)
    tlp = TlpField(_l("Marking"))
    handling = CheckboxesField(_l("Handling"))
    grade_scheme = SelectField(_l("Graded by"), coerce=str)
    grade_source = StringField(_l("Source"), [Optional(), Length(max=2)])
    grade_information = StringField(_l("Information"), [Optional(), Length(max=2)])
    to = CheckboxesField(_l("Share with"), description=_l("Leave empty to keep a draft that only your party sees."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer markings and grading schemes."""
        super().__init__(*args, **kwargs)
        self.handling.choices = [choice for choice in labels.choices(Handling) if choice[0] != Handling.H3.value]
        self.grade_scheme.choices = [("", gettext("Not graded")), *labels.choices(GradeScheme)]
        self.tlp.offer()

    def validate_grade_source(self, _field: Any) -> None:
        """A scheme with both grades, or none of the three."""
        given = [bool(f.data) for f in (self.grade_scheme, self.grade_source, self.grade_information)]
        if any(given) and not all(given):
            raise ValidationError(gettext("Give the scheme and both grades, or none of them."))


class ShareForm(Form):
    """Further readers of a lead."""

    to = CheckboxesField(_l("Share with"), [InputRequired(_l("Choose at least one."))])


class MarkingForm(Form):
    """Another marking of a case or lead."""

    tlp = TlpField(_l("Marking"))
    handling = CheckboxesField(_l("Handling"))
    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=NOTE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer markings."""
        super().__init__(*args, **kwargs)
        self.handling.choices = [choice for choice in labels.choices(Handling) if choice[0] != Handling.H3.value]
        self.tlp.offer()


class FeedbackForm(Form):
    """What a receiving party says of a lead."""

    kind = EnumField(_l("What you say of it"), FeedbackKind)
    note = TextAreaField(_l("Note"), [Optional(), Length(max=NOTE)])
