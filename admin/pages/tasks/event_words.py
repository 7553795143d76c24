"""What the record of changes says, in words; a kind that has none here is shown as it is stored."""

from flask_babel import lazy_gettext

from admin.web.language import gettext

KINDS = {
    "accepted": lazy_gettext("Result accepted"),
    "account_created": lazy_gettext("Account opened"),
    "address_mended": lazy_gettext("E-mail address corrected"),
    "alias_added": lazy_gettext("Other name added"),
    "assessment_set": lazy_gettext("Assessment day set"),
    "back_in_plan": lazy_gettext("Back in the plan"),
    "budget_entered": lazy_gettext("Budget entered"),
    "calendar_changed": lazy_gettext("Calendar changed"),
    "cancelled": lazy_gettext("Task cancelled"),
    "claim_kept": lazy_gettext("Claim kept with a reason"),
    "day_off_changed": lazy_gettext("Day off changed"),
    "day_off_deleted": lazy_gettext("Day off deleted"),
    "delivery_resent": lazy_gettext("Message sent again"),
    "due_moved": lazy_gettext("Due day moved"),
    "escalation_held": lazy_gettext("Escalation held"),
    "escalation_released": lazy_gettext("Escalation goes on"),
    "evidence_added": lazy_gettext("Evidence added"),
    "invitation_accepted": lazy_gettext("Invitation accepted"),
    "agency_founded": lazy_gettext("Agency made"),
    "invitations_sent": lazy_gettext("Invitations said to be sent"),
    "reminders_switched_on": lazy_gettext("Reminders switched on"),
    "reminders_switched_off": lazy_gettext("Reminders switched off"),
    "invited": lazy_gettext("Invited"),
    "left_plan": lazy_gettext("Left the plan"),
    "line_code_made": lazy_gettext("LINE code made"),
    "line_followed": lazy_gettext("Became a friend on LINE"),
    "line_linked": lazy_gettext("LINE linked"),
    "line_unfollowed": lazy_gettext("Blocked on LINE"),
    "line_unlinked": lazy_gettext("LINE unlinked"),
    "member_changed": lazy_gettext("Person changed"),
    "memo_fields_changed": lazy_gettext("Memo's words changed"),
    "messages_forgotten": lazy_gettext("Old messages removed"),
    "mode_changed": lazy_gettext("Way of sharing changed"),
    "not_possible": lazy_gettext("Reported as not possible"),
    "note_withdrawn": lazy_gettext("Progress note taken back"),
    "password_chosen": lazy_gettext("New password chosen by link"),
    "password_link_sent": lazy_gettext("Link for a forgotten password sent"),
    "people_imported": lazy_gettext("People imported"),
    "person_staffed": lazy_gettext("Person given to a unit"),
    "plan_amended": lazy_gettext("Plan amended"),
    "plan_edited": lazy_gettext("Plan edited"),
    "plan_import_undone": lazy_gettext("Import of the plan undone"),
    "plan_imported": lazy_gettext("Plan imported"),
    "plan_started": lazy_gettext("Plan begun"),
    "preferences_changed": lazy_gettext("Reminder choices changed"),
    "progress_noted": lazy_gettext("Progress noted"),
    "progress_pages_set": lazy_gettext("Progress pages of the report chosen"),
    "provider_linked": lazy_gettext("Sign-in of the agency linked"),
    "public_choice": lazy_gettext("Choice of public data changed"),
    "reassigned": lazy_gettext("Task given to another unit"),
    "recovery_codes_made": lazy_gettext("Recovery codes made"),
    "reopened": lazy_gettext("Task opened again"),
    "report_published": lazy_gettext("Report published"),
    "report_template_kept": lazy_gettext("Report template kept"),
    "report_template_removed": lazy_gettext("Report template removed"),
    "report_unpublished": lazy_gettext("Publication undone"),
    "report_withdrawn": lazy_gettext("Report withdrawn"),
    "role_changed": lazy_gettext("Role changed"),
    "role_deleted": lazy_gettext("Role deleted"),
    "round_closed": lazy_gettext("Round closed"),
    "round_drafted": lazy_gettext("Back to a draft"),
    "round_reopened": lazy_gettext("Round opened again"),
    "round_scanned": lazy_gettext("Signed copy added"),
    "round_signed": lazy_gettext("Report signed"),
    "round_submitted": lazy_gettext("Report submitted for signature"),
    "rule_added": lazy_gettext("Rule added"),
    "rule_answer_taken_back": lazy_gettext("Answer to a rule taken back"),
    "rule_answered": lazy_gettext("Rule answered"),
    "rule_changed": lazy_gettext("Rule changed"),
    "rule_item_changed": lazy_gettext("Item of the assessment changed"),
    "rule_removed": lazy_gettext("Rule removed"),
    "rule_window_changed": lazy_gettext("Days of the assessment changed"),
    "rules_reset": lazy_gettext("Back to the shipped rules"),
    "second_factor_off": lazy_gettext("Second step turned off"),
    "second_factor_on": lazy_gettext("Second step turned on"),
    "sent_back": lazy_gettext("Result sent back"),
    "settings_changed": lazy_gettext("Settings changed"),
    "snoozed": lazy_gettext("Reminders snoozed"),
    "step_named": lazy_gettext("Short name of a step"),
    "tasks_generated": lazy_gettext("Tasks made"),
    "text_edited": lazy_gettext("Report text edited"),
    "text_kept": lazy_gettext("Report text kept"),
    "ticked_off": lazy_gettext("Ticked off"),
    "unit_added": lazy_gettext("Unit added"),
    "unit_alias_changed": lazy_gettext("Other name changed"),
    "unit_alias_deleted": lazy_gettext("Other name deleted"),
    "unit_changed": lazy_gettext("Unit changed"),
    "unit_moved": lazy_gettext("Unit moved"),
    "unit_struck": lazy_gettext("Unit taken out"),
    "unit_taken_back": lazy_gettext("Unit taken back"),
    "units_set": lazy_gettext("Usual units taken over"),
    "unit_renamed": lazy_gettext("Unit renamed"),
    "unit_reminded": lazy_gettext("Unit reminded again"),
    "units_merged": lazy_gettext("Units merged"),
    "merge_undone": lazy_gettext("Merge of units undone"),
    "withdrawn": lazy_gettext("Ticking off taken back"),
    "word_checked_again": lazy_gettext("Word checked again"),
    "word_left_alone": lazy_gettext("Word left alone"),
}


SUBJECTS = {
    "tasks": lazy_gettext("Tasks"),
    "reports": lazy_gettext("Reports"),
    "plan": lazy_gettext("Plan"),
    "people": lazy_gettext("People and units"),
    "settings": lazy_gettext("Settings"),
    "messages": lazy_gettext("Reminders and LINE"),
    "sign_in": lazy_gettext("Signing in"),
}
"""What changes are about, in the order of the filter."""

_OF_SUBJECT = {
    "tasks": (
        "accepted", "back_in_plan", "cancelled", "due_moved", "escalation_held", "escalation_released",
        "evidence_added", "left_plan", "not_possible", "note_withdrawn", "progress_noted", "reassigned", "reopened",
        "sent_back", "snoozed", "tasks_generated", "ticked_off", "withdrawn",
    ),
    "reports": (
        "claim_kept", "memo_fields_changed", "progress_pages_set", "public_choice", "report_published",
        "report_template_kept",
        "report_template_removed", "report_unpublished", "report_withdrawn", "round_closed", "round_drafted",
        "round_reopened", "round_scanned", "round_signed", "round_submitted", "text_edited", "text_kept",
        "word_checked_again", "word_left_alone", "budget_entered",
    ),
    "plan": ("mode_changed", "plan_amended", "plan_edited", "plan_imported", "plan_started"),
    "people": (
        "alias_added", "invitation_accepted", "invited", "member_changed", "people_imported", "person_staffed",
        "role_changed", "role_deleted", "unit_added", "unit_alias_changed", "unit_alias_deleted", "unit_changed",
        "unit_renamed", "units_merged", "merge_undone",
    ),
    "settings": (
        "assessment_set", "calendar_changed", "day_off_changed", "day_off_deleted", "preferences_changed", "rule_added",
        "rule_answer_taken_back", "rule_answered", "rule_changed", "rule_item_changed", "rule_removed",
        "rule_window_changed", "rules_reset", "settings_changed",
    ),
    "messages": (
        "address_mended", "delivery_resent", "line_code_made", "line_followed", "line_linked", "line_unfollowed",
        "line_unlinked", "messages_forgotten",
    ),
    "sign_in": (
        "account_created", "password_chosen", "password_link_sent", "provider_linked", "recovery_codes_made",
        "second_factor_off", "second_factor_on",
    ),
}  # fmt: skip
SUBJECT_OF = {kind: subject for subject, kinds in _OF_SUBJECT.items() for kind in kinds}

_FIELDS = {
    "active": lazy_gettext("In use"),
    "agency_class": lazy_gettext("Class of agency"),
    "away_from": lazy_gettext("On leave from"),
    "away_until": lazy_gettext("On leave until"),
    "channels": lazy_gettext("Channels"),
    "closes_on": lazy_gettext("Closing day of the assessment"),
    "countdown": lazy_gettext("Count down on the overview"),
    "email": lazy_gettext("E-mail"),
    "escalate_after": lazy_gettext("Working days late until coordinator, clerk and mayor are told"),
    "evidence": lazy_gettext("Evidence in published reports"),
    "factor_required": lazy_gettext("Coordinators sign in with a second factor (recommended)"),
    "kind": lazy_gettext("Kind"),
    "known": lazy_gettext("Confirmed"),
    "licence": lazy_gettext("Licence of the published data"),
    "line_user_id": lazy_gettext("LINE user id"),
    "member": lazy_gettext("Person"),
    "messages_required": lazy_gettext("Nobody may choose the mailbox alone"),
    "name": lazy_gettext("Name"),
    "off": lazy_gettext("Offices are closed"),
    "on": lazy_gettext("Day"),
    "parent": lazy_gettext("Under"),
    "place": lazy_gettext("District and province"),
    "position": lazy_gettext("Place in lists"),
    "rank": lazy_gettext("Rank of an executive (one or two)"),
    "remind_staff": lazy_gettext("Remind the staff too"),
    "review": lazy_gettext("The coordinator reviews what is ticked off"),
    "role": lazy_gettext("Role"),
    "send_from": lazy_gettext("Send reminders from"),
    "send_until": lazy_gettext("Send reminders until"),
    "signers": lazy_gettext("Names of those who signed in published reports"),
    "thai_digits": lazy_gettext("Thai digits in documents"),
    "unit": lazy_gettext("Unit"),
    "upcoming_required": lazy_gettext("Nobody may turn off reminders of days to come"),
    "urgent_only": lazy_gettext("Only what is urgent"),
}


def field_name(field: str) -> str:
    """What a setting is called where it is set."""
    return str(_FIELDS.get(field, field))


def event_name(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def way_name(channel: str) -> str:
    """Over which channel a change came."""
    return {
        "web": gettext("Web page"),
        "cli": gettext("Command line"),
        "email": gettext("E-mail"),
        "worker": gettext("By itself"),
    }.get(channel, channel.upper())
