"""What the browser may send to this room."""

from collections.abc import Iterator
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_security.forms import LoginForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length

from confmgr.accounts import services
from confmgr.gateways import clock
from confmgr.web.db import session
from confmgr.web.forms import SHORT, Form, LanguageField, ZoneField
from confmgr.web.reader import BUDDHIST, NATIVE

LONGEST_PASSWORD = 200


class SignInForm(LoginForm):  # type: ignore[misc]  # Flask-Security has no types
    """Address and password; refuses to go on after too many failures."""

    def validate(self, **kwargs: Any) -> bool:
        """One sentence for every failure, whether the account exists or not."""
        account, client, now = str(self.email.data or ""), str(request.remote_addr), clock.now()
        if services.too_many_attempts(session(), account=account, client=client, now=now):
            self.form_errors = [gettext("Too many attempts. Wait fifteen minutes and try again.")]
            return False
        fits = len(str(self.password.data or "")) <= LONGEST_PASSWORD  # hashing refuses what is much longer
        if fits and super().validate(**kwargs):
            return True
        for field in self:
            field.errors = []
        self.form_errors = [gettext("The address or the password is not right.")]
        services.count_failure(session(), account=account, client=client, now=now)
        session().commit()
        return False


class FirstOrganiserForm(Form):
    """The first person of an empty installation."""

    name = StringField(_l("Your name"), [InputRequired(), SHORT])
    email = EmailField(_l("Mail address"), [InputRequired(), Email()])
    password = PasswordField(
        _l("Password"), [InputRequired(), Length(max=LONGEST_PASSWORD)], description=_l("At least twelve characters.")
    )
    language = LanguageField(_l("Language"), default="en")
    zone = ZoneField(_l("Time zone"), [InputRequired()], default="Asia/Seoul")


class PasswordForm(Form):
    """The password of an account that somebody may now use."""

    password = PasswordField(
        _l("New password"), [InputRequired(), Length(max=200)], description=_l("At least twelve characters.")
    )
    again = PasswordField(
        _l("The new password again"),
        [InputRequired(), EqualTo("password", message=_l("The two passwords are not the same."))],
    )


class ChangePasswordForm(PasswordForm):
    """Another password, by somebody who knows the present one."""

    present = PasswordField(_l("Present password"), [InputRequired(), Length(max=200)])
    field_order = ("present", "password", "again")

    def __iter__(self) -> Iterator[Any]:
        """The present one first."""
        first = [self._fields[name] for name in self.field_order]
        return iter([*first, *(field for name, field in self._fields.items() if name not in self.field_order)])


class ForgottenForm(Form):
    """Whose password is forgotten."""

    email = EmailField(_l("Mail address"), [InputRequired(), Email(), Length(max=254)])


class ProfileForm(Form):
    """What a person may change of the own account."""

    name = StringField(_l("Your name"), [InputRequired(), SHORT])
    language = LanguageField(_l("Language"))
    zone = ZoneField(_l("Time zone"), [InputRequired()])
    theme = SelectField(_l("Colours"))
    calendar = SelectField(_l("Calendar"), description=_l("For pages only: mails and documents keep the common years."))
    digits = SelectField(_l("Digits"), description=_l("Codes and telephone numbers keep 0 to 9."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the colours, calendars and digits."""
        super().__init__(*args, **kwargs)
        self.calendar.choices = [("", gettext("Common years (2026)")), (BUDDHIST, gettext("Buddhist years (2569)"))]
        self.digits.choices = [
            ("", gettext("0 to 9 in every language")),
            (NATIVE, gettext("Those of Arabic, Khmer, Lao and Thai on pages in these languages")),
        ]
        self.theme.choices = [
            ("", gettext("As the device")),
            ("light", gettext("Light")),
            ("dark", gettext("Dark")),
        ]
