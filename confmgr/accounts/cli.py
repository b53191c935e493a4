"""`confmgr account …`."""

import click
from flask.cli import with_appcontext

from confmgr.accounts import queries, services
from confmgr.gateways import clock
from confmgr.web.db import transaction


@click.group()
def account() -> None:
    """Accounts of this installation."""


@account.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--language", default="en")
@click.option("--zone", default="Asia/Seoul")
@click.option("--administrator/--no-administrator", default=True, help="May found operations and make accounts.")
@with_appcontext
def create(email: str, name: str, password: str, language: str, zone: str, *, administrator: bool) -> None:
    """Make an account for EMAIL; the first one founds the first operation."""
    with transaction() as session:
        services.create_account(
            session,
            email=email,
            name=name,
            password=password,
            language=language,
            zone=zone,
            now=clock.now(),
            is_administrator=administrator,
        )
    click.echo(email)


@account.command("deactivate")
@click.argument("email")
@with_appcontext
def deactivate(email: str) -> None:
    """Shut the account of EMAIL out at once, wherever it is signed in; what it did stays."""
    with transaction() as session:
        user = queries.by_email(session, email.strip().lower())
        if user is None:
            raise click.ClickException(f"there is no account with the address {email}")
        services.deactivate(session, user, now=clock.now())
    click.echo(f"{email} is shut out")


@account.command("password")
@click.argument("email")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@with_appcontext
def password(email: str, password: str) -> None:
    """Set the password of EMAIL: for somebody whom no mail reaches."""
    with transaction() as session:
        user = queries.by_email(session, email)
        if user is None:
            raise click.ClickException(f"there is no account {email}")
        services.set_password(user, password)
        services.record_password(session, user, actor=None, now=clock.now())
    click.echo(email)


commands: list[click.Command] = [account]
