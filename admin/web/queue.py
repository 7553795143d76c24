"""Asks the workers for work through the broker, by the task's name: the web never imports them."""

from celery import Celery
from kombu.exceptions import OperationalError

from tracker.broker import QUEUE, Work, celery_url, redis_url
from tracker.settings import Settings


def send(settings: Settings, work: Work, *arguments: int | str) -> bool:
    """Puts a piece of work on the workers' queue; False where no broker answers."""
    url = redis_url(settings)
    if url is None:
        return False
    with Celery(broker=celery_url(url), set_as_current=False) as celery:
        celery.conf.update(
            task_default_queue=QUEUE,
            task_ignore_result=True,
            broker_transport_options={"socket_timeout": 3, "socket_connect_timeout": 3},
        )
        try:
            celery.send_task(work, args=arguments, retry=False)
        except (OperationalError, OSError):
            return False
    return True
