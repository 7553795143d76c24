"""Runs a program over bytes that nobody trusts, in a process of its own with limits of time, memory and output."""

import os
import resource
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""Of the environment: no setting, no secret of ours."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds on the clock, seconds of work, bytes of memory, bytes of a file that is written."""

    wall: float
    work: int
    memory: int
    output: int = 400_000_000


def run(arguments: Sequence[str], data: bytes, limits: Limits, folder: Path, more: Mapping[str, str]) -> bytes | None:
    """What the program writes when it is given the bytes; None where it fails or reaches a limit."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | dict(more)

    def limit() -> None:  # between fork and exec, in the child
        resource.setrlimit(resource.RLIMIT_CPU, (limits.work, limits.work))
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    with tempfile.TemporaryFile(dir=folder) as out:
        try:
            done = subprocess.run(
                arguments,
                input=data,
                stdout=out,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall,
                cwd=folder,
                env=environment,
                preexec_fn=limit,
                start_new_session=True,
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError):
            return None
        out.seek(0)
        return out.read(limits.output) if done.returncode == 0 else None
