"""Sentences of refusals that only organisers meet: like their pages, in fewer languages than `labels`."""

from flask_babel import lazy_gettext as _l

from confmgr.web import labels

labels.register_reasons(
    {
        "agenda_number_wrong": _l("The place of this item in the agenda gives it another number than %(number)s."),
        "agenda_part_of_part": _l("That item is itself a part of another one. Choose an item with a whole number."),
        "agenda_has_parts": _l("This item has parts of its own and cannot become a part. Move its parts first."),
        "agenda_item_gone": _l(
            "Somebody has removed this from the agenda while you had it open. Nothing was saved; open the agenda again."
        ),
        "agenda_begun": _l("The agenda has items already. The standard ones can be added one by one."),
        "agenda_full": _l("An agenda has at most %(most)s items."),
        "agenda_adopted": _l("The agenda is adopted. Make it provisional again before you change its items."),
        "agenda_empty": _l("An agenda without items cannot be adopted."),
        "agenda_not_yet": _l("The agenda cannot have been adopted on a day that is still to come."),
        "document_named": _l("The item has a document with the symbol %(symbol)s already."),
        "documents_full": _l("An item has at most %(most)s documents."),
    }
)
