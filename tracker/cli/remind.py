"""``tracker remind``: one sweep, delivered."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import click
import pendulum

from tracker.bilingual import Bilingual
from tracker.cli.installation import installation
from tracker.cli.language import reads_thai
from tracker.cli.options import agency_option, json_option, stream_json
from tracker.errors import NotUnderstoodError
from tracker.reminders.remind import sweep_and_deliver
from tracker.services.organisation.agencies import find_agency

FIRST_COMMON_ERA_YEAR, LAST_COMMON_ERA_YEAR = 1900, 2400
"""No reminder is older; a larger year is of the Buddhist era."""
_NOT_COME = Bilingual(
    "That day has not come: this is what would go out, nothing was recorded or sent. --force sends it all the same.",
    "ยังไม่ถึงวันนั้น รายการนี้คือสิ่งที่จะส่ง ยังไม่ได้บันทึกหรือส่งอะไร หากต้องการส่งจริงให้เพิ่ม --force",
)


@click.command()
@click.option("--at", "at_text", metavar="DATETIME", help="Instead of now; without an offset it is local time.")
@click.option("--dry-run", is_flag=True, help="Only list who would get what, and why not.")
@click.option("--force", is_flag=True, help="Send although the day of --at has not come.")
@agency_option
@json_option
def remind(at_text: str | None, dry_run: bool, force: bool, agency_name: str | None, as_json: bool) -> None:
    """Sends every reminder that is due and not yet recorded; of a day that has not come it only lists them."""
    here = installation()
    at = _instant(at_text, here.tz) if at_text else here.at
    agency_id = None
    if agency_name:
        with here.database.reading() as session:
            agency_id = find_agency(session, agency_name).id
    if not dry_run and not force and at.astimezone(here.tz).date() > here.at.astimezone(here.tz).date():
        dry_run = True
        click.echo(_NOT_COME.th if reads_thai() else _NOT_COME, err=True)
    result = sweep_and_deliver(here.database, here.settings, at, dry_run=dry_run, agency_id=agency_id)
    if as_json:
        stream_json(result.fields())
        return
    listed = 0
    for digest in result.digests:
        listed += 1
        kinds = Counter(stage.partition(":")[0] for stage in digest["stages"].values())
        stages = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) or "news"
        click.echo(f"{digest['to']} by {digest['channel']}: {stages}")
    for skipped in result.skipped or ():
        about = [str(skipped["to"])] if "to" in skipped else []
        about += [f"task {skipped['task']}"] if "task" in skipped else []
        click.echo(f"nothing: {', '.join(about)}{': ' if about else ''}{skipped['why']}")
    click.echo(f"{listed} digests; {result.delivered.sent} sent, {result.delivered.failed} failed.")


def _instant(text: str, tz: ZoneInfo) -> datetime:
    """The instant that an ISO 8601 text names; without an offset it is local time."""
    try:
        parsed = pendulum.parse(text, tz=tz)
    except ValueError:
        parsed = None
    if not isinstance(parsed, pendulum.DateTime) or not FIRST_COMMON_ERA_YEAR <= parsed.year <= LAST_COMMON_ERA_YEAR:
        raise NotUnderstoodError(
            f"--at {text} is not an instant of the Common Era such as 2023-03-31T09:00.",
            f"--at {text} ไม่ใช่วันเวลา กรุณาพิมพ์ปี ค.ศ. เช่น 2023-03-31T09:00",
        )
    return datetime.fromtimestamp(parsed.timestamp(), tz)
