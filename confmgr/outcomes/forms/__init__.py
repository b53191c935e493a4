"""What the browser may send to this room."""

from confmgr.outcomes.forms.actions import (
    ActionForm,
    CarryOutForm,
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
    CorrectionForm,
    FigureForm,
    OverlapForm,
    SourceForm,
)
from confmgr.outcomes.forms.groups import (
    BaseForm,
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

__all__ = [
    "ActionForm",
    "AdvanceForm",
    "AllianceForm",
    "AmountField",
    "BaseForm",
    "CarryOutForm",
    "ConfirmForm",
    "ContactForm",
    "CorrectionForm",
    "FigureForm",
    "FollowForm",
    "GroupForm",
    "IndicatorForm",
    "LinkForm",
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
    "Way",
    "WishForm",
]
