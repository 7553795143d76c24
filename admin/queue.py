"""Asks the workers for work through the broker, by the task's name: the web never imports them."""

from urllib.parse import parse_qs, urlsplit

from celery import Celery
from kombu.exceptions import OperationalError

from tracker.embedded_redis import embedded_url
from tracker.settings import Settings

QUEUE = "tracker"


def send(settings: Settings, task: str, *arguments: int | str) -> bool:
    """Puts a task on the workers' queue; False where no broker answers."""
    redis_url = settings.redis_url or embedded_url(settings.data_dir)
    if redis_url is None:
        return False
    with Celery(broker=_broker(redis_url), set_as_current=False) as celery:
        celery.conf.update(
            task_default_queue=QUEUE,
            task_ignore_result=True,
            broker_transport_options={"socket_timeout": 3, "socket_connect_timeout": 3},
        )
        try:
            celery.send_task(task, args=arguments, retry=False)
        except (OperationalError, OSError):
            return False
    return True


def _broker(redis_url: str) -> str:
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"
