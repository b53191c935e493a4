"""Sentences of this room."""

from flask_babel import lazy_gettext as _l

from confmgr.web import labels

labels.register_reasons(
    {
        "email_taken": _l("There is already an account for %(email)s."),
        "password_address_gone": _l(
            "This address has been used, or is older than seven days. Ask the secretariat for a new one."
        ),
        "wrong_password": _l("That is not the present password."),
        "too_many_attempts": _l("Too many attempts. Wait fifteen minutes and try again."),
        "password_too_short": _l("Choose a password of at least %(shortest)s characters."),
    }
)
