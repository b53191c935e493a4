"""What the browser may send of questions to originators, of retention and of comments."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from confmgr.errors import Refused
from confmgr.sharing.consent import ANSWERS, is_lower
from confmgr.sharing.domain import ConsentKind, ConsentState, Tlp
from confmgr.sharing.models import ConsentRequest, Item
from confmgr.web import labels
from confmgr.web.forms import Form, SeenField, VersionField

NOTE = 2000


class RowsField(RadioField):
    """One of few, as rows with what each of them means; `hints` by value."""

    hints: dict[str, str]

    def __init__(self, label: Any, message: Any, **kwargs: Any) -> None:
        """Something must be chosen; nothing is chosen beforehand."""
        super().__init__(label, [InputRequired(message)], coerce=str, choices=[], **kwargs)
        self.hints = {}


def kind_hints() -> dict[ConsentKind, str]:
    """What each question is about, for those who ask."""
    return {
        ConsentKind.ONWARD: gettext("Somebody else reads it too: one question for each."),
        ConsentKind.DOWNGRADE: gettext("It gets a marking that lets more people read it."),
        ConsentKind.NEW_PURPOSE: gettext("You use it for something else than it was given for."),
        ConsentKind.JUDICIAL_USE: gettext("You use it in proceedings before a court."),
        ConsentKind.PUBLICATION: gettext("Anybody may read it, also outside this meeting."),
        ConsentKind.LONGER_RETENTION: gettext("It is kept beyond the day on which it would be purged."),
    }


class AskForm(Form):
    """A question to the originator of a case or lead."""

    kind = RowsField(_l("What do you ask for?"), _l("Choose what you ask for."))
    to = SelectField(_l("To whom"), coerce=str, description=_l("Needed for passing it on."))
    tlp = SelectField(_l("Lower marking"), coerce=str, description=_l("Needed for a lower marking."))
    retain_until = DateField(_l("Keep it until"), [Optional()], description=_l("Needed for keeping it longer."))
    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=NOTE)])

    def validate_to(self, field: Any) -> None:
        """Told together with what else is missing."""
        if self.kind.data == ConsentKind.ONWARD.value and not field.data:
            raise ValidationError(labels.sentence(Refused("one_target")))

    def offer(self, item: Item, targets: list[tuple[str, str]]) -> None:
        """What can be asked of this item."""
        kinds = [kind for kind in ConsentKind if kind is not ConsentKind.LONGER_RETENTION or item.retain_until]
        present = item.marking.tlp
        lower = [(tlp.value, tlp.label) for tlp in Tlp if is_lower(tlp, present)]
        if not lower:
            kinds.remove(ConsentKind.DOWNGRADE)
        if item.published_at is not None:
            kinds.remove(ConsentKind.PUBLICATION)
        self.kind.choices = [(kind.value, labels.of(kind)) for kind in kinds]
        self.kind.hints = {kind.value: hint for kind, hint in kind_hints().items()}
        self.to.choices = [("", gettext("Nobody")), *targets]
        self.tlp.choices = [("", gettext("Not this")), *lower]
        if not lower:
            del self.tlp
        if item.retain_until is None:
            del self.retain_until


class AnswerForm(Form):
    """What the originator decides."""

    version = VersionField(default=0)
    decision = RowsField(_l("What do you decide?"), _l("Choose what you decide."))
    tlp = SelectField(_l("Only down to"), coerce=str)
    until = DateField(_l("Only until"), [Optional()])
    retain_until = DateField(_l("Keep it until"), [Optional()])
    text = TextAreaField(
        _l("In your words"), [Optional(), Length(max=NOTE)], description=_l("Those who asked read this.")
    )

    def offer(self, request: ConsentRequest, means: str) -> None:
        """What can be answered to this question."""
        hints = {
            ConsentState.GRANTED: means,
            ConsentState.PARTLY: gettext("With a limit that you set below, in words or by a day."),
            ConsentState.REFUSED: gettext("Nothing changes. To others it looks as if there had been no question."),
        }
        self.decision.choices = [(state.value, labels.of(state)) for state in ANSWERS]
        self.decision.hints = {state.value: hint for state, hint in hints.items()}
        between = _between(request.item.marking.tlp, request.tlp)
        self.tlp.choices = [("", gettext("As it was asked")), *between]
        if not between:
            del self.tlp
        if request.kind is not ConsentKind.ONWARD:
            del self.until
        if request.kind is not ConsentKind.LONGER_RETENTION:
            del self.retain_until


def _between(present: Tlp, asked: Tlp | None) -> list[tuple[str, str]]:
    return [
        (tlp.value, tlp.label) for tlp in Tlp if asked is not None and is_lower(tlp, present) and is_lower(asked, tlp)
    ]


class SecondForm(Form):
    """What the second person says."""

    version = VersionField(default=0)


class KeepForm(Form):
    """Until when a case or lead is kept."""

    day_seen = SeenField()
    retain_until = DateField(
        _l("Keep it until"), [Optional()], description=_l("Leave it empty to keep it until somebody purges it.")
    )


class CommentForm(Form):
    """A comment on a case or lead."""

    text = TextAreaField(_l("Comment"), [InputRequired(), Length(max=NOTE)])
    audience = RadioField(_l("Who may read it?"), coerce=str, default="all")

    def offer(self, *, own: bool, originator: str) -> None:
        """Everybody who may read the case or lead, or its originator alone."""
        narrow = gettext("Only your party") if own else gettext("Only %(party)s and your party", party=originator)
        self.audience.choices = [("all", gettext("Everybody who may read this")), ("narrow", narrow)]
