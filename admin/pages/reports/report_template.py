"""แม่แบบรายงาน: the agency's own Word template for its reports, tried before it is kept."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms import FileField

from admin.pages.reports.report_files import attachment
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, end_read_transaction, now, site
from admin.web.formatting import sentence
from admin.web.forms import Form
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.reports import FORMATS, own_template, word_template
from tracker.services.reports.report_template import content_of, keep_template, remove_template, template_of


class TemplateForm(Form):
    document = FileField(lazy_gettext("Word file (.docx)"))

    def sent(self) -> tuple[bytes, str]:
        """The file's bytes and name; NotUnderstoodError where none was chosen."""
        document = self.document.data  # text where the field was no file
        if not isinstance(document, FileStorage) or not document.filename:
            raise NotUnderstoodError("Choose the template's file.", "กรุณาเลือกไฟล์แม่แบบ")
        return document.read(own_template.LARGEST + 1), document.filename


class ReportTemplatePage(CoordinatorPage):
    """Upload, download, go back to the standard form, and what may be written into a template."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Report template"), endpoint="report_template", url="/reports/template")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(TemplateForm())

    @expose("/", methods=["POST"], may=COORDINATOR)
    def upload(self) -> ResponseReturnValue:
        form = TemplateForm()
        if not form.validate():
            return self._page(form), 422
        end_read_transaction()  # nobody waits while it is tried
        try:
            content, name = form.sent()
            own_template.check(content)
        except NotUnderstoodError as error:
            form.document.errors = [sentence(error)]
            return self._page(form), error.http_status
        stored = site().evidence.keep_made(content)
        replaced = keep_template(db(), agency().id, content, name, stored, by=actor(), at=now())
        db().commit()
        if replaced:
            site().evidence.forget(replaced)
        flash(gettext("The template is kept; Word reports are set in it from now on."), "success")
        return redirect(url_for("report_template.index"))

    @expose("/remove", methods=["POST"], may=COORDINATOR)
    def remove(self) -> ResponseReturnValue:
        removed = remove_template(db(), agency().id, by=actor(), at=now())
        db().commit()
        if removed:
            site().evidence.forget(removed)
            flash(gettext("Word reports are set in the standard form again."), "success")
        return redirect(url_for("report_template.index"))

    @expose("/starter.docx")
    def starter(self) -> Response:
        return attachment(own_template.starter(), "report-template.docx", FORMATS["docx"].content_type)

    @expose("/current.docx")
    def current(self) -> Response:
        content = content_of(db(), agency().id, site().evidence)
        if content is None:
            raise NotFoundError("There is no template.", "ยังไม่มีแม่แบบ")
        return attachment(content, "report-template.docx", FORMATS["docx"].content_type)

    def _page(self, form: TemplateForm) -> str:
        return str(
            self.render(
                "reports/report_template.html",
                form=form,
                kept=template_of(db(), agency().id),
                texts=word_template.TEXTS,
                blocks=word_template.BLOCKS,
                row=word_template.ROWS,
                signer=word_template.SIGNERS,
                most=own_template.LARGEST // 1_000_000,
            )
        )
