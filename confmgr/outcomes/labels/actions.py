"""What is refused of joint actions, their logs, task forces and persons, in words."""

from flask_babel import lazy_gettext as _l

from confmgr.web import labels

labels.register_reasons(
    {
        "action_step": _l("An action that is at “%(present)s” cannot become “%(wanted)s”."),
        "action_reason": _l("Give a reason: it stays in the history of the action."),
        "not_earlier": _l("It is planned for %(day)s: choose an earlier day."),
        "not_later": _l("It is planned for %(day)s: choose a later day."),
        "not_yet": _l("This still lies ahead."),
        "not_under_way": _l("Lines are written once the action is under way."),
        "line_corrected": _l("This line has been corrected already: correct the line that took its place."),
        "line_of_another": _l("This line belongs to another action."),
        "nothing_to_confirm": _l("Only an action that has ended, and is not confirmed yet, can be confirmed."),
        "second_person_confirms": _l("A second person must confirm: you ended this action yourself."),
        "fewer_than_held": _l("%(least)s of the set are held to be something already."),
        "exceeds_set": _l("The set has %(number)s persons, and you enter more. Is this right?"),
        "exceeds_arrested": _l("%(number)s of the set were arrested, and you enter more returned. Is this right?"),
    }
)
labels.register_terms(
    "share",
    {
        "money_mule": _l("Money mules"),
        "recruiter": _l("Recruiters"),
    },
)
