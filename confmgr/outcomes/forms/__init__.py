"""What the browser may send to this room."""

from confmgr.outcomes.forms.actions import (
    ActionChangeForm,
    ActionForm,
    BeginForm,
    CallOffForm,
    CarryOutForm,
    LineForm,
    RescheduleForm,
    ReservationForm,
    SeenForm,
    StaffForm,
    TookPartForm,
)
from confmgr.outcomes.forms.figures import AmountField, CorrectionForm, FigureForm, OverlapForm, SourceForm
from confmgr.outcomes.forms.persons import PersonsForm, SetFigureForm, ShareForm, StatusForm
from confmgr.outcomes.forms.requests import AdvanceForm, RequestForm
from confmgr.outcomes.forms.task_forces import TaskForceForm, TaskForceTextForm

__all__ = [
    "ActionChangeForm",
    "ActionForm",
    "AdvanceForm",
    "AmountField",
    "BeginForm",
    "CallOffForm",
    "CarryOutForm",
    "CorrectionForm",
    "FigureForm",
    "LineForm",
    "OverlapForm",
    "PersonsForm",
    "RequestForm",
    "RescheduleForm",
    "ReservationForm",
    "SeenForm",
    "SetFigureForm",
    "ShareForm",
    "SourceForm",
    "StaffForm",
    "StatusForm",
    "TaskForceForm",
    "TaskForceTextForm",
    "TookPartForm",
]
