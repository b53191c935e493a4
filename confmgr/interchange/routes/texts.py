"""The texts of a meeting side by side with their translations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from confmgr.accounts.models import User
from confmgr.gateways import clock, converters
from confmgr.interchange import queries, services, wording
from confmgr.interchange.access import ORGANISER, translating
from confmgr.interchange.domain import Piece, Standing, TextKind
from confmgr.interchange.routes.imports import bp
from confmgr.interchange.texts.files import wanted
from confmgr.interchange.texts.forms import TextsForm
from confmgr.meetings.models import Meeting
from confmgr.values.languages import LANGUAGES, OWN_NAMES
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

ON_A_PAGE = 20
FILTERS = {"all": None, "missing": Standing.MISSING, "outdated": Standing.OUTDATED}


@dataclass(frozen=True, slots=True)
class Count:
    """How many texts can be translated into a language, are translated, and are outdated."""

    language: str
    whole: int
    done: int
    outdated: int

    @classmethod
    def of(cls, pieces: Sequence[Piece], language: str) -> "Count":
        """Counted over the texts of a meeting."""
        standings = [piece.standing(language) for piece in wanted(pieces, language)]
        outdated = standings.count(Standing.OUTDATED)
        return cls(language, len(standings), standings.count(Standing.DONE) + outdated, outdated)


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of the texts that a page shows: which filter, which page of how many."""

    pieces: Sequence[Piece]
    show: str
    page: int
    last: int
    numbers: Mapping[str, int]

    @classmethod
    def of(cls, pieces: Sequence[Piece], language: str) -> "Shown":
        """As the address asks for."""
        show = request.args.get("show", "all")
        show = show if show in FILTERS else "all"
        chosen = {
            name: [piece for piece in pieces if standing in {None, piece.standing(language)}]
            for name, standing in FILTERS.items()
        }
        last = max(1, -(-len(chosen[show]) // ON_A_PAGE))
        page = min(max(1, request.args.get("page", 1, type=int)), last)
        part = chosen[show][(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
        return cls(part, show, page, last, {name: len(found) for name, found in chosen.items()})


@bp.get("/meetings/<slug>/translations")
@policy(ORGANISER)
def translations(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The translations into the first language of the meeting that its title is not written in."""
    others = [tag for tag in (*meeting.languages, *LANGUAGES) if tag != meeting.title.source]
    return redirect(url_for("interchange.texts", slug=meeting.slug, language=others[0]))


@bp.route("/meetings/<slug>/translations/<language>", methods=["GET", "POST"])
@policy(translating)
def texts(*, meeting: Meeting, actor: User, language: str) -> ResponseReturnValue:
    """Originals and their translations into one language, side by side."""
    everything = queries.texts(session(), meeting)
    pieces = wanted(everything, language)
    shown = Shown.of(pieces, language)
    form = TextsForm(pieces, shown.pieces, language)
    if form.accepted():
        with transaction() as current:
            number = services.translate(current, meeting, language, form.writings, actor=actor, now=clock.now())
        say_what_is_saved(number, [writing.piece for writing in form.writings])
        return redirect(request.full_path.rstrip("?"))
    names = queries.names_of(session(), pieces, language)
    return render_template(
        "interchange/texts.html",
        meeting=meeting,
        language=language,
        form=form,
        shown=shown,
        counts=[Count.of(everything, tag) for tag in _languages(meeting)],
        xliff=converters.installed(),
        what=wording.kind_of,
        outdated=lambda piece: wording.outdated(piece, language),
        made_by=lambda piece: wording.made_by(piece, language, names, actor.zone or meeting.zone),
        own_page=lambda piece: _own_page(piece, meeting),
        own_names=OWN_NAMES,
    ), status(form)


def _languages(meeting: Meeting) -> list[str]:
    """The languages of the meeting first, then all others."""
    return list(dict.fromkeys((*meeting.languages, *LANGUAGES)))


def _own_page(piece: Piece, meeting: Meeting) -> str:
    """Where a text is written."""
    row, slug = piece.row, meeting.slug
    match piece.kind:
        case TextKind.MEETING:
            return url_for("meetings.settings", slug=slug)
        case TextKind.OPERATION:
            return url_for("parties.edit_operation", code=row.code)
        case TextKind.SESSION:
            return url_for("scheduling.edit_session", uuid=row.uuid, slug=slug)
        case TextKind.PLACE:
            return url_for("meetings.edit_place", place_id=row.id, slug=slug)
        case TextKind.PARTY:
            return url_for("parties.edit", code=row.code)
        case TextKind.AGENCY:
            return url_for("parties.edit_agency", code=row.party.code, agency_code=row.code)
    return url_for("papers.write", slug=slug)


def say_what_is_saved(number: int, pieces: Sequence[Piece]) -> None:
    """How many translations were written, and what is still to be done before others read them."""
    if not number:
        flash(_("Nothing was changed."), "info")
        return
    flash(ngettext("%(num)s translation is saved.", "%(num)s translations are saved.", number), "ok")
    if any(piece.kind is TextKind.PARTY and piece.row.names_approved_at is None for piece in pieces):
        flash(_("Names of participants that have changed are printed once they are approved again."), "warning")
    if any(piece.kind is TextKind.SESSION for piece in pieces):
        flash(
            _("Pages and documents show the new titles at once; mails and calendar entries follow when you publish."),
            "info",
        )
