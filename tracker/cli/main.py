"""The entry point: finds the command, and answers every error with one sentence and a fitting exit status."""

import importlib
import logging
import os
import sys

import click

from tracker.cli.language import reads_thai
from tracker.errors import TrackerError

_COMMANDS = {
    "up": ("system:up", "Runs the whole system: web, worker, beat and broker in one process tree."),
    "set-up": ("system:set_up", "Prints the link at which the first agency is set up."),
    "demo": ("system:demo", "Plays the sample plan through a fiscal year, into reports."),
    "doctor": ("system:doctor", "Says what works and what does not."),
    "period": ("period:period", "What a period cell means."),
    "plan": ("plan:plan", "Imports and shows plans."),
    "people": ("people:people", "Imports units and people."),
    "task": ("task:task", "Lists tasks and ticks them off."),
    "remind": ("remind:remind", "Sends every reminder that is due and not yet recorded."),
    "report": ("report:report", "Writes the report of a round, or proof-reads it."),
    "user": ("user:user", "Accounts for signing in."),
    "db": ("system:db", "The database's schema."),
    "backup": ("system:backup", "Writes every row and every piece of evidence to an archive."),
    "restore": ("system:restore", "Fills an empty installation from an archive."),
    "audit": ("audit:audit", "The record of who changed what, and the reports that rest on it."),
    "line": ("line:line", "The official LINE account."),
}
"""Where each command is, and what the list of commands says of it."""


class _Commands(click.Group):
    """Loads only the command that is asked for, so that small ones answer at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f"tracker.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in _COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="measure-tracker", prog_name="tracker")
def _tracker() -> None:
    """Carries out an agency's yearly integrity measures, and proves it."""


def main() -> None:
    """Runs a command; the process ends with 0, with 1 where the work failed, 2 where the input was not understood."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:  # noqa: PLR0911  (an exit status for each kind of end)
    """Runs a command and returns its exit status."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    try:
        result = _tracker.main(args=arguments, prog_name="tracker", standalone_mode=False)
    except TrackerError as error:
        _complain(error.sentence_th if reads_thai() else error.sentence)
        return error.exit_status
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        _complain(_with_help(error))
        return 2
    except (click.Abort, KeyboardInterrupt):
        _complain("Stopped.")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        _complain(f"{error.strerror or error}: {error.filename or 'a file'}; check the path and its permissions.")
        return 1
    except Exception as error:
        logging.getLogger("tracker").debug("unexpected error", exc_info=True)
        if os.environ.get("TRACKER_DEBUG"):
            raise
        _complain(
            _database_trouble(error)
            or f"Something unexpected happened ({type(error).__name__}); set TRACKER_DEBUG=1 to see where, and tell us."
        )
        return 1
    return result if isinstance(result, int) else 0


def _with_help(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "tracker"
    return f"{error.format_message().rstrip('.')}; see `{command} --help`."


def _database_trouble(error: Exception) -> str | None:
    """The sentence for a database that does not answer; small commands never load the database library."""
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import DatabaseError, OperationalError  # noqa: PLC0415

    if not isinstance(error, OperationalError) and type(error) is not DatabaseError:  # a file that is no database
        return None
    reason = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
    return f"The database cannot be used ({reason}); check TRACKER_DATABASE_URL and `tracker doctor`."


def _complain(sentence: str) -> None:
    click.echo(" ".join(sentence.split()), err=True)
