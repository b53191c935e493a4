"""Sets of persons as the browser sends them."""

import re
import unicodedata
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from confmgr.outcomes.domain import Dimension, PersonStatus
from confmgr.web import labels
from confmgr.web.forms import SHORT, EnumField, Form, WordsField, WordsRequired

NUMBER = [InputRequired(), NumberRange(0, 10**6)]
PARTS = {
    Dimension.SEX: ("male", "female"),
    Dimension.AGE: ("adult", "minor"),
    Dimension.ROLE: ("ringleader", "manager", "member", "money_mule", "recruiter"),
}
COUNTRY = re.compile(r"[A-Z]{2}")
NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})
"""Codes of the territory names that are unions, tests or nowhere."""
OF_A_SET = ("arrested", "returned", "rescued", "charged", "released")
"""Measures that are counted of one set of persons."""


class PersonsForm(Form):
    """A set of persons found in a joint action."""

    name = WordsField(_l("Who they are"), [WordsRequired()], description=_l("Like: arrested in the villa. No names."))
    count = IntegerField(_l("How many"), NUMBER)


class StatusForm(Form):
    """As what how many of a set are held to be from a day on."""

    status = EnumField(_l("Held to be"), PersonStatus)
    count = IntegerField(_l("How many"), NUMBER)
    decided_on = DateField(_l("Decided on"), [InputRequired()])
    decided_by = StringField(_l("Decided by"), [Optional(), SHORT])
    source = SelectField(_l("Source"), coerce=str)


class ShareForm(Form):
    """How many of a set share something."""

    part = SelectField(_l("Part"), coerce=str)
    count = IntegerField(_l("How many"), NUMBER)
    verified = BooleanField(_l("Verified"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer sexes, ages, roles and nationalities, each under its heading."""
        super().__init__(*args, **kwargs)
        named = {
            dimension: [(f"{dimension.value}:{key}", labels.term(key, "share")) for key in keys]
            for dimension, keys in PARTS.items()
        }
        named[Dimension.NATIONALITY] = [(f"nationality:{code}", name) for code, name in nationalities()]
        self.part.choices = {labels.of(dimension): rows for dimension, rows in named.items()}

    @property
    def chosen(self) -> tuple[Dimension, str]:
        """Along what, and which part."""
        dimension, _colon, key = str(self.part.data).partition(":")
        return Dimension(dimension), key


class SetFigureForm(Form):
    """A number that was counted of one set."""

    measure = SelectField(_l("Measure"), coerce=str)
    number = IntegerField(_l("Number"), NUMBER)
    on = DateField(_l("On"), [InputRequired()])
    source = SelectField(_l("Source"), coerce=str)
    sure = BooleanField(_l("It is right"), description=_l("Tick this only if you were asked."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is counted of persons found."""
        super().__init__(*args, **kwargs)
        self.measure.choices = [(code, labels.term(code, "measure")) for code in OF_A_SET]


def nationalities() -> list[tuple[str, str]]:
    """Countries and territories by what the reader's language calls them."""
    names = get_locale().territories
    found = [(code, name) for code, name in names.items() if COUNTRY.fullmatch(code) and code not in NO_COUNTRY]
    return sorted(found, key=lambda row: unicodedata.normalize("NFKD", row[1]).casefold())
