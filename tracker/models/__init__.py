"""The tables. Every row of content reaches its agency."""

from tracker.models.agency import (
    ROLES,
    UNIT_KINDS,
    Account,
    Agency,
    DayOff,
    GroupUnit,
    Member,
    Role,
    Unit,
    UnitAlias,
)
from tracker.models.audit import Event
from tracker.models.line import LineConversation, LineEvent, LineLinkCode
from tracker.models.plan import ColumnText, Measure, Period, Plan, Round, Step
from tracker.models.reminder import (
    CHANNELS,
    DELIVERY_STATES,
    Delivery,
    Digest,
    Heartbeat,
    MailboxMessage,
    Notice,
    Reminder,
)
from tracker.models.sign_in import Invitation, RecoveryCode, SignedIn
from tracker.models.task import (
    OPEN_STATES,
    REASONS,
    STATES,
    Completion,
    Evidence,
    ProgressNote,
    Task,
    TaskUnit,
)
from tracker.models.upkeep import ActionLinkUse, Alarm, LineQuota

__all__ = [
    "CHANNELS",
    "DELIVERY_STATES",
    "OPEN_STATES",
    "REASONS",
    "ROLES",
    "STATES",
    "UNIT_KINDS",
    "Account",
    "ActionLinkUse",
    "Agency",
    "Alarm",
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
    "LineConversation",
    "LineEvent",
    "LineLinkCode",
    "LineQuota",
    "MailboxMessage",
    "Measure",
    "Member",
    "Notice",
    "Period",
    "Plan",
    "ProgressNote",
    "RecoveryCode",
    "Reminder",
    "Role",
    "Round",
    "SignedIn",
    "Step",
    "Task",
    "TaskUnit",
    "Unit",
    "UnitAlias",
]
