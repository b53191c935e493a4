"""How the account behind a request is found: by a sign-in row on the server, never by a signed cookie alone."""

from typing import Any

from flask import Flask, abort, request
from flask import session as browser
from flask_login import user_logged_in, user_logged_out
from flask_security import Security, SQLAlchemyUserDatastore
from sqlalchemy.orm import Session

from confmgr.accounts import queries, services
from confmgr.accounts.forms import SignInForm
from confmgr.accounts.models import User
from confmgr.config import Settings
from confmgr.gateways import clock
from confmgr.orm.acting import act_for
from confmgr.web.db import db, session, transaction
from confmgr.web.policy import Arguments, anybody, declare, public

GUARDED_BY_LIBRARY = frozenset({"security.login", "security.logout"})
TOKEN = "sign_in"  # noqa: S105  # the key in the browser's session, not a secret


def attach(app: Flask, settings: Settings) -> None:
    """Set up Flask-Security: passwords (argon2) only, every sign-in a row that can be revoked."""
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_VERIFY_URL="/sign-in/verify",
        SECURITY_LOGIN_USER_TEMPLATE="accounts/sign_in.html",
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_TRACKABLE=False,
        SECURITY_ANONYMOUS_USER_DISABLED=False,
    )
    security = Security(app, SQLAlchemyUserDatastore(db, User, None), login_form=SignInForm)
    security.want_json(lambda _request: False)
    manager = app.login_manager  # type: ignore[attr-defined]  # set by Flask-Login
    manager._user_callback = _load  # noqa: SLF001  # the library has no other way in
    manager._request_callback = None  # noqa: SLF001  # no token authentication
    user_logged_in.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    for endpoint, view in list(app.view_functions.items()):
        if endpoint.startswith("security.") and endpoint not in GUARDED_BY_LIBRARY:
            del app.view_functions[endpoint]
            app.view_functions[endpoint] = declare(_absent, public)
        elif endpoint in GUARDED_BY_LIBRARY:
            app.view_functions[endpoint] = declare(view, _by_form)
    app.extensions["confmgr_security"] = security


def _absent(**_arguments: Any) -> Any:
    abort(404)


@anybody
def _by_form(_session: Session, arguments: Arguments) -> Arguments:
    """Anybody, with a form: the library would take JSON too, and stumble over most of it."""
    if request.is_json:
        abort(415)
    return arguments


def _load(user_id: str) -> User | None:
    token = browser.get(TOKEN)
    user = queries.user_of_sign_in(session(), token) if token else None
    if user is None or user.fs_uniquifier != user_id:
        return None
    act_for(session(), user.id, clock.now())
    return user


def _signed_in(_app: Flask, user: User, **_rest: object) -> None:
    with transaction() as current:
        row = services.start_sign_in(current, user, now=clock.now(), client=str(request.user_agent.string))
        browser[TOKEN] = row.token


def _signed_out(_app: Flask, **_rest: object) -> None:
    token = browser.pop(TOKEN, None)
    if token:
        with transaction() as current:
            services.end_sign_in(current, token, now=clock.now())
