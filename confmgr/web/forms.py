"""Base form and the fields that several rooms need."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from zoneinfo import available_timezones

from flask import Flask, Response, g, request
from flask_babel import LazyString, gettext, lazy_gettext
from flask_login import current_user
from flask_wtf import CSRFProtect, FlaskForm
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import BadRequest
from wtforms import DateTimeLocalField, Field, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, TextArea, TextInput

from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.orm.base import Planned
from confmgr.values.languages import LANGUAGES, OWN_NAMES
from confmgr.values.texts import has_controls, one_kind_of_line
from confmgr.values.words import Words
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.models import SubmittedForm

csrf = CSRFProtect()
KEPT = timedelta(days=7)
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Days outside are slips of the hand; at the ends of the calendar no zone can be reckoned with."""
TEXT_LIMIT = 4000
"""Characters in one translated field."""


class SentTwice(Exception):
    """A form that had been carried out came again; `led_to` is where its first sending led."""

    def __init__(self, led_to: str | None) -> None:
        self.led_to = led_to
        super().__init__(led_to)


def stripped(value: object) -> object:
    """Filter for text fields: no white space around."""
    return value.strip() if isinstance(value, str) else value


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """A form with CSRF token and a `once` token that makes a second sending harmless."""

    once = HiddenField(default=lambda: secrets.token_urlsafe(16))

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Strip every text field."""
            if issubclass(unbound_field.field_class, StringField):
                options["filters"] = [*(unbound_field.kwargs.get("filters") or ()), stripped]
                unbound_field.kwargs.pop("filters", None)
            return unbound_field.bind(form=form, **options)

    def accepted(self) -> bool:
        """Whether the form was sent and is right; claims its `once` token in the current transaction.

        Raises:
            SentTwice: The same form was carried out before.
        """
        if request.method != "POST" or not self.validate():
            return False
        _claim(str(self.once.data or ""))
        return True

    def not_sent_before(self) -> None:
        """For a form whose page is out of date by now: whether its own first sending made it so.

        Raises:
            SentTwice: The same form was carried out before.
        """
        earlier = _claimed(_own(str(self.once.data or "")))
        if earlier is not None:
            raise SentTwice(earlier.led_to)

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields, and no control characters in any text."""
        right = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field, StringField) and isinstance(field.data, str):
                right = _check_text(field) and right
            if isinstance(field.data, date) and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
                text = gettext("Choose a day between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
                field.errors, right = [*field.errors, text], False
            # to a template a lazy sentence is a sequence of letters, like the errors of a field inside a field
            if isinstance(field.errors, (list, tuple)):
                field.errors = [str(error) if isinstance(error, LazyString) else error for error in field.errors]
        return right

    def refuse(self, refused: Refused) -> None:
        """Show a rule's refusal at its field, or above the form."""
        field = self._fields.get(refused.field) if refused.field else None
        if field is None:
            self.form_errors.append(labels.sentence(refused))
        else:
            field.errors = [*field.errors, labels.sentence(refused)]


def status(form: Form) -> int:
    """What a page with this form answers with: 422 when the form was refused."""
    return 422 if form.errors else 200


def _check_text(field: StringField) -> bool:
    said = field.data or ""
    too_long = len(said) > TEXT_LIMIT
    if too_long:
        field.errors = [*field.errors, gettext("Too long: at most %(limit)s characters.", limit=TEXT_LIMIT)]
    one_line = isinstance(field.widget, TextInput)  # a browser sends no break in it: a mail or table would have two
    dirty = has_controls(said) or (one_line and any(char in said for char in "\r\n"))
    if dirty:
        field.errors = [*field.errors, gettext("Remove the invisible control characters.")]
    return not (too_long or dirty)


def _claim(token: str) -> None:
    if not token or len(token) > 64:  # noqa: PLR2004
        raise SentTwice(None)
    token = _own(token)
    earlier = _claimed(token)
    if earlier is not None:
        raise SentTwice(earlier.led_to)
    current = session()
    try:
        with current.begin_nested():
            current.add(SubmittedForm(token=token, at=clock.now()))
    except IntegrityError as sent:
        raise SentTwice(None) from sent
    g.claimed_form = token


def _own(token: str) -> str:
    """A token as that of whoever sends it: to another person it says nothing."""
    whose = f"{getattr(current_user, 'id', None)} {token}"
    return hashlib.sha256(whose.encode("utf-8", "surrogatepass")).hexdigest()


def _claimed(token: str) -> SubmittedForm | None:
    found: SubmittedForm | None = session().scalar(select(SubmittedForm).where(SubmittedForm.token == token))
    return found


def _remember_where(response: Response) -> Response:
    token = g.pop("claimed_form", None)
    if token and "Location" in response.headers:  # a redirection, or what the script of an open page is told
        with transaction() as current:
            current.execute(
                update(SubmittedForm).where(SubmittedForm.token == token).values(led_to=response.headers["Location"])
            )
            current.execute(delete(SubmittedForm).where(SubmittedForm.at < clock.now() - KEPT))
    return response


class WordsField(Field):
    """A translated text: one input per language, named `<field>-<language>`; `data` is `Words` or None."""

    data: Any

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        languages: Sequence[str] = ("en", "ko"),
        lines: int = 1,
        **kwargs: Any,
    ) -> None:
        """`lines` > 1 makes text areas. `languages` may be changed on the bound field before it is rendered."""
        super().__init__(label, validators, **kwargs)
        self.languages = tuple(languages)
        self.lines = lines
        self.texts: dict[str, str] = {}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read `<name>-<language>` of every language; what is stored keeps its source and versions."""
        self.process_errors = []
        default = self.default() if callable(self.default) else self.default
        stored = data if isinstance(data, Words) else default if isinstance(default, Words) else None
        self.object_data = self.data = stored
        self.texts = {k: v.text for k, v in stored.values.items()} if stored else {}
        if not formdata or not any(key.startswith(f"{self.name}-") for key in formdata):
            return
        names = {tag: f"{self.name}-{tag}" for tag in LANGUAGES}
        sent = {tag: self._sent(tag, str(formdata.get(name, ""))) for tag, name in names.items() if name in formdata}
        self.texts.update(sent)
        filled = {tag: text for tag, text in sent.items() if text}
        writer, now = getattr(current_user, "id", None), clock.now()
        if stored is not None:
            self.data = stored.changed(sent, writer, now)
            if not sent.get(stored.source, "kept"):
                self.process_errors.append(gettext("The text in the first language cannot be empty."))
        else:
            self.data = Words.written(filled, writer, now) if filled else None

    def _sent(self, language: str, text: str) -> str:
        """A text as it is kept; what is stored stays to the letter where only its line ends differ."""
        stored, plain = self.texts.get(language, ""), one_kind_of_line(text)
        return stored if one_kind_of_line(stored) == plain else plain

    def pre_validate(self, form: Any) -> None:
        """No control characters, no endless text."""
        for text in self.texts.values():
            if has_controls(text):
                raise ValidationError(gettext("Remove the invisible control characters."))
            if len(text) > TEXT_LIMIT:
                raise ValidationError(gettext("Too long: at most %(limit)s characters.", limit=TEXT_LIMIT))

    def inputs(self) -> list[tuple[str, str, str, str]]:
        """`(name, language, what the language calls itself, text)` of each input, the source language first."""
        source = self.data.source if self.data else None
        tags = sorted(dict.fromkeys((*self.languages, *self.texts)), key=lambda tag: tag != source)
        return [(f"{self.name}-{tag}", tag, OWN_NAMES.get(tag, tag), self.texts.get(tag, "")) for tag in tags]

    def outdated(self, language: str) -> bool:
        """Whether what is stored in a language was made from an earlier version of the original."""
        return isinstance(self.object_data, Words) and self.object_data.outdated(language)

    def widget(self, field: Any, **kwargs: Any) -> Any:
        """Inputs below each other; templates usually draw them from `inputs()`."""
        area = TextArea() if self.lines > 1 else TextInput()
        return area(field, **kwargs)

    def _value(self) -> str:
        return str(self.data or "")


class WordsRequired:
    """A translated text that must be there in at least one language."""

    field_flags = {"required": True}  # noqa: RUF012  # read by WTForms

    def __call__(self, form: FlaskForm, field: WordsField) -> None:
        """Raise `ValidationError` with a sentence."""
        if field.data is None:
            raise ValidationError(gettext("Write this in at least one language."))


class VersionField(Field):
    """Which version of a row the sender had before the eyes; `data` is a whole number, 0 where none was sent."""

    widget = HiddenInput()
    data: int

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Refuse the whole request when no page of ours can have sent it."""
        text = str(valuelist[0]) if valuelist else "0"
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise BadRequest
        self.data = int(text)

    def _value(self) -> str:
        return str(self.data or 0)


class SeenField(HiddenField):
    """What the sender had before the eyes, as the page said it; empty where none was sent, whatever holds by now."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """What was sent alone counts."""
        self.data = str(valuelist[0]) if valuelist else ""


class EnumField(SelectField):
    """One member of an enum, by its label; `data` is the member."""

    def __init__(self, label: Any, kind: type[Enum], validators: Any = None, **kwargs: Any) -> None:
        """All members of `kind`."""
        super().__init__(label, validators, coerce=kind, choices=lambda: labels.choices(kind), **kwargs)


class CheckboxesField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LanguagesField(CheckboxesField):
    """Several of the languages confmgr knows, by their own names."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        """All twelve languages."""
        super().__init__(label, validators, **kwargs)
        self.choices = list(OWN_NAMES.items())


class LanguageField(SelectField):
    """One of the languages confmgr knows, by its own name."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        """All twelve languages."""
        super().__init__(label, validators, **kwargs)
        self.choices = list(OWN_NAMES.items())


class ZoneField(StringField):
    """An IANA time zone of the pinned tzdata."""

    def pre_validate(self, form: Any) -> None:
        """Refuse a zone that does not exist."""
        if self.data and self.data not in known_zones():
            raise ValidationError(gettext("There is no time zone of that name. Write it like Asia/Seoul."))


class WallDateTimeField(DateTimeLocalField):
    """A planned local time, to the minute."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        """Browser format, and with a space for people without a picker."""
        kwargs.setdefault("format", ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
        super().__init__(label, validators, **kwargs)


class HoursForm(Form):
    """When a place is open or somebody is there: one stretch at a time."""

    starts = WallDateTimeField(lazy_gettext("From"), [InputRequired()])
    ends = WallDateTimeField(lazy_gettext("Until"), [InputRequired()])

    def added_to(self, known: Iterable[Planned]) -> list[tuple[datetime, datetime]]:
        """The stretches that are known, and the new one."""
        spans = [(row.starts_local, row.ends_local) for row in known]
        if self.starts.data is not None and self.ends.data is not None:
            spans.append((self.starts.data, self.ends.data))
        return spans


_zones: list[frozenset[str]] = []


def known_zones() -> frozenset[str]:
    """Names of all zones of the pinned tzdata, read once."""
    if not _zones:
        _zones.append(frozenset(available_timezones()))
    return _zones[0]


SHORT = Length(max=300, message=lazy_gettext("Too long: at most 300 characters."))


def signed_in_as() -> str:
    """Whose page it is, for a form that is kept open: what one person wrote is not sent in the name of another."""
    return str(getattr(current_user, "uuid", ""))


def as_drawn(form: Iterable[Field], drawn: str) -> list[Field]:
    """The fields of a form as a page shows them, by where their ids stand in `drawn`; others come last."""
    places = {found[1]: found.start() for found in re.finditer(r'\bid="([^"]*)"', drawn)}
    return sorted(form, key=lambda field: places.get(field.id, len(drawn)))


def attach(app: Flask) -> None:
    """CSRF on every unsafe request, the memory of sent forms, and the order of errors."""
    csrf.init_app(app)
    app.jinja_env.globals.update(as_drawn=as_drawn, signed_in_as=signed_in_as)
    app.after_request(_remember_where)
