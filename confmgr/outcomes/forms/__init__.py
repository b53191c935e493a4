"""What the browser may send to this room."""

from confmgr.outcomes.forms.actions import ActionForm, CarryOutForm
from confmgr.outcomes.forms.chains import LinkForm, Way
from confmgr.outcomes.forms.contacts import AllianceForm, ConfirmForm, ContactForm
from confmgr.outcomes.forms.figures import AmountField, CorrectionForm, FigureForm, OverlapForm, SourceForm
from confmgr.outcomes.forms.requests import AdvanceForm, RequestForm, WishForm

__all__ = [
    "ActionForm",
    "AdvanceForm",
    "AllianceForm",
    "AmountField",
    "CarryOutForm",
    "ConfirmForm",
    "ContactForm",
    "CorrectionForm",
    "FigureForm",
    "LinkForm",
    "OverlapForm",
    "RequestForm",
    "SourceForm",
    "Way",
    "WishForm",
]
