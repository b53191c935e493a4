"""What an organiser is told when somebody has been let in."""

from flask import current_app, flash
from flask_babel import gettext as _

from confmgr.accounts import addresses
from confmgr.accounts.models import User
from confmgr.config import Settings


def say_how_to_sign_in(user: User) -> None:
    """Flash it: with the known password, by the mail that is on its way, or at an address to hand over.

    The address is shown only where no mail leaves the installation, and never for an account that has a password.
    """
    settings: Settings = current_app.extensions["confmgr"]
    if user.password is not None:
        flash(_("%(name)s may sign in, with the password that the account has.", name=user.name), "ok")
    elif settings.smtp_url:
        flash(_("%(name)s gets a mail with the address at which the password is chosen.", name=user.name), "ok")
    else:
        link = f"{settings.base_url}/password/{addresses.token(user, settings.secret_key)}"
        flash(
            _("No mail leaves this installation. Hand %(name)s this address: %(link)s", name=user.name, link=link),
            "info",
        )
