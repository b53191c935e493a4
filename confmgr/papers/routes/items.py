"""Items of the agenda and the documents under them: written, moved and removed by organisers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations.queries import delegations
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.access import written_languages
from confmgr.meetings.models import Meeting
from confmgr.papers import queries, services
from confmgr.papers.access import ORGANISER, organised_document, organised_item
from confmgr.papers.forms import DocumentForm, ItemForm, RemoveForm
from confmgr.papers.models import AgendaDocument, AgendaItem
from confmgr.papers.routes.blueprint import bp
from confmgr.parties.models import Party
from confmgr.scheduling.models import MeetingSession
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


class Offered:
    """What a meeting has for the form of an item, and what was chosen of it."""

    def __init__(self, meeting: Meeting, item: AgendaItem | None) -> None:
        parties = [meeting.host_party, *(row.party for row in delegations(session(), meeting))]
        if item is not None and item.chair is not None:
            parties.append(item.chair)
        self.item = item
        self.chairs: dict[str, Party] = {party.code: party for party in parties}
        self.tops = {
            row.id: row for row in queries.agenda(session(), meeting) if row.parent_id is None and row is not item
        }
        self.sessions: list[MeetingSession] = queries.may_deal_with(session(), meeting)

    def fill(self, form: ItemForm, meeting: Meeting) -> ItemForm:
        """Put the choices into a form."""
        for field in (form.title, form.mandate, form.annotation):
            field.languages = written_languages(meeting)
        named = [(code, formats.code_and_name(code, party.short_name)) for code, party in self.chairs.items()]
        form.chair.choices = [("", _("no chair yet")), *named]
        form.under.choices = [
            (0, _("An item of its own")),
            *((row.id, f"{row.number} · {formats.plain_words(row.title)}") for row in self.tops.values()),
        ]
        form.sessions.choices = [(str(row.uuid), _named(row)) for row in self.sessions]
        return form

    def values(self, form: ItemForm) -> dict[str, Any]:
        """What the form says, as the services take it. Sessions that it did not offer keep dealing with the item."""
        wanted = set(form.sessions.data or ())
        linked = [] if self.item is None else [link.session for link in self.item.sessions]
        kept = [row for row in linked if row not in self.sessions]
        return {
            "title": form.title.data,
            "kind": form.kind.data,
            "under": self.tops.get(form.under.data or 0),
            "mandate": form.mandate.data,
            "annotation": form.annotation.data,
            "expected": form.expected.data,
            "chair": self.chairs.get(form.chair.data or ""),
            "speaker": form.speaker.data or None,
            "sessions": [*(row for row in self.sessions if str(row.uuid) in wanted), *kept],
        }


def _named(row: MeetingSession) -> str:
    title = formats.plain_words(row.title) or labels.of(row.kind)
    if row.starts_local is None:
        return f"{title} · {row.reference}"
    return f"{formats.day(row.starts_local.date())} {formats.clock(row.starts_local)} · {title}"


@bp.route("/meetings/<slug>/agenda/items/new", methods=["GET", "POST"])
@policy(ORGANISER)
def add_item(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """A new item, or with `?under=` a part of one."""
    offered = Offered(meeting, None)
    form = offered.fill(ItemForm(under=request.args.get("under", 0, type=int)), meeting)
    if form.accepted():
        try:
            with transaction() as current:
                item = services.add_agenda_item(
                    current, actor=actor, now=clock.now(), meeting=meeting, **offered.values(form)
                )
            return _to_list(meeting, item)
        except Refused as refused:
            form.refuse(refused)
    return _item_page(form, meeting, None)


@bp.route("/meetings/<slug>/agenda/items/<uuid:uuid>", methods=["GET", "POST"])
@policy(organised_item)
def edit_item(*, meeting: Meeting, actor: User, item: AgendaItem) -> ResponseReturnValue:
    """One item, with the documents under it."""
    offered = Offered(meeting, item)
    form = offered.fill(ItemForm(data=_shown(item)), meeting)
    if form.accepted():
        try:
            with transaction() as current:
                values = offered.values(form)
                services.change_agenda_item(
                    current,
                    item,
                    actor=actor,
                    now=clock.now(),
                    meeting=meeting,
                    seen_version=form.version.data,
                    **values,
                )
            return _to_list(meeting, item)
        except Refused as refused:
            form.refuse(refused)
    return _item_page(form, meeting, item)


def _item_page(form: ItemForm, meeting: Meeting, item: AgendaItem | None) -> ResponseReturnValue:
    paper = queries.paper(session(), meeting)
    adopted = paper is not None and paper.adopted_on is not None
    return render_template("papers/item.html", form=form, meeting=meeting, item=item, adopted=adopted), status(form)


def _shown(item: AgendaItem) -> dict[str, Any]:
    plain = ("version", "title", "kind", "mandate", "annotation", "expected", "speaker")
    return {
        **{name: getattr(item, name) for name in plain},
        "under": item.parent_id or 0,
        "chair": "" if item.chair is None else item.chair.code,
        "sessions": [str(link.session.uuid) for link in item.sessions],
    }


@bp.post("/meetings/<slug>/agenda/items/<uuid:uuid>/up")
@policy(organised_item)
def move_up(*, meeting: Meeting, actor: User, item: AgendaItem) -> ResponseReturnValue:
    """One step up among its like."""
    return _moved(meeting, actor, item, -1)


@bp.post("/meetings/<slug>/agenda/items/<uuid:uuid>/down")
@policy(organised_item)
def move_down(*, meeting: Meeting, actor: User, item: AgendaItem) -> ResponseReturnValue:
    """One step down among its like."""
    return _moved(meeting, actor, item, 1)


def _moved(meeting: Meeting, actor: User, item: AgendaItem, steps: int) -> ResponseReturnValue:
    with transaction() as current:
        services.move_agenda_item(current, item, actor=actor, now=clock.now(), steps=steps)
    return _to_list(meeting, item)


@bp.route("/meetings/<slug>/agenda/items/<uuid:uuid>/remove", methods=["GET", "POST"])
@policy(organised_item)
def remove_item(*, meeting: Meeting, actor: User, item: AgendaItem) -> ResponseReturnValue:
    """Take an item off the agenda, once it was seen what goes with it."""
    form = RemoveForm(data={"version": item.version})
    if form.accepted():
        try:
            with transaction() as current:
                services.remove_agenda_item(current, item, actor=actor, now=clock.now(), seen_version=form.version.data)
            flash(_("The item is removed. The others are numbered anew."), "ok")
            return redirect(url_for("papers.write", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    parts = queries.parts_of(session(), item)
    return render_template("papers/remove.html", form=form, meeting=meeting, item=item, parts=parts), status(form)


@bp.route("/meetings/<slug>/agenda/items/<uuid:uuid>/documents/new", methods=["GET", "POST"])
@policy(organised_item)
def add_document(*, meeting: Meeting, actor: User, item: AgendaItem) -> ResponseReturnValue:
    """Name a document under an item."""
    return _document(meeting, actor, item, None, DocumentForm(data={"version": item.version}))


@bp.route("/meetings/<slug>/agenda/items/<uuid:uuid>/documents/<int:number>", methods=["GET", "POST"])
@policy(organised_document)
def edit_document(*, meeting: Meeting, actor: User, item: AgendaItem, document: AgendaDocument) -> ResponseReturnValue:
    """A document that is named under an item."""
    shown = {name: getattr(document, name) for name in ("title", "symbol", "languages")}
    return _document(meeting, actor, item, document, DocumentForm(data={"version": item.version, **shown}))


def _document(
    meeting: Meeting, actor: User, item: AgendaItem, document: AgendaDocument | None, form: DocumentForm
) -> ResponseReturnValue:
    form.title.languages = written_languages(meeting)
    if form.accepted():
        try:
            with transaction() as current:
                services.write_document(
                    current,
                    item,
                    document,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    title=form.title.data,
                    symbol=form.symbol.data or None,
                    languages=form.languages.data or (),
                )
            return redirect(url_for("papers.edit_item", slug=meeting.slug, uuid=item.uuid))
        except Refused as refused:
            form.refuse(refused)
    page = {"form": form, "meeting": meeting, "item": item, "document": document}
    return render_template("papers/document.html", **page), status(form)


@bp.post("/meetings/<slug>/agenda/items/<uuid:uuid>/documents/<int:number>/remove")
@policy(organised_document)
def remove_document(
    *, meeting: Meeting, actor: User, item: AgendaItem, document: AgendaDocument
) -> ResponseReturnValue:
    """Name a document no longer under an item."""
    seen = RemoveForm().version.data
    with transaction() as current:
        services.remove_document(current, item, document, actor=actor, now=clock.now(), seen_version=seen)
    flash(_("The document is no longer named under the item."), "ok")
    return redirect(url_for("papers.edit_item", slug=meeting.slug, uuid=item.uuid))


def _to_list(meeting: Meeting, item: AgendaItem) -> ResponseReturnValue:
    return redirect(url_for("papers.write", slug=meeting.slug, _anchor=f"item-{item.uuid}"))
