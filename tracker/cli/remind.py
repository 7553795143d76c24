"""``tracker remind``: one sweep, delivered."""

from datetime import UTC, datetime

import click

from tracker.cli.installation import installation
from tracker.cli.options import agency_option, json_option, print_json
from tracker.errors import NotUnderstoodError
from tracker.reminders.remind import remind as sweep_and_deliver


@click.command()
@click.option("--at", "at_text", metavar="DATETIME", help="Instead of now; without an offset it is local time.")
@click.option("--dry-run", is_flag=True, help="Only list who would get what, and why not.")
@agency_option
@json_option
def remind(at_text: str | None, dry_run: bool, agency_name: str | None, as_json: bool) -> None:
    """Sends every reminder that is due and not yet recorded."""
    here = installation()
    at = _instant(at_text, here.tz) if at_text else here.at
    result = sweep_and_deliver(here.database, here.settings, at, agency_name=agency_name, dry_run=dry_run)
    if as_json:
        print_json(result)
        return
    for digest in result["digests"]:
        stages = ", ".join(f"{count} {stage}" for stage, count in digest["stages"].items())
        click.echo(f"{digest['to']} by {digest['channel']}: {stages}")
    for skipped in result.get("skipped", []):
        click.echo(f"not: {skipped}")
    click.echo(f"{len(result['digests'])} digests; {result['sent']} sent, {result['failed']} failed.")


def _instant(text: str, tz: object) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstoodError(f"--at {text} is not an instant such as 2023-03-31T09:00.") from None
    return (at.replace(tzinfo=tz) if at.tzinfo is None else at).astimezone(UTC)  # type: ignore[arg-type]
