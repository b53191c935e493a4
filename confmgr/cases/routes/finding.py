"""The list of leads at a meeting, and the search: narrowed by what stands in the address, a page at a time."""

import uuid as uuids
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.cases import finding
from confmgr.cases.access import READERS
from confmgr.cases.finding import Edge, Found, Wanted
from confmgr.cases.news import new_to
from confmgr.cases.routes.blueprint import bp
from confmgr.delegations.queries import delegations
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.rule import strictest
from confmgr.values.searching import READ, passage
from confmgr.values.texts import without_controls
from confmgr.web.db import session
from confmgr.web.formats import language
from confmgr.web.policy import policy

Word = TypeVar("Word", bound=StrEnum)
STATES = (ItemState.DRAFT, ItemState.SHARED, ItemState.WITHDRAWN)


@bp.get("/meetings/<slug>/leads")
@policy(READERS)
def leads(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Leads at a meeting that the reader may know of; `?party=`, `?tlp=` and `?state=` narrow them."""
    now, asked = clock.now(), _asked(meeting)
    viewer = sharing.viewer_of(session(), actor, now)
    wanted = Wanted(kinds=(ItemKind.LEAD,), envelopes=True, meeting_id=meeting.id, **asked.narrowing)
    found = finding.find(session(), viewer, now, wanted, _edge())
    rows = finding.leads_of(session(), viewer, now, found)
    return render_template(
        "cases/leads.html",
        meeting=meeting,
        rows=rows,
        fresh=new_to(session(), viewer, rows),
        asked=asked,
        choices=_choices(meeting),
        marking=strictest(row.tlp for row in rows if row.title is not None) if any(r.title for r in rows) else None,
        pages=_pages("cases.leads", meeting, asked, found, [row.item.uuid for row in rows]),
    )


@bp.get("/meetings/<slug>/search")
@policy(READERS)
def search(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Whatever has a body that holds all of some words, of what the reader may read."""
    now, asked = clock.now(), _asked(meeting)
    viewer = sharing.viewer_of(session(), actor, now)
    here = meeting.id if asked.here else None
    narrowing = {"kinds": finding.searched()} | asked.narrowing
    wanted = Wanted.saying(asked.q, operation_id=meeting.operation_id, meeting_id=here, **narrowing)
    found = finding.find(session(), viewer, now, wanted, _edge()) if wanted.words else Found()
    hits = finding.hits_of(session(), viewer, now, found)
    return render_template(
        "cases/search.html",
        meeting=meeting,
        hits=[(hit, passage(hit.text, wanted.words, language())) for hit in hits],
        asked=asked,
        looked=bool(wanted.words),
        choices=_choices(meeting),
        marking=strictest(hit.item.marking.tlp for hit in hits) if hits else None,
        pages=_pages("cases.search", meeting, asked, found, [hit.item.uuid for hit in hits]),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address."""

    q: str
    kind: ItemKind | None
    party: str
    tlp: Tlp | None
    state: ItemState | None
    here: bool

    @property
    def narrowing(self) -> dict[str, Any]:
        """The same for `Wanted`, but for the words and the meeting."""
        kinds = {} if self.kind is None else {"kinds": (self.kind,)}
        return {**kinds, "originator": self.party, "tlp": self.tlp, "state": self.state}

    @property
    def anything(self) -> bool:
        """Whether it narrows."""
        return any((self.kind, self.party, self.tlp, self.state, self.here))

    @property
    def address(self) -> dict[str, str]:
        """The same for an address."""
        given = {"q": self.q, "kind": self.kind, "party": self.party, "tlp": self.tlp, "state": self.state}
        return {name: str(value) for name, value in given.items() if value} | ({"here": "1"} if self.here else {})


def _asked(meeting: Meeting) -> Asked:
    return Asked(
        q=without_controls(request.args.get("q", "")[:READ]),
        kind=_one("kind", finding.searched()),
        party=_party(meeting),
        tlp=_one("tlp", tuple(Tlp)),
        state=_one("state", STATES),
        here=bool(request.args.get("here")),
    )


def _one(name: str, words: tuple[Word, ...]) -> Word | None:
    text = request.args.get(name, "")
    found = next((word for word in words if word.value == text), None)
    if text and found is None:
        raise NotFound("filter", text)
    return found


def _party(meeting: Meeting) -> str:
    code = request.args.get("party", "")
    if code and code not in {row.party.code for row in delegations(session(), meeting)}:
        raise NotFound("filter", code)
    return code


def _edge() -> Edge:
    return Edge(after=_ident("after"), before=_ident("before"), last=bool(request.args.get("last")))


def _ident(name: str) -> uuids.UUID | None:
    try:
        return uuids.UUID(request.args.get(name, ""))
    except ValueError:
        return None


def _choices(meeting: Meeting) -> dict[str, list[Any]]:
    """What may be chosen: nothing of it tells what is there."""
    return {
        "parties": [row.party.code for row in delegations(session(), meeting)],
        "tlps": list(Tlp),
        "states": list(STATES),
        "kinds": list(finding.searched()),
    }


def _pages(endpoint: str, meeting: Meeting, asked: Asked, found: Found, shown: list[uuids.UUID]) -> dict[str, str]:
    """Addresses of the pages around this one; of those there are."""
    here: dict[str, Any] = {"slug": meeting.slug, **asked.address}
    pages: dict[str, str] = {}
    if shown and found.newer:
        pages |= {"first": url_for(endpoint, **here), "newer": url_for(endpoint, before=shown[0], **here)}
    if shown and found.older:
        pages |= {"older": url_for(endpoint, after=shown[-1], **here), "last": url_for(endpoint, last=1, **here)}
    return pages
