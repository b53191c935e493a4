"""The groups that a case is about: the page stands under the case, but looks into this room."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases.access import authored
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.outcomes import services
from confmgr.outcomes.case_groups import groups_of, groups_to_name
from confmgr.outcomes.forms import CaseGroupsForm
from confmgr.outcomes.routes.blueprint import bp
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.route("/cases/<uuid:uuid>/groups", methods=["GET", "POST"])
@policy(authored(ItemKind.CASE))
def name_groups(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Name the groups that a case is about, of those that the actor may see."""
    now = clock.now()
    offered = groups_to_name(session(), viewer, item, now)
    form = CaseGroupsForm(groups=[str(one.uuid) for one in groups_of(session(), viewer, item, now)])
    form.groups.choices = [(str(row.item.uuid), formats.plain_words(row.name)) for row in offered]
    if form.accepted():
        chosen = [row for row in offered if str(row.item.uuid) in (form.groups.data or ())]
        with transaction() as current:
            services.name_groups(current, item, chosen, offered=offered, actor=actor, now=now)
        flash(_("The change is saved."), "ok")
        return redirect(url_for("cases.show", uuid=item.uuid))
    return render_template("outcomes/case_groups.html", form=form, meeting=meeting, item=item), status(form)
