"""Rules of routes that load an item of the agenda, or a document under one."""

import uuid as uuids

from flask import request
from sqlalchemy.orm import Session

from confmgr.errors import NotFound, Refused
from confmgr.meetings.access import in_meeting
from confmgr.meetings.domain import Role
from confmgr.papers import queries
from confmgr.web.policy import Arguments, staff

ORGANISER = in_meeting(Role.ORGANISER)


@staff
def organised_item(session: Session, arguments: Arguments) -> Arguments:
    """For routes with `<uuid:uuid>`: gives `item`, of any agenda that the actor organises.

    Who sends a form about an item that was there is told that somebody has removed it meanwhile.
    """
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    try:
        return {**given, "item": queries.get_item(session, given["meeting"], ident)}
    except NotFound:
        if request.method == "POST" and queries.was_removed(session, given["meeting"], "agenda_item", ident):
            raise Refused("agenda_item_gone") from None
        raise


@staff
def organised_document(session: Session, arguments: Arguments) -> Arguments:
    """As `organised_item`, for routes with `<int:number>` besides: gives `document`, one of those under the item."""
    number: int = arguments.pop("number")
    given = organised_item(session, arguments)
    item = given["item"]
    document = next((row for row in item.documents if row.id == number), None)
    if document is None:
        gone = queries.was_removed(session, given["meeting"], "agenda_document", item.uuid, number)
        raise Refused("agenda_item_gone") if gone and request.method == "POST" else NotFound("document", number)
    return {**given, "document": document}
