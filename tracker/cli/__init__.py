"""The ``tracker`` command: each command calls one service and prints."""

from tracker.cli.main import main

__all__ = ["main"]
