"""Words of reporting rounds and of the returns that parties send."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.outcomes.domain import AnswerKind, Publishing, ReturnState, RoundState
from confmgr.outcomes.returns import Coverage
from confmgr.web import labels

labels.register(
    {
        RoundState.OPEN: _p("reporting round", "Open"),
        RoundState.CLOSED: _p("reporting round", "Closed"),
    }
)
labels.register(
    {
        ReturnState.NOT_ANSWERED: _p("return", "Not begun"),
        ReturnState.DRAFT: _p("return", "Being written"),
        ReturnState.SUBMITTED: _p("return", "Handed in"),
        ReturnState.RETURNED: _p("return", "Sent back with a question"),
        ReturnState.ACCEPTED: _p("return", "Accepted"),
    }
)
labels.register(
    {
        AnswerKind.VALUE: _p("answer", "Number"),
        AnswerKind.NIL: _p("answer", "Nil"),
        AnswerKind.NOT_AVAILABLE: _p("answer", "Not available"),
        AnswerKind.NOT_RELEVANT: _p("answer", "Not relevant"),
    }
)
labels.register(
    {
        Publishing.ALLOWED: _l("May be published"),
        Publishing.IN_TOTALS: _l("In totals only"),
        Publishing.NOT_ALLOWED: _l("Not to be published"),
    }
)
labels.register(
    {
        Coverage.NONE: _p("return", "Not answered"),
        Coverage.PARTLY: _p("return", "Partly answered"),
        Coverage.NIL: _p("return", "All nil"),
        Coverage.ANSWERED: _p("return", "Answered"),
    }
)
labels.register_reasons(
    {
        "answer_not_said": _l("Choose number, nil, not available or not relevant."),
        "answer_unknown": _l("“%(value)s” is no answer: choose number, nil, not available or not relevant."),
        "value_missing": _l("Enter the number, or choose another answer."),
        "value_and_word": _l("Enter a number, or nil, not available or not relevant; not both."),
        "parts_without_value": _l("Parts need the number that they are parts of."),
        "parts_exceed": _l("%(along)s: the parts are more than the whole."),
        "nationality_not_read": _l("“%(value)s” cannot be read; write nationalities like KR 5, CN 3."),
        "answered_twice": _l("%(value)s stands there twice."),
        "not_a_number": _l("“%(value)s” is no number; write it like 1200 or 1200.50."),
        "number_not_whole": _l("Only whole numbers are counted."),
        "number_too_fine": _l("At most four digits after the point are kept."),
        "note_too_long": _l("Too long: at most %(limit)s characters."),
        "story_too_long": _l("At most %(most)s lines."),
        "return_not_open": _l("This return cannot be changed now: it was handed in, or the round is closed."),
        "return_not_handed_in": _l("This return has not been handed in."),
        "return_is_with_party": _l("The party is still writing this return."),
        "return_reason_needed": _l("Say why: the party reads it."),
        "nothing_answered": _l("Answer at least one measure before you hand it in; “nil” is an answer."),
        "compiled_by_needed": _l("Say who compiled it."),
        "released_by_needed": _l("Say which authority released it."),
        "round_closed": _l("This round is closed."),
        "round_begun": _l("A party has begun to answer; the period stays."),
        "measure_answered": _l("A party has answered a measure that you left out; it stays."),
        "party_answered": _l("A party that you left out has begun to answer; it stays."),
        "no_party_asked": _l("Choose at least one party."),
        "no_measure_asked": _l("Choose at least one measure."),
        "too_many_measures": _l("A round asks for at most %(most)s measures."),
        "due_before_period": _l("It cannot be due before the period begins."),
        "corrected_by_return": _l("This figure comes from the return %(code)s; it is changed in its reporting round."),
        "source_reserved": _l("%(code)s is kept for returns of reporting rounds; choose another code."),
    }
)
