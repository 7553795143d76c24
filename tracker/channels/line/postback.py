"""The data of a LINE button: short ASCII, signed, because it comes back through the person's phone.

The signature says that we made the button. Who pressed it is what LINE says in the event; whether that person may
tick the task off is decided anew when the button is pressed.
"""

import hashlib
import hmac
import re

_DATA = re.compile(r"a=done&t=([1-9]\d{0,17})&s=([0-9a-f]{32})", re.ASCII)


def done_data(key: str, task_id: int) -> str:
    """The data of a task's "done" button; ``key`` is the installation's secret key."""
    return f"a=done&t={task_id}&s={_signature(key, task_id)}"


def done_task(key: str, data: str) -> int | None:
    """The task that a "done" button names; None where the data is not ours."""
    found = _DATA.fullmatch(data)
    if found is None or not hmac.compare_digest(found[2], _signature(key, int(found[1]))):
        return None
    return int(found[1])


def _signature(key: str, task_id: int) -> str:
    return hmac.new(key.encode(), f"line done {task_id}".encode(), hashlib.sha256).hexdigest()[:32]
