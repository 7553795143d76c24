"""เกณฑ์ ITA ของหน่วยงาน: the agency's copy of a rule pack: numbers, wordings, rules of its own, its closing day."""

from datetime import datetime
from typing import TypedDict

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from admin.pages.assessment.ita import MARKS, rule_words
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now
from admin.web.formatting import yes_or_no
from admin.web.forms import DayField, Form
from admin.web.identity import actor, viewer
from admin.web.may import COORDINATOR
from admin.web.two_savers import quoted, take_in, to_keep, values_of
from tracker.errors import NotFoundError
from tracker.ita.pack import CLASSES, AgencyClass, Item, Rule, load_pack
from tracker.services.assessment import assessment, rule_edits
from tracker.services.audit import Actor

_CLASSES: dict[AgencyClass, str] = {
    "local": lazy_gettext("Local government"),
    "state": lazy_gettext("State agency"),
    "school": lazy_gettext("School"),
    "vocational": lazy_gettext("Vocational college"),
    "education": lazy_gettext("Education area or school, from 2569 on"),
}
_EARLIEST, _LATEST = 2560, 2600


class SettingsForm(Form):
    agency_class = SelectField(
        lazy_gettext("What the agency is"), choices=[SelectChoice(one, _CLASSES[one]) for one in CLASSES]
    )
    closes_on = DayField(lazy_gettext("Day on which the answers close"), [Optional()])
    countdown = BooleanField(lazy_gettext("Count down to that day on the overview"))


class WindowForm(Form):
    opens = DayField(lazy_gettext("From"), [InputRequired(lazy_gettext("Type a day."))])
    closes = DayField(lazy_gettext("Until"), [InputRequired(lazy_gettext("Type a day."))])


class ItaRulesPage(CoordinatorPage):
    """The rules of one fiscal year as the agency has them."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("ITA rules"), endpoint="ita_rules", url="/ita/<int:fiscal_year>")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self, fiscal_year: int) -> ResponseReturnValue:
        return self._page(_year(fiscal_year))

    @expose("/settings", methods=["POST"], may=COORDINATOR)
    def settings(self, fiscal_year: int) -> ResponseReturnValue:
        year, form = _year(fiscal_year), SettingsForm()
        if not form.validate():
            return self._page(year, settings=form), 422
        take_in(form, _settings_now(), ("assessment_set",))
        assessment.set_assessment(
            db(),
            viewer().agency_id,
            agency_class=form.agency_class.data,
            closes_on=form.closes_on.data,
            countdown=bool(form.countdown.data),
            **_by(),
        )
        return _back(year, gettext("The settings were saved."))

    @expose("/window", methods=["POST"], may=COORDINATOR)
    def window(self, fiscal_year: int) -> ResponseReturnValue:
        year, form = _year(fiscal_year), WindowForm()
        if not form.validate():
            return self._page(year, window=form), 422
        take_in(form, _window_now(year), ("rule_window_changed",))
        opens, closes = form.opens.data, form.closes.data
        assert opens is not None  # noqa: S101  (validated)
        assert closes is not None  # noqa: S101
        rule_edits.change_window(db(), viewer().agency_id, year, opens, closes, **_by())
        return _back(year, gettext("The window was saved."))

    @expose("/item", methods=["POST"], may=COORDINATOR)
    def item(self, fiscal_year: int) -> ResponseReturnValue:
        year, key = _year(fiscal_year), request.form.get("item", "")
        typed = {name: request.form.get(name, "") for name in ("number", "title", "covers")}
        typed["covers"] = typed["covers"] or "current"
        kept = _compared(typed, _item_now(year, key), ("rule_item_changed",))
        number, title, covers = kept["number"], kept["title"], kept["covers"]
        rule_edits.change_item(db(), viewer().agency_id, year, key, number=number, title=title, covers=covers, **_by())
        return _back(year, gettext("The item was saved."))

    @expose("/rule", methods=["POST"], may=COORDINATOR)
    def rule(self, fiscal_year: int) -> ResponseReturnValue:
        year, sent = _year(fiscal_year), request.form
        rule_id, typed = sent.get("rule", ""), {"text": sent.get("text", ""), "off": sent.get("off", "")}
        kept = _compared(typed, _rule_now(year, rule_id), ("rule_changed",))
        off = kept["off"] == "1"
        rule_edits.change_rule(db(), viewer().agency_id, year, rule_id, off=off, text=kept["text"], **_by())
        return _back(year, gettext("The rule was saved."), f"rule-{rule_id}")

    @expose("/own", methods=["POST"], may=COORDINATOR)
    def own(self, fiscal_year: int) -> ResponseReturnValue:
        year, sent = _year(fiscal_year), request.form
        agency_id = viewer().agency_id
        if sent.get("action") == "remove":
            rule_edits.remove_rule(db(), agency_id, year, sent.get("rule", ""), **_by())
            return _back(year, gettext("The rule was removed."))
        rule_edits.add_rule(db(), agency_id, year, sent.get("item", ""), sent.get("text", ""), **_by())
        return _back(year, gettext("The rule was added."))

    @expose("/reset", methods=["POST"], may=COORDINATOR)
    def reset(self, fiscal_year: int) -> ResponseReturnValue:
        year = _year(fiscal_year)
        rule_edits.reset_rules(db(), viewer().agency_id, year, **_by())
        return _back(year, gettext("The rules are the shipped ones again."))

    def _page(self, year: int, *, settings: SettingsForm | None = None, window: WindowForm | None = None) -> str:
        pack, changes = assessment.pack_of(db(), viewer().agency_id, year)
        return self.render(
            "assessment/ita_rules.html",
            year=year,
            pack=pack,
            changes=changes,
            shipped=load_pack(year, pack.agency_class),
            marks=MARKS,
            wording=rule_words,
            settings=settings or _settings_now(),
            settings_now=values_of(_settings_now()),
            window=window or _window_now(year),
            window_now=values_of(_window_now(year)),
            item_now=_item_values,
            rule_now=_rule_values,
        )


def _settings_now() -> SettingsForm:
    return SettingsForm(formdata=None, obj=assessment.assessment_of(db(), viewer().agency_id))


def _window_now(year: int) -> WindowForm:
    pack, _ = assessment.pack_of(db(), viewer().agency_id, year)
    opens, closes = pack.window.days(year)
    return WindowForm(formdata=None, data={"opens": opens, "closes": closes})


def _item_values(item: Item) -> dict[str, str]:
    return {"number": item.number, "title": item.title, "covers": item.covers}


def _rule_values(rule: Rule) -> dict[str, str]:
    return {"text": rule.text, "off": "1" if rule.off else ""}


def _item_now(year: int, key: str) -> dict[str, str]:
    pack, _ = assessment.pack_of(db(), viewer().agency_id, year)
    return next((_item_values(item) for item in pack.items if item.key == key), {})


def _rule_now(year: int, rule_id: str) -> dict[str, str]:
    pack, _ = assessment.pack_of(db(), viewer().agency_id, year)
    rule = pack.rule(rule_id)
    return _rule_values(rule) if rule else {}


def _compared(typed: dict[str, str], stands: dict[str, str], kinds: tuple[str, ...]) -> dict[str, str]:
    """The values to save: what was typed, and what stands in fields that were left alone."""
    labels = {
        "number": gettext("Number of the item"),
        "title": gettext("Title of the item"),
        "covers": gettext("It asks for the work of"),
        "text": gettext("Wording"),
        "off": gettext("Turn this rule off"),
    }
    said = {
        "current": gettext("this fiscal year"),
        "previous": gettext("the year before"),
    }

    def tell(name: str) -> str:
        text = stands.get(name, "")
        shown = yes_or_no(bool(text)) if name == "off" else said.get(text, text) if name == "covers" else text
        return quoted(labels[name], shown)

    return to_keep(typed, stands, kinds, tell)


class _By(TypedDict):
    by: Actor
    at: datetime


def _by() -> _By:
    return {"by": actor(), "at": now()}


def _year(fiscal_year: int) -> int:
    """The fiscal year of the address; NotFoundError for one that no plan can have."""
    if not _EARLIEST <= fiscal_year <= _LATEST:
        raise NotFoundError("There are no rules of that year.", "ไม่มีเกณฑ์ของปีนั้น")
    return fiscal_year


def _back(year: int, words: str, anchor: str | None = None) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("ita_rules.index", fiscal_year=year, _anchor=anchor))
