"""The agenda as organisers write it: its items in order, and what the document says of itself."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.access import written_languages
from confmgr.meetings.models import Meeting
from confmgr.papers import queries, services
from confmgr.papers.access import ORGANISER
from confmgr.papers.domain import STANDARD, AgendaKind
from confmgr.papers.forms import AdoptForm, PaperForm
from confmgr.papers.routes.blueprint import bp
from confmgr.values.languages import babel_locale
from confmgr.values.times import wall_time
from confmgr.values.words import Words
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/agenda/edit")
@policy(ORGANISER)
def write(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The items in order, to add, move and open."""
    today = wall_time(clock.now(), meeting.zone).date()
    return _written(meeting, AdoptForm(data={"on": min(today, meeting.starts_on)}))


@bp.post("/meetings/<slug>/agenda/standard")
@policy(ORGANISER)
def begin(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The standard items, in an agenda that has none."""
    titles = {kind: _standard_title(kind, meeting) for kind in STANDARD}
    with transaction() as current:
        services.begin_with_standard(current, meeting, actor=actor, now=clock.now(), titles=titles)
    flash(_("The standard items stand in their order. Give the item of substance its own title."), "ok")
    return redirect(url_for("papers.write", slug=meeting.slug))


@bp.post("/meetings/<slug>/agenda/adopted")
@policy(ORGANISER)
def adopt(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The meeting has adopted its agenda."""
    form = AdoptForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.adopt_agenda(current, meeting, actor=actor, now=clock.now(), on=form.on.data)
            flash(_("The agenda is adopted. It is no longer called provisional."), "ok")
            return redirect(url_for("papers.write", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    return _written(meeting, form)


@bp.post("/meetings/<slug>/agenda/provisional")
@policy(ORGANISER)
def reopen(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The agenda is provisional again."""
    with transaction() as current:
        services.adopt_agenda(current, meeting, actor=actor, now=clock.now(), on=None)
    flash(_("The agenda is provisional again."), "ok")
    return redirect(url_for("papers.write", slug=meeting.slug))


@bp.route("/meetings/<slug>/agenda/paper", methods=["GET", "POST"])
@policy(ORGANISER)
def paper(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Symbol, original language and the note on the organisation of work."""
    written = queries.paper(session(), meeting)
    form = PaperForm(obj=written) if written else PaperForm()
    form.organisation.languages = written_languages(meeting)
    if form.accepted():
        with transaction() as current:
            services.write_agenda(
                current,
                meeting,
                actor=actor,
                now=clock.now(),
                seen_version=form.version.data,
                symbol=form.symbol.data or None,
                original_language=str(form.original_language.data),
                organisation=form.organisation.data,
            )
        return redirect(url_for("papers.write", slug=meeting.slug))
    return render_template("papers/paper.html", form=form, meeting=meeting), status(form)


def _written(meeting: Meeting, form: AdoptForm) -> ResponseReturnValue:
    found = queries.annotated(session(), meeting)
    return render_template("papers/write.html", form=form, meeting=meeting, agenda=found), status(form)


def _standard_title(kind: AgendaKind, meeting: Meeting) -> Words:
    texts = {}
    for tag in ("en", *meeting.languages):
        with force_locale(babel_locale(tag)):
            texts[tag] = labels.of(kind)
    return Words.of({tag: text for tag, text in texts.items() if tag == "en" or text != texts["en"]})
