"""Who may call a view: every route declares a rule, or the application refuses to start."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask
from flask_login import current_user
from sqlalchemy.orm import Session

from confmgr.errors import NotAllowed, SignInNeeded
from confmgr.orm.acting import Purpose, act_for_nobody
from confmgr.web.db import session

Arguments = dict[str, Any]
Rule = Callable[[Session, Arguments], Arguments]
View = Callable[..., Any]

_rules: dict[View, Rule] = {}
_staff: set[Rule] = set()
_open: set[Rule] = set()


class UndeclaredRoute(RuntimeError):
    """A route without a policy."""


def policy(rule: Rule) -> Callable[[View], View]:
    """Guard a view. `rule` gets the route's arguments and returns the keyword arguments that the view is called with.

    Who has not signed in is told so before the rule looks for anything, unless it lets in `anybody`. The objects it
    loads are the very ones the view works on: nothing is loaded by an id from form, query or JSON.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if rule not in _open:
                signed_in_user()
            return view(**rule(session(), arguments))

        _rules[guarded] = rule
        return guarded

    return decorate


def declare(view: View, rule: Rule) -> View:
    """The same for a view that a library registers itself; returns the guarded view."""
    return policy(rule)(view)


def staff(rule: Rule) -> Rule:
    """Mark a rule that lets in organisers and administrators only: their pages come in fewer languages."""
    _staff.add(rule)
    return rule


def anybody(rule: Rule) -> Rule:
    """Mark a rule that lets in people who have not signed in."""
    _open.add(rule)
    return rule


def is_for_staff(view: View | None) -> bool:
    """Whether a page comes in fewer languages, because it is for organisers or administrators."""
    return view is not None and _rules.get(view) in _staff


def check_routes(app: Flask) -> None:
    """Refuse an application in which a route has no policy.

    Raises:
        UndeclaredRoute: Names every such endpoint.
    """
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    missing = sorted(e for e in endpoints if app.view_functions[e] not in _rules)
    if missing:
        raise UndeclaredRoute(", ".join(missing))


def signed_in_user() -> Any:
    """The account behind the request.

    Raises:
        SignInNeeded: Nobody has signed in.
    """
    user = current_user._get_current_object()  # noqa: SLF001  # the proxy must not outlive the request
    if not user.is_authenticated:
        raise SignInNeeded
    return user


@anybody
def public(session: Session, arguments: Arguments) -> Arguments:
    """Anybody: the view itself shows only what is for everybody."""
    act_for_nobody(session, Purpose.PUBLIC)
    return arguments


def signed_in(_session: Session, arguments: Arguments) -> Arguments:
    """Anybody who has signed in; gives `actor`."""
    return {**arguments, "actor": signed_in_user()}


@staff
def administrator(_session: Session, arguments: Arguments) -> Arguments:
    """Administrators of the installation; gives `actor`."""
    actor = signed_in_user()
    if not actor.is_administrator:
        raise NotAllowed("administer")
    return {**arguments, "actor": actor}
