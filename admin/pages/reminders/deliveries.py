"""การส่ง: every message and what became of it, send again, addresses to correct, and LINE's month; the coordinator's."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, site, today
from admin.web.formatting import instant, said, sentence
from admin.web.identity import actor, viewer
from admin.web.language import gettext
from admin.web.may import COORDINATOR
from admin.web.pager import asked_pager
from tracker.channels.registry import find_channel, going_out
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.kinds import DeliveryState, known
from tracker.models import Delivery, Digest, Member
from tracker.reminders.quota import quota_of
from tracker.services.access import deliveries_of
from tracker.services.tasks.deliveries import (
    RESENDABLE,
    address_corrected,
    resend,
    with_failed_address,
    without_address,
)
from tracker.thai.days import read_day

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """The filters of a request that mean something; ``problem`` says which day was not understood."""

    person: int | None
    state: DeliveryState | None
    day: date | None
    typed_day: str = ""
    problem: str = ""

    @property
    def as_arguments(self) -> dict[str, Any]:
        """The filters for the address of another page of the same list."""
        named = {"person": self.person, "state": self.state, "day": self.day and self.day.isoformat()}
        return {name: value for name, value in named.items() if value}


class DeliveriesPage(CoordinatorPage):
    """The ledger in words."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Deliveries"), endpoint="delivery_log", url="/reminders/deliveries")

    def is_visible(self) -> bool:
        return False

    @expose("")
    @expose("/")
    def index(self) -> ResponseReturnValue:
        asked, settings = _asked(), site().settings
        query = _filtered(asked)
        pager = asked_pager(db().scalar(query.with_only_columns(func.count())) or 0, PAGE)
        newest = query.options(contains_eager(Delivery.digest).contains_eager(Digest.member)).order_by(
            Delivery.created_at.desc(), Delivery.id
        )
        people = select(Member).where(Member.agency_id == viewer().agency_id).order_by(Member.name, Member.id)
        return self.render(
            "reminders/deliveries.html",
            deliveries=db().scalars(pager.rows(newest)).all(),
            pager=pager,
            asked=asked,
            states=DeliveryState,
            resendable=RESENDABLE,
            people=db().scalars(people).all(),
            unreached=db().scalars(without_address(viewer().agency_id)).all(),
            failed=db().scalars(with_failed_address(viewer().agency_id)).all(),
            quota=quota_of(db(), today()) if settings.line_configured else None,
            line=settings.line_configured,
            why=why,
            channels=going_out(),
            shown_address=shown_address,
            today=today(),
        )

    @expose("/<uuid:delivery_id>/resend", methods=["POST"], may=COORDINATOR)
    def resend(self, delivery_id: uuid.UUID) -> ResponseReturnValue:
        delivery = db().scalar(deliveries_of(viewer()).where(Delivery.id == delivery_id))
        if delivery is None:
            raise NotFoundError("There is no such message.", "ไม่พบข้อความนี้")
        if resend(db(), delivery, today=today(), by=actor(), at=now()):
            flash(gettext("The message goes out again within a minute; reload this page then."), "success")
        else:
            flash(
                gettext("The person has today's message already; what still holds goes into the next one."), "success"
            )
        return redirect(url_for("delivery_log.index"))

    @expose("/<int:member_id>/mended/<channel>", methods=["POST"], may=COORDINATOR)
    def corrected(self, member_id: int, channel: str) -> ResponseReturnValue:
        member = db().scalar(select(Member).where(Member.agency_id == viewer().agency_id, Member.id == member_id))
        found = find_channel(channel)
        if member is None or found is None or found.failure_field is None:
            raise NotFoundError("There is no such person or address.", "ไม่พบบุคลากรหรือที่อยู่นี้")
        address_corrected(db(), member, channel, by=actor(), at=now())
        flash(gettext("The next message to %(name)s goes there again.", name=member.name), "success")
        return redirect(url_for("delivery_log.index"))


def shown_address(delivery: Delivery) -> str:
    """Where it went, as far as the address says anything to a reader."""
    channel = find_channel(delivery.channel)
    return (delivery.address or "") if channel and channel.shows_address else ""


def why(delivery: Delivery) -> str:
    """What stands behind a delivery's state, in words; empty where the state says all."""
    next_at = delivery.next_attempt_at
    if delivery.state == DeliveryState.PLANNED and next_at and next_at > now():
        return gettext("goes out %(instant)s", instant=instant(next_at))
    if delivery.state == DeliveryState.FAILED and next_at:
        again = gettext("next try %(instant)s", instant=instant(next_at))
        return f"{delivery.error} · {again}" if delivery.error else again
    channel = find_channel(delivery.channel)
    if delivery.state == DeliveryState.SENT and channel and channel.words.sent_remark:
        return said(channel.words.sent_remark)
    return delivery.error or ""


def _asked() -> Asked:
    state, typed = request.args.get("state", ""), request.args.get("day", "").strip()
    day, problem = None, ""
    if typed:
        try:
            day = read_day(typed, today(), "past")
        except NotUnderstoodError as error:
            problem = sentence(error)
    person = request.args.get("person", type=int)
    return Asked(person, known(DeliveryState, state), day, typed, problem)


def _filtered(asked: Asked) -> Select[Delivery]:
    query = deliveries_of(viewer()).join(Delivery.digest).join(Digest.member)
    if asked.person:
        query = query.where(Digest.member_id == asked.person)
    if asked.state:
        query = query.where(Delivery.state == asked.state)
    if asked.day:
        query = query.where(Digest.on == asked.day)
    return query
