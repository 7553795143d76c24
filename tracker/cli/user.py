"""``tracker user``: accounts for signing in."""

import secrets
import sys

import click
from sqlalchemy.orm import Session

from tracker.cli.installation import Installation, installation
from tracker.cli.options import agency_option, json_option, print_json
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.kinds import OF_AGENCY, RoleName
from tracker.services.accounts import second_factor
from tracker.services.accounts.accounts import (
    create_account,
    find_account,
    hashed,
    link_members,
    own_words,
    set_password,
)
from tracker.services.accounts.provider_sign_in import forget
from tracker.services.audit import Actor
from tracker.services.organisation.agencies import find_or_create_agency
from tracker.services.organisation.people import import_people
from tracker.services.organisation.people_table import PersonRow

CLI = Actor("tracker user add", "cli")


@click.group()
def user() -> None:
    """Accounts for signing in."""


@user.command()
@click.argument("email")
@click.option("--name", help="The person's name, for a new member.")
@click.option("--role", type=click.Choice([role.value for role in RoleName]), help="What the person is in the agency.")
@click.option("--unit", default="", help="The unit of a head, deputy or staff.")
@click.option("--rank", default=1, type=click.IntRange(1, 2), help="An executive's rank: 1 ปลัด, 2 นายก.")
@click.option("--operator", is_flag=True, help="May run the installation; sees no agency's content.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
@agency_option
@json_option
def add(
    email: str,
    name: str | None,
    role: str | None,
    unit: str,
    rank: int,
    operator: bool,
    password_stdin: bool,
    agency_name: str | None,
    as_json: bool,
) -> None:
    """Gives EMAIL an account, or a known account a new password; prints the password unless it was given.

    A printed password is changed at the first sign-in; one from standard input counts as the person's own.
    """
    here = installation()
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    with here.database.reading() as session:
        words = own_words(session, email)
    password_hash = hashed(password, [*words, name or "", agency_name or ""])
    with here.database.writing() as session:
        if role:
            person = PersonRow(1, unit, None, name or email, RoleName(role), email.lower(), None, "", rank)
            _make_member(session, here, agency_name, person)
        account = find_account(session, email)
        if account is None:
            account = create_account(
                session,
                email=email,
                password_hash=password_hash,
                password_by_other=not password_stdin,
                operator=operator,
                at=here.at,
            )
            done = "Account made"
        else:
            set_password(account, password_hash, by_other=not password_stdin)
            account.address_proved = True  # the operator vouches for it, and whoever knew the old password is out
            link_members(session, account)
            account.operator = account.operator or operator
            done = "Password changed"
    if as_json:
        print_json({"email": account.email, **({} if password_stdin else {"password": password})})
    else:
        click.echo(f"{done}: {account.email}" + ("" if password_stdin else f", password {password}"))


@user.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Takes the second factor of EMAIL away, for one who lost phone and recovery codes; ends all its sign-ins."""
    with installation().database.writing() as session:
        account = find_account(session, email)
        if account is None:
            raise NotFoundError(f"There is no account {email}.", f"ไม่พบบัญชี {email}")
        second_factor.remove(session, account)
        account.session_key = secrets.token_urlsafe(24)
        done = f"Second factor removed: {account.email} signs in with the password alone"
    click.echo(done)


@user.command("forget-provider")
@click.argument("email")
def forget_provider(email: str) -> None:
    """Forgets which person of the sign-in provider opens EMAIL: for an address that belongs to somebody else now."""
    with installation().database.writing() as session:
        account = find_account(session, email)
        if account is None:
            raise NotFoundError(f"There is no account {email}.", f"ไม่พบบัญชี {email}")
        forget(session, account)
        account.session_key = secrets.token_urlsafe(24)
        done = f"Provider forgotten: the next person there with the verified address {account.email} opens the account"
    click.echo(done)


def _make_member(session: Session, here: Installation, agency_name: str | None, person: PersonRow) -> None:
    if bool(person.unit) == (person.role in OF_AGENCY):
        raise NotUnderstoodError(
            f"--role {person.role} {'takes no --unit' if person.unit else 'needs --unit'}; nothing was changed."
        )
    agency = find_or_create_agency(session, agency_name, suggested=None)
    import_people(session, agency, [person], by=CLI, at=here.at)
