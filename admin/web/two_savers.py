"""Two people save one form: what only one of them changed is saved, what both changed is shown before it is replaced.

A form carries in a hidden field what each of its fields was shown with. Whoever sends it again after the answer has
seen the colleague's words, so that the second time the own ones are saved (form_filling puts that field back).
"""

import hashlib
from collections.abc import Callable, Collection, Mapping

from flask import Flask, g, request
from sqlalchemy import select
from wtforms import Field
from wtforms import Form as AnyForm
from wtforms.fields.choices import SelectFieldBase

from admin.web.context import db
from admin.web.form_filling import SEEN
from admin.web.formatting import instant, yes_or_no
from admin.web.identity import viewer
from tracker.errors import ConflictError
from tracker.models import Event

_LATEST = 50
"""Events among which the one is looked for that tells who saved it."""


def stamp(values: Mapping[str, str]) -> str:
    """What the form's hidden field says: what its fields were shown with, also where the form is shown again."""
    sent = request.form.get(SEEN, "")
    return sent if _shown(sent).keys() == values.keys() else _stamp(values)


def changed_fields(
    typed: Mapping[str, str],
    standing: Mapping[str, str],
    kinds: Collection[str],
    said: Callable[[str], str],
    about: Callable[[Event], bool] = lambda _: True,
) -> set[str]:
    """The fields that hold something else than they were shown with: those alone are to be saved.

    ``standing`` is what is stored now, ``said(name)`` tells of a field what it is and what stands there, ``kinds`` are
    the events by which it is known who saved it, as far as they are ``about`` it. ConflictError where a colleague
    changed one of these fields meanwhile, and otherwise. A form without a stamp means all that it sends.
    """
    sent = request.form.get(SEEN)
    if sent is None:
        return set(typed)
    shown = _shown(sent)
    mine = [name for name, text in typed.items() if shown.get(name) != _digest(text)]
    overtaken = [name for name in mine if shown.get(name) != _digest(standing.get(name, "")) != _digest(typed[name])]
    if overtaken:
        g.stands = _stamp(standing)
        raise _overtaken(overtaken[0], _latest(kinds, about), "; ".join(map(said, overtaken)))
    return set(mine)


def to_keep(
    typed: Mapping[str, str],
    standing: Mapping[str, str],
    kinds: Collection[str],
    said: Callable[[str], str],
    about: Callable[[Event], bool] = lambda _: True,
) -> dict[str, str]:
    """As ``changed_fields``: all values, those that were typed and those that stand in fields that were left alone."""
    mine = changed_fields(typed, standing, kinds, said, about)
    return {**standing, **{name: typed[name] for name in mine}}


def names(row: object) -> Callable[[Event], bool]:
    """Whether an event is about the row of this name."""
    return lambda event: str(row) in event.details.values()


def take_in(
    form: AnyForm, stands: AnyForm, kinds: Collection[str], about: Callable[[Event], bool] = lambda _: True
) -> set[str]:
    """As ``changed_fields``, for two forms of one class; fields that were left alone take over what stands."""
    typed, standing = values_of(form), values_of(stands)
    mine = changed_fields(typed, standing, kinds, lambda name: _said(stands[name]), about)
    for name in typed.keys() - mine:
        form[name].data = stands[name].data
    return mine


def values_of(form: AnyForm) -> dict[str, str]:
    """The fields' values, each as one text."""
    return {name: _text(form[name].data) for name in form._fields if name not in ("csrf_token", SEEN)}


def quoted(label: str, text: str) -> str:
    """A field and what stands in it, for ``said``."""
    return f"{label} “{text or '–'}”"


def init(app: Flask) -> None:
    """Lets templates stamp their forms."""
    app.jinja_env.globals["stamp"] = stamp


def _latest(kinds: Collection[str], about: Callable[[Event], bool]) -> Event | None:
    if not kinds:
        return None
    of_kind = select(Event).where(Event.agency_id == viewer().agency_id, Event.kind.in_(kinds))
    return next(filter(about, db().scalars(of_kind.order_by(Event.sequence.desc()).limit(_LATEST))), None)


def _overtaken(field: str, latest: Event | None, words: str) -> ConflictError:
    who, when = (latest.actor, f", {instant(latest.at)}") if latest else ("A colleague", "")
    who_th, when_th = (who, f"เมื่อ {instant(latest.at)}") if latest else ("เพื่อนร่วมงาน", "")
    return ConflictError(
        f"{who} saved this first{when}: {words}. Save again to put yours in its place.",
        f"{who_th} บันทึกไว้ก่อนแล้ว{when_th}: {words} หากจะใช้ของท่านแทน ให้กดบันทึกอีกครั้ง",
        field=field,
    )


def _said(field: Field) -> str:
    if isinstance(field, SelectFieldBase):
        return quoted(field.label.text, ", ".join(str(option.label.text) for option in field if option.checked))
    if isinstance(field.data, bool):
        return quoted(field.label.text, yes_or_no(field.data))
    shown = field._value() if hasattr(field, "_value") else field.data
    return quoted(field.label.text, str(shown or ""))


def _text(data: object) -> str:
    return "" if data is None else str(getattr(data, "id", data))


def _stamp(values: Mapping[str, str]) -> str:
    return " ".join(f"{name}={_digest(text)}" for name, text in values.items())


def _shown(sent: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in sent.split() if "=" in pair)


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]
