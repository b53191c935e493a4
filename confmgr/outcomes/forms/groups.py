"""Groups, bases, moves and border sections as the browser sends them."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from wtforms import DateField, FloatField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from confmgr.outcomes.domain import Confidence, Driver
from confmgr.sharing.domain import Tlp
from confmgr.web.forms import CheckboxesField, EnumField, Form, VersionField, WordsField, WordsRequired

NOTE, REASON = 2000, 500
MARKINGS = frozenset({Tlp.AMBER, Tlp.GREEN})
"""What these pages mark with: groups are described so that others can recognise them."""


class MarkedForm(Form):
    """What a group, a base and a move have in common: who may read it, and which version was seen."""

    tlp = RadioField(_l("Who may read it?"), [InputRequired(_l("Choose who may read it."))], coerce=str)
    readers = CheckboxesField(_l("These delegations"))
    version = VersionField(default=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the two markings in words."""
        super().__init__(*args, **kwargs)
        self.tlp.choices = [
            (Tlp.AMBER.value, gettext("The delegations that you name")),
            (Tlp.GREEN.value, gettext("Every member and partner of this meeting")),
        ]

    @property
    def marking(self) -> Tlp:
        """The chosen marking."""
        return Tlp(str(self.tlp.data))

    def without_marking(self) -> None:
        """Leave the marking to the author."""
        del self.tlp, self.readers


class GroupForm(MarkedForm):
    """A group under the names it uses."""

    reference = StringField(_l("Your reference"), [InputRequired(), Length(max=39)])
    meetings = CheckboxesField(_l("At the meetings"), [InputRequired()])
    name = WordsField(_l("Name"), [WordsRequired()])
    aliases = TextAreaField(
        _l("Other names, one a line"),
        [Optional(), Length(max=8000)],
        description=_l("In any script, as they are written; the same name in other capitals is kept once."),
    )
    description = WordsField(_l("Description"), lines=4)


class BaseForm(MarkedForm):
    """A place where a group was."""

    name = WordsField(_l("Name of the place"), [WordsRequired()])
    territory = SelectField(_l("Territory of"), coerce=str)
    latitude = FloatField(_l("Degrees north"), [Optional(), NumberRange(-90, 90)])
    longitude = FloatField(_l("Degrees east"), [Optional(), NumberRange(-180, 180)])
    from_on = DateField(_p("first day", "From"), [Optional()])
    to_on = DateField(_p("last day", "Until"), [Optional()])
    confidence = EnumField(_l("How sure"), Confidence, default=Confidence.REPORTED)
    note = WordsField(_l("Note"), lines=3)


class MoveForm(MarkedForm):
    """A group left a base."""

    from_base = SelectField(_l("From the base"), coerce=str)
    to_base = SelectField(_l("To the base"), coerce=str)
    noticed_on = DateField(_l("Noticed on"), [InputRequired()])
    driver = EnumField(_l("Driven by"), Driver, default=Driver.UNKNOWN)
    confidence = EnumField(_l("How sure"), Confidence, default=Confidence.REPORTED)
    sections = CheckboxesField(_l("Border sections that it passed"))
    note = WordsField(_l("Note"), lines=3)


class MergeForm(Form):
    """Two groups are one."""

    other = SelectField(_l("Is the same as"), coerce=str)
    reason = StringField(_l("Reason"), [InputRequired(), Length(max=REASON)])


class CaseGroupsForm(Form):
    """The groups that a case is about."""

    groups = CheckboxesField(_l("Groups"), description=_l("Seen by those who may read both the case and the group."))


class FollowForm(Form):
    """A case or a session that follows from a move."""

    thing = SelectField(_l("What follows"), coerce=str)


class SectionForm(Form):
    """A stretch of a border to watch."""

    name = WordsField(_l("Name"), [WordsRequired()])
    one_side = SelectField(_l("One side"), coerce=str)
    other_side = SelectField(_l("The other side"), coerce=str)
    latitude = FloatField(_l("Degrees north"), [Optional(), NumberRange(-90, 90)])
    longitude = FloatField(_l("Degrees east"), [Optional(), NumberRange(-180, 180)])
    note = WordsField(_l("Note"), lines=3)
    version = VersionField(default=0)
