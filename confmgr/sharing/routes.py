"""After each request: one entry of the bodies that it showed, or one more denial. No pages of its own."""

import uuid

from flask import Blueprint, Response, current_app, g, request
from flask_login import current_user

from confmgr.accounts.models import User
from confmgr.activity.services import deny, record
from confmgr.errors import NotFound, TakenBack
from confmgr.gateways import clock
from confmgr.sharing import queries, showing
from confmgr.sharing.outgoing import look_again
from confmgr.sharing.showing import Shown
from confmgr.web.db import session, transaction

bp = Blueprint("sharing", __name__)
REFUSALS = frozenset({403, 404})
WITH_PAGE = frozenset({200, 409, 422})
"""Answers that carry what was asked for; forms that are not accepted show the text again."""


@bp.after_app_request
def told(response: Response) -> Response:
    """Tell the audit what the answer shows before anybody gets it."""
    shown = showing.taken(session())
    refused = (request.view_args or {}).get("uuid") if response.status_code in REFUSALS else None
    if isinstance(refused, uuid.UUID) and (actor := _actor()):
        with transaction() as current:
            deny(current, actor, refused, clock.now())
    elif shown is not None and response.status_code in WITH_PAGE and (actor := _actor()):
        try:
            _note(actor, shown)
        except (NotFound, TakenBack) as error:
            for name in ("meeting", "operation", "roles"):
                g.pop(name, None)  # the answer is that of an address at which there is nothing
            return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _note(actor: User, shown: Shown) -> None:
    now, item, letter = clock.now(), shown.opened, shown.letter
    if item is not None and letter is None:
        letter = queries.letter_of(session(), queries.viewer_of(session(), actor, now), item, now)
    meeting = g.get("meeting")
    with transaction() as current:
        look_again(current, actor, now, shown)
        record(
            current,
            actor=actor,
            now=now,
            action="read",
            object_type="list" if item is None else item.kind.value,
            object_uuid=None if item is None else item.uuid,
            object_ids=shown.others,
            meeting_id=None if meeting is None else meeting.id,
            rule=None if letter is None else letter.value,
            facts={"page": request.endpoint} | ({"whole": list(map(str, shown.whole))} if shown.whole else {}),
        )


def _actor() -> User | None:
    if not current_user or not current_user.is_authenticated:
        return None
    actor: User = current_user._get_current_object()  # noqa: SLF001  # the proxy must not outlive the request
    return actor
