"""Joint actions as the browser sends them."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FloatField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from confmgr.errors import Refused
from confmgr.outcomes.domain import JointActionKind, JointActionState
from confmgr.outcomes.situation import TALLIED
from confmgr.sharing.domain import Tlp
from confmgr.web import labels
from confmgr.web.forms import (
    SHORT,
    CheckboxesField,
    EnumField,
    Form,
    VersionField,
    WallDateTimeField,
    WordsField,
    WordsRequired,
    ZoneField,
)

NOTE = 2000
MOST = NumberRange(0, 10**6)
LOWERED = (Tlp.AMBER, Tlp.GREEN)
"""Markings that let delegations taking part read of an action."""


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
    second = SelectField(_l("Second person who knows"), [InputRequired()], coerce=str)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say why a second person is needed."""
        super().__init__(*args, **kwargs)
        self.second.description = gettext("A planned action is TLP:RED: only you and this person of your party see it.")


class ActionChangeForm(Form):
    """What is planned, where, and what it rests on."""

    version = VersionField(default=0)
    title = WordsField(_l("Title"), [WordsRequired()])
    place = WordsField(_l("Place"))
    territory = SelectField(_l("Territory of"), coerce=str)
    latitude = FloatField(_l("Latitude"), [Optional(), NumberRange(-90, 90)])
    longitude = FloatField(_l("Longitude"), [Optional(), NumberRange(-180, 180)])
    plan = WordsField(_l("Plan"), lines=6)
    task_force = SelectField(_l("Task force"), coerce=str)
    cases = CheckboxesField(_l("Cases"))
    requests = CheckboxesField(_l("Requests that it rests on"))

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Both, or neither.

        Raises:
            Refused: One alone.
        """
        north, east = self.latitude.data, self.longitude.data
        if north is not None and east is not None:
            return north, east
        if north is not None or east is not None:
            raise Refused("half_a_place", field="latitude" if north is None else "longitude")
        return None


class TookPartForm(Form):
    """A party in a joint action."""

    version = VersionField(default=0)
    party = SelectField(_l("Party"), coerce=str)
    officers = IntegerField(_l("Officers"), [Optional(), MOST])
    about = BooleanField(_l("About so many"))


class StaffForm(Form):
    """A party in a task force."""

    version = VersionField(default=0)
    party = SelectField(_l("Party"), coerce=str)
    officers = IntegerField(_l("Officers"), [Optional(), MOST])


class RescheduleForm(Form):
    """Another day for what is planned."""

    version = VersionField(default=0)
    state = SelectField(_l("The action is"), coerce=JointActionState)
    planned_for = DateField(_l("New day"), [InputRequired()])
    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=NOTE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Two ways to another day."""
        super().__init__(*args, **kwargs)
        ways = (JointActionState.POSTPONED, JointActionState.BROUGHT_FORWARD)
        self.state.choices = [(way.value, labels.of(way)) for way in ways]


class CallOffForm(Form):
    """It will not take place."""

    version = VersionField(default=0)
    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=NOTE)])


class OpenUpForm(Form):
    """Who reads of an action from now on. Nothing is chosen beforehand."""

    version = VersionField(default=0)
    tlp = SelectField(_l("Marking from now on"), coerce=str, default="")
    to = CheckboxesField(_l("Delegations taking part that may read it"))

    def offer(self, present: Tlp, to: list[tuple[str, str]]) -> None:
        """The present marking, and those that would let delegations read; the delegations that take part."""
        words = {
            Tlp.AMBER: gettext("%(tlp)s: your delegation, and the delegations ticked below", tlp=Tlp.AMBER.label),
            Tlp.GREEN: gettext("%(tlp)s: every member and partner of its meetings", tlp=Tlp.GREEN.label),
        }
        stays = gettext("It stays %(tlp)s", tlp=present.label)
        self.tlp.choices = [("", stays), *((tlp.value, words[tlp]) for tlp in LOWERED if tlp is not present)]
        self.to.choices = to
        self.to.description = gettext(
            "Everybody of these delegations at its meetings will see the whole action and its log."
        )

    def withhold(self) -> None:
        """Only the author marks: for anybody else it is not asked."""
        del self.tlp, self.to

    @property
    def marking(self) -> Tlp | None:
        """The new marking, if one was chosen."""
        return Tlp(self.tlp.data) if "tlp" in self and self.tlp.data else None

    @property
    def readers(self) -> list[str]:
        """The delegations that were ticked."""
        return list(self.to.data or ()) if "to" in self else []


class BeginForm(OpenUpForm):
    """The action is under way."""

    starts = WallDateTimeField(_l("Began, by the clock of the place"), [InputRequired()])
    zone = ZoneField(_l("Time zone of the place"), [InputRequired(), SHORT])

    @property
    def began(self) -> tuple[Any, str]:
        """Wall time and zone."""
        return self.starts.data, str(self.zone.data)


class CarryOutForm(OpenUpForm):
    """The action took place."""

    on = DateField(_l("On"), [InputRequired()])
    starts = WallDateTimeField(_l("Began, by the clock of the place"), [Optional()])
    zone = ZoneField(_l("Time zone of the place"), [Optional(), SHORT])
    territory = SelectField(
        _l("Territory of"), coerce=str, description=_l("This party confirms what came of the action.")
    )
    arrested = IntegerField(_l("Arrested"), [Optional(), MOST])
    rescued = IntegerField(_l("Rescued"), [Optional(), MOST])


class SeenForm(Form):
    """A button: only which version its reader had before the eyes."""

    version = VersionField(default=0)


class ReservationForm(Form):
    """What the party of the territory says instead of confirming."""

    version = VersionField(default=0)
    reason = TextAreaField(_l("Reservation"), [InputRequired(), Length(max=NOTE)])


class LineForm(Form):
    """One line of the log."""

    local = WallDateTimeField(_l("When, by the clock of the place"), [InputRequired()])
    zone = ZoneField(_l("Time zone of the place"), [InputRequired(), SHORT])
    text = TextAreaField(_l("What happened"), [InputRequired(), Length(max=NOTE)])
    arrested = IntegerField("", [Optional(), MOST])
    rescued = IntegerField("", [Optional(), MOST])
    potential_victims = IntegerField("", [Optional(), MOST])
    sites_searched = IntegerField("", [Optional(), MOST])
    devices_seized = IntegerField("", [Optional(), MOST])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Call the tallies what the standard table calls them."""
        super().__init__(*args, **kwargs)
        for measure in TALLIED:
            self[measure].label.text = labels.term(measure, "measure")

    @property
    def moment(self) -> tuple[Any, str]:
        """Wall time and zone."""
        return self.local.data, str(self.zone.data)

    @property
    def tallies(self) -> dict[str, int]:
        """What was counted."""
        return {measure: self[measure].data for measure in TALLIED if self[measure].data is not None}
