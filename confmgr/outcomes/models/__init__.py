"""Tables of outcomes."""

from confmgr.outcomes.models.figures import (
    ChainLink,
    Figure,
    FigureBreakdown,
    FigureCase,
    FigureLink,
    Indicator,
    IndicatorValue,
    IssuedReport,
    OwnMeasure,
    Source,
)
from confmgr.outcomes.models.follow_up import (
    ActionRequest,
    JointAction,
    JointActionCase,
    JointActionParty,
    PersonSet,
    PersonSetStatus,
    RequestHistory,
    TaskForce,
    TaskForceParty,
)
from confmgr.outcomes.models.groups import (
    Group,
    GroupBase,
    Move,
)

__all__ = [
    "ActionRequest",
    "ChainLink",
    "Figure",
    "FigureBreakdown",
    "FigureCase",
    "FigureLink",
    "Group",
    "GroupBase",
    "Indicator",
    "IndicatorValue",
    "IssuedReport",
    "JointAction",
    "JointActionCase",
    "JointActionParty",
    "Move",
    "OwnMeasure",
    "PersonSet",
    "PersonSetStatus",
    "RequestHistory",
    "Source",
    "TaskForce",
    "TaskForceParty",
]
