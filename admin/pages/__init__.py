"""The pages, each group in a file of its own, in the order of the menu."""

from collections.abc import Sequence

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin
from flask_babel import lazy_gettext

from admin.pages.accounts import forgotten, invitation
from admin.pages.accounts.account import AccountPage
from admin.pages.accounts.helping_in import HelpingInPage
from admin.pages.accounts.preferences import PreferencesPage, by_link
from admin.pages.accounts.second_factor import SecondFactorPage
from admin.pages.accounts.signed_in import SignedInPage
from admin.pages.assessment.ita import ItaPage
from admin.pages.assessment.ita_rules import ItaRulesPage
from admin.pages.assessment.plannacc import PlanNaccPage
from admin.pages.organisation import set_up
from admin.pages.organisation.agencies import AgenciesPage
from admin.pages.organisation.calendar import CalendarPage
from admin.pages.organisation.divisions import DivisionsPage
from admin.pages.organisation.invitations import InvitationsPage
from admin.pages.organisation.merge_undo import MergeUndoPage
from admin.pages.organisation.people import PeoplePage
from admin.pages.organisation.people_import import PeopleImportPage
from admin.pages.organisation.person import PersonPage
from admin.pages.organisation.record import EventRecords
from admin.pages.organisation.reference import reference_views
from admin.pages.overview.executive import ExecutivePage
from admin.pages.overview.first_day_help import FirstDayHelpPage
from admin.pages.overview.overview import OverviewPage
from admin.pages.plans.edit_undo import EditUndoPage
from admin.pages.plans.plan import PlanPage
from admin.pages.plans.plan_copy import PlanCopyPage
from admin.pages.plans.plan_edit import PlanEditPage
from admin.pages.plans.plan_help import PlanHelpPage
from admin.pages.plans.plan_import import PlanImportPage
from admin.pages.plans.plan_rows import PlanRowsPage
from admin.pages.plans.plan_scan import PlanScanPage
from admin.pages.plans.plan_undo import PlanUndoPage
from admin.pages.reminders import line
from admin.pages.reminders.deliveries import DeliveriesPage
from admin.pages.reminders.first_reminders import FirstRemindersPage
from admin.pages.reminders.operations import OperationsPage
from admin.pages.reminders.preview import PreviewPage
from admin.pages.reminders.reminders import RemindersPage
from admin.pages.reports import public
from admin.pages.reports.closing import ClosingPage
from admin.pages.reports.memo import MemoPage
from admin.pages.reports.proof import ProofPage
from admin.pages.reports.publishing import PublishingPage
from admin.pages.reports.report_style import ReportStylePage
from admin.pages.reports.report_template import ReportTemplatePage
from admin.pages.reports.report_text import ReportTextPage
from admin.pages.reports.reports import ReportsPage
from admin.pages.reports.text_history import TextHistoryPage
from admin.pages.reports.verify import VerifyPage
from admin.pages.seen import seen
from admin.pages.tasks import done_link, evidence
from admin.pages.tasks.all_tasks import AllTasksPage
from admin.pages.tasks.bulk_tasks import BulkTasksPage
from admin.pages.tasks.pausing import PausingPage
from admin.pages.tasks.review import ReviewPage
from admin.pages.tasks.search import SearchPage
from admin.pages.tasks.tasks import TasksPage
from admin.web.base_view import Page
from admin.web.may import ANYONE, may
from tracker.models import Event


def add_views(app: Flask, frame: Admin) -> Sequence[Page]:
    """Registers every page; gives our own in the order of the menu."""
    pages = (
        OverviewPage(),
        ExecutivePage(),
        TasksPage(),
        PlanPage(),
        PlanImportPage(),
        PlanScanPage(),
        PlanCopyPage(),
        PlanEditPage(),
        PlanRowsPage(),
        PlanUndoPage(),
        EditUndoPage(),
        PlanHelpPage(),
        AllTasksPage(),
        BulkTasksPage(),
        ReviewPage(),
        RemindersPage(),
        DeliveriesPage(),
        PreviewPage(),
        ReportsPage(),
        ReportTextPage(),
        TextHistoryPage(),
        ReportStylePage(),
        ReportTemplatePage(),
        ProofPage(),
        ItaPage(),
        ItaRulesPage(),
        MemoPage(),
        PlanNaccPage(),
        ClosingPage(),
        VerifyPage(),
        PublishingPage(),
        PeoplePage(),
        MergeUndoPage(),
        PersonPage(),
        HelpingInPage(),
        PeopleImportPage(),
        DivisionsPage(),
        InvitationsPage(),
        FirstRemindersPage(),
        FirstDayHelpPage(),
        SearchPage(),
        CalendarPage(),
        OperationsPage(),
        AgenciesPage(),
        AccountPage(),
        SecondFactorPage(),
        SignedInPage(),
        PreferencesPage(),
        PausingPage(),
    )
    reference = [*reference_views(), EventRecords(Event, lazy_gettext("Changes"), "events")]
    for view in (*pages, *reference):
        frame.add_view(view)
    app.jinja_env.globals["reference_views"] = lambda: [view for view in reference if view.is_table]
    line.init(app)
    public.init(app)
    app.register_blueprint(done_link.pages)
    app.register_blueprint(seen.pages)
    app.register_blueprint(by_link)
    app.register_blueprint(invitation.pages)
    app.register_blueprint(set_up.pages)
    app.register_blueprint(forgotten.pages)
    app.add_url_rule("/evidence/<int:evidence_id>", "evidence", evidence.download)
    app.add_url_rule("/evidence/<int:evidence_id>/thumbnail", "thumbnail", evidence.thumbnail)
    app.add_url_rule("/deliveries", "deliveries", _deliveries)
    app.add_url_rule("/preferences", "preferences", _preferences)
    return pages


@may(ANYONE)
def _deliveries() -> ResponseReturnValue:
    return redirect(url_for("delivery_log.index"))


@may(ANYONE)
def _preferences() -> ResponseReturnValue:
    return redirect(url_for("my_reminders.index"))
