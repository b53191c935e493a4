"""What somebody gets who decides on a page that is out of date: how it stands by now, as far as that person may see."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from flask import abort, flash, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from confmgr.accounts.models import User
from confmgr.cases import meaning, naming, queries
from confmgr.cases.models import Nomination
from confmgr.cases.routes.blueprint import page_of
from confmgr.errors import NotFound, StaleVersion
from confmgr.gateways import clock
from confmgr.sharing import queries as sharing
from confmgr.sharing.models import Item
from confmgr.web import labels
from confmgr.web.db import session
from confmgr.web.formats import listed, upright
from confmgr.web.forms import Form
from confmgr.web.problems import page

Facts = Callable[[Item], Iterable[str]]
Tell = Callable[[], ResponseReturnValue]


def look(form: Form, *, seen: object, now: object, tell: Tell) -> None:
    """Before a form's choices are looked at, which may be gone: whether its page is out of date.

    The service compares once more, when nobody else can decide any more.

    Raises:
        SentTwice: The same form was carried out before, which made it so.
        HTTPException: It is: the answer says how it stands by now.
    """
    if request.method == "POST" and seen != now:
        form.not_sent_before()
        abort(make_response(tell()))


@contextmanager
def telling(tell: Tell) -> Iterator[None]:
    """Around a decision: who decides too late is told how it stands by now, and nothing is kept."""
    try:
        yield
    except (StaleVersion, StaleDataError):
        abort(make_response(tell()))


def item_now(item: Item, actor: User, back: str, *more: Facts) -> ResponseReturnValue:
    """How an item stands, for somebody who decided about it as it stood before; 404 who may not read it any more."""
    ident = (inspect(item).identity or (0,))[0]  # known without asking for a row that may not be seen any more
    current, now = session(), clock.now()
    current.rollback()
    viewer = sharing.viewer_of(current, actor, now)
    found: Item | None = current.scalar(
        select(Item).where(Item.id == ident, sharing.bodies(viewer, now)).options(joinedload(Item.marking))
    )
    if found is None:
        raise NotFound("item", ident)
    facts = [_fact(_("State"), labels.of(found.state)), _fact(_("Marking"), upright(found.marking.tlp.label))]
    waits = sharing.waiting(current, found, actor, now)
    if waits is not None:
        facts.append(_fact(_("Waits for a second person of its owner"), upright(waits.marking.tlp.label)))
    return _page([*facts, *(fact for told in more for fact in told(found))], back)


def readers_now(item: Item) -> Iterable[str]:
    """Whom it names, for its originator."""
    named = [row.party or row.agency or row.person for row in queries.readers(session(), item, clock.now())]
    names = [one.name if isinstance(one, User) else one.code for one in named if one is not None]
    yield _fact(_("Who may read it"), listed(names) if names else _("Nobody"))


def proposal_now(actor: User, item: Item) -> Iterable[str]:
    """What became of the lower marking that was proposed last, for those who saw it wait."""
    found = sharing.ended(session(), item, actor, clock.now())
    if found is not None:
        yield _fact(_("Lower marking"), meaning.of_end(found))


def matching_now(item: Item) -> Iterable[str]:
    """Which values are compared, for its originator."""
    for row in naming.identifiers_of(session(), item):
        if row.matching:
            yield _fact(labels.of(row.kind), row.value)


def nomination_now(nomination: Nomination) -> ResponseReturnValue:
    """How a case stands at a meeting, for an organiser: nothing that the envelope does not hold."""
    current = session()
    current.rollback()
    current.refresh(nomination)
    facts = [_fact(_("State"), labels.of(nomination.state))]
    if nomination.reason:
        facts.append(_fact(_("Reason"), nomination.reason))
    return _page(facts, page_of(nomination.case.item))


def say(sentence: str, kind: str, *, done: bool) -> None:
    """What was done; or, of what somebody had done already, that."""
    if done:
        flash(sentence, kind)
    else:
        say_already()


def say_already() -> None:
    """For a button that asks for what is so by now."""
    flash(_("This had been done already. Nothing was done twice."), "info")


def _fact(name: str, value: str) -> str:
    return Markup("{}: <bdi>{}</bdi>").format(name, value)


def _page(facts: list[str], back: str) -> ResponseReturnValue:
    sentence = _(
        "This was decided or taken back meanwhile. Nothing was saved of what you chose; this is how it stands."
    )
    return page(409, _("Changed meanwhile"), sentence, facts, (_("Open it"), back))
