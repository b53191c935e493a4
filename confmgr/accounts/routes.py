"""The start of an empty installation, and a person's own account."""

import ipaddress
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user
from sqlalchemy.orm import Session

from confmgr.accounts import addresses, queries, services
from confmgr.accounts import labels as _labels  # noqa: F401  # registers this room's sentences
from confmgr.accounts.forms import ChangePasswordForm, FirstOrganiserForm, ForgottenForm, PasswordForm, ProfileForm
from confmgr.accounts.models import User
from confmgr.config import Settings
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import Arguments, anybody, policy, public, signed_in

bp = Blueprint("accounts", __name__)


FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")
"""What a server says that passes on what somebody else has asked; on the same machine its address is this machine's."""


def _may_start() -> bool:
    settings: Settings = current_app.extensions["confmgr"]
    near = ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104  # unknown is not loopback
    called = urlsplit(request.host_url).hostname in {"localhost", "127.0.0.1"}
    here = near and called and not any(name in request.headers for name in FORWARDED)
    return here and not settings.sample and not queries.any_account(session())


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
    return render_template("accounts/start.html", form=form), status(form)


@bp.route("/account", methods=["GET", "POST"])
@policy(signed_in)
def profile(*, actor: User) -> ResponseReturnValue:
    """Name, language, zone, colours, calendar and digits of the own account."""
    form = ProfileForm(obj=actor)
    if form.accepted():
        with transaction():
            actor.name, actor.language = str(form.name.data), form.language.data
            actor.zone, actor.theme = form.zone.data, form.theme.data or None
            actor.calendar, actor.digits = form.calendar.data or None, form.digits.data or None
        flash(_("Your settings are saved."), "ok")
        return redirect(url_for("accounts.profile"))
    return render_template("accounts/profile.html", form=form), status(form)


@bp.post("/account/theme")
@policy(signed_in)
def theme(*, actor: User) -> ResponseReturnValue:
    """Light, dark, or as the device has it."""
    wanted = request.form.get("theme")
    with transaction():
        actor.theme = wanted if wanted in {"light", "dark"} else None
    back = urlsplit(request.referrer or "")
    return redirect(back.path if back.netloc == request.host and back.path.startswith("/") else url_for("home"))


@bp.route("/account/password", methods=["GET", "POST"])
@policy(signed_in)
def change_password(*, actor: User) -> ResponseReturnValue:
    """Another password; every other sign-in of the account ends."""
    form = ChangePasswordForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.change_password(
                    current,
                    actor,
                    present=str(form.present.data),
                    wanted=str(form.password.data),
                    now=clock.now(),
                    client=str(request.remote_addr),
                )
            login_user(actor)
            flash(_("Your password is changed."), "ok")
            return redirect(url_for("accounts.profile"))
        except Refused as refused:
            _count_wrong(refused, actor)
            form.refuse(refused)
    return render_template("accounts/password.html", form=form, owner=actor, changing=True), status(form)


def _count_wrong(refused: Refused, actor: User) -> None:
    if refused.reason == "wrong_password":
        with transaction() as current:
            services.count_failure(current, account=actor.email, client=str(request.remote_addr), now=clock.now())


@bp.route("/password", methods=["GET", "POST"])
@policy(public)
def forgotten() -> ResponseReturnValue:
    """Ask for the address at which a password is set; the answer is the same whether there is such an account."""
    form = ForgottenForm()
    if form.accepted():
        account, client, now = f"forgotten {form.email.data}", f"forgotten {request.remote_addr}", clock.now()
        with transaction() as current:
            user = queries.by_email(current, str(form.email.data))
            if not services.too_many_attempts(current, account=account, client=client, now=now):
                services.mail_password_address(current, user, actor=None, now=now)
            services.count_failure(current, account=account, client=client, now=now)
        flash(_("If there is an account with this address, a mail is on its way to it."), "info")
        return redirect(url_for("security.login"))
    return render_template("accounts/forgotten.html", form=form), status(form)


@anybody
def owner_of_address(session: Session, arguments: Arguments) -> Arguments:
    """The account that a password address was made for: gives `owner`.

    Raises:
        NotFound: The address is forged.
        Refused: It is too old, or was used.
    """
    settings: Settings = current_app.extensions["confmgr"]
    named = addresses.account_named(arguments.pop("token"), settings.secret_key)
    if named is None:
        raise NotFound("address")
    user = queries.by_uuid(session, named[0])
    if user is None or not addresses.still_good(user, named[1]):
        raise Refused("password_address_gone")
    return {**arguments, "owner": user}


@bp.route("/password/<token>", methods=["GET", "POST"])
@policy(owner_of_address)
def choose_password(*, owner: User) -> ResponseReturnValue:
    """Set the password of the account that the address was made for; signs nobody in."""
    form = PasswordForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.set_password(owner, str(form.password.data))
                services.record_password(current, owner, actor=owner, now=clock.now())
            flash(_("Your password is set. Sign in with it."), "ok")
            return redirect(url_for("security.login"))
        except Refused as refused:
            form.refuse(refused)
    return render_template("accounts/password.html", form=form, owner=owner, changing=False), status(form)
