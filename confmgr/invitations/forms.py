"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation

from confmgr.invitations.domain import PartStat
from confmgr.invitations.reminding import MOST_DAYS, MOST_MINUTES, Rules
from confmgr.scheduling.forms import MoveToForm
from confmgr.web.forms import CheckboxesField, Form, LanguageField, VersionField

LENGTHS = range(5, 245, 5)
"""Minutes that a meeting of the day may last."""
NOTE = 1000
"""Characters of the note in the list of publications."""


class PublishForm(Form):
    """Publish what the page showed; `seen` is the mark of that preview."""

    seen = HiddenField(validators=[InputRequired(), Length(max=64)])
    note = TextAreaField(
        _l("Note for the list of publications"),
        [Optional(), Length(max=NOTE)],
        description=_l("Only organisers read it."),
    )


class FeedForm(Form):
    """A calendar to subscribe to."""

    shows = SelectField(_l("What it shows"), coerce=str)
    language = LanguageField(_l("Language"), default="en")
    without_answered = BooleanField(
        _l("Leave out what I have accepted or declined by mail"),
        description=_l("Your calendar shows those already. Of your own sessions only."),
    )


class BusyFileForm(Form):
    """A calendar file of a delegate's own."""

    file = FileField(
        _l("Calendar file (.ics)"),
        [FileRequired(_l("Choose a file."))],
        description=_l("At most 1 MB. Only the times are read, no titles, notes or people, and nothing is sent."),
    )


class BusyTimesForm(Form):
    """Times that a page showed: minutes from the beginning of the meeting's days, like `540-600 1980-2040`."""

    times = HiddenField(validators=[Length(max=4000)])


class NoteForm(Form):
    """What somebody said by telephone; the answers to choose from are set by the page."""

    said = RadioField(_l("The answer"), [InputRequired()], coerce=PartStat)
    reason = StringField(_l("Reason"), [Optional(), Length(max=500)], description=_l("In the person's own words."))


class LeaveForm(Form):
    """A delegation does not come, or leaves."""

    reason = StringField(
        _l("Reason"), [InputRequired(), Length(max=300)], description=_l("For the organisers; no mail carries it.")
    )


class SwapForm(Form):
    """Who sits for one side of a session."""

    version = VersionField(default=0)
    people = CheckboxesField(
        _l("Who sits there"), description=_l("Nobody ticked: the whole delegation if it has one team, else its head.")
    )


class MeetForm(MoveToForm):
    """A meeting on the spot: who meets how long, and which of the free slots; comes by GET until one is pressed."""

    delegations = CheckboxesField(_l("Who meets"))
    minutes = IntegerField(_l("Length in minutes"), [InputRequired(), NumberRange(LENGTHS[0], LENGTHS[-1])], default=20)


class SlotForm(MoveToForm):
    """A delegation asks another for a free slot; comes by GET until one is pressed."""

    asked = SelectField(_l("Whom to meet"), coerce=str)
    minutes = IntegerField(_l("Length in minutes"), [InputRequired(), NumberRange(LENGTHS[0], LENGTHS[-1])], default=20)


class WhereOn:
    """The number of a rule counts only where its switch is on."""

    def __init__(self, switch: str) -> None:
        self.switch = switch

    def __call__(self, form: Form, field: Field) -> None:
        """Forget what is wrong with the number of a rule that is off."""
        if not form[self.switch].data:
            field.errors = []
            raise StopValidation


class RemindersForm(Form):
    """What a meeting reminds of by itself; each rule has a switch and its number."""

    version = VersionField(default=0)
    day_before = BooleanField(_l("On the day before, one mail with all sessions of the next day"))
    day_before_at = TimeField(_l("At this hour"), [WhereOn("day_before"), InputRequired()])
    shortly_before = BooleanField(_l("Shortly before each session"))
    minutes_before = IntegerField(
        _l("Minutes before"), [WhereOn("shortly_before"), InputRequired(), NumberRange(5, MOST_MINUTES)]
    )
    answers_missing = BooleanField(_l("Invitations that somebody has not answered"))
    answers_missing_days = IntegerField(
        _l("Days before the meeting"),
        [WhereOn("answers_missing"), InputRequired(), NumberRange(1, MOST_DAYS)],
        description=_l("At nine in the morning. Whoever is invited later has two days to answer."),
    )
    results_due = BooleanField(_l("Results of action requests, to the head of the delegation that was asked"))
    results_due_days = IntegerField(
        _l("Days before they are due"),
        [WhereOn("results_due"), InputRequired(), NumberRange(1, MOST_DAYS)],
        description=_l("And once more when they are overdue. The mail counts them; what they are stays here."),
    )
    quiet_from = TimeField(_l("From"), [InputRequired()])
    quiet_until = TimeField(_l("Until"), [InputRequired()])

    def show(self, rules: Rules) -> None:
        """Fill in the rules of a meeting; one that is off offers its usual number."""
        usual = Rules()
        for switch, name in SWITCHES.items():
            value = getattr(rules, name)
            self[switch].data = value is not None
            self[name].data = getattr(usual, name) if value is None else value
        self.quiet_from.data, self.quiet_until.data = rules.quiet_from, rules.quiet_until

    def rules(self) -> Rules:
        """The rules as they were filled in."""
        chosen = {name: self[name].data if self[switch].data else None for switch, name in SWITCHES.items()}
        usual = Rules()
        quiet = (self.quiet_from.data or usual.quiet_from, self.quiet_until.data or usual.quiet_until)
        return Rules(**chosen, quiet_from=quiet[0], quiet_until=quiet[1])


SWITCHES = {
    "day_before": "day_before_at",
    "shortly_before": "minutes_before",
    "answers_missing": "answers_missing_days",
    "results_due": "results_due_days",
}
"""By switch, the field of its number, which is that of the rule."""


class SettleForm(Form):
    """A mail that waits, as the page showed it."""

    version = VersionField(default=0)
