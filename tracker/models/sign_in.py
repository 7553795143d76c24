"""How people sign in: sessions that end at the server, recovery codes, invitations."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.agency import Account, Member
from tracker.store.db import Base


class SignedIn(Base):
    """A browser in which an account is signed in; its cookie's token is kept as a hash."""

    __tablename__ = "signed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: the account's when this began: a changed password ends it
    session_key: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(64), default="")

    account: Mapped[Account] = relationship()


class RecoveryCode(Base):
    """One of the codes that stand in, once each, for a lost second factor; ``mark`` finds the one to try."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    mark: Mapped[str] = mapped_column(String(2))
    code_hash: Mapped[str] = mapped_column(String(300))
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """A member asked to choose a password; the link names it by a random word, kept as a hash."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(320))
    word_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: the link went to the address alone and was shown to nobody: who opens it owns the address
    by_mail: Mapped[bool]
    #: of a link that the coordinator hands over: the word is made of it again, so that its message can be shown again
    nonce: Mapped[str | None] = mapped_column(String(32))
    #: when its message was last copied
    copied_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()


class ProviderLink(Base):
    """A person of an OpenID Connect provider, by the provider's own name for it, and the account that it opens."""

    __tablename__ = "provider_link"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("account_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]

    account: Mapped[Account] = relationship()
