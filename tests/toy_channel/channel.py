"""The pager: each message is a file in a folder; e-mail addresses serve as its numbers."""

import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tracker.bilingual import Bilingual
from tracker.channels.base import Body, Channel, DeliveryError, Digest, Health, Limits, Message, Words
from tracker.settings import Settings


class Pager:
    """Takes a message twice: it refuses no doubles. A file ``refuse`` or ``cut`` in the folder makes it fail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is kept open."""

    def send(self, message: Message, begin: Callable[[], None] | None = None) -> str | None:
        if (self._folder / "refuse").exists():
            raise DeliveryError("No such number.", "ไม่มีหมายเลขนี้", permanent=True, scope="address")
        if begin is not None:
            begin()
        number = len(list(self._folder.glob("*.json")))
        told = {"to": message.to, "subject": message.subject, "text": message.text}
        (self._folder / f"{number}.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        if (self._folder / "cut").exists():
            raise DeliveryError("The pager went silent.", "เพจเจอร์เงียบไป", unsure=True)
        return f"page {number}"


def folder_of(settings: Settings) -> Path:
    return settings.data_dir / "pager"


def _open(settings: Settings) -> Pager | None:
    folder = folder_of(settings)
    return Pager(folder) if folder.is_dir() else None


def _compose(digest: Digest) -> Body:
    text, _ = digest.words()
    return Body(digest.subject, text)


def _check(settings: Settings) -> tuple[Health, str]:
    folder = folder_of(settings)
    return ("ok", f"{folder} is there") if folder.is_dir() else ("off", "no pager stands there")


PAGER = Channel(
    name="pager",
    words=Words(
        name=Bilingual("Pager", "เพจเจอร์"),
        default=Bilingual("pager", "เพจเจอร์"),
        first=Bilingual("Pager first", "เพจเจอร์ก่อน"),
        not_set_up=Bilingual("The pager is not there.", "ยังไม่มีเพจเจอร์"),
    ),
    compose=_compose,
    is_set_up=lambda settings: folder_of(settings).is_dir(),
    open=_open,
    limits=Limits(at_once=2),
    address_field="email",
    check_name="pager",
    check=_check,
)
