"""Names of this room's words, and sentences of its refusals. TLP markings are never translated."""

from enum import Enum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.sharing.domain import ConsentKind, ConsentState, GradeScheme, Handling, ItemKind, ItemState, RecallCause
from confmgr.web import labels

HANDLINGS: dict[Enum, LazyString] = {
    Handling.H0: _l("H0: only for preventing and combating crime"),
    Handling.H1: _l("H1: not in judicial proceedings without permission"),
    Handling.H2: _l("H2: not passed on without permission"),
    Handling.H3: _l("H3: another restriction, stated in words"),
}

# Words of different lists may be spelled alike, and are then one key of a dict: each list is registered by itself.
labels.register_terms("handling", {code.value: text for code, text in HANDLINGS.items()})
labels.register(
    {
        ItemKind.CASE: _l("Case"),
        ItemKind.LEAD: _p("information", "Lead"),
        ItemKind.COMMENT: _l("Comment"),
        ItemKind.DOCUMENT: _l("Document"),
        ItemKind.ACTION_REQUEST: _l("Request"),
        ItemKind.TASK_FORCE: _l("Task force"),
        ItemKind.JOINT_ACTION: _l("Joint action"),
        ItemKind.GROUP: _l("Group"),
        ItemKind.BASE: _l("Base"),
        ItemKind.MOVE: _l("Displacement"),
        ItemState.DRAFT: _p("item", "Draft"),
        ItemState.SHARED: _p("item", "Shared"),
        ItemState.WITHDRAWN: _p("item", "Withdrawn"),
        ItemState.PURGED: _p("item", "Purged"),
        **HANDLINGS,
        GradeScheme.EUROPOL_4X4: _l("Europol 4×4"),
        GradeScheme.ADMIRALTY_6X6: _l("Admiralty 6×6"),
        GradeScheme.UK_3X5: _l("United Kingdom 3×5"),
        GradeScheme.UK_5X5: _l("United Kingdom 5×5"),
    }
)
labels.register(
    {
        ConsentKind.ONWARD: _p("consent", "Passing it on"),
        ConsentKind.DOWNGRADE: _p("consent", "A lower marking"),
        ConsentKind.NEW_PURPOSE: _p("consent", "Another purpose"),
        ConsentKind.JUDICIAL_USE: _p("consent", "Use in court"),
        ConsentKind.PUBLICATION: _p("consent", "Publication"),
        ConsentKind.LONGER_RETENTION: _p("consent", "Keeping it longer"),
    }
)
labels.register(
    {
        ConsentState.OPEN: _p("consent", "Open"),
        ConsentState.GRANTED: _p("consent", "Granted"),
        ConsentState.PARTLY: _p("consent", "Granted in part"),
        ConsentState.REFUSED: _p("consent", "Refused"),
        ConsentState.WITHDRAWN: _p("consent", "Withdrawn"),
        ConsentState.EXPIRED: _p("consent", "Expired"),
    }
)
labels.register(
    {
        RecallCause.WITHDRAWN: _l("It was withdrawn"),
        RecallCause.RAISED: _l("Its marking was raised"),
        RecallCause.REVOKED: _l("You were struck off its readers"),
        RecallCause.PURGED: _l("It was purged"),
    }
)
labels.register_reasons(
    {
        "reference_taken": _l("You have already used the reference %(reference)s."),
        "red_needs_second_person": _l("TLP:RED needs a second person of your party who may read it. Name one first."),
        "one_target": _l("Name one person, agency or delegation."),
        "tlp_cannot_reach": _l("%(tlp)s cannot be passed to a whole delegation. Name persons, or an agency."),
        "h3_needs_text": _l("H3 needs the restriction in words."),
        "taken_back": _l("It was taken back and cannot be shared again. Write a new one."),
        "not_shared": _l("It is not shared, so nothing can be asked of it."),
        "not_lower": _l("Choose a marking that lets more people read it than %(tlp)s."),
        "not_longer": _l("Give a day that is later than the one until which it is kept."),
        "asked_already": _l("Your delegation has asked for the same already; it is not answered yet."),
        "part_needs_limit": _l("Say in words what you do not grant, or set a limit."),
        "more_than_asked": _l("That is more than was asked for."),
        "ran_out": _l("The question has run out. It has to be asked again."),
        "day_is_past": _l("Give a day that is still to come."),
        "cannot_purge": _l("Only cases and leads, and what stands under them, can be purged."),
        "one_level": _l("Comments and files stand under a case or lead, not under one another."),
        "not_withdrawn": _l("This was not withdrawn."),
    }
)
