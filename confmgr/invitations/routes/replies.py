"""What came in by mail: what waits for the secretariat, and what became of the rest."""

import re
import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import BadRequest

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegate, Interpreter
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.invitations import mailbox, services
from confmgr.invitations.access import ORGANISER, organised_reply
from confmgr.invitations.domain import PartStat, ReplyMethod
from confmgr.invitations.forms import SettleForm
from confmgr.invitations.mailbox import Shown
from confmgr.invitations.models import Reply
from confmgr.invitations.rendering import title_of
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.models import Meeting
from confmgr.values.times import wall_time
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

SAID = {one.value: one for one in PartStat}
TICKED = re.compile(r"([0-9a-f-]{36}):([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Line:
    """One mail as the page shows it: whose, of which session, what it says, and why it waits."""

    row: Reply
    person: Delegate | Interpreter | None
    code: str
    title: str
    day: str
    said: str
    why: str
    may_take_over: bool
    may_decline: bool

    @property
    def name(self) -> str:
        """Who it is from, as far as that is known."""
        if self.person is not None:
            return self.person.name
        bounced = self.row.outbox_message
        return bounced.recipient if bounced is not None else self.row.sender or _("Somebody")


@bp.get("/meetings/<slug>/replies")
@policy(ORGANISER)
def replies(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What waits; `?show=` another part."""
    shown = _shown(request.args.get("show"))
    counts = mailbox.counts(session(), meeting)
    lines = [_line(row, meeting) for row in mailbox.replies(session(), meeting, shown)]
    return render_template(
        "invitations/replies.html",
        meeting=meeting,
        lines=lines,
        counts=counts,
        shown=shown,
        most=mailbox.MOST,
        form=SettleForm(),
        unproved=sum(line.row.reason == "unverified" for line in lines),
    )


def _shown(text: str | None) -> Shown:
    if text is not None and text not in set(Shown):
        raise NotFound("part", text)
    return Shown(text or Shown.WAITING)


def _line(row: Reply, meeting: Meeting) -> Line:
    told = row.participation
    person = told.person if told else None
    facts = (told.told_text if told else None) or {}
    day = formats.day(datetime.fromisoformat(facts["starts_local"]).date()) if facts else ""
    return Line(
        row=row,
        person=person,
        code=person.delegation.party.code if isinstance(person, Delegate) else "",
        title=title_of(facts, formats.language()) if facts else "",
        day=f"{day}, {formats.clock(datetime.fromisoformat(facts['starts_local']))}" if facts else "",
        said=_said(row, meeting),
        why=labels.term(row.reason, "reply_reason") if row.reason else "",
        may_take_over=services.may_take_over(row),
        may_decline=services.may_decline(row),
    )


def _said(row: Reply, meeting: Meeting) -> str:
    times = [datetime.fromisoformat(text) for text in row.facts.get("proposed", [])]
    if row.method is ReplyMethod.COUNTER and times:
        starts, ends = (wall_time(one, meeting.zone) for one in times)
        return _(
            "Proposes %(day)s, %(start)s–%(end)s",
            day=formats.day(starts.date()),
            start=formats.clock(starts),
            end=formats.clock(ends),
        )
    if row.said == "DELEGATED":
        return _("Passes it on to %(whom)s", whom=formats.series(row.facts.get("delegated_to", [])) or _("somebody"))
    if row.method is ReplyMethod.REPLY and row.said in SAID:
        return labels.of(SAID[row.said])
    return labels.of(row.method)


def _settle(deed: Callable[..., object], row: Reply, meeting: Meeting, actor: User, done: str) -> ResponseReturnValue:
    with transaction() as current:
        deed(current, row, actor=actor, now=clock.now(), seen_version=SettleForm().version.data)
    flash(done, "ok")
    return redirect(url_for("invitations.replies", slug=meeting.slug))


@bp.post("/meetings/<slug>/replies/<uuid:uuid>/take-over")
@policy(organised_reply)
def take_over_reply(*, meeting: Meeting, actor: User, row: Reply) -> ResponseReturnValue:
    """Let an answer count as it was said."""
    return _settle(services.take_over, row, meeting, actor, _("The answer is taken over."))


@bp.post("/meetings/<slug>/replies/<uuid:uuid>/set-aside")
@policy(organised_reply)
def set_reply_aside(*, meeting: Meeting, actor: User, row: Reply) -> ResponseReturnValue:
    """Nothing follows from it."""
    return _settle(services.set_aside, row, meeting, actor, _("The mail is set aside. Nothing was changed."))


@bp.post("/meetings/<slug>/replies/<uuid:uuid>/decline")
@policy(organised_reply)
def decline_proposal(*, meeting: Meeting, actor: User, row: Reply) -> ResponseReturnValue:
    """Tell who proposed another time that the session stays where it is."""
    return _settle(
        services.decline_proposal,
        row,
        meeting,
        actor,
        _("The proposed time is declined, and the person is told by mail."),
    )


@bp.post("/meetings/<slug>/replies/ticked")
@policy(ORGANISER)
def settle_ticked(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Take over the ticked answers whose sender is not proved, or set all ticked mails aside."""
    seen = _ticked(request.form.getlist("replies"))
    act, now = request.form.get("act"), clock.now()
    with transaction() as current:
        rows = [(row, seen[row.uuid]) for row in mailbox.named(current, meeting, seen)]
        if act == "take":
            _tell_taken(services.take_over_unproved(current, rows, actor=actor, now=now), len(rows))
        elif act == "aside":
            for row, version in rows:
                services.set_aside(current, row, actor=actor, now=now, seen_version=version)
            flash(ngettext("%(num)s mail is set aside.", "%(num)s mails are set aside.", len(rows)), "ok")
        else:
            raise BadRequest
    return redirect(url_for("invitations.replies", slug=meeting.slug))


def _ticked(values: list[str]) -> dict[uuids.UUID, int]:
    found = [TICKED.fullmatch(value) for value in values[: mailbox.MOST]]
    try:
        return {uuids.UUID(match[1]): int(match[2]) for match in found if match}
    except ValueError:
        raise BadRequest from None


def _tell_taken(done: int, ticked: int) -> None:
    flash(ngettext("%(num)s answer is taken over.", "%(num)s answers are taken over.", done), "ok")
    if done < ticked:
        left = ticked - done
        sentence = ngettext(
            "%(num)s of the ticked mails goes on waiting: look at it by itself.",
            "%(num)s of the ticked mails go on waiting: look at each by itself.",
            left,
        )
        flash(sentence, "info")
