"""Joint actions as the browser sends them."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from confmgr.outcomes.domain import JointActionKind
from confmgr.web.forms import (
    SHORT,
    CheckboxesField,
    EnumField,
    Form,
    WallDateTimeField,
    WordsField,
    WordsRequired,
    ZoneField,
)


class ActionForm(Form):
    """A joint action before it happens."""

    reference = StringField(_l("Your reference"), [InputRequired(), Length(max=39)])
    meeting = SelectField(_l("At the meeting"), coerce=str)
    kind = EnumField(_l("What kind"), JointActionKind)
    title = WordsField(_l("Title"), [WordsRequired()])
    place = WordsField(_l("Place"))
    territory = SelectField(_l("Territory of"), coerce=str)
    planned_for = DateField(_l("Planned for"), [Optional()])
    parties = CheckboxesField(_l("Who takes part"))
    second = SelectField(_l("Second person who knows"), coerce=str)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say why a second person is needed."""
        super().__init__(*args, **kwargs)
        self.second.description = gettext("A planned action is TLP:RED: only you and this person of your party see it.")


class CarryOutForm(Form):
    """The action took place."""

    on = DateField(_l("On"), [InputRequired()])
    starts = WallDateTimeField(_l("Began, by the clock of the place"), [Optional()])
    zone = ZoneField(_l("Time zone of the place"), [Optional(), SHORT])
    arrested = IntegerField(_l("Arrested"), [Optional(), NumberRange(0, 10**6)])
    rescued = IntegerField(_l("Rescued"), [Optional(), NumberRange(0, 10**6)])
