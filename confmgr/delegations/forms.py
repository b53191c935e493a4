"""What the browser may send to this room."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, IntegerField, SelectField, StringField, TelField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, ValidationError

from confmgr.delegations.domain import (
    Capacity,
    DelegationState,
    DelegationStatus,
    Mode,
    PrintedAs,
    holds_passport_data,
    is_telephone,
)
from confmgr.web.forms import (
    SHORT,
    CheckboxesField,
    EnumField,
    Form,
    LanguageField,
    LanguagesField,
    VersionField,
    WallDateTimeField,
    ZoneField,
)


def no_passport(_form: Form, field: Any) -> None:
    """Refuse what looks like passport data, with the reason."""
    if field.data and holds_passport_data(str(field.data)):
        raise ValidationError(
            gettext("This looks like a passport number. Passport data is not kept here: leave it out.")
        )


def telephone(_form: Form, field: Any) -> None:
    """Refuse what nobody could dial."""
    if field.data and not is_telephone(str(field.data)):
        raise ValidationError(
            gettext("Write the telephone number with digits, spaces and dashes, like +82 2 3150-0112.")
        )


class DelegationForm(Form):
    """A participant at this meeting."""

    version = VersionField(default=0)
    party = SelectField(_l("Participant"), coerce=str)
    status = EnumField(_l("Takes part as"), DelegationStatus)
    state = EnumField(_l("State"), DelegationState)
    teams = IntegerField(
        _l("Teams"),
        [InputRequired(), NumberRange(1, 50)],
        default=1,
        description=_l("How many meetings it can hold at the same time."),
    )
    languages = LanguagesField(_l("Works in"), [InputRequired()], default=["en"])


SEES_PHONE = _l("With the country's code. Organisers and the own delegation see it.")


class DelegateForm(Form):
    """A person of a delegation."""

    version = VersionField(default=0)
    name = StringField(_l("Name as the person writes it"), [InputRequired(), SHORT])
    latin_name = StringField(_l("Name in Latin letters"), [Optional(), SHORT])
    grade = StringField(_l("Rank"), [Optional(), SHORT, no_passport])
    email = EmailField(_l("Mail address"), [Optional(), Email(), Length(max=254)])
    phone = TelField(_l("Telephone"), [Optional(), telephone], description=SEES_PHONE)
    language = LanguageField(_l("Language"), default="en")
    zone = ZoneField(_l("Time zone"), [InputRequired()], default="Asia/Seoul")
    capacity = EnumField(_l("Comes as"), Capacity, default=Capacity.DELEGATE)
    printed_as = EnumField(_l("Printed on lists"), PrintedAs)
    agency = SelectField(_l("Agency"), coerce=int, default=0)
    nominated_by = StringField(_l("Nominated by"), [Optional(), SHORT, no_passport])
    nominated_on = DateField(_l("Nominated on"), [Optional()])
    arrives = WallDateTimeField(_l("Arrives, by the venue's clock"), [Optional()])
    departs = WallDateTimeField(_l("Departs, by the venue's clock"), [Optional()])


class InterpreterForm(Form):
    """An interpreter of the meeting."""

    version = VersionField(default=0)
    name = StringField(_l("Name as the person writes it"), [InputRequired(), SHORT])
    latin_name = StringField(_l("Name in Latin letters"), [Optional(), SHORT])
    first = LanguageField(_l("Between"), default="ko")
    second = LanguageField(_l("and"), default="en")
    more_pairs = StringField(_l("Further pairs"), [Optional(), SHORT], description=_l("Like km-en, th-ko."))
    modes = CheckboxesField(_l("Modes"), default=["consecutive"])
    email = EmailField(_l("Mail address"), [Optional(), Email(), Length(max=254)])
    phone = TelField(_l("Telephone"), [Optional(), telephone])
    language = LanguageField(_l("Language of mails"), default="en")
    zone = ZoneField(_l("Time zone"), [InputRequired()], default="Asia/Seoul")
    longest_run_minutes = IntegerField(_l("Longest run without a pause, minutes"), [Optional(), NumberRange(5, 600)])
    longest_day_minutes = IntegerField(_l("Longest day, minutes"), [Optional(), NumberRange(5, 1440)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the modes by their labels."""
        super().__init__(*args, **kwargs)
        from confmgr.web import labels

        self.modes.choices = labels.choices(Mode)
