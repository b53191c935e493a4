"""The log of a joint action under way: lines are only ever added. The caller commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.outcomes.domain import JointActionState
from confmgr.outcomes.models import JointAction, SituationEntry
from confmgr.outcomes.services.action_steps import check_moment
from confmgr.outcomes.services.actions import audit
from confmgr.outcomes.situation import TALLIED
from confmgr.values import times

LOGGED = frozenset({JointActionState.UNDER_WAY, JointActionState.ENDED})
"""States in which lines are written: what is late or wrong is added after the end too."""


def add_line(
    session: Session,
    action: JointAction,
    *,
    actor: User,
    now: datetime,
    local: tuple[datetime, str],
    text: str,
    tallies: Mapping[str, int] | None = None,
    corrects: SituationEntry | None = None,
) -> SituationEntry:
    """One line, by the clock of the place. `corrects`: the line whose place it takes; that one stays to be read.

    Raises:
        Refused: The action is not under way; the moment lies ahead, before the operation or does not exist there; a
            negative number or one of an unknown measure; the other line is of another action or corrected already.
    """
    if action.state not in LOGGED:
        raise Refused("not_under_way")
    at = times.planned_instant(*local, field="local")
    check_moment(action, at, now, "local")
    counted = dict(tallies or {})
    for measure, number in counted.items():
        if measure not in TALLIED:
            raise Refused("unknown_measure", measure=measure)
        if number < 0:
            raise Refused("negative", field=measure)
    if corrects is not None:
        _check_correction(session, action, corrects)
    line = SituationEntry(
        joint_action_id=action.id,
        at=at,
        local=local[0],
        zone=local[1],
        text=text,
        tallies=counted,
        corrects_id=None if corrects is None else corrects.id,
        by_id=actor.id,
        entered_at=now,
    )
    session.add(line)
    session.flush()
    audit(session, actor, now, "log", action.item)
    return line


def _check_correction(session: Session, action: JointAction, line: SituationEntry) -> None:
    if line.joint_action_id != action.id:
        raise Refused("line_of_another")
    later = session.scalar(select(SituationEntry.id).where(SituationEntry.corrects_id == line.id))
    if later is not None:
        raise Refused("line_corrected")
