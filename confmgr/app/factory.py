"""Putting the application together."""

import importlib
import importlib.util
from types import ModuleType
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from confmgr import config
from confmgr.accounts import access as sign_in
from confmgr.accounts import queries as accounts
from confmgr.app import navigation, place
from confmgr.failures import keep_content_out_of_logs
from confmgr.gateways import clock
from confmgr.jobs import setup as jobs
from confmgr.meetings import access
from confmgr.meetings import queries as meetings
from confmgr.orm.acting import started_for
from confmgr.orm.engine import writing
from confmgr.parties import queries as parties
from confmgr.web import converters, db, formats, forms, headers, locale, policy, problems

ROOMS = (
    "accounts",
    "activity",
    "jobs",
    "parties",
    "meetings",
    "delegations",
    "sharing",
    "cases",
    "scheduling",
    "invitations",
    "outcomes",
    "papers",
    "reports",
    "interchange",
)
"""Rooms with tables or pages; the lower ones first."""

LARGEST_UPLOAD = 20 * 2**20
LOOPBACK = ("localhost", "127.0.0.1")
"""Names that a request may always carry: who forges them reaches nobody else."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def part(room: str, name: str) -> ModuleType | None:
    """A file of a room, if the room has it."""
    if importlib.util.find_spec(f"confmgr.{room}.{name}") is None:
        return None
    return importlib.import_module(f"confmgr.{room}.{name}")


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application of one installation.

    Raises:
        confmgr.web.policy.UndeclaredRoute: A route has no policy.
    """
    keep_content_out_of_logs()
    settings = settings or config.load()
    app = Flask("confmgr", template_folder=str(config.TEMPLATES), static_folder=str(config.STATIC))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        TRUSTED_HOSTS=[*LOOPBACK, urlsplit(settings.base_url).hostname or ""],
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["confmgr"] = settings
    app.before_request(_announce_writing)
    for room in ROOMS:
        part(room, "models")
        part(room, "texts")
    db.attach(app)
    converters.attach(app)
    locale.attach(app, place.languages_of_delegation, place.languages_of_meeting)
    formats.attach(app)
    forms.attach(app)
    headers.attach(app)
    problems.attach(app)
    sign_in.attach(app, settings)
    jobs.attach(app, settings)
    navigation.attach(app, settings)
    _register_rooms(app)
    app.add_url_rule("/", "home", policy.policy(policy.public)(_home))
    app.add_url_rule("/health", "health", policy.policy(policy.public)(_health))
    app.view_functions["static"] = policy.declare(app.view_functions["static"], policy.public)
    policy.check_routes(app)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=str(config.STATIC), prefix="static/", max_age=3600)  # type: ignore[method-assign]
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0)  # type: ignore[method-assign]
    return app


def _register_rooms(app: Flask) -> None:
    for room in ROOMS:
        part(room, "labels")
        part(room, "tasks")
    routes = [module for module in (part(room, "routes") for room in ROOMS) if module is not None]
    for module in routes:  # only once all are imported: a higher room may add a page under a lower room's name
        for blueprint in getattr(module, "blueprints", (module.bp,)):
            app.register_blueprint(blueprint)


def _announce_writing() -> None:
    writing.set(request.method not in SAFE_METHODS)
    started_for.set(None)


def _health() -> ResponseReturnValue:
    from importlib.metadata import version

    return {"status": "ok", "version": version("confmgr"), "tzdata": version("tzdata")}


def _home() -> ResponseReturnValue:
    from flask_login import current_user

    session = db.session()
    if not current_user.is_authenticated:
        if not accounts.any_account(session):
            settings: config.Settings = current_app.extensions["confmgr"]
            if settings.sample:
                return render_template("accounts/loading.html"), 503, {"Refresh": "2", "Retry-After": "2"}
            return redirect(url_for("accounts.start"))
        return redirect(url_for("security.login"))
    actor = current_user._get_current_object()  # noqa: SLF001  # the proxy must not outlive the request
    mine = meetings.meetings_of(session, actor, clock.now())
    may_plan = access.organises_any(session, actor)
    known = {meeting.operation_id for meeting in mine}
    bare = [row for row in parties.operations(session) if row.id not in known] if may_plan else []
    return render_template("meetings/mine.html", meetings=mine, operations=bare, may_plan=may_plan)
