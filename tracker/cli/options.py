"""What the commands share: option types and switches, and JSON on standard output."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from textwrap import indent
from typing import Any, TypeVar

import click

from tracker import clock
from tracker.errors import NotUnderstoodError
from tracker.thai.days import read_day
from tracker.thai.numerals import to_arabic

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class BuddhistYear(click.ParamType[int]):
    """A fiscal year of the Buddhist Era, in Thai or Arabic digits."""

    name = "BE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        digits = to_arabic(str(value)).strip()
        if not digits.isdecimal() or not 2500 <= int(digits) <= 2700:
            self.fail(f"“{value}” is not a fiscal year of the Buddhist Era, such as 2566", param, ctx)
        return int(digits)


class Day(click.ParamType[date]):
    """A day as people type it: ISO, 31/3/2566, ๓๑ มี.ค. ๖๖, สิ้นเดือน."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        from tracker import settings  # noqa: PLC0415  (half of what a small command would load)

        try:
            return read_day(str(value), clock.today(settings.load().zone))
        except NotUnderstoodError:
            self.fail(f"“{value}” is not a date, such as 2023-03-31 or 31/3/2566", param, ctx)


def json_option(function: Decorated) -> Decorated:
    """The ``--json`` switch, as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print exact JSON instead of text for people.")(
        function
    )


def agency_option(function: Decorated) -> Decorated:
    """The ``--agency`` option, as ``agency_name``."""
    help_text = "The agency's name; needed only where there are several."
    return click.option("--agency", "agency_name", metavar="NAME", help=help_text)(function)


def year_option(*, required: bool) -> Callable[[Decorated], Decorated]:
    """The ``--fiscal-year`` option (Buddhist Era)."""
    return click.option(
        "--fiscal-year", type=BuddhistYear(), required=required, help="Fiscal year of the Buddhist Era, such as 2566."
    )


def stream_json(fields: Iterable[tuple[str, object]]) -> None:
    """Prints an object as ``print_json`` does, as its fields come: of an iterator an entry a time, none kept."""
    lead = "{\n"
    for name, value in fields:
        click.echo(f'{lead}  "{name}": ', nl=False)
        if isinstance(value, Iterator):
            before = "[\n"
            for entry in value:
                click.echo(before + indent(json.dumps(entry, ensure_ascii=False, indent=2), " " * 4), nl=False)
                before = ",\n"
            click.echo("[]" if before == "[\n" else "\n  ]", nl=False)
        else:
            click.echo(json.dumps(value, ensure_ascii=False), nl=False)
        lead = ",\n"
    click.echo("\n}")


def print_json(value: object, *, line: bool = False) -> None:
    """Prints JSON: UTF-8, Thai unescaped; on one line where lines are results."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=None if line else 2))
