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
from confmgr.outcomes.forms.chains import (
    LinkForm,
    Way,
)
from confmgr.outcomes.forms.contacts import (
    AllianceForm,
    ConfirmForm,
    ContactForm,
)
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
from confmgr.outcomes.forms.groups import (
    BaseForm,
    CaseGroupsForm,
    FollowForm,
    GroupForm,
    MergeForm,
    MoveForm,
    SectionForm,
)
from confmgr.outcomes.forms.indicators import (
    IndicatorForm,
    ValueForm,
)
from confmgr.outcomes.forms.measures import (
    MeasuresForm,
    OwnMeasureForm,
    RewordForm,
)
from confmgr.outcomes.forms.persons import (
    PersonsForm,
    SetFigureForm,
    ShareForm,
    StatusForm,
)
from confmgr.outcomes.forms.public import (
    ProposeForm,
    ReleaseForm,
)
from confmgr.outcomes.forms.requests import (
    AdvanceForm,
    RequestForm,
    WishForm,
)
from confmgr.outcomes.forms.rounds import (
    ReturnForm,
    RoundForm,
    SendBackForm,
)
from confmgr.outcomes.forms.task_forces import (
    TaskForceForm,
    TaskForceTextForm,
)

__all__ = [
    "ActionChangeForm",
    "ActionForm",
    "AdvanceForm",
    "AllianceForm",
    "AmountField",
    "BaseForm",
    "BeginForm",
    "BreakdownForm",
    "CallOffForm",
    "CarryOutForm",
    "CaseGroupsForm",
    "ConfirmForm",
    "ContactForm",
    "ConversionForm",
    "CorrectionForm",
    "DescribeForm",
    "FigureForm",
    "FollowForm",
    "GroupForm",
    "IndicatorForm",
    "LineForm",
    "LinkForm",
    "MeasuresForm",
    "MergeForm",
    "MoveForm",
    "OverlapForm",
    "OwnMeasureForm",
    "PersonsForm",
    "ProposeForm",
    "ReasonForm",
    "ReleaseForm",
    "RequestForm",
    "RescheduleForm",
    "ReservationForm",
    "ReturnForm",
    "RewordForm",
    "RoundForm",
    "SectionForm",
    "SeenForm",
    "SendBackForm",
    "SetFigureForm",
    "ShareForm",
    "SourceForm",
    "StaffForm",
    "StatusForm",
    "TaskForceForm",
    "TaskForceTextForm",
    "TookPartForm",
    "ValueForm",
    "Way",
    "WishForm",
]
