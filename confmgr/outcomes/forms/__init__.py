"""What the browser may send to this room."""

from confmgr.outcomes.forms.actions import ActionForm, CarryOutForm
from confmgr.outcomes.forms.figures import AmountField, CorrectionForm, FigureForm, OverlapForm, SourceForm
from confmgr.outcomes.forms.groups import BaseForm, FollowForm, GroupForm, MergeForm, MoveForm, SectionForm
from confmgr.outcomes.forms.indicators import IndicatorForm, ValueForm
from confmgr.outcomes.forms.requests import AdvanceForm, RequestForm
from confmgr.outcomes.forms.rounds import ReturnForm, RoundForm, SendBackForm

__all__ = [
    "ActionForm",
    "AdvanceForm",
    "AmountField",
    "BaseForm",
    "CarryOutForm",
    "CorrectionForm",
    "FigureForm",
    "FollowForm",
    "GroupForm",
    "IndicatorForm",
    "MergeForm",
    "MoveForm",
    "OverlapForm",
    "RequestForm",
    "ReturnForm",
    "RoundForm",
    "SectionForm",
    "SendBackForm",
    "SourceForm",
    "ValueForm",
]
