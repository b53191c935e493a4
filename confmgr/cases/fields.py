"""Fields that the forms of this room share."""

from typing import Any

from flask_babel import gettext
from wtforms import Field
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from confmgr.cases.domain import IdentifierKind
from confmgr.cases.identifiers import LONGEST, Named
from confmgr.cases.naming import MOST
from confmgr.errors import Refused
from confmgr.values.texts import has_controls
from confmgr.web import labels


class IdentifiersField(Field):
    """Several rows of kind and value, sent as `<name>-kind` and `<name>-value`; `data` is None if the form has none."""

    widget = TextInput()
    data: list[Named] | None
    blank = 2
    """Empty rows that are offered below those that are filled."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the rows pair by pair; rows without a value are none."""
        self.process_errors = []
        self.data = list(data) if isinstance(data, (list, tuple)) else None
        self.rows = [(one.kind.value, one.value) for one in self.data or ()]
        if not formdata or f"{self.name}-value" not in formdata:
            return
        kinds, values = formdata.getlist(f"{self.name}-kind"), formdata.getlist(f"{self.name}-value")
        sent = [(str(kind), str(value).strip()) for kind, value in zip(kinds, values, strict=False)]
        self.rows = [(kind, value) for kind, value in sent if value]
        known = {kind.value for kind in IdentifierKind}
        if len(kinds) != len(values) or any(kind not in known for kind, _value in self.rows):
            self.process_errors.append(gettext("Choose what each value is."))
            return
        self.data = [Named(IdentifierKind(kind), value) for kind, value in self.rows]

    def pre_validate(self, form: Any) -> None:
        """Each value is one of its kind, short, and holds nothing invisible."""
        if len(self.rows) > MOST:
            raise ValidationError(labels.sentence(Refused("too_many_identifiers", most=MOST)))
        for one in self.data or ():
            if has_controls(one.value):
                raise ValidationError(gettext("Remove the invisible control characters."))
            if len(one.value) > LONGEST:
                raise ValidationError(gettext("Too long: at most %(limit)s characters.", limit=LONGEST))
            if not one.normal:
                raise ValidationError(labels.sentence(Refused("not_of_its_kind", kind=one.kind, value=one.value)))

    def inputs(self) -> list[tuple[str, str]]:
        """Kind and value of each row, the empty ones last."""
        return [*self.rows, *[("", "")] * self.blank]

    def kinds(self) -> list[tuple[str, str]]:
        """What a value may be."""
        return labels.choices(IdentifierKind)

    def _value(self) -> str:
        return ""
