"""What states, kinds, roles and channels are called in the reader's language."""

from flask import Flask
from flask_babel import lazy_gettext

from admin.web.formatting import digits
from admin.web.language import gettext

KINDS = {
    "division": lazy_gettext("Division"),
    "section": lazy_gettext("Section"),
    "position": lazy_gettext("Post"),
    "committee": lazy_gettext("Committee"),
    "group": lazy_gettext("Group"),
}
ROLES = {
    "head": lazy_gettext("Head"),
    "deputy": lazy_gettext("Deputy"),
    "staff": lazy_gettext("Staff"),
    "coordinator": lazy_gettext("Coordinator"),
    "executive": lazy_gettext("Executive"),
}


def state_name(state: str) -> str:
    return {
        "pending": gettext("Not started"),
        "in_progress": gettext("Under way"),
        "submitted": gettext("Waiting for review"),
        "returned": gettext("Sent back"),
        "done": gettext("Done"),
        "not_possible": gettext("Not possible"),
        "cancelled": gettext("Cancelled"),
    }[state]


def filter_name(state: str) -> str:
    """A filter of the task list: a state, or one of the questions that people ask."""
    questions = {"open": gettext("Open"), "late": gettext("Late"), "soon": digits(gettext("Due within 7 days"))}
    return questions.get(state) or state_name(state)


def action_name(action: str) -> str:
    """What may be done to many tasks at once."""
    return {
        "move": gettext("Move the due day"),
        "reassign": gettext("Give to another unit"),
        "done": gettext("Mark as done"),
        "accept": gettext("Accept"),
        "cancel": gettext("Cancel"),
        "reopen": gettext("Reopen"),
    }[action]


def reason_name(reason: str) -> str:
    return {
        "no_budget": gettext("No budget was given"),
        "policy_changed": gettext("The policy changed"),
        "staff_shortage": gettext("Not enough staff"),
        "other": gettext("Another reason"),
    }[reason]


def kind_name(kind: str) -> str:
    return str(KINDS[kind])


def role_name(role: str) -> str:
    return str(ROLES[role])


def channel_name(channel: str) -> str:
    return {"email": gettext("E-mail"), "line": "LINE", "mailbox": gettext("Mailbox")}[channel]


def delivery_name(state: str, channel: str = "") -> str:
    """A delivery's state in words; what LINE took is accepted, no more."""
    if (state, channel) == ("sent", "line"):
        return gettext("accepted by LINE")
    return {
        "planned": gettext("planned"),
        "claimed": gettext("being sent"),
        "sent": gettext("sent"),
        "failed": gettext("failed, will be tried again"),
        "given_up": gettext("given up"),
        "unknown": gettext("unsure whether it arrived"),
        "cancelled": gettext("no longer needed"),
    }[state]


def column_name(column: str) -> str:
    """One of the last two columns of the report."""
    return {"summary": gettext("Summary of action"), "outcome": gettext("Outcome")}[column]


def init(app: Flask) -> None:
    """The names above, in every template."""
    app.jinja_env.globals.update(
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
