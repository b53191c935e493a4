"""Sentences of this room."""

from flask_babel import lazy_gettext as _l

from confmgr.web import labels

labels.register_reasons(
    {
        "email_taken": _l("There is already an account for %(email)s."),
        "password_too_short": _l("Choose a password of at least %(shortest)s characters."),
    }
)
