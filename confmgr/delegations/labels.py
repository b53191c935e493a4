"""Names of this room's words, and sentences of its refusals."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.delegations.domain import Capacity, DelegationState, DelegationStatus, Mode, PrintedAs
from confmgr.web import labels

labels.register(
    {
        DelegationStatus.MEMBER: _p("delegation", "Member"),
        DelegationStatus.PARTNER: _l("Partner organisation"),
        DelegationStatus.OBSERVER: _l("Observer"),
        DelegationStatus.GUEST: _p("delegation", "Guest"),
        DelegationState.INVITED: _p("delegation", "Invited"),
        DelegationState.ACCEPTED: _p("delegation", "Accepted, no names yet"),
        DelegationState.CONFIRMED: _p("delegation", "Confirmed"),
        DelegationState.DECLINED: _p("delegation", "Declined"),
        Capacity.HEAD_OF_DELEGATION: _l("Head of delegation"),
        Capacity.HEAD_OF_AGENCY: _l("Head of agency"),
        Capacity.DEPUTY: _l("Deputy head"),
        Capacity.DELEGATE: _l("Delegate"),
        Capacity.ADVISER: _l("Adviser"),
        Capacity.LIAISON_OFFICER: _l("Liaison officer"),
        Capacity.INTERPRETER: _l("Interpreter"),
        PrintedAs.NAME: _l("By name"),
        PrintedAs.INITIALS: _l("By initials"),
        PrintedAs.NOT_LISTED: _l("Not at all"),
        Mode.CONSECUTIVE: _l("Consecutive"),
        Mode.SIMULTANEOUS: _l("Simultaneous"),
        Mode.WHISPERED: _l("Whispered"),
    }
)
labels.register_reasons(
    {
        "delegation_exists": _l("%(code)s already has a delegation at this meeting."),
        "teams_out_of_range": _l("A delegation has between 1 and %(most)s teams."),
        "second_head": _l("The delegation already has a head. Change that person first."),
        "delegate_email_taken": _l("Somebody in this delegation already has the address %(email)s."),
        "departs_before_arriving": _l("The departure is not after the arrival."),
        "no_such_time": _l("The clocks in %(zone)s skip %(time)s. Choose another time."),
        "two_such_times": _l("The clocks in %(zone)s show %(time)s twice that day. Choose another time."),
        "no_mail_address": _l("There is no mail address. Write it down first, so that the person can be let in."),
        "unknown_pair": _l("“%(pairs)s” is not a pair of languages like km-ko."),
        "passport_data": _l("This looks like a passport number. Passport data is not kept here: leave it out."),
    }
)
