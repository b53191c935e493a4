"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms import Form as Plain
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, Regexp

from confmgr.meetings.domain import NameOrder, PlaceKind, Role
from confmgr.web.forms import (
    SHORT,
    EnumField,
    Form,
    LanguageField,
    LanguagesField,
    VersionField,
    WordsField,
    WordsRequired,
    ZoneField,
)

MOST_SEATS = 5000


class EditionForm(Form):
    """What tells an edition apart from those before it."""

    title = WordsField(_l("Title"), [WordsRequired()])
    slug = StringField(
        _l("Address"),
        [
            InputRequired(),
            Length(max=60),
            Regexp(r"^[a-z0-9-]+$", message=_l("Use small letters, digits and hyphens.")),
        ],
        description=_l("Stands in the address of its pages, like seoul-2."),
    )
    number = IntegerField(_l("Number of the edition"), [InputRequired(), NumberRange(1, 999)])


class MeetingForm(EditionForm):
    """A new edition."""

    venue = WordsField(_l("Venue"), [WordsRequired()])
    zone = ZoneField(_l("Time zone of the venue"), [InputRequired()], default="Asia/Seoul")
    starts_on = DateField(_l("First day"), [InputRequired()])
    ends_on = DateField(_l("Last day"), [InputRequired()])
    opens = TimeField(_l("Each day from"), [InputRequired()])
    closes = TimeField(_l("Each day until"), [InputRequired()])
    slot_minutes = IntegerField(
        _l("Grid of the schedule in minutes"), [InputRequired(), NumberRange(5, 120)], default=20
    )
    languages = LanguagesField(_l("Languages of the meeting"), [InputRequired()], default=["en"])
    host = SelectField(_l("Host"), coerce=str)
    host_counts = BooleanField(_l("Count the host among the participants"), default=True)
    follows = SelectField(_l("Follows"), coerce=str)
    description = WordsField(_l("Description"), lines=3)


class ChangeMeetingForm(Form):
    """What does not move the schedule."""

    version = VersionField(default=0)
    title = WordsField(_l("Title"), [WordsRequired()])
    venue = WordsField(_l("Venue"), [WordsRequired()])
    description = WordsField(_l("Description"), lines=3)
    languages = LanguagesField(_l("Languages of the meeting"), [InputRequired()])
    host_counts = BooleanField(_l("Count the host among the participants"))
    order_rule = EnumField(_l("Order of names"), NameOrder)
    order_language = LanguageField(_l("Names in the order of"))
    order_first = StringField(
        _l("Names begin with the letter"),
        [Optional(), Length(max=8)],
        description=_l("As drawn by lot; after the last letter it goes on with the first. Empty: from the beginning."),
    )
    grouped = BooleanField(_l("Members, partners, observers and guests stand in groups of their own"))


class DayHoursForm(Plain):
    """Between which hours one day may be planned."""

    day = HiddenField()
    opens = TimeField(_l("From"), [InputRequired()])
    closes = TimeField(_l("Until"), [InputRequired()])


class DaysForm(Form):
    """First and last day, and the hours of each."""

    version = VersionField(default=0)
    starts_on = DateField(_l("First day"), [InputRequired()])
    ends_on = DateField(_l("Last day"), [InputRequired()])
    days = FieldList(FormField(DayHoursForm))


class PlaceForm(Form):
    """A room or a table."""

    version = VersionField(default=0)
    code = StringField(_l("Code"), [InputRequired(), Length(max=20)], description=_l("Short, as on the door: T3."))
    name = WordsField(_l("Name"), [WordsRequired()])
    kind = EnumField(_l("Kind"), PlaceKind)
    room = SelectField(_l("Stands in"), coerce=int, default=0, description=_l("For a table: the room it stands in."))
    building = StringField(_l("Building"), [Optional(), SHORT])
    seats = IntegerField(_l("Seats"), [InputRequired(), NumberRange(0, MOST_SEATS)])
    booths = IntegerField(_l("Interpretation booths"), [Optional(), NumberRange(0, 50)], default=0)


class RoleForm(Form):
    """Give somebody a role; an account is made for an address that has none."""

    email = EmailField(_l("Mail address"), [InputRequired(), Email(), Length(max=254)])
    name = StringField(_l("Name"), [Optional(), SHORT], description=_l("Needed when the person has no account yet."))
    role = EnumField(_l("Role"), Role)
    delegation = SelectField(_l("For the delegation"), coerce=int, default=0)
