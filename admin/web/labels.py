"""What states, kinds, roles and channels are called in the reader's language."""

from flask import Flask
from flask_babel import lazy_gettext

from admin.web.formatting import digits, said
from admin.web.language import gettext
from tracker.channels.registry import find_channel
from tracker.kinds import (
    DeliveryState,
    FileState,
    Reason,
    RoleName,
    RoundState,
    SignedHow,
    TaskState,
    TextSource,
    UnitKind,
    WorkState,
)

KINDS = {
    UnitKind.DIVISION: lazy_gettext("Division"),
    UnitKind.SECTION: lazy_gettext("Section"),
    UnitKind.POSITION: lazy_gettext("Post"),
    UnitKind.COMMITTEE: lazy_gettext("Committee"),
    UnitKind.GROUP: lazy_gettext("Group"),
}
ROLES = {
    RoleName.HEAD: lazy_gettext("Head"),
    RoleName.DEPUTY: lazy_gettext("Deputy"),
    RoleName.STAFF: lazy_gettext("Staff"),
    RoleName.COORDINATOR: lazy_gettext("Coordinator"),
    RoleName.EXECUTIVE: lazy_gettext("Executive"),
}


def state_name(state: str) -> str:
    return {
        TaskState.PENDING: gettext("Not started"),
        TaskState.IN_PROGRESS: gettext("Under way"),
        TaskState.SUBMITTED: gettext("Waiting for review"),
        TaskState.RETURNED: gettext("Sent back"),
        TaskState.DONE: gettext("Done"),
        TaskState.NOT_POSSIBLE: gettext("Not possible"),
        TaskState.CANCELLED: gettext("Cancelled"),
    }[TaskState(state)]


def filter_name(state: str) -> str:
    """A filter of the task list: a state, or one of the questions that people ask."""
    questions = {
        "all": gettext("All"),
        "open": gettext("Not finished"),
        "late": gettext("Late"),
        "soon": digits(gettext("Due within 7 days")),
    }
    return questions.get(state) or state_name(state)


def action_name(action: str) -> str:
    """What may be done to many tasks at once."""
    return {
        "move": gettext("Move the due day"),
        "reassign": gettext("Reassign to another unit"),
        "done": gettext("Mark as done"),
        "accept": gettext("Accept"),
        "cancel": gettext("Cancel"),
        "reopen": gettext("Reopen"),
    }[action]


def reason_name(reason: str) -> str:
    names = {
        Reason.NO_BUDGET: gettext("No budget was allocated"),
        Reason.POLICY_CHANGED: gettext("The policy changed"),
        Reason.STAFF_SHORTAGE: gettext("Not enough staff"),
        Reason.OTHER: gettext("Another reason"),
    }
    return names[Reason(reason)] if reason in names else reason


def kind_name(kind: str) -> str:
    return str(KINDS[UnitKind(kind)])


def role_name(role: str) -> str:
    return str(ROLES[RoleName(role)])


def channel_name(channel: str) -> str:
    """What people call a channel; one that was removed keeps the name that the ledger knows."""
    found = find_channel(channel)
    return said(found.words.name) if found else channel


def delivery_name(state: str, channel: str = "") -> str:
    """A delivery's state in words, as its channel says it: what LINE took is accepted, no more."""
    found = find_channel(channel)
    if state == DeliveryState.SENT and found and found.words.sent:
        return said(found.words.sent)
    return {
        DeliveryState.PLANNED: gettext("planned"),
        DeliveryState.CLAIMED: gettext("being sent"),
        DeliveryState.SENT: gettext("sent"),
        DeliveryState.FAILED: gettext("failed, will be tried again"),
        DeliveryState.GIVEN_UP: gettext("given up"),
        DeliveryState.UNKNOWN: gettext("unsure whether it arrived"),
        DeliveryState.CANCELLED: gettext("no longer needed"),
    }[DeliveryState(state)]


def column_name(column: str) -> str:
    """One of the last two columns of the report."""
    return {"summary": gettext("Summary of action"), "outcome": gettext("Outcome")}[column]


def init(app: Flask) -> None:
    """The names above, and the states themselves, in every template."""
    app.jinja_env.globals.update(
        DeliveryState=DeliveryState,
        FileState=FileState,
        RoleName=RoleName,
        RoundState=RoundState,
        SignedHow=SignedHow,
        TaskState=TaskState,
        TextSource=TextSource,
        WorkState=WorkState,
        action_name=action_name,
        channel_name=channel_name,
        column_name=column_name,
        delivery_name=delivery_name,
        filter_name=filter_name,
        kind_name=kind_name,
        reason_name=reason_name,
        role_name=role_name,
        state_name=state_name,
    )
