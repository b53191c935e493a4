"""Which language and zone a request is answered in."""

from collections.abc import Callable, Iterable

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, get_locale
from flask_login import current_user

from confmgr.config import TRANSLATIONS
from confmgr.values.languages import LANGUAGES, OWN_NAMES, WHOLE_LANGUAGES, babel_locale, known
from confmgr.web.policy import is_for_staff

babel = Babel()


Further = Callable[[], Iterable[str]]


def chosen_language() -> str:
    """The first that confmgr speaks of: link (`?lang=`), visit, account, delegation, browser, meeting, English.

    The browser comes before the meeting: it knows its one reader, and the meeting's first language is the host's.
    """
    for wanted in (request.args.get("lang"), session.get("lang"), getattr(current_user, "language", None)):
        if wanted in LANGUAGES:
            return str(wanted)
    of_delegation, of_meeting = current_app.extensions["confmgr_languages"]
    return next((tag for tag in (*of_delegation(), *_of_browser(), *of_meeting()) if tag in LANGUAGES), "en")


def _of_browser() -> list[str | None]:
    """What the browser asks for, the dearest first: `zh-CN` before an English that it would put up with."""
    return [known(tag) for tag, quality in request.accept_languages if quality > 0]


def page_language() -> str:
    """The chosen language, or English on a page of organisers that is not translated into it."""
    wanted = chosen_language()
    return wanted if wanted in WHOLE_LANGUAGES or not _is_for_staff() else "en"


def marked_language() -> str:
    """What the menu of languages marks: the page's own, or the chosen one that a page of organisers does not speak."""
    return chosen_language() if _is_for_staff() else str(get_locale()).replace("_", "-")


def _is_for_staff() -> bool:
    return is_for_staff(current_app.view_functions.get(request.endpoint or ""))


def _remember() -> None:
    wanted = request.args.get("lang")
    if wanted in LANGUAGES and session.get("lang") != wanted:
        session["lang"] = wanted


def attach(app: Flask, of_delegation: Further = tuple, of_meeting: Further = tuple) -> None:
    """Set up translation for an application; the two tell the languages of the place that a request stands in."""
    app.extensions["confmgr_languages"] = (of_delegation, of_meeting)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    babel.init_app(app, locale_selector=lambda: babel_locale(page_language()))
    app.before_request(_remember)
    app.context_processor(_menu)


def _menu() -> dict[str, object]:
    """What `layout.html` needs to offer languages."""
    if not has_request_context():  # a mail or a document, made by a job
        return {}
    offered = [(tag, OWN_NAMES[tag]) for tag in LANGUAGES]
    return {"interface_languages": offered, "own_names": OWN_NAMES, "chosen_language": marked_language()}
