"""The agency, its units and its people."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from tracker.kinds import RoleName, UnitKind
from tracker.store.db import Base, EnumText
from tracker.thai.order import dictionary_key

LONG_AGO = date(2000, 1, 1)
"""Since when agencies remind that nobody ever switched on."""

_CODE_POINTS = String(300).with_variant(String(300, collation="C"), "postgresql")


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A check that the column holds one of the values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Agency(Base):
    """One organisation with its settings; every row of content belongs to exactly one."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300), unique=True)
    #: what lists of agencies are sorted by: follows from the name
    name_order: Mapped[str] = mapped_column(_CODE_POINTS, index=True, default="", server_default="")
    place: Mapped[str] = mapped_column(String(300), default="")
    send_from: Mapped[time] = mapped_column(default=time(8, 30))
    send_until: Mapped[time] = mapped_column(default=time(16, 30))
    review: Mapped[bool] = mapped_column(default=False)
    thai_digits: Mapped[bool] = mapped_column(default=True)
    #: working days overdue after which parent head and coordinator, the executive of rank 1, of rank 2 are told
    escalate_after: Mapped[list[Any]] = mapped_column(default=lambda: [3, 7, 30])
    #: nobody may turn off the reminders of days to come (those of what is late nobody ever may)
    upcoming_required: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: nobody may choose the mailbox alone: e-mail or LINE is to reach everyone
    messages_required: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: its coordinators sign in with a second factor
    factor_required: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: its name in the address of its public reports; fixed once something was published
    slug: Mapped[str | None] = mapped_column(String(60), index=True, unique=True)
    #: published reports show who signed, and their positions
    public_signers: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: published reports show the evidence: names of files, links, photos
    public_evidence: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: under which licence the published data may be used, by its SPDX identifier
    licence: Mapped[str] = mapped_column(String(20), default="CC-BY-4.0", server_default="CC-BY-4.0")

    #: reminders go out from this day on; None: to nobody yet (the web makes agencies so)
    reminders_from: Mapped[date | None] = mapped_column(default=LONG_AGO, server_default=LONG_AGO.isoformat())
    #: the day of the last sweep, by the clock that it had
    swept_on: Mapped[date | None]
    #: the coordinator says that everybody has the invitation
    invitations_sent: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: what the coordinator wrote in place of the invitation's own words; empty: those
    invitation_frame: Mapped[str] = mapped_column(Text, default="", server_default="")

    #: which header of its plans is which field, as somebody said; the next file with such a header is read so
    plan_columns: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")

    units: Mapped[list["Unit"]] = relationship(back_populates="agency", order_by="Unit.position, Unit.id")
    members: Mapped[list["Member"]] = relationship(back_populates="agency", order_by="Member.id")

    @validates("name")
    def _is_listed_by(self, _key: str, value: str) -> str:
        self.name_order = dictionary_key(value)
        return value

    def __str__(self) -> str:
        return self.name


class Unit(Base):
    """A responsible party inside an agency, or a group that expands to units.

    ``known`` is False for a party that only a plan named: it owns tasks, but no
    fan-out counts it until somebody confirms it.
    """

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("agency_id", "name_key"), one_of("kind", UnitKind))

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    name_key: Mapped[str] = mapped_column(String(300))
    kind: Mapped[UnitKind] = mapped_column(EnumText(UnitKind, 16))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="SET NULL"))
    position: Mapped[int] = mapped_column(default=0)
    known: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    remind_staff: Mapped[bool] = mapped_column(default=False)

    agency: Mapped[Agency] = relationship(back_populates="units")
    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id")
    aliases: Mapped[list["UnitAlias"]] = relationship(back_populates="unit", cascade="all, delete-orphan")
    roles: Mapped[list["Role"]] = relationship(back_populates="unit")

    def __str__(self) -> str:
        return self.name


class UnitAlias(Base):
    """Another name under which documents call a unit."""

    __tablename__ = "unit_alias"
    __table_args__ = (UniqueConstraint("agency_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    name_key: Mapped[str] = mapped_column(String(300))

    unit: Mapped[Unit] = relationship(back_populates="aliases")

    def __str__(self) -> str:
        return self.name


class GroupUnit(Base):
    """A unit that a group names explicitly; a group without rows expands to every known division."""

    __tablename__ = "group_unit"

    group_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))


class Account(Base):
    """A sign-in: one person's e-mail and password, for every agency that the person serves."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(300))
    #: somebody else made the password and knows it: who signs in with it chooses another one first
    password_by_other: Mapped[bool] = mapped_column(default=False, server_default=false())
    operator: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="th")
    thai_digits: Mapped[bool] = mapped_column(default=True)
    #: changes when the password does: older sessions end
    session_key: Mapped[str] = mapped_column(String(64), default="")
    #: somebody of that address, or the operator, stands behind the account: it may open other agencies too
    address_proved: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: the second factor's secret, encrypted; it counts from ``factor_since`` on
    factor_secret: Mapped[str | None] = mapped_column(Text)
    factor_since: Mapped[datetime | None]
    #: the time step of the last code that was taken: none is taken twice
    factor_step: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    #: when it was last in use, also where that sign-in has ended
    seen_at: Mapped[datetime | None]

    members: Mapped[list["Member"]] = relationship(back_populates="account", order_by="Member.id")

    def __str__(self) -> str:
        return self.email


def is_away(away_from: date | None, away_until: date | None, day: date) -> bool:
    """Whether a leave covers the day; one without an end lasts."""
    return away_from is not None and away_from <= day and (away_until is None or day <= away_until)


class Member(Base):
    """A person in an agency, with e-mail and/or LINE id; the account is how the person signs in."""

    __tablename__ = "member"
    __table_args__ = (
        Index(
            "uq_member_agency_id_email",
            "agency_id",
            "email",
            unique=True,
            sqlite_where=text("email IS NOT NULL"),
            postgresql_where=text("email IS NOT NULL"),
        ),
        Index("ix_member_line_user_id", "line_user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    #: as reports and memos print it: นักจัดการงานทั่วไปชำนาญการ
    position: Mapped[str] = mapped_column(String(300), default="", server_default="")
    email: Mapped[str | None] = mapped_column(String(320))
    line_user_id: Mapped[str | None] = mapped_column(String(64))
    #: where superiors may call; in the form of ``thai.phones``
    phone: Mapped[str | None] = mapped_column(String(30))
    #: what the linked LINE account calls itself, for people to check
    line_name: Mapped[str | None] = mapped_column(String(100))
    #: the menu that LINE shows under this person's chat, as far as LINE was told; None: not known
    line_menu: Mapped[str | None] = mapped_column(String(20))
    #: why mail or LINE to this person stopped for good, until somebody corrects the address
    email_failed: Mapped[str | None] = mapped_column(String(300))
    line_failed: Mapped[str | None] = mapped_column(String(300))
    #: chosen channels in order, e.g. ["line", "email"]; empty: the agency's order
    channels: Mapped[list[Any]] = mapped_column(default=list)
    #: the person's named filters of the task list, each with its name and what it asks for
    task_filters: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    #: wishes to hear of nothing before it is due (or its round closes)
    urgent_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: own hours within the agency's; None: the agency's
    send_from: Mapped[time | None]
    send_until: Mapped[time | None]
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)

    agency: Mapped[Agency] = relationship(back_populates="members")
    account: Mapped[Account | None] = relationship(back_populates="members")
    roles: Mapped[list["Role"]] = relationship(
        back_populates="member", cascade="all, delete-orphan", order_by="Role.id"
    )

    @validates("line_user_id")
    def _is_another_account(self, _key: str, value: str | None) -> str | None:
        if value != self.line_user_id:
            self.line_name = self.line_menu = None
        return value

    def away_on(self, day: date) -> bool:
        """Whether the person is on leave that day."""
        return is_away(self.away_from, self.away_until, day)

    def __str__(self) -> str:
        return self.name


class Role(Base):
    """What a member is: head, deputy or staff of a unit; coordinator or executive (of a rank) of the agency."""

    __tablename__ = "role"
    __table_args__ = (
        UniqueConstraint("member_id", "unit_id", "role"),
        one_of("role", RoleName),
        CheckConstraint("(role IN ('coordinator', 'executive')) = (unit_id IS NULL)", name="unit_fits_role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), index=True)
    role: Mapped[RoleName] = mapped_column(EnumText(RoleName, 16))
    rank: Mapped[int] = mapped_column(default=1)
    #: รักษาการ: stands in for a head who is yet to come
    acting: Mapped[bool] = mapped_column(default=False, server_default=false())

    member: Mapped[Member] = relationship(back_populates="roles")
    unit: Mapped[Unit | None] = relationship(back_populates="roles")

    def __str__(self) -> str:
        return f"{self.role} {self.unit.name}" if self.unit else self.role


class DayOff(Base):
    """The agency's own calendar: a day off that it adds, or a holiday on which it works."""

    __tablename__ = "day_off"
    __table_args__ = (UniqueConstraint("agency_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    on: Mapped[date]
    name: Mapped[str] = mapped_column(String(300))
    #: False: offices are open on this day although the holiday list has it
    off: Mapped[bool] = mapped_column(default=True)

    def __str__(self) -> str:
        return f"{self.on.isoformat()} {self.name}"
