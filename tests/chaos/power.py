"""A disk of its own whose power can be cut: what was not synced is gone, as after the fall of a real one (Linux, root).

An ext4 file system in a file: what its kernel has not written out lies in the page cache above the file, and a copy of
the file has none of that. The copy is mounted in the disk's place, which replays its journal.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTES = 512


class Disk:
    """The folder ``root`` is on it."""

    def __init__(self, folder: Path) -> None:
        self._images = folder
        self._number = 0
        self.root = folder / "disk"
        self.root.mkdir()
        image = self._image()
        with image.open("wb") as file:
            file.truncate(MEGABYTES * 2**20)
        _do("mkfs.ext4", "-q", "-F", image)
        _do("mount", "-o", "loop", image, self.root)

    def cut(self) -> None:
        """The power goes and comes back. Nobody may use the disk meanwhile."""
        before = self._image()
        self._number += 1
        _do("cp", "--sparse=always", before, self._image())
        _do("umount", self.root)
        before.unlink()
        _do("mount", "-o", "loop", self._image(), self.root)

    def end(self) -> None:
        """Takes it away."""
        _do("umount", "--lazy", self.root)
        shutil.rmtree(self._images)

    def _image(self) -> Path:
        return self._images / f"image-{self._number}"


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """A new disk in an empty folder, gone after the block."""
    found = Disk(folder)
    try:
        yield found
    finally:
        found.end()


def _do(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (
        f"{' '.join(map(str, command))}: {done.stderr.strip()} (make chaos needs root on Linux)"
    )
