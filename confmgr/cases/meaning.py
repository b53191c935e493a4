"""What a grant would mean, in words, before it is given; what a marking would do, what became of a proposal."""

from collections.abc import Sequence

from flask_babel import gettext as _

from confmgr.cases.consequences import Follows
from confmgr.parties.models import Party
from confmgr.sharing.asking import two_needed
from confmgr.sharing.domain import ConsentKind, Tlp
from confmgr.sharing.models import ConsentRequest
from confmgr.sharing.queries import Ended
from confmgr.web import formats


def target(request: ConsentRequest) -> str:
    """The person, agency or delegation that is to read it; who asked, where nobody else is named."""
    if request.to_user is not None:
        return request.to_user.name
    if request.to_agency is not None:
        return formats.plain_words(request.to_agency.name)
    return formats.plain_words((request.to_delegation or request.asked_for).party.short_name)


def of_grant(request: ConsentRequest, members: Sequence[Party]) -> list[str]:
    """Sentences for who decides; `members`: parties at the meetings of the item."""
    said = _kind(request, members)
    if two_needed(request) and request.decision is None:  # whoever reads it later is that second person
        said.append(_("A second person of your party has to agree before it takes effect."))
    return said


def of_marking(found: Follows, *, draft: bool) -> list[str]:
    """What another marking would do to those who read an item, in sentences beside its choice.

    A draft has no readers yet; whom it names already is all that is told.
    """
    lose, gain = ", ".join(found.lose), ", ".join(found.gain)
    if draft:
        return [_("Who has to be named again: %(names)s.", names=lose)] if lose else []
    said = [_("A second person of your party has to agree before it takes effect.")] if found.waits else []
    if lose:
        said.append(_("Who loses it at once: %(names)s. Name readers again after the change.", names=lose))
    elif found.keep:
        said.append(_("Nobody loses it."))
    elif not gain:
        said.append(_("Nobody of another party reads it today."))
    if gain:
        said.append(_("Every member and partner of the meeting will be able to read it: %(codes)s.", codes=gain))
    return said


def of_end(ended: Ended) -> str:
    """How a proposal of a lower marking ended: by whom, and that nothing changes."""
    tlp, name = ended.proposal.tlp.label, ended.by.name
    if ended.taken_back:
        return _("%(name)s has taken back the proposal to lower it to %(tlp)s. The marking stays.", name=name, tlp=tlp)
    return _("%(name)s does not agree to lower it to %(tlp)s. The marking stays.", name=name, tlp=tlp)


def _kind(request: ConsentRequest, members: Sequence[Party]) -> list[str]:
    name = target(request)
    if request.kind is ConsentKind.ONWARD:
        if request.to_user is not None:
            first = _("%(name)s alone will be able to read it, at once.", name=name)
        else:
            first = _("Everybody of %(name)s at this meeting will be able to read it, at once.", name=name)
        return [first, _("They may not pass it on: whoever else wants to read it must ask you first.")]
    if request.kind is ConsentKind.PUBLICATION:
        return [_("Anybody will be able to read it, also outside this meeting. This cannot be called back.")]
    if request.kind is ConsentKind.DOWNGRADE:
        if request.tlp in {Tlp.GREEN, Tlp.CLEAR}:
            codes = ", ".join(party.code for party in members)
            return [_("Every member and partner of the meeting will be able to read it: %(codes)s.", codes=codes)]
        return [_("You will be able to name more readers. Nobody new reads it until you name them.")]
    if request.kind is ConsentKind.NEW_PURPOSE:
        return [_("%(name)s may use it for the purpose named, and for nothing else. Nobody new reads it.", name=name)]
    if request.kind is ConsentKind.JUDICIAL_USE:
        return [_("%(name)s may use it in court, where it may become public. Nobody new reads it here.", name=name)]
    until = formats.day_long(request.retain_until) if request.retain_until else ""
    return [_("It is kept until %(day)s, and purged then.", day=until)]
