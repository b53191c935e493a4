"""Contacts and alliances as the browser sends them."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, FieldList, FormField, SelectField, StringField, TelField
from wtforms import Form as Plain
from wtforms.validators import Email, InputRequired, Optional

from confmgr.parties.domain import ContactChannel
from confmgr.web.forms import SHORT, Form, VersionField, WordsField, WordsRequired


class ContactForm(Form):
    """A post of an agency to turn to. Of persons it holds names alone."""

    version = VersionField(default=0)
    agency = SelectField(_l("Agency"), coerce=str)
    subject = WordsField(_l("For what"), [WordsRequired()])
    holder = StringField(_l("Who holds the post now"), [Optional(), SHORT])
    deputy = StringField(_l("Deputy"), [Optional(), SHORT])
    reachable = WordsField(_l("When reachable"))
    i247 = StringField(_l("I-24/7"), [Optional(), SHORT])
    siena = StringField(_l("SIENA"), [Optional(), SHORT])
    telephone = TelField(_l("Telephone"), [Optional(), SHORT])
    mail = EmailField(_l("Mail"), [Optional(), Email(), SHORT])
    other = StringField(_l("Another way"), [Optional(), SHORT])

    def channels(self) -> dict[ContactChannel, str]:
        """Address or number by channel."""
        return {channel: str(self[channel.value].data or "") for channel in ContactChannel}


class ConfirmForm(Form):
    """Which version of a contact is still right."""

    version = VersionField(default=0)


class MemberForm(Plain):
    """From when to when a party belongs to an alliance; a row without a party is left out."""

    party = SelectField(_l("Participant"), coerce=str, default="")
    joined_on = DateField(_l("Joined on"), [Optional()])
    left_on = DateField(_l("Left on"), [Optional()])


class AllianceForm(Form):
    """A standing framework that parties join and leave."""

    version = VersionField(default=0)
    name = WordsField(_l("Name"), [WordsRequired()])
    founded_on = DateField(_l("Founded on"), [InputRequired()])
    members = FieldList(FormField(MemberForm), max_entries=300)
