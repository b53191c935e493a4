"""`create_app()`: the only place that knows every room."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from confmgr.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The application of one installation; see `confmgr.app.factory`."""
    from confmgr.app.factory import create_app as put_together  # late: the supervisor stays small without the rooms

    return put_together(settings)
