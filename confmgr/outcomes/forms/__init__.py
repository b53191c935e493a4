"""What the browser may send to this room."""

from confmgr.outcomes.forms.actions import ActionForm, CarryOutForm
from confmgr.outcomes.forms.figures import AmountField, CorrectionForm, FigureForm, OverlapForm, SourceForm
from confmgr.outcomes.forms.indicators import IndicatorForm, ValueForm
from confmgr.outcomes.forms.requests import AdvanceForm, RequestForm

__all__ = [
    "ActionForm",
    "AdvanceForm",
    "AmountField",
    "CarryOutForm",
    "CorrectionForm",
    "FigureForm",
    "IndicatorForm",
    "OverlapForm",
    "RequestForm",
    "SourceForm",
    "ValueForm",
]
