"""What is written of publications, invitations and the outbox. Each function flushes, the caller commits."""

from confmgr.invitations.services.answering import answer
from confmgr.invitations.services.feeds import make_feed, note_reading, renew_feed, take_back_feed
from confmgr.invitations.services.item_notices import tell_of_items
from confmgr.invitations.services.leaving import tell_those_who_left
from confmgr.invitations.services.links import answer_token
from confmgr.invitations.services.outbox import (
    checked,
    claim_messages,
    give_back,
    hold,
    hold_all,
    keep_bytes,
    note_refused,
    note_sent,
    release_all,
    try_again,
    try_all_again,
)
from confmgr.invitations.services.previewing import Preview, preview
from confmgr.invitations.services.publishing import publish
from confmgr.invitations.services.readdressing import tell_new_addresses
from confmgr.invitations.services.reminders import change_plan, hand_over, remind
from confmgr.invitations.services.replies import take
from confmgr.invitations.services.settling import (
    decline_proposal,
    may_decline,
    may_take_over,
    set_aside,
    take_over,
    take_over_unproved,
)
from confmgr.invitations.services.telling import Addressee, person_key, sample
from confmgr.invitations.services.zone_rules import Applied, apply_zone_rules

__all__ = [
    "Addressee",
    "Applied",
    "Preview",
    "answer",
    "answer_token",
    "apply_zone_rules",
    "change_plan",
    "checked",
    "claim_messages",
    "decline_proposal",
    "give_back",
    "hand_over",
    "hold",
    "hold_all",
    "keep_bytes",
    "make_feed",
    "may_decline",
    "may_take_over",
    "note_reading",
    "note_refused",
    "note_sent",
    "person_key",
    "preview",
    "publish",
    "release_all",
    "remind",
    "renew_feed",
    "sample",
    "set_aside",
    "take",
    "take_back_feed",
    "take_over",
    "take_over_unproved",
    "tell_new_addresses",
    "tell_of_items",
    "tell_those_who_left",
    "try_again",
    "try_all_again",
]
