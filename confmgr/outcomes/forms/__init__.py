"""What the browser may send to this room."""

from confmgr.outcomes.forms.actions import ActionForm, CarryOutForm
from confmgr.outcomes.forms.figures import AmountField, CorrectionForm, FigureForm, OverlapForm, SourceForm
from confmgr.outcomes.forms.requests import AdvanceForm, RequestForm
from confmgr.outcomes.forms.rounds import ReturnForm, RoundForm, SendBackForm

__all__ = [
    "ActionForm",
    "AdvanceForm",
    "AmountField",
    "CarryOutForm",
    "CorrectionForm",
    "FigureForm",
    "OverlapForm",
    "RequestForm",
    "ReturnForm",
    "RoundForm",
    "SendBackForm",
    "SourceForm",
]
