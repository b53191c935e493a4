"""`create_app()`: the only place that knows every room."""

from confmgr.app.factory import create_app

__all__ = ["create_app"]
