"""What the browser may send to this room."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from confmgr.scheduling.domain import Answer, RequestKind, RequestLevel, SessionKind
from confmgr.values.languages import OWN_NAMES, pair, two
from confmgr.web import labels
from confmgr.web.forms import CheckboxesField, EnumField, Form, WallDateTimeField, WordsField

NOTE = 2000
"""Characters of a note or a reason."""


class PairMixin:
    """Interpretation as two languages; `pair_of` makes them a pair."""

    first: SelectField
    second: SelectField

    def offer_languages(self) -> None:
        """No language, or one of confmgr's."""
        choices = [("", gettext("None")), *OWN_NAMES.items()]
        self.first.choices = self.second.choices = choices

    def show_pair(self, known: str | None) -> None:
        """Fill the two languages from a stored pair."""
        if known:
            self.first.data, self.second.data = two(known)

    def pair_of(self) -> str | None:
        """`km-ko`, or None without interpretation."""
        return pair(str(self.first.data), str(self.second.data)) if self.first.data and self.second.data else None

    def validate_second(self, field: Any) -> None:
        """Both languages or none, and not the same one twice."""
        if bool(self.first.data) != bool(field.data):
            raise ValidationError(gettext("Choose both languages, or none."))
        if field.data and field.data == self.first.data:
            raise ValidationError(gettext("Choose two different languages."))


class RequestForm(PairMixin, Form):
    """A delegation asks others for a meeting."""

    asking = SelectField(_l("Who asks"), coerce=str)
    asked = CheckboxesField(_l("Wants to meet"))
    kind = EnumField(_l("About"), RequestKind)
    level = EnumField(_l("Between"), RequestLevel)
    minutes = IntegerField(
        _l("Length in minutes"), [InputRequired(), NumberRange(5, 480)], default=40, description=_l("Steps of five.")
    )
    cases = CheckboxesField(_l("Cases"))
    persons = CheckboxesField(_l("Persons who must be there"))
    first = SelectField(_l("Interpretation between"))
    second = SelectField(_l("and"))
    interpreters = IntegerField(_l("Interpreters at once"), [Optional(), NumberRange(1, 4)], default=1)
    priority = SelectField(_l("Priority"), coerce=int, default=2)
    note = TextAreaField(
        _l("Note to the secretariat"),
        [Optional(), Length(max=NOTE)],
        description=_l("The other side never sees it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages and the priorities."""
        super().__init__(*args, **kwargs)
        self.offer_languages()
        self.priority.choices = [
            (1, gettext("1, must be")),
            (2, gettext("2, should be")),
            (3, gettext("3, if possible")),
        ]


class AnswerForm(Form):
    """What an asked delegation says; organisers say it for one of them."""

    delegation = SelectField(_l("For"), coerce=str)
    answer = RadioField(_l("Answer"), [InputRequired()])
    reason = TextAreaField(
        _l("Reason"), [Optional(), Length(max=NOTE)], description=_l("The asking side and the secretariat see it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Accept or decline."""
        super().__init__(*args, **kwargs)
        self.answer.choices = [(a.value, labels.of(a)) for a in (Answer.ACCEPTED, Answer.DECLINED)]


class PlaceSessionForm(Form):
    """When and where; with a box to overrule a conflict once it has been shown."""

    version = HiddenField(default="0", validators=[Regexp(r"^[0-9]{1,9}$")])
    starts = WallDateTimeField(
        _l("Start"), [Optional()], description=_l("By the venue's clock. Empty puts it back among the unplaced.")
    )
    place = SelectField(_l("Place"), coerce=str)
    interpreters = CheckboxesField(_l("Interpreters"))
    anyway = BooleanField(_l("Keep this in spite of the conflicts"))
    blocked = False
    """Whether a conflict was met, so that the box to overrule it is shown."""


class SessionForm(PairMixin, PlaceSessionForm):
    """A session of the working schedule."""

    kind = EnumField(_l("Kind"), SessionKind)
    title = WordsField(_l("Title"), description=_l("Empty for a bilateral: it is called by its delegations."))
    description = WordsField(_l("Description"), lines=3)
    delegations = CheckboxesField(_l("Delegations"))
    everybody = BooleanField(_l("For everybody at the meeting"))
    minutes = IntegerField(
        _l("Length in minutes"), [InputRequired(), NumberRange(5, 1440)], default=40, description=_l("Steps of five.")
    )
    first = SelectField(_l("Interpretation between"))
    second = SelectField(_l("and"))
    interpreters_wanted = IntegerField(_l("Interpreters at once"), [Optional(), NumberRange(0, 10)], default=0)
    held_back = BooleanField(
        _l("Hold back from publications"), description=_l("Others keep seeing what was published before.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages."""
        super().__init__(*args, **kwargs)
        self.offer_languages()


class CancelForm(Form):
    """Why a session is cancelled."""

    reason = StringField(
        _l("Reason"), [InputRequired(), Length(max=300)], description=_l("For the organisers; no mail carries it.")
    )


class PlanForm(Form):
    """Ask the planner."""

    again = BooleanField(
        _l("Plan everything that is not locked anew"),
        description=_l("Otherwise only what is not placed yet gets a time."),
    )


class TakeForm(Form):
    """Which proposals of a plan to take."""

    take = CheckboxesField(_l("Take"))
