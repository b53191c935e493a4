"""The start of an empty installation, and a person's own account."""

import ipaddress
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user

from confmgr.accounts import labels as _labels  # noqa: F401  # registers this room's sentences
from confmgr.accounts import queries, services
from confmgr.accounts.forms import FirstOrganiserForm, ProfileForm
from confmgr.accounts.models import User
from confmgr.config import Settings
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy, public, signed_in

bp = Blueprint("accounts", __name__)


def _may_start() -> bool:
    settings: Settings = current_app.extensions["confmgr"]
    here = not settings.sample and ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104  # unknown is not loopback
    return here and not queries.any_account(session())


@bp.route("/start", methods=["GET", "POST"])
@policy(public)
def start() -> ResponseReturnValue:
    """Make the first organiser; only from the machine itself, and only while nobody has an account."""
    if not _may_start():
        raise NotFound
    form = FirstOrganiserForm()
    if form.accepted():
        try:
            with transaction() as current:
                user = services.create_account(
                    current,
                    email=str(form.email.data),
                    name=str(form.name.data),
                    password=str(form.password.data),
                    language=form.language.data,
                    zone=form.zone.data,
                    now=clock.now(),
                    is_administrator=True,
                )
            login_user(user)
            return redirect(url_for("home"))
        except Refused as refused:
            form.refuse(refused)
    return render_template("accounts/start.html", form=form), 422 if form.errors else 200


@bp.route("/account", methods=["GET", "POST"])
@policy(signed_in)
def profile(*, actor: User) -> ResponseReturnValue:
    """Name, language, zone and colours of the own account."""
    form = ProfileForm(obj=actor)
    if form.accepted():
        with transaction():
            actor.name, actor.language = str(form.name.data), form.language.data
            actor.zone, actor.theme = form.zone.data, form.theme.data or None
        flash(_("Your settings are saved."), "ok")
        return redirect(url_for("accounts.profile"))
    return render_template("accounts/profile.html", form=form), 422 if form.errors else 200


@bp.post("/account/theme")
@policy(signed_in)
def theme(*, actor: User) -> ResponseReturnValue:
    """Light, dark, or as the device has it."""
    wanted = request.form.get("theme")
    with transaction():
        actor.theme = wanted if wanted in {"light", "dark"} else None
    back = urlsplit(request.referrer or "")
    return redirect(back.path if back.netloc == request.host and back.path.startswith("/") else url_for("home"))
