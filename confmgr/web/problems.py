"""From an error class to a status and a page in the reader's language: the request's only error edge."""

import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from confmgr import errors
from confmgr.failures import named
from confmgr.gateways.pdf import PdfFailed
from confmgr.web import labels
from confmgr.web.db import session
from confmgr.web.forms import SentTwice

NOT_FOUND = 404
MEANWHILE = frozenset({"23503", "23505"})
"""What PostgreSQL says where a key was taken, or a row that others rest on went, since it was looked for."""
log = logging.getLogger(__name__)


def page(
    status: int, title: str, sentence: str, facts: Sequence[str] = (), back: tuple[str, str] | None = None
) -> ResponseReturnValue:
    """The problem page. It holds nothing that depends on what was asked for, but for what is given."""
    return render_template(
        "problem.html",
        status=status,
        problem_title=title,
        sentence=sentence,
        facts=list(facts),
        back=back or _back(status),
    ), status


def _back(status: int) -> tuple[str, str] | None:
    """The page of ours on which a button was pressed, to go on from there: the start page is far from it.

    What is not found gets none: the page it was on is most likely not there any more either.
    """
    came, rule = urlsplit(request.referrer or ""), request.url_rule
    opens = rule is not None and (came.path != request.path or "GET" in (rule.methods or ()))
    if request.method == "GET" or status == NOT_FOUND or came.netloc != request.host or not opens:
        return None
    return _("Back"), f"{came.path}?{came.query}" if came.query else came.path


def not_found(_error: Exception) -> ResponseReturnValue:
    """The same bytes whether a thing does not exist or may not be seen."""
    return page(NOT_FOUND, _("Not found"), _("There is no such page, or it is not for you."))


def _sign_in(_error: errors.SignInNeeded) -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        return page(401, _("Please sign in"), _("Your sign-in has ended. Open the page again to sign in."))
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=target))


def _not_allowed(_error: errors.NotAllowed) -> ResponseReturnValue:
    return page(403, _("Not yours to do"), _("Your role in this meeting does not allow this. Ask the secretariat."))


def _refused(error: errors.Refused) -> ResponseReturnValue:
    return page(422, _("This cannot be done"), labels.sentence(error))


def _not_readable(error: errors.NotReadable) -> ResponseReturnValue:
    return page(422, _("The file cannot be read"), labels.sentence(error))


def _stale(_error: errors.StaleVersion | StaleDataError | IntegrityError) -> ResponseReturnValue:
    session().rollback()
    sentence = _(
        "Somebody else changed this while you had it open. Nothing was saved; open it again to see the change."
    )
    return page(409, _("Changed meanwhile"), sentence)


def _marking_changed(_error: errors.MarkingChanged) -> ResponseReturnValue:
    session().rollback()
    sentence = _("Its marking has changed since this was asked. Nothing was granted; it has to be asked again.")
    return page(409, _("Changed meanwhile"), sentence)


def _taken_back(_error: errors.TakenBack) -> ResponseReturnValue:
    sentence = _(
        "While this was being made, something in it was taken back from you. Open it again to see what is left."
    )
    return page(409, _("Changed meanwhile"), sentence)


def _conflict(_error: errors.Conflict) -> ResponseReturnValue:
    return page(409, _("The schedule does not allow this"), _("Something else stands in the way. Nothing was saved."))


def _no_document(error: PdfFailed) -> ResponseReturnValue:
    log.error("document not made: %s", named(error))
    sentence = _("The document could not be made now. Try again in a moment; the page shows the same.")
    return page(503, _("No document"), sentence)


def _still_used(error: errors.StillUsed) -> ResponseReturnValue:
    sentence = _("Other records rest on this, so it cannot be deleted. Remove or change them first.")
    shown = labels.known_terms("used_by")
    names = (labels.term(table, "used_by") for table in error.used_by if table in shown)
    return page(409, _("Still in use"), sentence, list(dict.fromkeys(names)))


def _sent_twice(error: SentTwice) -> ResponseReturnValue:
    flash(_("This form had already been sent. Nothing was done twice."), "warning")
    return redirect(error.led_to or request.path)


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    sentence = _("The page was open for too long or came from elsewhere. Go back, reload it and send it again.")
    return page(400, _("Please send it again"), sentence)


def _foreign_host(_error: SecurityError) -> ResponseReturnValue:
    """No page: its addresses would be made of the name that was forged."""
    return "This address is not known here.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error
    sentences = {
        400: _("The request could not be understood."),
        405: _("This address does not accept that."),
        413: _("The file is too large."),
        429: _("Too many attempts. Wait a few minutes and try again."),
    }
    status = error.code or 500
    if status == NOT_FOUND:
        return not_found(error)
    return page(status, _("That did not work"), sentences.get(status, sentences[400]))


def _of_the_database(error: IntegrityError) -> ResponseReturnValue:
    """A rule of the database that somebody was quicker in breaking or keeping: on PostgreSQL writers do not wait."""
    if getattr(error.orig, "sqlstate", None) not in MEANWHILE:
        return _bug(error)
    log.warning("two wrote in one moment in %s %s", request.method, request.endpoint, exc_info=error)
    return _stale(error)


def _bug(error: Exception) -> ResponseReturnValue:
    session().rollback()
    log.error("unexpected error in %s %s", request.method, request.endpoint, exc_info=error)
    return page(500, _("Something went wrong"), _("The error has been logged. Nothing was saved. Please try again."))


def attach(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(errors.NotFound, not_found)
    app.register_error_handler(errors.SignInNeeded, _sign_in)
    app.register_error_handler(errors.NotAllowed, _not_allowed)
    app.register_error_handler(errors.Refused, _refused)
    app.register_error_handler(errors.NotReadable, _not_readable)
    app.register_error_handler(errors.StaleVersion, _stale)
    app.register_error_handler(errors.TakenBack, _taken_back)
    app.register_error_handler(errors.MarkingChanged, _marking_changed)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _of_the_database)
    app.register_error_handler(errors.Conflict, _conflict)
    app.register_error_handler(PdfFailed, _no_document)
    app.register_error_handler(errors.StillUsed, _still_used)
    app.register_error_handler(SentTwice, _sent_twice)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)
