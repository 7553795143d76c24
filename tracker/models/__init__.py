"""The tables. Every row of content reaches its agency."""

from tracker.models.agency import (
    Account,
    Agency,
    DayOff,
    GroupUnit,
    Member,
    Role,
    Unit,
    UnitAlias,
)
from tracker.models.assessment import (
    Assessment,
    KnownWord,
    MeasureBudget,
    MemoFields,
    RuleAnswer,
    RuleChanges,
)
from tracker.models.audit import Event
from tracker.models.job_state import JobKind, JobState
from tracker.models.line import LineConversation, LineEvent, LineLinkCode
from tracker.models.operations import ActionLinkUse, Alarm, LineQuota
from tracker.models.plan import ColumnText, Measure, Period, Plan, Step, TextVersion
from tracker.models.reminder import (
    Delivery,
    Digest,
    Heartbeat,
    MailboxMessage,
    Notice,
    Reminder,
    UnitPrompt,
)
from tracker.models.report import ReportFile, ReportTemplate, ReportVersion, Round
from tracker.models.sign_in import Invitation, ProviderLink, RecoveryCode, SignedIn
from tracker.models.task import (
    Completion,
    Evidence,
    ProgressNote,
    Task,
    TaskUnit,
)

__all__ = [
    "Account",
    "ActionLinkUse",
    "Agency",
    "Alarm",
    "Assessment",
    "ColumnText",
    "Completion",
    "DayOff",
    "Delivery",
    "Digest",
    "Event",
    "Evidence",
    "GroupUnit",
    "Heartbeat",
    "Invitation",
    "JobKind",
    "JobState",
    "KnownWord",
    "LineConversation",
    "LineEvent",
    "LineLinkCode",
    "LineQuota",
    "MailboxMessage",
    "Measure",
    "MeasureBudget",
    "Member",
    "MemoFields",
    "Notice",
    "Period",
    "Plan",
    "ProgressNote",
    "ProviderLink",
    "RecoveryCode",
    "Reminder",
    "ReportFile",
    "ReportTemplate",
    "ReportVersion",
    "Role",
    "Round",
    "RuleAnswer",
    "RuleChanges",
    "SignedIn",
    "Step",
    "Task",
    "TaskUnit",
    "TextVersion",
    "Unit",
    "UnitAlias",
    "UnitPrompt",
]
