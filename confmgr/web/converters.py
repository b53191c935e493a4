"""What an address may hold: numbers that a row can have, and text without what no person types."""

from flask import Flask
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

from confmgr.values.texts import LARGEST_INTEGER, has_controls


class RowNumber(IntegerConverter):
    """A whole number that a database can hold; a larger one leads nowhere."""

    def to_python(self, value: str) -> int:
        """Raise `ValidationError`, so that no route matches."""
        if len(value) > len(str(LARGEST_INTEGER)) or int(value) > LARGEST_INTEGER:
            raise ValidationError
        return int(value)


class CleanText(UnicodeConverter):
    """Text without control characters, which databases refuse."""

    def to_python(self, value: str) -> str:
        """Raise `ValidationError`, so that no route matches."""
        if has_controls(value):
            raise ValidationError
        return value


def attach(app: Flask) -> None:
    """Let every address be read by these; before any route is added."""
    app.url_map.converters.update({"int": RowNumber, "default": CleanText, "string": CleanText})
