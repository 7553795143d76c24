"""Commands about the installation itself: up, set-up, demo, doctor, db, backup, restore."""

from pathlib import Path

import click

from tracker import clock, settings
from tracker.cli.installation import installation
from tracker.cli.language import reads_thai
from tracker.cli.options import json_option, print_json
from tracker.errors import NotUnderstoodError
from tracker.services.organisation import founding
from tracker.services.upkeep.backup import back_up, keep_newest, name_of
from tracker.services.upkeep.doctor import examine
from tracker.services.upkeep.restore import restore as restore_service
from tracker.store import migrate
from tracker.store.db import Database
from tracker.store.sealing import read_key
from tracker.store.storage import digest


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0: a free one.")
@click.option("--sample", is_flag=True, help="Fill an empty installation with the sample plan.")
@click.option("--small", is_flag=True, help="One web process: for a machine of 1 GB.")
def up(host: str, port: int, sample: bool, small: bool) -> None:
    """Runs the whole system: web, worker, beat and broker in one process tree; Ctrl-C stops it."""
    from tracker.runtime import supervise  # noqa: PLC0415  (only this command starts processes)

    supervise.run(settings.load(), host, port, sample=sample, small=small)


@click.command("set-up")
@json_option
def set_up(as_json: bool) -> None:
    """Prints the link at which the first agency is set up, good once and in place of earlier ones."""
    here = installation()
    with here.database.writing() as session:
        word = founding.set_up_word(session, here.at)
    link = here.settings.base_url + founding.path_of(word) if word else None
    if as_json:
        print_json({"link": link})
    elif link:
        click.echo(f"Set up your agency at\n  {link}\n(This link works once, until an agency is there.)")
    else:
        click.echo("There is an agency already; its coordinator signs in.")


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


_key_option = click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Seal it so that only this file opens it, or open it with it; 32 random bytes or more.",
)


@click.command()
@click.argument("archive", type=click.Path(path_type=Path))
@_key_option
@click.option("--keep", type=click.IntRange(1), help="Of the backups in the folder, keep the newest so many.")
@json_option
def backup(archive: Path, key_file: Path | None, keep: int | None, as_json: bool) -> None:
    """Writes every row and every piece of evidence to ARCHIVE (.tar.gz), or to a new file in the folder ARCHIVE."""
    here = installation()
    key = read_key(key_file) if key_file else None
    if keep and not archive.is_dir():
        raise NotUnderstoodError("--keep is for a folder of backups: name the folder in place of the file.")
    target = archive / name_of(here.at, here.tz, sealed=key is not None) if archive.is_dir() else archive
    counts = back_up(here.database, here.evidence.folder, target, here.at, key=key)
    gone = keep_newest(archive, keep) if keep else []
    said = {"archive": str(target), "sha256": digest(target), "rows": counts}
    if as_json:
        print_json(said | ({"removed": [str(path) for path in gone]} if keep else {}))
        return
    click.echo(f"Backed up {sum(counts.values())} rows: {target} (sha256 {said['sha256']})")
    if gone:
        click.echo(f"Removed {len(gone)} older ones.")
    if here.settings.secret_key is None:
        click.echo(f"The secret key ({here.settings.data_dir / 'secret-key'}) is not in it: keep a copy apart.")


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_key_option
@json_option
def restore(archive: Path, key_file: Path | None, as_json: bool) -> int:
    """Fills an empty installation from ARCHIVE; ends with 1 and names what did not come back as it was."""
    here = installation()
    key = read_key(key_file) if key_file else None
    restored = restore_service(here.database, here.evidence.folder, archive, key=key)
    sha256 = digest(archive)
    if as_json:
        problems = [str(problem) for problem in restored.problems]
        print_json({"archive": str(archive), "sha256": sha256, "rows": restored.rows, "problems": problems})
    else:
        click.echo(f"Restored {sum(restored.rows.values())} rows: {archive} (sha256 {sha256})")
        for problem in restored.problems:
            click.echo(problem.th if reads_thai() else problem)
        if not restored.problems:
            click.echo("Every file is the one that its row names, and the record of changes is whole.")
    return 1 if restored.problems else 0
