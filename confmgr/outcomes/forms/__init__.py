"""What the browser may send to this room."""

from confmgr.outcomes.forms.actions import ActionForm, CarryOutForm
from confmgr.outcomes.forms.figures import (
    AmountField,
    BreakdownForm,
    ConversionForm,
    CorrectionForm,
    DescribeForm,
    FigureForm,
    OverlapForm,
    ReasonForm,
    SourceForm,
)
from confmgr.outcomes.forms.measures import MeasuresForm, OwnMeasureForm, RewordForm
from confmgr.outcomes.forms.public import ProposeForm, ReleaseForm
from confmgr.outcomes.forms.requests import AdvanceForm, RequestForm

__all__ = [
    "ActionForm",
    "AdvanceForm",
    "AmountField",
    "BreakdownForm",
    "CarryOutForm",
    "ConversionForm",
    "CorrectionForm",
    "DescribeForm",
    "FigureForm",
    "MeasuresForm",
    "OverlapForm",
    "OwnMeasureForm",
    "ProposeForm",
    "ReasonForm",
    "ReleaseForm",
    "RequestForm",
    "RewordForm",
    "SourceForm",
]
