"""Words of contacts and alliances."""

from flask_babel import lazy_gettext as _l

from confmgr.parties.domain import ContactChannel
from confmgr.web import labels

labels.register_terms(
    "contact_channel",
    {
        ContactChannel.I247.value: _l("I-24/7"),
        ContactChannel.SIENA.value: _l("SIENA"),
        ContactChannel.TELEPHONE.value: _l("Telephone"),
        ContactChannel.MAIL.value: _l("Mail"),
        ContactChannel.OTHER.value: _l("Another way"),
    },
)
labels.register_reasons(
    {
        "no_channel": _l("Say at least one way to reach this post."),
        "joins_before_founding": _l("%(code)s cannot have joined before the alliance was founded."),
        "leaves_before_joining": _l("%(code)s cannot have left before it joined."),
        "member_twice": _l("%(code)s stands here twice."),
    }
)
