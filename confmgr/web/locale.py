"""Which language and zone a request is answered in."""

from flask import Flask, request, session
from flask_babel import Babel
from flask_login import current_user

from confmgr.config import TRANSLATIONS
from confmgr.values.languages import INTERFACE_LANGUAGES, OWN_NAMES, babel_locale

babel = Babel()


def chosen_language() -> str:
    """By the link (`?lang=`), the visit, the account, the browser, English; only languages with a catalogue."""
    for wanted in (request.args.get("lang"), session.get("lang"), getattr(current_user, "language", None)):
        if wanted in INTERFACE_LANGUAGES:
            return str(wanted)
    return request.accept_languages.best_match(INTERFACE_LANGUAGES) or "en"


def _remember() -> None:
    wanted = request.args.get("lang")
    if wanted in INTERFACE_LANGUAGES and session.get("lang") != wanted:
        session["lang"] = wanted


def attach(app: Flask) -> None:
    """Set up translation for an application."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    babel.init_app(app, locale_selector=lambda: babel_locale(chosen_language()))
    app.before_request(_remember)
    app.context_processor(lambda: {"interface_languages": [(tag, OWN_NAMES[tag]) for tag in INTERFACE_LANGUAGES]})
