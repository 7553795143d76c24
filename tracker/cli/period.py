"""``tracker period``: what a period cell means."""

import re
import sys

import click

from tracker.cli.options import json_option, print_json, year_option
from tracker.plan_draft import Period
from tracker.plan_import.period import parse_period

_DASHED_TEXT = re.compile(r"[-–—](?:\s|[^-\x00-\x7f])")


class _TextCommand(click.Command):
    """Takes a cell that begins with a list's dash (- รอบ ๖ เดือน) for the text, not for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        texts = [text for text in args if _DASHED_TEXT.match(text)] if "--" not in args else []
        others = [text for text in args if text not in texts]
        return super().parse_args(ctx, [*others, "--", *texts] if texts else args)


@click.command(cls=_TextCommand)
@click.argument("text")
@year_option(required=True)
@json_option
def period(text: str, fiscal_year: int, as_json: bool) -> None:
    r"""What the period cell TEXT means; - reads a text a line (\n is a line break) and prints a result a line."""
    if text != "-":
        read = parse_period(text, fiscal_year)
        if as_json:
            print_json(read.as_json())
        else:
            click.echo(_described(read, "\n"))
        return
    for line in sys.stdin:
        read = parse_period(line.rstrip("\r\n").replace("\\n", "\n"), fiscal_year)
        if as_json:
            print_json(read.as_json(), line=True)
        else:
            click.echo(_described(read, "; "))


def _described(read: Period, separator: str) -> str:
    parts = [f"{read.start or 'no start'} to {read.end or 'no end'}"]
    if read.cadences:
        parts.append(", ".join(read.cadences))
    days = [str(checkpoint.on) for checkpoint in read.checkpoints]
    parts.append(f"{len(days)} checkpoint{'' if len(days) == 1 else 's'}" + (f": {', '.join(days)}" if days else ""))
    parts += [f"warning: {warning}" for warning in read.warnings]
    return separator.join(parts)
