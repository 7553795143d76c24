"""The states and kinds that rows are in, with the words by which the database knows them."""

from enum import StrEnum
from typing import TypeVar

_E = TypeVar("_E", bound=StrEnum)


class Cadence(StrEnum):
    """How often a step comes round."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    EVERY_2_MONTHS = "every-2-months"
    EVERY_4_MONTHS = "every-4-months"
    WEEKLY = "weekly"


class TaskState(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    """Ticked off, and waiting for the coordinator's review."""
    RETURNED = "returned"
    DONE = "done"
    NOT_POSSIBLE = "not_possible"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to do it."""
        return self in OPEN_STATES


OPEN_STATES = (TaskState.PENDING, TaskState.IN_PROGRESS, TaskState.RETURNED)


class Reason(StrEnum):
    """Why a task cannot be done."""

    NO_BUDGET = "no_budget"
    POLICY_CHANGED = "policy_changed"
    STAFF_SHORTAGE = "staff_shortage"
    OTHER = "other"
    """Said in a text of its own."""


class DeliveryState(StrEnum):
    """Where a digest's way over one channel stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    """A worker has it, until its lease ends."""
    SENT = "sent"
    FAILED = "failed"
    """It is tried again."""
    GIVEN_UP = "given_up"
    UNKNOWN = "unknown"
    """It may have arrived; nobody can say."""
    CANCELLED = "cancelled"


OPEN_DELIVERIES = (DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.FAILED)


class ChannelName(StrEnum):
    """The channels that come with the product; the registry may know more."""

    EMAIL = "email"
    LINE = "line"
    MAILBOX = "mailbox"
    """The page of messages, for whom no other channel reaches."""


class WorkState(StrEnum):
    """How far the work on a large plan is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class NoticeKind(StrEnum):
    """What a person is told once, in the next digest."""

    PLAN_STARTED = "plan_started"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REASSIGNED = "reassigned"
    UNDELIVERED = "undelivered"
    ROUND_DRAFTED = "round_drafted"
    OTHER = "other"


class RoundState(StrEnum):
    """How far a round's report is."""

    OPEN = "open"
    DRAFTED = "drafted"
    CLOSED = "closed"


class SignedHow(StrEnum):
    """How a closed report was signed."""

    APPROVED = "approved"
    """By those who signed, in the product."""
    PAPER = "paper"
    """On paper, as the coordinator recorded it."""


class FileState(StrEnum):
    """Whether a file of a report is there."""

    ASKED = "asked"
    MADE = "made"
    FAILED = "failed"


class UnitKind(StrEnum):
    """What a unit of the agency is."""

    DIVISION = "division"
    SECTION = "section"
    POSITION = "position"
    COMMITTEE = "committee"
    GROUP = "group"
    """It stands for several units: every division, say."""


class RoleName(StrEnum):
    """What a person is in the agency, or in one of its units."""

    HEAD = "head"
    DEPUTY = "deputy"
    STAFF = "staff"
    COORDINATOR = "coordinator"
    EXECUTIVE = "executive"


OF_AGENCY = (RoleName.COORDINATOR, RoleName.EXECUTIVE)
"""Roles in the agency as a whole; the others are in a unit."""


class TextSource(StrEnum):
    """Where a text of one of the report's last columns comes from."""

    IMPORTED = "imported"
    COORDINATOR = "coordinator"
    TASKS = "tasks"
    STYLE = "style"
    """The style rules, applied."""
    RESTORED = "restored"


def known(kinds: type[_E], word: str) -> _E | None:
    """The member that is called so; None where there is none."""
    return next((kind for kind in kinds if kind == word), None)
