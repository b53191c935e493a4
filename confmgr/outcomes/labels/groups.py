"""Words of groups, moves and borders."""

from flask_babel import lazy_gettext as _l

from confmgr.web import labels

labels.register_reasons(
    {
        "too_many_aliases": _l("At most %(most)s other names."),
        "alias_too_long": _l("A name has at most %(most)s characters; write one a line."),
        "half_a_place": _l("A place needs both degrees north and degrees east."),
        "same_base": _l("A group moves from one base to another one."),
        "merged_already": _l("These are one group already."),
        "two_sides": _l("A border has two different sides; leave the other one open if it is not known."),
        "own_border": _l("One side must be your party."),
        "one_to_follow": _l("Choose a case or a meeting."),
        "follows_already": _l("This was said to follow from the move already."),
    }
)
labels.register_terms(
    "sign",
    {
        "base": _l("base confirmed or probable"),
        "base_reported": _l("reported only"),
        "move": _l("move"),
        "move_reported": _l("move, reported only"),
        "nowhere": _l("left for a place not known"),
        "border": _l("Borders to watch"),
    },
)
