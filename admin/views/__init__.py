"""The pages, each group in a file of its own, in the order of the menu."""

from collections.abc import Sequence

from flask import Flask, redirect, url_for
from flask_admin import Admin

from admin.base_view import Page
from admin.views import done_link, evidence, invitation, line, public
from admin.views.account import AccountPage
from admin.views.all_tasks import AllTasksPage
from admin.views.bulk_tasks import BulkTasksPage
from admin.views.calendar import CalendarPage
from admin.views.closing import ClosingPage
from admin.views.deliveries import DeliveriesPage
from admin.views.executive import ExecutivePage
from admin.views.ita import ItaPage
from admin.views.ita_rules import ItaRulesPage
from admin.views.memo import MemoPage
from admin.views.operations import OperationsPage
from admin.views.overview import OverviewPage
from admin.views.pausing import PausingPage
from admin.views.people import PeoplePage
from admin.views.people_import import PeopleImportPage
from admin.views.plan import PlanPage
from admin.views.plan_copy import PlanCopyPage
from admin.views.plan_edit import PlanEditPage
from admin.views.plan_import import PlanImportPage
from admin.views.plan_rows import PlanRowsPage
from admin.views.plannacc import PlanNaccPage
from admin.views.preferences import PreferencesPage
from admin.views.preview import PreviewPage
from admin.views.proof import ProofPage
from admin.views.publishing import PublishingPage
from admin.views.reference import reference_views
from admin.views.reminders import RemindersPage
from admin.views.report_style import ReportStylePage
from admin.views.report_template import ReportTemplatePage
from admin.views.report_text import ReportTextPage
from admin.views.reports import ReportsPage
from admin.views.review import ReviewPage
from admin.views.search import SearchPage
from admin.views.second_factor import SecondFactorPage
from admin.views.signed_in import SignedInPage
from admin.views.tasks import TasksPage
from admin.views.text_history import TextHistoryPage
from admin.views.verify import VerifyPage


def add_views(app: Flask, frame: Admin) -> Sequence[Page]:
    """Registers every page; gives our own in the order of the menu."""
    pages = (
        OverviewPage(),
        ExecutivePage(),
        TasksPage(),
        PlanPage(),
        PlanImportPage(),
        PlanCopyPage(),
        PlanEditPage(),
        PlanRowsPage(),
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
        PeopleImportPage(),
        SearchPage(),
        CalendarPage(),
        OperationsPage(),
        AccountPage(),
        SecondFactorPage(),
        SignedInPage(),
        PreferencesPage(),
        PausingPage(),
    )
    reference = reference_views()
    for view in (*pages, *reference):
        frame.add_view(view)
    app.jinja_env.globals["reference_views"] = lambda: reference
    line.init(app)
    public.init(app)
    app.register_blueprint(done_link.pages)
    app.register_blueprint(invitation.pages)
    app.add_url_rule("/evidence/<int:evidence_id>", "evidence", evidence.download)
    app.add_url_rule("/evidence/<int:evidence_id>/thumbnail", "thumbnail", evidence.thumbnail)
    app.add_url_rule("/deliveries", "deliveries", lambda: redirect(url_for("delivery_log.index")))
    app.add_url_rule("/preferences", "preferences", lambda: redirect(url_for("my_reminders.index")))
    return pages
