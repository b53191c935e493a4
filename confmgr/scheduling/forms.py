"""What the browser may send to this room."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import HiddenInput

from confmgr.errors import NotFound
from confmgr.meetings.models import Meeting
from confmgr.scheduling import wish_words
from confmgr.scheduling.conflicts import USUAL, ClashKind, Severity
from confmgr.scheduling.domain import Answer, RequestKind, RequestLevel, SessionKind
from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.wishes import HalfDay, Wishes, half_days
from confmgr.values.languages import OWN_NAMES, pair, two
from confmgr.values.texts import LARGEST_INTEGER
from confmgr.web import labels
from confmgr.web.forms import (
    CheckboxesField,
    EnumField,
    Form,
    VersionField,
    WallDateTimeField,
    WordsField,
)

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


class WishesForm(Form):
    """When a meeting that is asked for should be; `offer_wishes` says what there is to choose from."""

    version = VersionField(default=0)
    half_days = CheckboxesField(_l("Half-days that suit"), choices=(), description=_l("None ticked: any time suits."))
    apart = CheckboxesField(_l("Not at the same time as"), choices=())
    same_day = CheckboxesField(_l("On the same day as"), choices=())

    def offer_wishes(self, meeting: Meeting, others: Sequence[MeetingRequest]) -> None:
        """The half-days of a meeting, and other requests of the side that asks."""
        self._others = {str(row.uuid): row.id for row in others}
        self.half_days.choices = [(str(one), wish_words.half_day(one)) for one in half_days(meeting.days)]
        self.apart.choices = [(str(row.uuid), wish_words.request(row)) for row in others]
        self.same_day.choices = [*self.apart.choices]

    def show_wishes(self, wishes: Wishes) -> None:
        """Tick what is wished."""
        self.half_days.data = [str(one) for one in wishes.half_days]
        self.apart.data = [key for key, ident in self._others.items() if ident in wishes.apart]
        self.same_day.data = [key for key, ident in self._others.items() if ident in wishes.same_day]

    def wishes(self) -> Wishes:
        """What was ticked."""
        return Wishes(
            tuple(HalfDay.parse(text) for text in self.half_days.data or ()),
            tuple(self._others[key] for key in self.apart.data or ()),
            same_day=tuple(self._others[key] for key in self.same_day.data or ()),
        )


class ShapeForm(PairMixin, WishesForm):
    """What a meeting that was asked for is like."""

    kind = EnumField(_l("About"), RequestKind)
    level = EnumField(_l("Level"), RequestLevel)
    minutes = IntegerField(
        _l("Length in minutes"), [InputRequired(), NumberRange(5, 480)], default=40, description=_l("Steps of five.")
    )
    first = SelectField(_l("Interpretation between"))
    second = SelectField(_l("and"))
    interpreters = IntegerField(_l("Interpreters at once"), [Optional(), NumberRange(1, 4)], default=1)
    priority = SelectField(_l("Priority"), coerce=int, default=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages and the priorities."""
        super().__init__(*args, **kwargs)
        self.offer_languages()
        self.priority.choices = [
            (1, gettext("1, must be")),
            (2, gettext("2, should be")),
            (3, gettext("3, if possible")),
        ]


class RequestForm(ShapeForm):
    """A delegation asks others for a meeting."""

    asking = SelectField(_l("Who asks"), coerce=str)
    asked = CheckboxesField(_l("Wants to meet"))
    cases = CheckboxesField(_l("Cases"))
    persons = CheckboxesField(_l("Persons who must be there"))
    note = TextAreaField(
        _l("Note to the secretariat"),
        [Optional(), Length(max=NOTE)],
        description=_l("The other side never sees it."),
    )


class SelectedRequestsForm(Form):
    """Requests that were ticked, and what to do with them."""

    requests = CheckboxesField(_l("Requests"), [InputRequired(_l("Tick at least one request first."))])
    act = StringField(validators=[AnyOf(("accept", "schedule", "join"))])
    """Set by the button that was pressed, so that the field itself is never drawn."""


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

    version = VersionField(default=0)
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


class DraftForm(Form):
    """Keep the working schedule under a name."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    note = TextAreaField(_l("Note"), [Optional(), Length(max=NOTE)], description=_l("What this draft tries out."))


class TakeUpForm(Form):
    """Take up an earlier schedule; `seen` is the revision of the present one that the page compared it with."""

    seen = IntegerField(validators=[InputRequired(), NumberRange(min=0, max=LARGEST_INTEGER)], widget=HiddenInput())


class RulesForm(Form):
    """What each rule of the schedule does when it is broken: a field for each `ClashKind`, by its value."""

    seen = HiddenField(validators=[InputRequired(), Length(max=16)])
    walk_minutes = IntegerField(
        _l("Minutes to walk from one building to another"),
        [InputRequired(), NumberRange(0, 240)],
        default=0,
        description=_l("0 if everything is in one building. Which building a place is in is said with the place."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the rules, and offer what each may do."""
        super().__init__(*args, **kwargs)
        for kind, usual in USUAL.items():
            field = self[kind.value]
            field.label.text = labels.of(kind)
            field.choices = [
                (
                    one.value,
                    gettext("%(severity)s (usual)", severity=labels.of(one)) if one is usual else labels.of(one),
                )
                for one in Severity
            ]

    def severities(self) -> dict[ClashKind, Severity]:
        """What was chosen."""
        return {kind: Severity(self[kind.value].data) for kind in ClashKind}


for _kind in ClashKind:
    setattr(RulesForm, _kind.value, SelectField())


class MoveToForm(Form):
    """One of the free times that a page offers: `2026-02-05T10:20|3,4|T3`, with the interpreters by their ids."""

    version = VersionField(default=0)
    to = StringField(
        validators=[InputRequired(), Regexp(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}\|[0-9,]*\|.+$")]
    )
    back = HiddenField()

    def parts(self) -> tuple[datetime, list[int], str]:
        """Start, interpreters, code of the place.

        Raises:
            NotFound: The form holds no such offer.
        """
        if not self.validate():
            raise NotFound("offer")
        when, crew, place = str(self.to.data).split("|", 2)
        try:
            return datetime.fromisoformat(when), [int(one) for one in crew.split(",") if one], place
        except ValueError:
            raise NotFound("offer", when) from None


class WhyForm(Form):
    """A start and a place that somebody asks about; comes by GET."""

    starts = WallDateTimeField(_l("Start"), [InputRequired()], description=_l("By the venue's clock."))
    place = SelectField(_l("Place"), coerce=str)
