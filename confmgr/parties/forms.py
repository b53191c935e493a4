"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from confmgr.parties.domain import OperationPhase, PartyKind
from confmgr.web.forms import EnumField, Form, VersionField, WordsField, WordsRequired


class PartyForm(Form):
    """A participant and its names."""

    version = VersionField(default=0)
    code = StringField(
        _l("Code"),
        [InputRequired(), Length(max=9)],
        description=_l("Two letters (ISO 3166) for a state, three to nine for an organisation."),
    )
    kind = EnumField(_l("Kind"), PartyKind)
    short_name = WordsField(_l("Short name"), [WordsRequired()])
    long_name = WordsField(_l("Official name"))


class AgencyForm(Form):
    """A body of a participant."""

    code = StringField(_l("Code"), [InputRequired(), Length(max=40)])
    name = WordsField(_l("Name"), [WordsRequired()])


class OperationForm(Form):
    """A named joint operation."""

    version = VersionField(default=0)
    code = StringField(
        _l("Address"),
        [
            InputRequired(),
            Length(max=40),
            Regexp(r"^[a-z0-9-]+$", message=_l("Use small letters, digits and hyphens.")),
        ],
        description=_l("Stands in the address of its pages, like breaking-chains."),
    )
    name = WordsField(_l("Name"), [WordsRequired()])
    purpose = WordsField(_l("Purpose"), lines=3)
    lead_party = SelectField(_l("Led by"), coerce=str)
    starts_on = DateField(_l("Began on"), [InputRequired()])
    phase = EnumField(_l("Phase"), OperationPhase)
