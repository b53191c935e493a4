"""Public figures as PDF and JSON, for everybody in an operation."""

from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.meetings.access import in_operation
from confmgr.outcomes import queries as outcomes
from confmgr.parties.models import Operation
from confmgr.reports import public
from confmgr.reports.routes.blueprint import audit, bp, language, served
from confmgr.web.db import session
from confmgr.web.policy import policy


@bp.get("/operations/<code>/public-figures.pdf")
@policy(in_operation())
def public_figures_pdf(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """What may be told to anybody, as a document."""
    now, tongue = clock.now(), language()
    facts, found = outcomes.public_facts(session(), operation, now)
    made = public.paper(facts, found, operation, tongue, now)
    return served(made.pdf(), f"public-figures-{operation.code}-{tongue}", actor, now)


@bp.get("/operations/<code>/public-figures.json")
@policy(in_operation())
def public_figures_json(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """The same as data: totals with ranges, figures with their sources."""
    now = clock.now()
    facts, found = outcomes.public_facts(session(), operation, now)
    audit(actor, now, "public_figures", None)
    return public.data(facts, found, operation)
