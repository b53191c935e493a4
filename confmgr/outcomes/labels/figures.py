"""Words of figures, their sources and what is made public of them."""

from enum import Enum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.outcomes.publicity import Obstacle, Step
from confmgr.web import labels

OBSTACLES: dict[Enum, LazyString] = {
    Obstacle.NOT_CONFIRMED: _l("A second person of its owner has to confirm it first."),
    Obstacle.SUPERSEDED: _l("It has been corrected. Propose the correction instead."),
    Obstacle.SOURCE_WITHDRAWN: _l("Its source has been withdrawn."),
    Obstacle.MARKING: _l("It is marked more strictly than TLP:CLEAR. Its owner has to mark it CLEAR first."),
    Obstacle.ITEM_MARKING: _l(
        "It belongs to something marked more strictly than TLP:CLEAR. Its originator has to mark that CLEAR first."
    ),
    Obstacle.ITEM_TAKEN_BACK: _l("What it belongs to is no longer shared."),
    Obstacle.OTHER_TERRITORY: _l("The territory of its joint action has changed. Take it back and propose it again."),
}

labels.register(OBSTACLES)
labels.register(
    {
        Step.TAKEN_BACK: _p("public figure", "Taken back"),
        Step.OBSTACLE: _p("public figure", "Held up"),
        Step.RELEASE: _l("Waits for a second person of its owner"),
        Step.CLEARANCE: _l("Waits for the party of the territory"),
        Step.EMBARGO: _l("Waits for the end of the embargo"),
        Step.PUBLIC: _p("public figure", "Public"),
    }
)
labels.register_reasons({f"public_{kind.value}": text for kind, text in OBSTACLES.items()})
labels.register_reasons(
    {
        "no_measure_left": _l("Leave at least one measure switched on."),
        "measure_code": _l("Write the short name in small letters and numbers, like bus-raids."),
        "measure_code_long": _l("Too long: at most %(most)s characters."),
        "measure_taken": _l("There is a measure %(code)s already."),
        "measure_has_figures": _l("Figures were stated under this measure: it stays."),
        "breakdown_dimension": _l("This measure is not broken down by “%(dimension)s”."),
        "breakdown_part": _l("Enter the part and its number, or leave both empty."),
        "breakdown_twice": _l("The part %(key)s stands there twice."),
        "set_of_other_action": _l("This set belongs to another joint action."),
        "source_withdrawn": _l("The source %(code)s has been withdrawn."),
        "withdrawal_needs_reason": _l("Give a reason: everybody who reads the figure will read it."),
        "not_confirmed": _l("This figure is not confirmed."),
        "overlap_taken": _l("These two figures are linked already."),
        "disagrees_already": _l("The figure %(code)s stands beside other sources already."),
        "conversion_of_money": _l("Only money has a rate."),
        "conversion_currency": _l("Choose another currency that exists, and that does not stand here yet."),
        "conversion_rate": _l("This rate cannot be right."),
        "ask_before_operation": _l("This period begins before the operation did, on %(start)s."),
        "ask_more_than_set": _l("The set has %(most)s persons."),
        "ask_more_returned": _l("More were returned (%(returned)s) than arrested (%(arrested)s) in this joint action."),
        "proposed_already": _l("This figure has been proposed already."),
        "territory_clears": _l("The party of the territory clears it."),
        "second_person_public": _l("A second person releases it: you proposed it yourself."),
        "small_number": _l("It counts fewer than five persons: say that it may go out all the same."),
        "publication_taken_back": _l("It has been taken back. Propose it again."),
    }
)
