"""What organisers see of answers: by session, by person, whom to telephone; and noting what was said by telephone."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.invitations import answers, services, wording
from confmgr.invitations.access import ORGANISER
from confmgr.invitations.answers import Invitation, Shown
from confmgr.invitations.domain import AnswerWay
from confmgr.invitations.forms import NoteForm
from confmgr.invitations.labels import said_by_telephone
from confmgr.invitations.models import Participation
from confmgr.invitations.rendering import title_of
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.models import Meeting
from confmgr.values.times import wall_time
from confmgr.web import formats, labels, paging
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

GROUPS, CALLS = 10, 50
"""Sessions or people of a page, and calls."""


@bp.get("/meetings/<slug>/answers")
@policy(ORGANISER)
def answers_list(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Who answered what; `?by=person` groups by people, `?show=` narrows the list."""
    now, by = clock.now(), request.args.get("by") or "session"
    shown = _shown(request.args.get("show"))
    rows = answers.invitations(session(), meeting)
    by_person = by == "person"
    page, last, groups = paging.part(_grouped(answers.chosen(rows, shown, now), by_person=by_person), GROUPS)
    return render_template(
        "invitations/answers.html",
        meeting=meeting,
        by=by,
        shown=shown,
        filters=[(one, len(answers.chosen(rows, one, now))) for one in Shown],
        groups=groups,
        tallies={key: answers.tally(some) for key, some in _grouped(rows, by_person=by_person)},
        sessions=_sessions(one for _key, some in groups for one in some),
        calls=len(answers.calls(rows, now)),
        now=now,
        page=page,
        last=last,
    )


def _shown(text: str | None) -> Shown:
    if text and text not in set(Shown):
        raise NotFound("filter", text)
    return Shown(text) if text else Shown.ALL


def _grouped(rows: Sequence[Invitation], *, by_person: bool) -> list[tuple[Hashable, list[Invitation]]]:
    key: Callable[[Invitation], Hashable] = _person if by_person else _session
    found: dict[Hashable, list[Invitation]] = {}
    for one in rows:
        found.setdefault(key(one), []).append(one)
    groups = list(found.items())
    if by_person:
        groups.sort(
            key=lambda group: (not group[1][0].person.code, group[1][0].person.code, group[1][0].person.latin_name)
        )
    return groups


def _person(one: Invitation) -> Hashable:
    return (one.person.kind, one.person.id)


def _session(one: Invitation) -> Hashable:
    return one.session_id


def _sessions(rows: Any) -> Mapping[int, tuple[str, str]]:
    """Title, and time with place, of the sessions of some invitations."""
    told = answers.told_of(session(), {one.session_id for one in rows})
    return {
        ident: (title_of(facts, formats.language()), wording.when_and_where(facts)) for ident, facts in told.items()
    }


@bp.get("/meetings/<slug>/answers/calls")
@policy(ORGANISER)
def calls(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Whom to telephone: who is needed soonest first, with the time it is there."""
    now = clock.now()
    rows = answers.invitations(session(), meeting)
    every = answers.calls(rows, now)
    page, last, some = paging.part(every, CALLS)
    heads = answers.heads(session(), meeting)
    return render_template(
        "invitations/calls.html",
        meeting=meeting,
        calls=[(call, wording.because(call), wall_time(now, call.person.zone)) for call in some],
        heads=heads,
        sessions=_sessions(call.next for call in some),
        is_night=wording.is_night,
        page=page,
        last=last,
        total=len(every),
    )


@bp.route("/meetings/<slug>/answers/<uuid:uuid>/<uuid:person_uuid>", methods=["GET", "POST"])
@policy(ORGANISER)
def note_answer(*, meeting: Meeting, actor: User, uuid: UUID, person_uuid: UUID) -> ResponseReturnValue:
    """Note what somebody said by telephone."""
    row = answers.get_invitation(session(), meeting, uuid, person_uuid)
    form = NoteForm()
    form.said.choices = said_by_telephone()
    if form.accepted():
        try:
            _note(form, row, actor)
            flash(_("The answer is noted."), "ok")
            return redirect(url_for("invitations.calls", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    return _note_page(form, meeting, row), status(form)


def _note(form: NoteForm, row: Participation, actor: User) -> None:
    with transaction() as current:
        services.answer(
            current,
            row,
            actor=actor,
            now=clock.now(),
            said=form.said.data,
            way=AnswerWay.SECRETARIAT,
            reason=form.reason.data,
        )


def _note_page(form: NoteForm, meeting: Meeting, row: Participation) -> str:
    facts, person = row.told_text or {}, row.person
    return render_template(
        "invitations/note_answer.html",
        meeting=meeting,
        form=form,
        row=row,
        person=person,
        title=title_of(facts, formats.language()),
        when=wording.when_and_where(facts),
        there=wall_time(clock.now(), person.zone) if person else None,
        present=labels.of(row.answer),
    )
