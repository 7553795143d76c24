"""Commands about the installation itself: up, demo, doctor, db, backup, restore."""

from pathlib import Path

import click

from tracker import clock, settings
from tracker.cli.installation import installation
from tracker.cli.options import json_option, print_json
from tracker.services.upkeep import backup as backup_service
from tracker.services.upkeep.doctor import examine
from tracker.store import migrate
from tracker.store.db import Database
from tracker.store.storage import digest


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0: a free one.")
@click.option("--sample", is_flag=True, help="Fill an empty installation with the sample plan.")
def up(host: str, port: int, sample: bool) -> None:
    """Runs the whole system: web, worker, beat and broker in one process tree; Ctrl-C stops it."""
    from tracker.runtime import supervise  # noqa: PLC0415  (only this command starts processes)

    supervise.run(settings.load(), host, port, sample=sample)


@click.command()
@click.option("--out", default="demo", show_default=True, type=click.Path(file_okay=False, path_type=Path))
def demo(out: Path) -> None:
    """Plays the sample plan through a fiscal year on a simulated clock, into reports and reminders under --out."""
    from tracker.sample.demo import play  # noqa: PLC0415

    play(out, settings.load(), click.echo)


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Says what works and what does not; ends with 1 where something has failed."""
    here = settings.load()
    findings = examine(here, clock.now())
    if as_json:
        print_json([finding.as_json() for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.state:<6}  {finding.name:<16} {finding.remark}")
    return 1 if any(finding.state == "failed" for finding in findings) else 0


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
@json_option
def upgrade(as_json: bool) -> None:
    """Brings the database to this version's schema."""
    here = settings.load()
    here.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(here.database_url)
    try:
        before = migrate.current(database)
        migrate.upgrade(database)
    finally:
        database.dispose()
    if as_json:
        print_json({"before": before, "now": migrate.head()})
        return
    click.echo(f"The database is at {migrate.head()}" + (" already." if before == migrate.head() else "."))


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup(archive: Path, as_json: bool) -> None:
    """Writes every row and every piece of evidence to ARCHIVE (.tar.gz)."""
    here = installation()
    counts = backup_service.back_up(here.database, here.settings.data_dir / "evidence", archive, here.at)
    _report(archive, counts, as_json, "Backed up")


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def restore(archive: Path, as_json: bool) -> None:
    """Fills an empty installation from ARCHIVE."""
    here = installation()
    counts = backup_service.restore(here.database, here.settings.data_dir / "evidence", archive)
    _report(archive, counts, as_json, "Restored")


def _report(archive: Path, counts: dict[str, int], as_json: bool, verb: str) -> None:
    sha256 = digest(archive)
    if as_json:
        print_json({"archive": str(archive), "sha256": sha256, "rows": counts})
    else:
        click.echo(f"{verb} {sum(counts.values())} rows: {archive} (sha256 {sha256})")
