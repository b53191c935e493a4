"""Refusals around indicators, in words."""

from flask_babel import lazy_gettext as _l

from confmgr.web import labels

labels.register_reasons(
    {
        "indicator_taken": _l("There is an indicator %(code)s already."),
        "value_taken": _l("The source %(source)s has a value for this date already."),
        "nothing_to_bring_back": _l("There is nothing to bring back."),
    }
)
