"""Which engine carries the jobs of an installation."""

from flask import Flask

from confmgr.config import Settings
from confmgr.jobs import services


def attach(app: Flask, settings: Settings) -> None:
    """Procrastinate on PostgreSQL, Huey on SQLite."""
    if settings.on_postgresql:
        from confmgr.jobs import on_procrastinate

        services.use_engine(on_procrastinate.hand_over)
    else:
        from confmgr.jobs.on_huey import HueyEngine

        engine = HueyEngine(app, settings.instance)
        app.extensions["confmgr_huey"] = engine
        services.use_engine(engine.hand_over)
